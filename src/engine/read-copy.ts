import type {CardFile} from '../core/card.ts';
import {type Cause, causeFrom, errnoOf} from '../core/cause.ts';
import type {MediumRead} from '../core/drive.ts';
import {SMALL_FILE} from '../system/small-files/small-file-tools.ts';
import {systemError} from '../system/system-error.ts';
import {blameLane, type CopyRun, type ReadBack} from './copy-run.ts';
import type {Lane} from './lane.ts';

export interface OtherBytes {
  readonly actual: string;
  readonly mediumRead: MediumRead;
}

export type CopyReading =
  | {readonly kind: 'same'; readonly mediumRead: MediumRead}
  | ({readonly kind: 'other'} & OtherBytes)
  | {readonly kind: 'unreadable'; readonly cause: Cause}
  | {readonly kind: 'stopped'};

/** A copy, and what its bytes must be. */
interface ExpectedCopy {
  readonly file: CardFile;
  readonly lane: Lane;
  readonly hash: string;
}

/**
 * Reads back a file that was there before. A link or a mount on the way to it leads to another place, perhaps to the drive of the other copy: then it is no copy here, which is
 * recorded, and the reading is `stopped`.
 */
export async function readStanding(
  run: CopyRun,
  copy: ExpectedCopy,
  place: string,
): Promise<CopyReading> {
  const {lane} = copy;
  const folder = place.slice(0, Math.max(place.lastIndexOf('/'), 0));
  if (!(await isPassed(run, copy, place, () => lane.makeFolder(folder)))) return {kind: 'stopped'};
  return await readCopy(run, copy, place, () =>
    isPassed(run, copy, place, async () => {
      const {device} = await run.files.look(lane.absolute(place));
      if (device !== lane.destination.device) throw systemError('EXDEV', lane.absolute(place));
    }),
  );
}

/** @returns false when the check failed, which is recorded, or when the run stops. */
async function isPassed(
  run: CopyRun,
  {file, lane}: ExpectedCopy,
  place: string,
  check: () => Promise<void>,
): Promise<boolean> {
  if (run.signal.aborted || lane.lost !== undefined) return false;
  try {
    await check();
    return true;
  } catch (error) {
    // It is gone: that is found when it is read.
    if (errnoOf(error) === 'ENOENT') return true;
    const doing = `finding its folder on ${lane.destination.name}`;
    const cause = causeFrom(error, doing, lane.absolute(place));
    await blameLane(run, lane, {path: file.path, cause, error});
    return false;
  }
}

/**
 * Reads a copy back from the medium and compares it. Only what is the same counts as progress.
 * @param mayOpen asked before the ordinary way opens it; the quick way finds a file of another file system by itself.
 */
export async function readCopy(
  run: CopyRun,
  {file, lane, hash}: ExpectedCopy,
  place: string,
  mayOpen?: () => Promise<boolean>,
): Promise<CopyReading> {
  if (run.signal.aborted || lane.lost !== undefined) return {kind: 'stopped'};
  let counted = 0;
  const reading = await readBack(run, hash, {
    path: lane.absolute(place),
    method: lane.access.method,
    ...(run.quick && file.size < SMALL_FILE ? {quickOn: lane.destination.device} : {}),
    ...(mayOpen === undefined ? {} : {mayOpen}),
    signal: run.signal,
    onRead(bytes) {
      counted += bytes;
      lane.proved += bytes;
      run.meter.tick();
    },
  });
  if (reading.ok && reading.value.hash === hash && reading.value.size === file.size) {
    return {kind: 'same', mediumRead: reading.value.mediumRead};
  }
  lane.proved -= counted;
  if (reading.ok) {
    const {hash: actual, mediumRead} = reading.value;
    return {kind: 'other', actual, mediumRead};
  }
  const {cause} = reading;
  return cause.code === 'stopped' ? {kind: 'stopped'} : {kind: 'unreadable', cause};
}

/** With `--mhl` a file that the card did not give in this run has its other hashes from here: no read is done for them alone. */
async function readBack(
  {readBack: read, mhl}: CopyRun,
  hash: string,
  request: Parameters<ReadBack>[0],
): ReturnType<ReadBack> {
  if (mhl === undefined || mhl.knows(hash)) return await read(request);
  return await mhl.beside((also) => read({...request, also}));
}
