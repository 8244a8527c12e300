import {join} from 'node:path';
import PQueue from 'p-queue';
import {type MediumReader, readMedium} from '../../../verify/read-medium.ts';
import {staysInside} from '../../../verify/stays-inside.ts';
import type {CardFile, CardListing, CardPath, CardRef} from '../../core/card.ts';
import {errnoOf} from '../../core/cause.ts';
import type {MediumRead} from '../../core/drive.ts';
import type {Emit} from '../../core/events.ts';
import type {FileFacts, Files} from '../../system/files.ts';
import type {MediumMethod} from '../../system/medium.ts';
import type {Program} from '../program.ts';
import type {KnownRoot} from './collect-copies.ts';

/** A copy that was read back just now and matched. */
export interface ProvedPlace {
  readonly to: string;
  readonly mediumRead: MediumRead;
  /** Absolute. */
  readonly place: string;
  /** The file that it was when it was read. */
  readonly facts: FileFacts;
  /** False when the catalog alone knew where it lies. */
  readonly isRecorded: boolean;
}

export interface ProvedFile {
  readonly path: CardPath;
  /** BLAKE3 of what the card gave; undefined when it could not be read. */
  readonly hash: string | undefined;
  readonly copies: readonly ProvedPlace[];
  /** The card's file could not be read. */
  readonly failed: boolean;
}

interface CardProof {
  readonly program: Program;
  readonly ref: CardRef;
  /** The card's folder, absolute. */
  readonly root: string;
  readonly method: MediumMethod;
  readonly listing: CardListing;
  readonly roots: readonly KnownRoot[];
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** How much is proved on each drive is told, and files that cannot be read, or that are on fewer than two drives, are told of as failures. */
  readonly tellsDrives: boolean;
}

/** Files that are proved at the same time: one is read from the card while others are read from the drives. */
const FILES_AT_ONCE = 3;
const PROGRESS_MS = 100;

/**
 * Reads every file of a card, looks its hash up in the records of each drive and in what the catalog remembers of it, and reads the copies found there back from the medium.
 * @returns for each file on which drives it is proved now.
 */
export async function proveCard(proof: CardProof): Promise<readonly ProvedFile[]> {
  const {program, ref, listing, roots, emit, signal} = proof;
  const {files, run, hashEngine, proofBlocks: blocks} = program;
  const reader: MediumReader = {files, run, hashEngine, blocks};
  const bytes = listing.files.reduce((sum, {size}) => sum + size, 0);
  const proved = new Map<string, number>(roots.map(({folder}) => [folder.path, 0]));
  let read = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (now: CardPath | null) => {
    const told = proof.tellsDrives ? [...proved] : [];
    const lanes = told.map(([to, done]) => ({to, written: done, proved: done, lost: false}));
    emit({type: 'progress', card: ref, bytes, read, lanes, now});
  };
  const results = new Map<CardPath, ProvedFile>();
  const queue = new PQueue({concurrency: FILES_AT_ONCE});
  const broken: unknown[] = [];
  for (const file of listing.files) {
    void queue.add(async () => {
      if (signal.aborted || broken.length > 0) return;
      try {
        const result = await proveFile(proof, reader, file);
        results.set(file.path, result);
        read += file.size;
        for (const {to} of result.copies) proved.set(to, (proved.get(to) ?? 0) + file.size);
        const now = program.clock.monotonic();
        if (now - toldAt >= PROGRESS_MS) {
          toldAt = now;
          tell(file.path);
        }
      } catch (error) {
        broken.push(error);
      }
    });
  }
  await queue.onIdle();
  if (broken.length > 0) throw broken[0];
  tell(null);
  return listing.files.map(
    ({path}) => results.get(path) ?? {path, hash: undefined, copies: [], failed: false},
  );
}

async function proveFile(
  {ref, root, method, roots, emit, signal, tellsDrives}: CardProof,
  reader: MediumReader,
  {path, size}: CardFile,
): Promise<ProvedFile> {
  const reading = await readMedium(reader, {path: join(root, path), method, signal});
  if (!reading.ok) {
    if (tellsDrives && reading.cause.code !== 'stopped')
      emit({type: 'file-failed', ...reading.cause, card: ref, path});
    return {path, hash: undefined, copies: [], failed: reading.cause.code !== 'stopped'};
  }
  const {hash} = reading.value;
  const found = await Promise.all(roots.map((one) => proveOn(reader, one, {hash, size, signal})));
  const own = join(root, path);
  const copies = keepDistinct(
    found.flatMap((copy) => copy ?? []),
    wordOf(own, await lookAt(reader.files, own)),
  );
  if (tellsDrives && copies.length < 2 && !signal.aborted) {
    const names = roots
      .filter(({folder}) => copies.some(({to}) => to === folder.path))
      .map(({name}) => name);
    emit({
      type: 'file-failed',
      card: ref,
      path,
      code: 'copies-missing',
      message:
        names.length === 0
          ? 'no proved copy of it was found'
          : `a proved copy of it is only on ${names.join(', ')}`,
      next: 'Offload the card, or plug in the drive that holds its other copy.',
    });
  }
  return {path, hash, copies, failed: false};
}

async function proveOn(
  reader: MediumReader,
  {folder, method, copies, recalled}: KnownRoot,
  {hash, size, signal}: {hash: string; size: number; signal: AbortSignal},
): Promise<ProvedPlace | undefined> {
  const {files} = reader;
  const recorded = copies.get(hash) ?? [];
  for (const [index, path] of [...recorded, ...(recalled.get(hash) ?? [])].entries()) {
    const facts = await lookAt(files, path);
    // Another drive may be mounted below the folder: what lies on it is no copy on the folder's own drive.
    if (facts?.kind !== 'file' || facts.size !== size || facts.device !== folder.device) continue;
    const isRecorded = index < recorded.length;
    if (!isRecorded && !(await staysInside(files, folder.real, path))) continue;
    const reading = await readMedium(reader, {path, method, signal});
    if (!reading.ok || reading.value.hash !== hash || reading.value.size !== size) continue;
    const {mediumRead} = reading.value;
    return {to: folder.path, mediumRead, place: path, facts, isRecorded};
  }
  return undefined;
}

/** A file with two names, as a bind mount, a hard link or a folder in another folder gives it, is one copy; and the card's own file is none. */
function keepDistinct(copies: readonly ProvedPlace[], own: string): readonly ProvedPlace[] {
  const seen = new Set([own]);
  return copies.filter(({place, facts}) => {
    const word = wordOf(place, facts);
    if (seen.has(word)) return false;
    seen.add(word);
    return true;
  });
}

/** A word that is equal exactly for one file; the path where a file system gives no inodes (0). */
const wordOf = (path: string, facts: FileFacts | undefined): string =>
  facts === undefined || facts.inode === 0n ? path : `${facts.device}:${facts.inode}`;

/** @returns undefined when it is not there any more. */
export async function lookAt(files: Files, path: string): Promise<FileFacts | undefined> {
  try {
    return await files.look(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
