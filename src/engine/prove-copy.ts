import {dirname} from 'node:path';
import type {CardFile} from '../core/card.ts';
import {causeFrom, errnoOf} from '../core/cause.ts';
import type {MediumRead} from '../core/drive.ts';
import {blameLane, type CopyRun} from './copy-run.ts';
import {type Lane, systemError} from './lane.ts';

/** A copy that is written and flushed, and what its bytes must be. */
export interface WrittenCopy {
  readonly file: CardFile;
  readonly lane: Lane;
  readonly target: string;
  readonly temporary: string;
  readonly hash: string;
  readonly retries: number;
}

/** A file that may be the copy already. */
export interface StandingCopy {
  readonly file: CardFile;
  readonly lane: Lane;
  readonly target: string;
  readonly hash: string;
  readonly retries: number;
  readonly origin: 'copied' | 'present';
}

/**
 * Reads a written copy back from the medium, compares it, and only then gives it its final name. Records `file-proved`, `file-mismatched` or `file-failed`.
 */
export async function proveWritten(run: CopyRun, copy: WrittenCopy): Promise<void> {
  const {file, lane, hash, temporary} = copy;
  const path = lane.absolute(temporary);
  const reading = await readCopy(run, lane, path);
  if (reading === 'stopped') return;
  if (!reading.ok) {
    const error = systemError(reading.cause.code, path);
    await blameLane(run, lane, {path: file.path, cause: reading.cause, error});
    await removeTemporary(run, lane, temporary);
    return;
  }
  const {mediumRead} = reading.value;
  if (!matches(reading.value, copy)) {
    const {to} = lane.destination;
    const about = {
      card: run.card.ref,
      path: file.path,
      size: file.size,
      mtimeNs: `${file.mtimeNs}`,
    };
    const actual = reading.value.hash;
    run.journal.record({
      type: 'file-mismatched',
      ...about,
      to,
      target: copy.target,
      expected: hash,
      actual,
      mediumRead,
    });
    await removeTemporary(run, lane, temporary);
    return;
  }
  await nameProved(run, copy, mediumRead);
}

/**
 * The same for a copy that an earlier run wrote and flushed.
 * @returns `different` when it cannot be read or does not match: it is removed then, and nothing is recorded, because it can be written again.
 */
export async function proveLeft(
  run: CopyRun,
  copy: WrittenCopy,
): Promise<'done' | 'different' | 'stopped'> {
  const {lane, temporary} = copy;
  if (!(await liesHere(run, copy, temporary))) return 'stopped';
  const before = lane.proved;
  const reading = await readCopy(run, lane, lane.absolute(temporary));
  if (reading === 'stopped') return 'stopped';
  if (reading.ok && matches(reading.value, copy)) {
    await nameProved(run, copy, reading.value.mediumRead);
    return 'done';
  }
  lane.proved = before;
  await removeTemporary(run, lane, temporary);
  return 'different';
}

const matches = (
  reading: {readonly hash: string; readonly size: number},
  {hash, file}: {readonly hash: string; readonly file: CardFile},
) => reading.hash === hash && reading.size === file.size;

async function nameProved(run: CopyRun, copy: WrittenCopy, mediumRead: MediumRead): Promise<void> {
  const target = await publish(run, copy);
  if (target !== undefined) recordProof(run, {...copy, target, origin: 'copied'}, mediumRead);
}

/**
 * Reads a file back that was there before and compares it with what the card gave.
 * @returns whether it is the copy; records `file-proved` when it is, nothing when it is not.
 */
export async function proveStanding(
  run: CopyRun,
  copy: StandingCopy,
): Promise<'proved' | 'different' | 'stopped'> {
  const {lane, target} = copy;
  if (!(await liesHere(run, copy, target))) return 'stopped';
  const before = lane.proved;
  const reading = await readCopy(run, lane, lane.absolute(target));
  if (reading === 'stopped') return 'stopped';
  if (reading.ok && matches(reading.value, copy)) {
    recordProof(run, copy, reading.value.mediumRead);
    return 'proved';
  }
  lane.proved = before;
  return 'different';
}

/**
 * A link or a mount on the way to a file that was there before leads to another place, perhaps to the drive of the other copy: then it is no copy here.
 * @returns false when it leads away, which is recorded, or when the run stops.
 */
async function liesHere(
  run: CopyRun,
  {file, lane}: {readonly file: CardFile; readonly lane: Lane},
  place: string,
): Promise<boolean> {
  if (run.signal.aborted || lane.lost !== undefined) return false;
  try {
    await lane.makeFolder(place.slice(0, Math.max(place.lastIndexOf('/'), 0)));
    const {device} = await run.files.look(lane.absolute(place));
    if (device !== lane.destination.device) throw systemError('EXDEV', lane.absolute(place));
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

async function readCopy(run: CopyRun, lane: Lane, path: string) {
  if (run.signal.aborted || lane.lost !== undefined) return 'stopped';
  const onRead = (bytes: number) => {
    lane.proved += bytes;
    run.meter.tick();
  };
  const {method} = lane.access;
  const reading = await run.readBack({path, method, signal: run.signal, onRead});
  if (!reading.ok && reading.cause.code === 'stopped') return 'stopped';
  return reading;
}

function recordProof(run: CopyRun, copy: StandingCopy, mediumRead: MediumRead): void {
  const {file, lane, target, hash, origin, retries} = copy;
  const {to} = lane.destination;
  run.journal.record(
    {
      type: 'file-proved',
      card: run.card.ref,
      path: file.path,
      size: file.size,
      mtimeNs: `${file.mtimeNs}`,
      to,
      target,
      hash,
      mediumRead,
      origin,
      retries,
    },
    {to, folder: dirname(lane.absolute(target))},
  );
}

/** @returns the final name, which is another one when somebody took the planned one meanwhile; undefined when it could not be given. */
async function publish(
  run: CopyRun,
  {file, lane, target, temporary}: WrittenCopy,
): Promise<string | undefined> {
  let place = target;
  try {
    while (!(await tookName(run, lane.absolute(temporary), lane.absolute(place)))) {
      // No file has this size, so every taken name is passed over.
      place = (await lane.places.claim(target, Number.NaN)).target;
    }
    return place;
  } catch (error) {
    const doing = `naming it on ${lane.destination.name}`;
    const cause = causeFrom(error, doing, lane.absolute(place));
    await blameLane(run, lane, {path: file.path, cause, error});
    await removeTemporary(run, lane, temporary);
    return undefined;
  }
}

/** @returns false when the name is taken. @throws the system's error. */
async function tookName({files}: CopyRun, temporary: string, place: string): Promise<boolean> {
  try {
    await files.publish(temporary, place);
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    return false;
  }
}

/** On a destination that is lost, the next run does it. */
async function removeTemporary(run: CopyRun, lane: Lane, temporary: string): Promise<void> {
  if (lane.lost !== undefined) return;
  const path = lane.absolute(temporary);
  try {
    await run.files.removeFile(path);
  } catch (error) {
    const cause = causeFrom(error, 'removing a copy that is not proved', path);
    run.emit({type: 'noticed', level: 'warning', ...cause});
  }
}
