import {join} from 'node:path';
import {type MediumReader, readMedium} from '../../../verify/read-medium.ts';
import type {Emit, RunPlanned} from '../../core/events.ts';
import {CardPulse} from '../../engine/card-pulse.ts';
import {cleanTemporaries, findEvidence} from '../../engine/clean-temporaries.ts';
import {copyCard} from '../../engine/copy-card.ts';
import {type CopyRun, loseLane} from '../../engine/copy-run.ts';
import {copiesQuickly} from '../../engine/copy-small.ts';
import {JournalWriter} from '../../engine/journal-writer.ts';
import type {Lane} from '../../engine/lane.ts';
import {Meter} from '../../engine/meter.ts';
import {clearSuperseded} from '../../engine/superseded-runs.ts';
import {evictBeforeRead, type MediumMethod, mediumReadOf, probeCard} from '../../system/medium.ts';
import {type MhlRun, openMhl} from '../mhl/open-mhl.ts';
import type {Program} from '../program.ts';
import {reportOffload} from '../report/report-offload.ts';
import {findDamage} from './find-damage.ts';
import {type KeptFacts, keepFacts} from './keep-facts.ts';
import {makeFolders} from './make-folders.ts';
import {openJournals} from './open-journals.ts';
import type {OffloadOptions} from './options.ts';
import type {PreparedCard} from './prepare-card.ts';
import {rememberEnd, rememberStart} from './remember-offload.ts';
import {sealCard} from './seal-card.ts';
import {listAgain, readAgain} from './second-look.ts';
import {writeMhl} from './write-mhl.ts';

export interface CardRun {
  readonly program: Program;
  readonly options: OffloadOptions;
  readonly card: PreparedCard;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Puts off what can wait until no card is being copied any more. */
  readonly afterCards: (work: () => Promise<void>) => void;
}

/** What came of one card. */
export type CardOutcome = 'safe' | 'not-safe' | 'unfinished' | 'interrupted';

/**
 * Copies one prepared card, from the journal's first line to the verdict. Its destinations are open and locked.
 * @returns what came of it; the verdict is emitted.
 */
export async function runCard(cardRun: CardRun): Promise<CardOutcome> {
  const {program, options, emit, card} = cardRun;
  const {files, run, hashEngine} = program;
  const startedAt = program.clock.now();
  const offload = card.earlier?.offload ?? nameOffload(startedAt, program.newWord());
  const kept = keepFacts(emit, program.clock);
  const reader: MediumReader = {files, run, hashEngine, blocks: program.proofBlocks};
  const method = await chooseCardMethod(cardRun);
  const mhl = options.mhl && (await openMhl(program, card, options.mhl));
  const copyRun = makeCopyRun({cardRun, offload, kept, reader, method, mhl});
  try {
    return await copyAndSeal({cardRun, offload, kept, reader, method, startedAt, copyRun, mhl});
  } catch (bug) {
    // A session goes on after it, and must not keep the drives busy.
    await copyRun.journal.abandon();
    throw bug;
  }
}

interface Prepared extends Making {
  readonly startedAt: Date;
  readonly copyRun: CopyRun;
}

async function copyAndSeal({
  cardRun,
  offload,
  kept,
  reader,
  method,
  startedAt,
  copyRun,
  mhl,
}: Prepared): Promise<CardOutcome> {
  const {program, options, card, emit, signal} = cardRun;
  const {files} = program;
  const {journal} = copyRun;
  await openJournals({card, offload, startedAt, journal, copyRun});
  for (const [lane, cause] of card.plan.unusable) loseLane(copyRun, lane, cause);
  journal.record(describePlan(card, offload));
  await journal.settle();
  const noted = rememberStart(program, {card, offload, startedAt});
  const {plan, lanes} = card;
  if (card.earlier !== undefined) {
    const leftovers = {files, emit, offload, plan};
    for (const lane of lanes) await findEvidence(lane, leftovers);
    for (const lane of lanes) await cleanTemporaries(lane, leftovers);
  }
  emit({type: 'phase-started', card: card.ref, phase: 'copy'});
  const {cardLost, salvaged} = await copyCard(copyRun);
  await makeFolders(copyRun, card);
  await journal.settle();
  const secondRead = await readAgain({options, card, copyRun, reader, facts: kept.facts});
  await journal.settle();
  const looking = {program, card, facts: kept.facts, startedAt, signal};
  const [relisting, damages] = await Promise.all([listAgain(copyRun, card), findDamage(looking)]);
  const interrupted = signal.aborted || cardLost !== undefined;
  const writing = {program, reader, card, offload, startedAt, ...kept};
  // What an interrupted run has proved is in the history that the next one writes.
  const isWritten = mhl !== undefined && !interrupted;
  const mhlWarnings = isWritten ? await writeMhl({...writing, mhl}) : [];
  const sealing = {program, options, card, offload, startedAt, kept, method, reader, journal};
  const sealed = await sealCard({
    ...sealing,
    salvaged,
    relisting,
    damages,
    mhl: mhlWarnings,
    secondRead,
    interrupted,
  });
  const {safe, record} = sealed;
  const isWhole = ({lost, filesProved}: Lane) =>
    lost === undefined && filesProved.size === plan.files.length;
  if (!interrupted && lanes.every(isWhole)) {
    const {hashOfText} = program;
    const about = {files, emit, hashOfText, cardId: card.id, offload, plan};
    for (const lane of lanes) await clearSuperseded(lane, about);
  }
  const unnoted = await noted;
  const unknown = record === undefined ? unnoted : await rememberEnd(program, record);
  const isTold = unknown?.code === card.known.trouble?.code;
  if (unknown !== undefined && !isTold) emit({type: 'noticed', level: 'warning', ...unknown});
  if (options.report) {
    cardRun.afterCards(() => reportOffload({program, card, sealed, emit, signal}));
  }
  // A signal that came after the last proof changed nothing: the record is whole, and there is nothing to go on with.
  if (interrupted) return signal.aborted ? 'interrupted' : 'unfinished';
  return safe ? 'safe' : 'not-safe';
}

async function chooseCardMethod({program, card}: CardRun): Promise<MediumMethod> {
  const {files, run} = program;
  const {source, listing} = card;
  const sample = listing.files.find(({size}) => size > 0);
  if (sample === undefined) return {kind: 'direct'};
  return await probeCard({files, run, volume: source.volume}, join(source.real, sample.path));
}

interface Making {
  readonly cardRun: CardRun;
  readonly offload: string;
  readonly kept: KeptFacts;
  readonly reader: MediumReader;
  readonly method: MediumMethod;
  readonly mhl: MhlRun | undefined;
}

function makeCopyRun({cardRun, offload, kept, reader, method, mhl}: Making): CopyRun {
  const {program, options, card, emit, signal} = cardRun;
  const {files, clock, hashEngine, hashOfText, signText} = program;
  const {ref, lanes, source} = card;
  const journal = new JournalWriter({
    files,
    clock,
    hashOfText,
    signText,
    emit: kept.emit,
    onLost(to, cause) {
      const lane = lanes.find(({destination}) => destination.to === to);
      if (lane !== undefined) loseLane(copyRun, lane, cause);
    },
    // The records stand on every drive that the verdict counts, and were read back.
    onLate: (_to, cause) => kept.emit({type: 'noticed', level: 'warning', ...cause}),
  });
  const also = mhl === undefined ? {} : {mhl: mhl.hashes};
  const copyRun: CopyRun = {
    offload,
    word: program.newWord(),
    card: {ref, root: source.real, device: source.device, method, listed: card.listing.files},
    pulse: new CardPulse(),
    evictCard: evictorOf(cardRun, method),
    plan: card.plan.files,
    lanes,
    files,
    quick: copiesQuickly({files, plan: card.plan.files, lanes, ...also}),
    clock,
    blocks: program.copyBlocks,
    hashEngine,
    readBack: (request) => readMedium(reader, request),
    journal,
    meter: new Meter({card: ref, bytes: sizeOf(card), lanes, emit, clock}),
    emit,
    salvage: options.salvage,
    fromCopy: options.fromCopy,
    ...also,
    signal,
  };
  return copyRun;
}

/** Reads past the file's own cache may still go through that of the card's device. */
function evictorOf({program: {run}, card}: CardRun, method: MediumMethod) {
  if (method.kind !== 'evict-device') return undefined;
  return () => evictBeforeRead(card.source.real, method, run);
}

const sizeOf = ({plan}: PreparedCard) => plan.files.reduce((sum, {file}) => sum + file.size, 0);

function describePlan(card: PreparedCard, offload: string): RunPlanned {
  const {ref, shoot, folder, listing, lanes, plan} = card;
  return {
    type: 'run-planned',
    card: ref,
    offload,
    resumed: card.earlier !== undefined,
    shoot,
    folder,
    files: plan.files.length,
    bytes: sizeOf(card),
    leftOut: listing.leftOut.length,
    destinations: lanes.map((lane) => ({
      to: lane.destination.to,
      shoot: lane.root,
      volume: lane.id,
      name: lane.destination.name,
      mediumRead: mediumReadOf(lane.access.method),
    })),
  };
}

/** 20261123T184207Z-x3k9ab: sorts by time, and no two computers choose the same. */
function nameOffload(at: Date, word: string): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${word}`;
}
