/**
 * The one interface between this program and file systems. Everything that touches a disk goes through it, so that a test can wrap
 * it and name a fault: `flipsLastByte`, `fullAfter`, `vanishesAfter`. The real one is in `real-files.ts`.
 *
 * Every method rejects with the system's own error, which carries an errno in `code`. Paths are absolute strings; bytes that are not
 * UTF-8 stand as lone surrogates (`src/core/file-names.ts`).
 */

import type {Finding} from '../core/content/look.ts';
import type {MatchAnswer, MatchQuestion} from './match-folders.ts';
import type {SmallCopied} from './small-files/copy-small-file.ts';
import type {LookRequest} from './small-files/look-into-file.ts';

export type EntryKind = 'file' | 'folder' | 'link' | 'special';

export interface FileFacts {
  readonly kind: EntryKind;
  /** Bytes. */
  readonly size: number;
  /** ns since 1970. */
  readonly mtimeNs: bigint;
  /** ns since 1970; where the file system has no such time, one of its others. */
  readonly changedNs: bigint;
  /** Number of the mounted file system: changes when a drive is pulled from under its mount point. 0 on some platforms. */
  readonly device: bigint;
  /** Number of the file on its file system; with `device` it tells whether two paths are one folder. */
  readonly inode: bigint;
}

/** One entry of a listed folder. */
export interface ListedEntry {
  readonly name: string;
  /** Of the entry itself; null where it could not be looked at. */
  readonly facts: FileFacts | null;
  /** Why it could not: the system's errno; EINVAL for a name that leads out of the folder. Null otherwise. */
  readonly errno: string | null;
}

export interface OpenedFile {
  /**
   * Reads up to `length` bytes at `position` into the start of `buffer`.
   * @returns bytes read: fewer than asked only at the end of the file or on a short read; 0 at the end.
   */
  read(buffer: Uint8Array, length: number, position: number): Promise<number>;
  /** Writes `length` bytes from the start of `buffer` at `position`. @returns bytes written, which may be fewer. */
  write(buffer: Uint8Array, length: number, position: number): Promise<number>;
  truncate(size: number): Promise<void>;
  /** Sets the modification time in ns since 1970. Node passes seconds as a double and may cut them to µs: whole µs are kept, the rest is lost. */
  setModified(mtimeNs: bigint): Promise<void>;
  /** Flushes data and metadata of this file to the medium. A second call after a failure proves nothing. */
  sync(): Promise<void>;
  facts(): Promise<FileFacts>;
  close(): Promise<void>;
}

/** Who may read what is made. Nobody but its owner can ever write it, whatever the user's umask allows. */
export interface MakeOptions {
  /** Nobody else may read it: for what is kept on this computer and not on a drive. */
  readonly onlyOwner?: boolean;
}

export interface OpenOptions {
  /** Past the operating system's cache: buffers, lengths and positions must be multiples of 4096. */
  readonly direct: boolean;
}

export interface Files {
  /** False where the platform has no flag for direct I/O (macOS): asking for it would silently go through the cache. */
  readonly knowsDirect: boolean;
  /** Opens an existing regular file for reading only; never follows a link, asks for no access time where the system allows that. */
  openToRead(path: string, options: OpenOptions): Promise<OpenedFile>;
  /** Makes a new file for writing; rejects with EEXIST when anything has that name. */
  createFile(path: string, options: OpenOptions & MakeOptions): Promise<OpenedFile>;
  /** Opens an existing file to write in it: this program's own records only. */
  openToUpdate(path: string): Promise<OpenedFile>;
  /** Names in a folder, in directory order, without `.` and `..`. */
  list(folder: string): Promise<readonly string[]>;
  /** The same names, each with the facts of the entry itself: for trees of a million files, where a promise for each would take longer than the disk. */
  lookAll(folder: string): Promise<readonly ListedEntry[]>;
  /** Facts of the entry itself: a link is a link. */
  look(path: string): Promise<FileFacts>;
  /** Facts of what a link leads to. */
  follow(path: string): Promise<FileFacts>;
  /** The path without links. */
  resolve(path: string): Promise<string>;
  /** Makes one folder; rejects with EEXIST when anything has that name. */
  makeFolder(path: string, options?: MakeOptions): Promise<void>;
  /** Gives a file its final name on the same file system; rejects with EEXIST rather than replace anything. */
  publish(from: string, to: string): Promise<void>;
  /** Replaces one of this program's own records in one step. */
  replace(from: string, to: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  /** Makes names in a folder durable. Resolves where the platform does not know folder flushes. */
  syncFolder(path: string): Promise<void>;
  /**
   * Keeps the drive of a folder: until it is let go, what is made, named, flushed or removed below goes to the drive that is there now, even when its mount goes away and another one takes its place.
   * Reading and looking follow the path, so that the loss is noticed. Does nothing where the platform has no way (`held-folders.ts`).
   * @returns how to let it go.
   */
  hold(folder: string): Promise<() => Promise<void>>;
  /** Bytes that this user may still write on the volume of `path`. */
  freeBytes(path: string): Promise<number>;
  /** Rejects with EACCES or EROFS when this user may not write into the folder. */
  checkWritable(folder: string): Promise<void>;
}

/** Files that may know a shorter way to find that nothing changed. Those of tests that wrap every call do not, and everything is found by the calls above. */
export interface MatchingFiles extends Files {
  /**
   * Compares many folders with what is recorded of their files. Where it resolves to undefined, `lookAll` is to tell. Never rejects: a folder that cannot be looked at does not
   * match.
   */
  matchFolders?(question: MatchQuestion): Promise<MatchAnswer | undefined>;
  /** Tells that so many recorded files are about to be compared: what takes a while to start is started now. Returns at once. */
  expectMatch?(files: number): void;
}

/** A small file of the card as it was listed, and where its copies go. */
export interface SmallCopyRequest {
  /** On the card, absolute. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** ns since 1970. */
  readonly mtimeNs: bigint;
  /** Number of the card's file system. */
  readonly device: bigint;
  readonly direct: boolean;
  readonly places: readonly SmallCopyPlace[];
}

export interface SmallCopyPlace {
  /** Absolute; nothing has this name. */
  readonly temporary: string;
  /** The destination, and the number of its file system. */
  readonly root: string;
  readonly device: bigint;
}

export interface SmallReading {
  /** BLAKE3, 64 hex digits. */
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
}

/** Files that may know a quicker way for many small ones. What it leaves undone, and all that is odd, is done by the calls of {@link Files}. */
export interface QuickFiles extends MatchingFiles {
  /** Reads a file of the card once and writes its copies under their temporary names; they are not flushed. Undefined: no copy counts, and the card gave no error. Never rejects for a disk. */
  copySmall?(request: SmallCopyRequest): Promise<SmallCopied | undefined>;
  /** Reads a file past the cache, if it lies on the file system of this number. Undefined: it is to be read by the other calls. Rejects with the system's error. */
  readSmall?(path: string, device: bigint): Promise<SmallReading | undefined>;
  /** Looks into a copy for damage, through the cache. Undefined: it is to be looked into by the other calls. Never rejects for a disk. */
  lookInside?(request: LookRequest): Promise<{readonly finding: Finding | undefined} | undefined>;
}
