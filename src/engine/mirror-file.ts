/** One file of unknown hash is copied from a source to a lane, under the same promises as an offload: temporary name, flush, medium read, and only then the final name. */
import {dirname} from 'node:path';
import type {FileTimes} from '../core/backup/mirror-record.ts';
import {type Cause, causeFrom, type Result} from '../core/cause.ts';
import type {MediumRead} from '../core/drive.ts';
import {systemError} from '../system/system-error.ts';
import type {ReadBack} from './copy-run.ts';
import {CopyWriter} from './copy-writer.ts';
import type {FolderFlushes} from './folder-flushes.ts';
import type {Lane} from './lane.ts';
import {
  readSource,
  type SourceFile,
  type SourceReading,
  type SourceSetting,
} from './read-source.ts';

export interface MirrorSetting extends SourceSetting {
  readonly lane: Lane;
  readonly flushes: FolderFlushes;
  /** The judge's own reading. */
  readonly readBack: ReadBack;
  /** A copy did not match what was read back. */
  readonly onMismatch: () => void;
}

export interface MirrorRequest extends SourceFile {
  /** Final name, below the lane's root. */
  readonly target: string;
  /** @returns a name in the same folder that nothing has. */
  readonly nameTemporary: () => string;
  /** BLAKE3 that the source must have; undefined when any will do. */
  readonly expected: string | undefined;
  /** Takes what stands under the final name away, right before the name is given. */
  readonly makeRoom: () => Promise<Result<void>>;
  /** The bytes are with the drive and wait for their flush: the next file may be read. */
  readonly onWritten: () => void;
}

export type MirrorOutcome =
  | {
      readonly kind: 'made';
      readonly hash: string;
      readonly source: FileTimes;
      readonly copy: FileTimes;
      readonly mediumRead: MediumRead;
    }
  | Exclude<SourceReading, {kind: 'read'}>
  /** The source has other bytes than it must. */
  | {readonly kind: 'other-bytes'; readonly hash: string}
  /** It could not be written, or not proved. `lost`: why the destination is given up. */
  | {readonly kind: 'failed'; readonly cause: Cause; readonly lost: Cause | undefined};

/** A cable may spoil one transfer; a drive that does it again is not to be trusted with the file. */
const WRITES = 2;

/** Never leaves anything under the temporary name, unless the destination is gone. What stands under the final name stays until the new copy is proved. */
export async function mirrorFile(
  setting: MirrorSetting,
  request: MirrorRequest,
): Promise<MirrorOutcome> {
  let known: string | undefined;
  for (let write = 0; write < WRITES; write++) {
    if (setting.signal.aborted) return {kind: 'stopped'};
    const outcome = await copyOnce(setting, request);
    if (outcome.kind !== 'mismatched') return outcome;
    setting.onMismatch();
    if (known !== undefined && known !== outcome.hash) return unsteady(request);
    known = outcome.hash;
  }
  return mismatched(setting, request);
}

async function copyOnce(
  setting: MirrorSetting,
  request: MirrorRequest,
): Promise<MirrorOutcome | {readonly kind: 'mismatched'; readonly hash: string}> {
  const {files, lane} = setting;
  const {file, target, expected, nameTemporary, onWritten} = request;
  const temporary = inFolderOf(target, nameTemporary());
  const writer = new CopyWriter({files, lane, target, temporary, file});
  let isNamed = false;
  try {
    await writer.open();
    if (writer.failure !== undefined) return await fail(lane, writer.failure);
    const reading = await readSource(setting, request, async ({block, bytes, position}) => {
      await writer.write(block, bytes, position);
      return writer.failure === undefined;
    });
    if (writer.failure !== undefined) return await fail(lane, writer.failure);
    if (reading.kind !== 'read') return reading;
    const {hash, times} = reading;
    if (expected !== undefined && hash !== expected) return {kind: 'other-bytes', hash};
    await writer.finish();
    onWritten();
    await writer.flush();
    if (writer.failure !== undefined) return await fail(lane, writer.failure);
    const outcome = await proveAndName(setting, request, {temporary, hash, times});
    isNamed = outcome.kind === 'made';
    return outcome;
  } finally {
    if (!isNamed) await writer.abandon();
  }
}

export interface WrittenBytes {
  /** Below the lane's root; flushed. */
  readonly temporary: string;
  /** Of the bytes that the source gave. */
  readonly hash: string;
  readonly times: FileTimes;
}

/** Reads what was written back from the medium, compares it with what the source gave, and names it. */
export async function proveAndName(
  setting: MirrorSetting,
  request: Pick<MirrorRequest, 'file' | 'target' | 'makeRoom'>,
  {temporary, hash, times}: WrittenBytes,
): Promise<MirrorOutcome | {readonly kind: 'mismatched'; readonly hash: string}> {
  const {files, lane, flushes, readBack, signal} = setting;
  const {file, target, makeRoom} = request;
  const {method} = lane.access;
  const path = lane.absolute(temporary);
  const reading = await lane.proofs.add(() => readBack({path, method, signal}));
  if (!reading.ok) {
    const {cause} = reading;
    if (cause.code === 'stopped') return {kind: 'stopped'};
    return {kind: 'failed', cause, lost: await lane.findLoss(systemError(cause.code, target))};
  }
  if (reading.value.hash !== hash || reading.value.size !== file.size)
    return {kind: 'mismatched', hash};
  const room = await makeRoom();
  if (!room.ok) {
    const lost = await lane.findLoss(systemError(room.cause.code, target));
    return {kind: 'failed', cause: room.cause, lost};
  }
  const place = lane.absolute(target);
  try {
    await files.publish(path, place);
    await flushes.flush(dirname(place));
    const {mtimeNs, changedNs} = await files.look(place);
    const {mediumRead} = reading.value;
    return {kind: 'made', hash, source: times, copy: {mtimeNs, changedNs}, mediumRead};
  } catch (error) {
    const cause = causeFrom(error, `naming it on ${lane.destination.name}`, place);
    return await fail(lane, {cause, error});
  }
}

/** @returns the failure, with why the destination is gone when it is. */
export async function fail(
  lane: Lane,
  {cause, error}: {readonly cause: Cause; readonly error: unknown},
): Promise<MirrorOutcome> {
  return {kind: 'failed', cause, lost: await lane.findLoss(error)};
}

/** @returns the path of a name in the folder of a file. */
export function inFolderOf(target: string, name: string): string {
  return target.slice(0, target.lastIndexOf('/') + 1) + name;
}

const unsteady = ({path}: MirrorRequest): MirrorOutcome => ({
  kind: 'source-failed',
  cause: {
    code: 'source-mismatch',
    path,
    message: 'it gave other bytes when it was read a second time',
    next: 'Check the drive, its cable and the memory of this computer, then run the same job again.',
  },
});

const mismatched = ({lane}: MirrorSetting, {target}: MirrorRequest): MirrorOutcome => ({
  kind: 'failed',
  cause: {
    code: 'mismatch',
    path: lane.absolute(target),
    message: `what was read back from ${lane.destination.name} is not what was written, twice`,
    next: 'The drive or its cable spoils bytes: use another one, then run the same job again.',
  },
  lost: undefined,
});
