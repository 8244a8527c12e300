import {constants, lstat} from 'node:fs';
import * as fs from 'node:fs/promises';
import {platform} from 'node:os';
import {sep} from 'node:path';
import {errnoOf} from '../core/cause.ts';
import type {Finding} from '../core/content/look.ts';
import {decodeName, isWellFormedName} from '../core/file-names.ts';
import {isEntryName} from './entry-name.ts';
import {factsFrom} from './file-facts.ts';
import type {
  FileFacts,
  Files,
  ListedEntry,
  MakeOptions,
  OpenedFile,
  OpenOptions,
  QuickFiles,
  SmallCopyRequest,
  SmallReading,
} from './files.ts';
import {FolderLooker} from './folder-looker.ts';
import {HeldFolders} from './held-folders.ts';
import type {MatchAnswer, MatchQuestion} from './match-folders.ts';
import {modifiedSeconds} from './modified-seconds.ts';
import {saysNoLinks} from './no-links.ts';
import {
  createFlags,
  DIRECT,
  FILE_MODE,
  NO_ACCESS_TIME,
  NO_FOLLOW,
  readFlags,
} from './open-flags.ts';
import type {SmallCopied} from './small-files/copy-small-file.ts';
import type {LookRequest} from './small-files/look-into-file.ts';
import {BUILT_SMALL_FILE_THREAD, SmallFileCrew} from './small-files/small-file-crew.ts';
import {systemError} from './system-error.ts';
import {systemPath} from './system-path.ts';

const onWindows = platform() === 'win32';

const FOLDER_MODE = 0o755;
const OWN_FILE_MODE = 0o600;
const OWN_FOLDER_MODE = 0o700;

class RealFile implements OpenedFile {
  readonly #handle: fs.FileHandle;

  constructor(handle: fs.FileHandle) {
    this.#handle = handle;
  }

  async read(buffer: Uint8Array, length: number, position: number): Promise<number> {
    const {bytesRead} = await this.#handle.read(buffer, 0, length, position);
    return bytesRead;
  }

  async write(buffer: Uint8Array, length: number, position: number): Promise<number> {
    const {bytesWritten} = await this.#handle.write(buffer, 0, length, position);
    return bytesWritten;
  }

  truncate(size: number): Promise<void> {
    return this.#handle.truncate(size);
  }

  setModified(mtimeNs: bigint): Promise<void> {
    const seconds = modifiedSeconds(mtimeNs);
    return this.#handle.utimes(seconds, seconds);
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  async facts(): Promise<FileFacts> {
    return factsFrom(await this.#handle.stat({bigint: true}));
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function openQuietly(path: string, flags: number): Promise<fs.FileHandle> {
  if (NO_ACCESS_TIME === 0) return await fs.open(systemPath(path), flags);
  try {
    return await fs.open(systemPath(path), flags | NO_ACCESS_TIME);
  } catch (error) {
    // open(2): only the owner of the file may ask for O_NOATIME.
    if (errnoOf(error) !== 'EPERM') throw error;
    return await fs.open(systemPath(path), flags);
  }
}

/** Errors of fsync on a folder where the platform does not know that: Windows (EPERM, EISDIR), some FUSE file systems. */
const NO_FOLDER_SYNC = new Set(['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Entries that are looked at together: enough to keep four threads of the pool busy. */
const LOOKS_AT_ONCE = 256;

function lookAt(path: string, name: string): Promise<ListedEntry> {
  if (!isEntryName(name)) return Promise.resolve({name, facts: null, errno: 'EINVAL'});
  return new Promise((resolve) => {
    lstat(systemPath(path), {bigint: true}, (error, stats) => {
      const errno = error === null ? null : (errnoOf(error) ?? 'EIO');
      resolve({name, facts: error === null ? factsFrom(stats) : null, errno});
    });
  });
}

/** Threads for small files. Four and four were no faster, and each takes 40 ms of CPU time to start (measured on two cores). */
const COPIERS = 2;
const READERS = 2;

/** Threads take paths as they are, and open no link: Windows knows neither. */
const isPlain = (...paths: readonly string[]) => !onWindows && paths.every(isWellFormedName);

class RealFiles implements QuickFiles {
  readonly knowsDirect = DIRECT !== 0;
  readonly #copiers = new SmallFileCrew(COPIERS, BUILT_SMALL_FILE_THREAD);
  readonly #readers = new SmallFileCrew(READERS, BUILT_SMALL_FILE_THREAD);
  readonly #held = new HeldFolders();
  readonly #looker = new FolderLooker((folder) => this.#lookAlone(folder));
  #renames: Promise<void> = Promise.resolve();

  /** The path for a call that changes something. */
  #reach(path: string): string | Buffer {
    return systemPath(this.#held.reach(path));
  }

  async openToRead(path: string, {direct}: {direct: boolean}): Promise<OpenedFile> {
    return new RealFile(await openQuietly(path, readFlags(direct)));
  }

  async createFile(
    path: string,
    {direct, onlyOwner = false}: OpenOptions & MakeOptions,
  ): Promise<OpenedFile> {
    const mode = onlyOwner ? OWN_FILE_MODE : FILE_MODE;
    return new RealFile(await fs.open(this.#reach(path), createFlags(direct), mode));
  }

  async openToUpdate(path: string): Promise<OpenedFile> {
    return new RealFile(await fs.open(this.#reach(path), constants.O_RDWR | NO_FOLLOW));
  }

  async list(folder: string): Promise<readonly string[]> {
    if (onWindows) return await fs.readdir(systemPath(folder));
    const names = await fs.readdir(systemPath(folder), {encoding: 'buffer'});
    return names.map((name) => decodeName(name));
  }

  async lookAll(folder: string): Promise<readonly ListedEntry[]> {
    return await this.#looker.look(folder);
  }

  async matchFolders(question: MatchQuestion): Promise<MatchAnswer | undefined> {
    return await this.#looker.match(question);
  }

  expectMatch(files: number): void {
    this.#looker.expect(files);
  }

  async #lookAlone(folder: string): Promise<readonly ListedEntry[]> {
    const names = await this.list(folder);
    const start = folder.endsWith(sep) ? folder : folder + sep;
    const entries: ListedEntry[] = [];
    for (let from = 0; from < names.length; from += LOOKS_AT_ONCE) {
      const some = names.slice(from, from + LOOKS_AT_ONCE);
      for (const one of await Promise.all(some.map((name) => lookAt(start + name, name)))) {
        entries.push(one);
      }
    }
    return entries;
  }

  async look(path: string): Promise<FileFacts> {
    return factsFrom(await fs.lstat(systemPath(path), {bigint: true}));
  }

  async follow(path: string): Promise<FileFacts> {
    return factsFrom(await fs.stat(systemPath(path), {bigint: true}));
  }

  async resolve(path: string): Promise<string> {
    if (onWindows) return await fs.realpath(systemPath(path));
    return decodeName(await fs.realpath(systemPath(path), {encoding: 'buffer'}));
  }

  async makeFolder(path: string, {onlyOwner = false}: MakeOptions = {}): Promise<void> {
    await fs.mkdir(this.#reach(path), {mode: onlyOwner ? OWN_FOLDER_MODE : FOLDER_MODE});
  }

  async copySmall({places, ...file}: SmallCopyRequest): Promise<SmallCopied | undefined> {
    const paths = [file.path, ...places.map(({temporary}) => temporary)];
    if (!isPlain(...paths)) return undefined;
    return await this.#copiers.copy({
      ...file,
      mtimeNs: `${file.mtimeNs}`,
      device: `${file.device}`,
      modified: modifiedSeconds(file.mtimeNs),
      places: places.map(({temporary, root, device}) => ({
        temporary: this.#held.reach(temporary),
        root,
        device: `${device}`,
      })),
    });
  }

  async readSmall(path: string, device: bigint): Promise<SmallReading | undefined> {
    if (!isPlain(path)) return undefined;
    const read = await this.#readers.read({path, device: `${device}`});
    if (read?.kind === 'failed') throw systemError(read.errno, path);
    return read?.kind === 'read' ? read : undefined;
  }

  async lookInside(request: LookRequest): Promise<{finding: Finding | undefined} | undefined> {
    if (!isPlain(request.place)) return undefined;
    const found = await this.#readers.look(request);
    return found === undefined ? undefined : {finding: found ?? undefined};
  }

  async publish(from: string, to: string): Promise<void> {
    if (this.#copiers.isRunning && isPlain(from, to)) {
      await this.#publishByThread(from, to);
      return;
    }
    try {
      // rename(2) replaces silently; link(2) refuses a taken name in one step.
      await fs.link(this.#reach(from), this.#reach(to));
    } catch (error) {
      if (!saysNoLinks(error)) throw error;
      await this.#renameToFreeName(from, to);
      return;
    }
    await fs.unlink(this.#reach(from));
  }

  async #publishByThread(from: string, to: string): Promise<void> {
    const naming = {from: this.#held.reach(from), to: this.#held.reach(to)};
    const fault = await this.#copiers.name(naming);
    if (fault === null) return;
    // The thread died, and nobody knows what it did.
    if (fault === undefined) throw systemError('EIO', to);
    const error = systemError(fault.errno, to);
    if (fault.linked || !saysNoLinks(error)) throw error;
    await this.#renameToFreeName(from, to);
  }

  /**
   * Without hard links (FAT, exFAT) nothing closes the gap between the look and the rename: the lock of the shoot folder keeps other processes out, the queue keeps two
   * cards of this one from taking one name.
   */
  #renameToFreeName(from: string, to: string): Promise<void> {
    const renamed = this.#renames.then(() => this.#lookAndRename(from, to));
    this.#renames = renamed.catch(() => {});
    return renamed;
  }

  async #lookAndRename(from: string, to: string): Promise<void> {
    try {
      await fs.lstat(this.#reach(to));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      await fs.rename(this.#reach(from), this.#reach(to));
      return;
    }
    throw systemError('EEXIST', to);
  }

  async replace(from: string, to: string): Promise<void> {
    await fs.rename(this.#reach(from), this.#reach(to));
  }

  async removeFile(path: string): Promise<void> {
    await fs.unlink(this.#reach(path));
  }

  async removeFolder(path: string): Promise<void> {
    await fs.rmdir(this.#reach(path));
  }

  async syncFolder(path: string): Promise<void> {
    if (onWindows) return;
    const handle = await fs.open(this.#reach(path), constants.O_RDONLY);
    try {
      await handle.sync();
    } catch (error) {
      if (!NO_FOLDER_SYNC.has(errnoOf(error) ?? '')) throw error;
    } finally {
      await handle.close();
    }
  }

  hold(folder: string): Promise<() => Promise<void>> {
    return this.#held.hold(folder, systemPath(folder));
  }

  async freeBytes(path: string): Promise<number> {
    const {bavail, bsize} = await fs.statfs(systemPath(path));
    return bavail * bsize;
  }

  async checkWritable(folder: string): Promise<void> {
    await fs.access(systemPath(folder), constants.W_OK | (onWindows ? 0 : constants.X_OK));
  }
}

export const realFiles: Files = new RealFiles();
