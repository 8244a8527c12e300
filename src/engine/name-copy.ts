import {dirname} from 'node:path';
import type {CardFile} from '../core/card.ts';
import {causeFrom, errnoOf} from '../core/cause.ts';
import type {MediumRead} from '../core/drive.ts';
import type {FileProved} from '../core/events.ts';
import type {Files} from '../system/files.ts';
import {blameLane, type CopyRun} from './copy-run.ts';
import {removeEvidence} from './keep-evidence.ts';
import type {Lane} from './lane.ts';

/** A copy that is written and flushed, and what its bytes must be. */
export interface WrittenCopy {
  readonly file: CardFile;
  readonly lane: Lane;
  readonly target: string;
  readonly temporary: string;
  readonly hash: string;
  readonly retries: number;
  readonly source?: 'copy';
}

/** A file that may be the copy already. */
export interface StandingCopy {
  readonly file: CardFile;
  readonly lane: Lane;
  readonly target: string;
  readonly hash: string;
  readonly retries: number;
  readonly origin: 'copied' | 'present';
  readonly source?: 'copy';
}

/** @returns the final name, which is another one when somebody took the planned one meanwhile; undefined when it could not be given. */
export async function publish(
  run: CopyRun,
  {file, lane, target, temporary}: WrittenCopy,
): Promise<string | undefined> {
  let place = target;
  try {
    while (!(await tookName(run.files, lane.absolute(temporary), lane.absolute(place)))) {
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
export async function tookName(files: Files, temporary: string, place: string): Promise<boolean> {
  try {
    await files.publish(temporary, place);
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    return false;
  }
}

/** Removes a copy that is not proved. On a destination that is lost, the next run does it. */
export async function removeTemporary(run: CopyRun, lane: Lane, temporary: string): Promise<void> {
  if (lane.lost !== undefined) return;
  const path = lane.absolute(temporary);
  try {
    await run.files.removeFile(path);
  } catch (error) {
    const cause = causeFrom(error, 'removing a copy that is not proved', path);
    run.emit({type: 'noticed', level: 'warning', ...cause});
  }
}

/** Records `file-proved`. Where bytes of the file were put aside, the proof is made durable before they are removed. */
export async function recordProof(
  run: CopyRun,
  copy: StandingCopy,
  mediumRead: MediumRead,
): Promise<void> {
  const {file, lane, target, hash, origin, retries, source} = copy;
  const {to} = lane.destination;
  const fact: FileProved = {
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
    ...(source === undefined ? {} : {source}),
  };
  const folder = {to, folder: dirname(lane.absolute(target))};
  lane.filesProved.add(file.path);
  if (!lane.mismatched.of(file.path).some(({kept}) => kept !== undefined)) {
    run.journal.record(fact, folder);
    return;
  }
  await run.journal.recordLasting(fact, folder);
  await removeEvidence(run, lane, file.path);
}
