/** One file is brought back: from the first copy that has its bytes, under the same promise as an offload. */
import {dirname} from 'node:path';
import type {CardFile} from '../core/card.ts';
import {type Cause, causeFrom} from '../core/cause.ts';
import type {MediumRead} from '../core/drive.ts';
import type {BlockPool} from '../system/block-pool.ts';
import type {Files, OpenedFile} from '../system/files.ts';
import type {HashEngine} from '../system/hasher.ts';
import {evictBeforeRead, type MediumMethod, readsDirect} from '../system/medium.ts';
import {systemError} from '../system/system-error.ts';
import type {RunTool} from '../system/tools.ts';
import type {ReadBack} from './copy-run.ts';
import {CopyWriter} from './copy-writer.ts';
import type {Lane} from './lane.ts';
import {tookName} from './name-copy.ts';
import {readWhole} from './read-whole.ts';

/** A recorded copy on a connected drive. */
export interface CopyPlace {
  /** Absolute. */
  readonly path: string;
  readonly method: MediumMethod;
}

export interface RestoreSetting {
  readonly files: Files;
  readonly run: RunTool;
  readonly blocks: BlockPool;
  readonly hashEngine: HashEngine;
  /** The judge's own reading. */
  readonly readBack: ReadBack;
  readonly signal: AbortSignal;
  /** Hears of every block that a copy gave, in bytes. */
  readonly onRead: (bytes: number) => void;
}

export interface RestoreRequest {
  readonly file: CardFile;
  /** BLAKE3 that the bytes must have; undefined where no record says it: then what is written must be what was read. */
  readonly hash: string | undefined;
  readonly copies: readonly CopyPlace[];
  /** Where it goes: the shoot's folder on the destination. */
  readonly lane: Lane;
  /** A free name below the lane's root, claimed in its places. */
  readonly target: string;
  /** A name in the same folder that nothing has. @param attempt from 1 on. */
  readonly nameTemporary: (attempt: number) => string;
  /**
   * Moves what stands under the name out of the way, once what takes its place is proved; the file gets this name then and no other. Without it the file gets another name when somebody took it.
   * @throws the system's error; the file is not named then.
   */
  readonly makeRoom?: () => Promise<void>;
  /** A copy that is no good is told, and the next one is tried. */
  readonly onBadCopy: (copy: BadCopy) => void;
}

export interface BadCopy {
  readonly path: string;
  readonly state: 'missing' | 'changed' | 'unreadable';
  readonly why: string;
}

export type RestoreOutcome =
  | {
      readonly kind: 'restored';
      /** Below the lane's root: another one than was planned when somebody took that meanwhile. */
      readonly target: string;
      readonly from: string;
      /** BLAKE3 of its bytes. */
      readonly hash: string;
      readonly mediumRead: MediumRead;
    }
  /** No copy has its bytes. */
  | {readonly kind: 'no-copy'}
  /** It could not be written, or not proved. `lost`: why the destination is given up. */
  | {readonly kind: 'failed'; readonly cause: Cause; readonly lost: Cause | undefined}
  | {readonly kind: 'stopped'};

/** A cable may spoil one transfer; a drive that does it again is not to be trusted with the file. */
const WRITES = 2;

/** Never leaves anything under the temporary name, unless the destination is gone. */
export async function restoreFile(
  setting: RestoreSetting,
  request: RestoreRequest,
): Promise<RestoreOutcome> {
  let attempt = 0;
  let failed: RestoreOutcome | undefined;
  for (const copy of request.copies) {
    for (let write = 0; write < WRITES; write++) {
      if (setting.signal.aborted) return {kind: 'stopped'};
      attempt++;
      const outcome = await restoreFrom(setting, request, {copy, attempt});
      if (outcome.kind === 'bad-copy') break;
      if (outcome.kind !== 'mismatched') return outcome;
      failed = {kind: 'failed', cause: mismatched(request), lost: undefined};
    }
    if (failed !== undefined) return failed;
  }
  return {kind: 'no-copy'};
}

interface Attempt {
  readonly copy: CopyPlace;
  readonly attempt: number;
}

type AttemptOutcome =
  | Exclude<RestoreOutcome, {kind: 'no-copy'}>
  | {readonly kind: 'bad-copy'}
  /** What was read back is not what was written. */
  | {readonly kind: 'mismatched'};

async function restoreFrom(
  setting: RestoreSetting,
  request: RestoreRequest,
  {copy, attempt}: Attempt,
): Promise<AttemptOutcome> {
  const {files, run} = setting;
  const {file, lane, target, onBadCopy} = request;
  let source: OpenedFile;
  try {
    // Before anything opens it: a pipe would be waited for, and a link leads away.
    if ((await files.look(copy.path)).kind !== 'file') {
      onBadCopy({path: copy.path, state: 'changed', why: 'it is no regular file any more'});
      return {kind: 'bad-copy'};
    }
    await evictBeforeRead(copy.path, copy.method, run);
    source = await files.openToRead(copy.path, {direct: readsDirect(copy.method)});
  } catch (error) {
    onBadCopy(unreadable(copy, error));
    return {kind: 'bad-copy'};
  }
  const temporary = inFolderOf(target, request.nameTemporary(attempt));
  const writer = new CopyWriter({files, lane, target, temporary, file});
  let isNamed = false;
  try {
    const pumped = await pump(setting, request, {source, copy, writer});
    if (typeof pumped !== 'string') return pumped;
    await writer.finish();
    await writer.flush();
    if (writer.failure !== undefined) return await fail(lane, writer.failure);
    const outcome = await proveAndName(setting, request, {copy, temporary, hash: pumped});
    isNamed = outcome.kind === 'restored';
    return outcome;
  } finally {
    await closeQuietly(source, copy.path);
    if (!isNamed) await writer.abandon();
  }
}

interface Pumping {
  readonly source: OpenedFile;
  readonly copy: CopyPlace;
  readonly writer: CopyWriter;
}

/** Moves the blocks and hashes them. @returns their hash when they are the recorded ones and all are with the writer. */
async function pump(
  {blocks, hashEngine, signal, onRead}: RestoreSetting,
  {file, hash, lane, onBadCopy}: RestoreRequest,
  {source, copy, writer}: Pumping,
): Promise<AttemptOutcome | string> {
  const changed = () => {
    const why =
      hash === undefined
        ? 'it was changed meanwhile'
        : 'its bytes are not the ones that were proved';
    onBadCopy({path: copy.path, state: 'changed', why});
    return {kind: 'bad-copy'} as const;
  };
  const hasher = hashEngine.create();
  const direct = readsDirect(copy.method);
  try {
    const facts = await source.facts();
    if (facts.size !== file.size) return changed();
    if (hash === undefined && facts.mtimeNs !== file.mtimeNs) return changed();
  } catch (error) {
    onBadCopy(unreadable(copy, error));
    return {kind: 'bad-copy'};
  }
  await writer.open();
  for (let position = 0; position < file.size; ) {
    if (signal.aborted) return {kind: 'stopped'};
    if (writer.failure !== undefined) return await fail(lane, writer.failure);
    const block = await blocks.take();
    try {
      const wanted = Math.min(block.length, file.size - position);
      await readWhole({source, block, position, wanted, direct, path: copy.path});
      const written = writer.write(block, wanted, position);
      hasher.update(block.subarray(0, wanted));
      await written;
      position += wanted;
      onRead(wanted);
    } catch (error) {
      onBadCopy(unreadable(copy, error));
      return {kind: 'bad-copy'};
    } finally {
      blocks.give(block);
    }
  }
  if (writer.failure !== undefined) return await fail(lane, writer.failure);
  const digest = hasher.digest();
  if (hash !== undefined) return digest === hash ? digest : changed();
  return (await isAsBefore(source, file)) ? digest : changed();
}

/** Without a recorded hash only its size and time tell that a file stood still while it was read. */
async function isAsBefore(source: OpenedFile, {size, mtimeNs}: CardFile): Promise<boolean> {
  try {
    const facts = await source.facts();
    return facts.size === size && facts.mtimeNs === mtimeNs;
  } catch (error) {
    causeFrom(error, 'looking at the copy again', '');
    return false;
  }
}

async function proveAndName(
  {files, readBack, signal}: RestoreSetting,
  {file, lane, target, makeRoom}: RestoreRequest,
  {
    copy,
    temporary,
    hash,
  }: {readonly copy: CopyPlace; readonly temporary: string; readonly hash: string},
): Promise<AttemptOutcome> {
  const {method} = lane.access;
  const reading = await readBack({path: lane.absolute(temporary), method, signal});
  if (!reading.ok) {
    const {cause} = reading;
    if (cause.code === 'stopped') return {kind: 'stopped'};
    return {kind: 'failed', cause, lost: await lane.findLoss(systemError(cause.code, target))};
  }
  const {hash: actual, size, mediumRead} = reading.value;
  if (actual !== hash || size !== file.size) return {kind: 'mismatched'};
  let place = target;
  try {
    await makeRoom?.();
    // No file has this size, so every taken name is passed over.
    while (!(await tookName(files, lane.absolute(temporary), lane.absolute(place)))) {
      if (makeRoom !== undefined) throw systemError('EEXIST', lane.absolute(place));
      place = (await lane.places.claim(target, Number.NaN)).target;
    }
    await files.syncFolder(dirname(lane.absolute(place)));
  } catch (error) {
    const cause = causeFrom(error, `naming it on ${lane.destination.name}`, lane.absolute(place));
    return await fail(lane, {cause, error});
  }
  return {kind: 'restored', target: place, from: copy.path, hash, mediumRead};
}

async function fail(
  lane: Lane,
  {cause, error}: {readonly cause: Cause; readonly error: unknown},
): Promise<AttemptOutcome> {
  return {kind: 'failed', cause, lost: await lane.findLoss(error)};
}

function unreadable({path}: CopyPlace, error: unknown): BadCopy {
  const {code, message} = causeFrom(error, 'reading it', path);
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return {path, state: 'missing', why: 'it is not there any more'};
  return {path, state: 'unreadable', why: message};
}

async function closeQuietly(source: OpenedFile, path: string): Promise<void> {
  try {
    await source.close();
  } catch (error) {
    // Its drive is gone; what it gave was compared.
    causeFrom(error, 'closing the copy', path);
  }
}

function inFolderOf(target: string, name: string): string {
  return target.slice(0, target.lastIndexOf('/') + 1) + name;
}

const mismatched = ({lane, target}: RestoreRequest): Cause => ({
  code: 'mismatch',
  path: lane.absolute(target),
  message: `what was read back from ${lane.destination.name} is not what was written, twice`,
  next: 'The drive or its cable spoils bytes: use another one, then run the same command again.',
});
