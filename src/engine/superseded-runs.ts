import {join} from 'node:path';
import {causeFrom} from '../core/cause.ts';
import type {Emit} from '../core/events.ts';
import {hasBrokenHeader, readJournal} from '../core/journal.ts';
import type {HashOfText} from '../core/manifest.ts';
import {RECORD_FOLDER} from '../core/place-files.ts';
import type {Files} from '../system/files.ts';
import {readText} from '../system/read-text.ts';
import {removeOrphans, removeTemporaries} from './clean-temporaries.ts';
import type {Lane} from './lane.ts';
import type {CopyPlan} from './plan-copies.ts';

interface WholeCard {
  readonly files: Files;
  readonly emit: Emit;
  readonly hashOfText: HashOfText;
  readonly cardId: string;
  /** The offload that has every file of the card on every destination. */
  readonly offload: string;
  readonly plan: CopyPlan;
}

const JOURNAL = '.journal';

/**
 * Clears away what other runs of a card left when all of it is proved: journals of the same card that could not be read when it began, journals that nobody can read or go on with, and unproved
 * bytes that no journal speaks of. The shoot folder must be locked. What cannot be removed is told.
 */
export async function clearSuperseded(lane: Lane, whole: WholeCard): Promise<void> {
  const {files, emit, plan, hashOfText} = whole;
  const folder = lane.absolute(RECORD_FOLDER);
  try {
    for (const name of await files.list(folder)) {
      if (!name.endsWith(JOURNAL)) continue;
      const path = join(folder, name);
      const offload = name.slice(0, -JOURNAL.length);
      if (offload === whole.offload || !(await isSuperseded(path, offload, whole))) continue;
      await removeTemporaries(lane, {files, emit, offload, plan, hashOfText});
      await files.removeFile(path);
    }
    await removeOrphans(lane, {files, emit, offload: whole.offload, plan, hashOfText});
  } catch (error) {
    const cause = causeFrom(error, 'clearing away what an earlier run left', folder);
    emit({type: 'noticed', level: 'warning', ...cause});
  }
}

async function isSuperseded(
  path: string,
  offload: string,
  {files, hashOfText, cardId}: WholeCard,
): Promise<boolean> {
  if ((await files.look(path)).kind !== 'file') return false;
  const text = await readText(files, path);
  const reading = readJournal(text, hashOfText);
  if (reading === undefined) return hasBrokenHeader(text, hashOfText);
  return reading.header.cardId === cardId && reading.header.offload === offload;
}
