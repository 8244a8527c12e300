/** What becomes of bytes that were written and did not match: they are kept aside until a copy of the file is proved in the same place. */
import type {CardPath} from '../core/card.ts';
import {causeFrom, errnoOf} from '../core/cause.ts';
import {describeSuspect} from '../core/describe-suspect.ts';
import {evidenceOf, temporaryOf} from '../core/temporary-names.ts';
import {type CopyRun, loseLane} from './copy-run.ts';
import type {Lane} from './lane.ts';

interface BadCopy {
  readonly path: CardPath;
  readonly lane: Lane;
  /** Below the shoot folder. */
  readonly temporary: string;
}

/**
 * Renames a temporary file so that its name says that it does not match. Where that fails the bytes stay where they are.
 * The mismatch must be durable: what no record speaks of would be swept away.
 */
export async function putAside(run: CopyRun, {path, lane, temporary}: BadCopy): Promise<void> {
  const copy = evidenceOf(temporary);
  lane.addMismatch({path, copy, kept: temporary});
  if (lane.lost !== undefined) return;
  try {
    await run.files.publish(lane.absolute(temporary), lane.absolute(copy));
    lane.mismatched.move({path, copy, kept: copy});
  } catch (error) {
    const cause = causeFrom(error, 'renaming a copy that does not match', lane.absolute(temporary));
    const loss = await lane.findLoss(error);
    if (loss !== undefined) loseLane(run, lane, loss);
    else run.emit({type: 'noticed', level: 'warning', ...cause});
  }
}

/** Removes what was kept aside of a file that is proved now. What cannot be removed is named, and the verdict names it too. */
export async function removeEvidence(run: CopyRun, lane: Lane, path: CardPath): Promise<void> {
  for (const mismatch of lane.mismatched.of(path)) {
    if (lane.lost !== undefined) return;
    if (mismatch.kept === undefined) continue;
    const isGone = await removed(run, lane, mismatch.copy);
    if (isGone) lane.mismatched.move({...mismatch, kept: undefined});
  }
}

/** Removes the kept bytes of which nobody knows whose they are, once every file of the card is proved on the destination. */
export async function removeStrangers(run: CopyRun): Promise<void> {
  for (const lane of run.lanes) {
    const {strangers} = lane.mismatched;
    if (lane.filesProved.size < run.plan.length) continue;
    for (const place of strangers) {
      if (lane.lost === undefined && (await removed(run, lane, place))) strangers.delete(place);
    }
  }
}

/** It may lie under both of its names: an interruption, or a renaming that failed. */
async function removed(run: CopyRun, lane: Lane, evidence: string): Promise<boolean> {
  for (const place of [evidence, temporaryOf(evidence)]) {
    const path = lane.absolute(place);
    try {
      await run.files.removeFile(path);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') continue;
      const cause = causeFrom(error, 'removing a copy that did not match', path);
      run.emit({type: 'noticed', level: 'warning', ...cause});
      return false;
    }
  }
  return true;
}

/** Warns of a drive on which copies did not match more than once; each drive once. */
export function warnOfDrive({emit}: CopyRun, {tally, destination}: Lane): void {
  const suspect = tally.suspect(destination);
  if (suspect === undefined || !tally.isNews(destination)) return;
  const cause = describeSuspect(suspect.names, suspect.count);
  emit({type: 'noticed', level: 'warning', ...cause, path: destination.to});
}
