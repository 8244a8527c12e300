import {join} from 'node:path';
import {compareListings} from '../../../verify/compare-listings.ts';
import type {Relisting, SecondRead} from '../../../verify/evidence.ts';
import type {MediumReader} from '../../../verify/read-medium.ts';
import {readMedium} from '../../../verify/read-medium.ts';
import {rereadCard} from '../../../verify/reread-card.ts';
import type {CardListing} from '../../core/card.ts';
import {type Cause, causeFrom, errnoOf} from '../../core/cause.ts';
import type {Emit, Fact, OffloadEvent} from '../../core/events.ts';
import {isFact} from '../../core/events.ts';
import {JOURNAL_SCHEMA, type JournalHeader} from '../../core/journal.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import {cleanTemporaries} from '../../engine/clean-temporaries.ts';
import {copyCard} from '../../engine/copy-card.ts';
import {type CopyRun, loseLane} from '../../engine/copy-run.ts';
import {JournalWriter} from '../../engine/journal-writer.ts';
import {Meter} from '../../engine/meter.ts';
import {scanCard} from '../../engine/scan-card.ts';
import {type MediumMethod, mediumReadOf, probeCard} from '../../system/medium.ts';
import type {Program} from '../program.ts';
import type {OffloadOptions} from './options.ts';
import type {PreparedCard} from './prepare-card.ts';
import {sealCard} from './seal-card.ts';

export interface CardRun {
  readonly program: Program;
  readonly options: OffloadOptions;
  readonly card: PreparedCard;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** What came of one card. */
export type CardOutcome = 'safe' | 'not-safe' | 'unfinished' | 'interrupted';

/**
 * Copies one prepared card, from the journal's first line to the verdict. Its destinations are open and locked.
 * @returns what came of it; the verdict is emitted.
 */
export async function runCard({
  program,
  options,
  card,
  emit,
  signal,
}: CardRun): Promise<CardOutcome> {
  const {files, clock, hashEngine, hashOfText, run} = program;
  const {ref, lanes, listing} = card;
  const startedAt = clock.now();
  const offload = card.earlier?.offload ?? nameOffload(startedAt, program.newWord());
  const facts: Fact[] = [];
  const provedAt = new Map<string, string>();
  const emitAndKeep = (event: OffloadEvent) => {
    // That a copy is written is for the journal; the verdict asks only what is proved and what went wrong.
    if (isFact(event) && event.type !== 'file-copied') facts.push(event);
    if (event.type === 'file-proved') {
      provedAt.set(JSON.stringify([event.to, event.path]), clock.now().toISOString());
    }
    emit(event);
  };
  const reader: MediumReader = {files, run, hashEngine, blocks: program.proofBlocks};
  const sample = listing.files.find(({size}) => size > 0);
  const method: MediumMethod =
    sample === undefined
      ? {kind: 'direct'}
      : await probeCard(
          {files, run, volume: card.source.volume},
          join(card.source.real, sample.path),
        );
  const lost = (to: string, cause: Cause) => {
    const lane = lanes.find(({destination}) => destination.to === to);
    if (lane !== undefined) loseLane(copyRun, lane, cause);
  };
  const journal = new JournalWriter({files, clock, hashOfText, emit: emitAndKeep, onLost: lost});
  const bytes = listing.files.reduce((sum, {size}) => sum + size, 0);
  const copyRun: CopyRun = {
    offload,
    card: {ref, root: card.source.real, device: card.source.device, method},
    plan: card.plan.files,
    lanes,
    files,
    clock,
    blocks: program.copyBlocks,
    hashEngine,
    readBack: (request) => readMedium(reader, request),
    journal,
    meter: new Meter({card: ref, bytes, lanes, emit, clock}),
    emit,
    signal,
  };
  await openJournals({card, offload, startedAt, journal, copyRun});
  for (const [lane, cause] of card.plan.unusable) loseLane(copyRun, lane, cause);
  journal.record({
    type: 'run-planned',
    card: ref,
    offload,
    resumed: card.earlier !== undefined,
    shoot: card.shoot,
    folder: card.folder,
    files: listing.files.length,
    bytes,
    leftOut: listing.leftOut.length,
    destinations: lanes.map((lane) => ({
      to: lane.destination.to,
      shoot: lane.root,
      volume: lane.id,
      name: lane.destination.name,
      mediumRead: mediumReadOf(lane.access.method),
    })),
  });
  await journal.settle();
  if (card.earlier !== undefined) await cleanUp({card, offload, files, emit});
  emit({type: 'phase-started', card: ref, phase: 'copy'});
  const {cardLost} = await copyCard(copyRun);
  await makeFolders(copyRun, card);
  await journal.settle();
  const stopped = signal.aborted;
  const secondRead = await readAgain({program, options, card, copyRun, facts, method, stopped});
  await journal.settle();
  emit({type: 'phase-started', card: ref, phase: 'relist'});
  const relisting = await relist(program, card, listing, stopped);
  const interrupted = signal.aborted || cardLost !== undefined;
  const safe = await sealCard({
    program,
    options,
    card,
    offload,
    startedAt,
    facts,
    provedAt,
    relisting,
    secondRead,
    interrupted,
    method,
    reader,
    journal,
    emit: emitAndKeep,
  });
  // A signal that came after the last proof changed nothing: the record is whole, and there is nothing to go on with.
  if (interrupted) return signal.aborted ? 'interrupted' : 'unfinished';
  return safe ? 'safe' : 'not-safe';
}

/** 20261123T184207Z-x3k9ab: sorts by time, and no two computers choose the same. */
function nameOffload(at: Date, word: string): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${word}`;
}

interface Opening {
  readonly card: PreparedCard;
  readonly offload: string;
  readonly startedAt: Date;
  readonly journal: JournalWriter;
  readonly copyRun: CopyRun;
}

async function openJournals({card, offload, startedAt, journal, copyRun}: Opening): Promise<void> {
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
    };
    const path = join(lane.root, RECORD_FOLDER, `${offload}.journal`);
    try {
      // Facts about a card that has changed since, or a drive that has another path now, would not be believed later: begin anew behind them.
      const goesOn =
        found !== undefined &&
        found.header.fingerprint === card.fingerprint &&
        found.header.writtenTo === to;
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

interface CleanUp {
  readonly card: PreparedCard;
  readonly offload: string;
  readonly files: Program['files'];
  readonly emit: Emit;
}

async function cleanUp({card, offload, files, emit}: CleanUp): Promise<void> {
  const {plan, lanes} = card;
  for (const lane of lanes) {
    const own = plan.files.flatMap(({steps}) => steps.filter((step) => step.lane === lane));
    const folders = own.map(({target}) => target.slice(0, Math.max(target.lastIndexOf('/'), 0)));
    const keep = plan.reused.get(lane) ?? new Set<string>();
    await cleanTemporaries(lane, {
      files,
      emit,
      offload,
      folders: [...folders, RECORD_FOLDER],
      keep,
    });
  }
}

/** Keeps the card's folders, the empty ones too. */
async function makeFolders(run: CopyRun, {plan, lanes}: PreparedCard): Promise<void> {
  for (const lane of lanes) {
    for (const folder of plan.folders.get(lane) ?? []) {
      if (run.signal.aborted) return;
      if (lane.lost !== undefined) break;
      try {
        await lane.makeFolder(folder);
      } catch (error) {
        const cause = causeFrom(error, 'making a folder', lane.absolute(folder));
        const loss = await lane.findLoss(error);
        if (loss !== undefined) loseLane(run, lane, loss);
        // The files that belong into it have failed already; of an empty one only the name is missing.
        else run.emit({type: 'noticed', level: 'warning', ...cause});
      }
    }
  }
}

interface SecondReading {
  readonly program: Program;
  readonly options: OffloadOptions;
  readonly card: PreparedCard;
  readonly copyRun: CopyRun;
  readonly facts: readonly Fact[];
  readonly method: MediumMethod;
  readonly stopped: boolean;
}

async function readAgain(reading: SecondReading): Promise<SecondRead> {
  const {program, options, card, copyRun, facts, method, stopped} = reading;
  if (options.verify === 'copies') return {kind: 'not-asked'};
  if (stopped) return {kind: 'asked', matched: 0};
  copyRun.emit({type: 'phase-started', card: card.ref, phase: 'reread'});
  const hashes = new Map<string, string>();
  for (const fact of facts) if (fact.type === 'file-proved') hashes.set(fact.path, fact.hash);
  const {files, run, hashEngine, proofBlocks} = program;
  const matched = await rereadCard({
    reader: {files, run, hashEngine, blocks: proofBlocks},
    root: card.source.real,
    ref: card.ref,
    listing: card.listing,
    hashes,
    method,
    signal: copyRun.signal,
    record: (fact) => copyRun.journal.record(fact),
  });
  return {kind: 'asked', matched};
}

async function relist(
  {files}: Program,
  {source}: PreparedCard,
  before: CardListing,
  stopped: boolean,
): Promise<Relisting> {
  if (stopped) return {kind: 'not-done', why: 'the offload was stopped'};
  return compareListings(before, await scanCard(files, source.real));
}
