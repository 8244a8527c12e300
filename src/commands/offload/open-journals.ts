import {join} from 'node:path';
import {causeFrom, errnoOf} from '../../core/cause.ts';
import {JOURNAL_SCHEMA, type JournalHeader} from '../../core/journal.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import {type CopyRun, loseLane} from '../../engine/copy-run.ts';
import type {JournalWriter} from '../../engine/journal-writer.ts';
import type {Program} from '../program.ts';
import type {PreparedCard} from './prepare-card.ts';

interface Opening {
  readonly card: PreparedCard;
  readonly offload: string;
  readonly startedAt: Date;
  readonly journal: JournalWriter;
  readonly copyRun: CopyRun;
}

/** Opens a journal on every destination: goes on with the one of an earlier run where its facts can still be believed. */
export async function openJournals({
  card,
  offload,
  startedAt,
  journal,
  copyRun,
}: Opening): Promise<void> {
  for (const lane of card.lanes) {
    const {to} = lane.destination;
    const found = card.earlier?.journals.get(to);
    const header: JournalHeader = {
      type: 'journal',
      schema: JOURNAL_SCHEMA,
      offload,
      cardId: card.id,
      writtenTo: to,
      fingerprint: card.fingerprint,
      folder: card.folder,
      startedAt: card.earlier?.startedAt ?? startedAt.toISOString(),
      ...(card.earlier === undefined ? {} : {runsBefore: card.earlier.runs}),
    };
    const path = join(lane.root, RECORD_FOLDER, `${offload}.journal`);
    try {
      // Facts about a card that has changed since, or about a drive that nothing but an old path names, would not be believed later: begin anew behind them.
      const goesOn =
        found !== undefined &&
        found.header.fingerprint === card.fingerprint &&
        (found.header.writtenTo === to || found.volume === lane.id);
      // One that cannot be read was damaged: it was named when it was found, and it stands in the way.
      if (card.earlier !== undefined && !goesOn) await removeIfThere(copyRun.files, path);
      const end = goesOn ? {bytes: found.validBytes, sum: found.lastSum} : {bytes: 0, sum: ''};
      await journal.open({to, path, ...end}, header);
    } catch (error) {
      const loss = await lane.findLoss(error);
      loseLane(copyRun, lane, loss ?? causeFrom(error, 'opening the journal', path));
    }
  }
}

async function removeIfThere(files: Program['files'], path: string): Promise<void> {
  try {
    await files.removeFile(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
