import {join} from 'node:path';
import PQueue from 'p-queue';
import {type MediumReader, readMedium} from '../../../verify/read-medium.ts';
import type {CardFile, CardListing, CardPath, CardRef} from '../../core/card.ts';
import {errnoOf} from '../../core/cause.ts';
import type {MediumRead} from '../../core/drive.ts';
import type {Emit} from '../../core/events.ts';
import type {Files} from '../../system/files.ts';
import type {MediumMethod} from '../../system/medium.ts';
import type {Program} from '../program.ts';
import type {KnownRoot} from './collect-copies.ts';

/** A copy that was read back just now and matched. */
export interface ProvedPlace {
  readonly to: string;
  readonly mediumRead: MediumRead;
  /** Absolute. */
  readonly place: string;
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
  /** Files that cannot be read, or that are on fewer than two drives, are told of as failures. */
  readonly tellsFailures: boolean;
}

/** Files that are proved at the same time: one is read from the card while others are read from the drives. */
const FILES_AT_ONCE = 3;
const PROGRESS_MS = 100;

/**
 * Reads every file of a card, looks its hash up in the records of each drive, and reads the copies found there back from the medium.
 * @returns for each file on which drives it is proved now.
 */
export async function proveCard(proof: CardProof): Promise<readonly ProvedFile[]> {
  const {program, ref, listing, roots, emit, signal} = proof;
  const {files, run, hashEngine, proofBlocks: blocks} = program;
  const reader: MediumReader = {files, run, hashEngine, blocks};
  const bytes = listing.files.reduce((sum, {size}) => sum + size, 0);
  const proved = new Map<string, number>(roots.map(({folder}) => [folder.path, 0]));
  let read = 0;
  let told = Number.NEGATIVE_INFINITY;
  const tell = (now: CardPath | null) => {
    const lanes = [...proved].map(([to, done]) => ({to, written: done, proved: done, lost: false}));
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
        if (now - told >= PROGRESS_MS) {
          told = now;
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
  {ref, root, method, roots, emit, signal, tellsFailures}: CardProof,
  reader: MediumReader,
  {path, size}: CardFile,
): Promise<ProvedFile> {
  const reading = await readMedium(reader, {path: join(root, path), method, signal});
  if (!reading.ok) {
    if (tellsFailures && reading.cause.code !== 'stopped')
      emit({type: 'file-failed', ...reading.cause, card: ref, path});
    return {path, hash: undefined, copies: [], failed: reading.cause.code !== 'stopped'};
  }
  const {hash} = reading.value;
  const found = await Promise.all(roots.map((one) => proveOn(reader, one, {hash, size, signal})));
  const places = new Set<string>();
  const copies = found.flatMap((copy) => {
    // Where one folder lies in another, both find the same copy, and it is still one.
    if (copy === undefined || places.has(copy.place)) return [];
    places.add(copy.place);
    return copy;
  });
  if (tellsFailures && copies.length < 2 && !signal.aborted) {
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
  {folder, method, copies}: KnownRoot,
  {hash, size, signal}: {hash: string; size: number; signal: AbortSignal},
): Promise<ProvedPlace | undefined> {
  for (const path of copies.get(hash) ?? []) {
    if (!(await isOnDevice(reader.files, path, folder.device))) continue;
    const reading = await readMedium(reader, {path, method, signal});
    if (!reading.ok || reading.value.hash !== hash || reading.value.size !== size) continue;
    return {to: folder.path, mediumRead: reading.value.mediumRead, place: path};
  }
  return undefined;
}

/** Another drive may be mounted below the folder: what lies on it is no copy on the folder's own drive. */
async function isOnDevice(files: Files, path: string, device: bigint): Promise<boolean> {
  try {
    return (await files.look(path)).device === device;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}
