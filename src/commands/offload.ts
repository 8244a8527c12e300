/**
 * `offload --card … --to … --to …`: the main job. Reads like the design: look at the folders, refuse what must be refused, scan and plan, then copy, prove, seal and judge
 * each card.
 */
import {type Cause, causeFrom, failed, ok, type Result} from '../core/cause.ts';
import type {Emit, ExitCode, Outcome} from '../core/events.ts';
import {parseLayout} from '../core/layout.ts';
import type {Destination} from '../engine/destination.ts';
import type {Lane} from '../engine/lane.ts';
import {MismatchTally} from '../engine/mismatch-tally.ts';
import type {ShootLock} from '../engine/shoot-lock.ts';
import {namingRulesOf} from '../system/naming-rules.ts';
import {SMALL_FILE} from '../system/small-files/small-file-tools.ts';
import {nameDestination} from './name-drive.ts';
import {ejectCard} from './offload/eject-card.ts';
import {openLane} from './offload/open-lane.ts';
import type {OffloadOptions} from './offload/options.ts';
import {type PreparedCard, prepareCard} from './offload/prepare-card.ts';
import {previewPlan} from './offload/preview-plan.ts';
import {findOverlap} from './offload/refuse-overlaps.ts';
import {findSpaceProblem} from './offload/refuse-space.ts';
import {type CardOutcome, runCard} from './offload/run-card.ts';
import type {Program} from './program.ts';
import {resolveFolder, type UserFolder} from './resolve-folder.ts';
import {stayAwake} from './stay-awake.ts';

export interface Listening {
  readonly emit: Emit;
  /** Given by the user: finish the block in hand and stop. */
  readonly signal: AbortSignal;
}

export interface RunEnd {
  readonly outcome: Outcome;
  readonly exitCode: ExitCode;
}

const REFUSED: RunEnd = {outcome: 'refused', exitCode: 2};
const CANCELLED: RunEnd = {outcome: 'cancelled', exitCode: 130};

/**
 * Offloads cards. Everything that happens is emitted; `run-ended` is left to the caller.
 * @returns how the run ended, with the exit code of design section 7.
 */
export async function offload(
  program: Program,
  options: OffloadOptions,
  listening: Listening,
): Promise<RunEnd> {
  const {emit} = listening;
  const refuse = (cause: Cause): RunEnd => {
    emit({type: 'refused', ...cause});
    return REFUSED;
  };
  const folders = await resolveFolders(program, options);
  if (!folders.ok) return refuse(folders.cause);
  const rest = stayAwake(program, emit);
  try {
    return await offloadFolders(program, options, {folders: folders.value, refuse, ...listening});
  } finally {
    await rest();
  }
}

interface Work extends Listening {
  readonly folders: Folders;
  readonly refuse: (cause: Cause) => RunEnd;
}

async function offloadFolders(
  program: Program,
  options: OffloadOptions,
  {folders, refuse, emit, signal}: Work,
): Promise<RunEnd> {
  const prepared = await prepareCards(program, options, folders, {emit, signal});
  if (signal.aborted) return CANCELLED;
  if (!prepared.ok) return refuse(prepared.cause);
  const cards = prepared.value;
  const space = await findSpaceProblem(program, cards, emit);
  if (space !== undefined) return refuse(space);
  if (options.dryRun) {
    for (const card of cards) previewPlan(card, emit);
    return {outcome: 'complete', exitCode: 0};
  }
  const locks: ShootLock[] = [];
  try {
    const opened = await openLanes(program, cards, {locks, emit});
    if (!opened.ok) return refuse(opened.cause);
    const later: (() => Promise<void>)[] = [];
    const afterCards = (work: () => Promise<void>) => void later.push(work);
    const outcomes = await runCards(cards, async (card) => {
      const outcome = await runCard({program, options, card, emit, signal, afterCards});
      if (outcome === 'safe' && options.eject) await ejectCard(program, card, emit);
      return outcome;
    });
    for (const work of later) await work();
    return endOf(outcomes);
  } finally {
    for (const lock of locks.reverse()) await lock.release();
  }
}

interface Folders {
  readonly cards: readonly UserFolder[];
  readonly destinations: readonly UserFolder[];
}

async function resolveFolders(program: Program, options: OffloadOptions): Promise<Result<Folders>> {
  if (options.cards.length === 0) return failed(usage('no card is given', 'Name it with --card.'));
  if (options.destinations.length === 0) {
    return failed(usage('no destination is given', 'Name at least two with --to, on two drives.'));
  }
  const cards = await resolveAll(program, options.cards, 'card');
  if (!cards.ok) return cards;
  const destinations = await resolveAll(program, options.destinations, 'destination');
  if (!destinations.ok) return destinations;
  const folders = {cards: cards.value, destinations: destinations.value};
  const overlap = findOverlap(program, folders);
  if (overlap !== undefined) return failed(overlap);
  for (const {path} of folders.destinations) {
    const refused = await findWriteRefusal(program, path);
    if (refused !== undefined) return failed(refused);
  }
  return ok(folders);
}

async function resolveAll(
  program: Program,
  texts: readonly string[],
  role: string,
): Promise<Result<readonly UserFolder[]>> {
  const folders: UserFolder[] = [];
  for (const text of texts) {
    const folder = await resolveFolder(program, text, role);
    if (!folder.ok) return folder;
    folders.push(folder.value);
  }
  return ok(folders);
}

async function findWriteRefusal({files}: Program, path: string): Promise<Cause | undefined> {
  try {
    await files.checkWritable(path);
    return undefined;
  } catch (error) {
    const cause = causeFrom(error, 'writing into the destination', path);
    return {
      ...cause,
      code: 'destination-not-writable',
      message: `the destination cannot be written (${cause.code})`,
    };
  }
}

async function prepareCards(
  program: Program,
  options: OffloadOptions,
  folders: Folders,
  {emit, signal}: Listening,
): Promise<Result<readonly PreparedCard[]>> {
  const layout = parseLayout(options.layout);
  if (!layout.ok) return layout;
  const destinations = folders.destinations.map((folder): Destination => {
    const {path, volume, device} = folder;
    return {
      to: path,
      name: nameDestination(path, volume),
      volume,
      rules: namingRulesOf(volume),
      device,
    };
  });
  const taken = new Map<string, string>();
  const preparation = {
    program,
    options,
    layout: layout.value,
    destinations: nameApart(destinations),
    emit,
    signal,
    taken,
    names: new Map<string, Set<string>>(),
    tally: new MismatchTally(),
  };
  const cards: PreparedCard[] = [];
  for (const folder of folders.cards) {
    const card = await prepareCard(preparation, folder);
    if (!card.ok) return card;
    if (cards.some(({id}) => id === card.value.id)) return failed(alikeCards(folder.path));
    cards.push(card.value);
  }
  // One catalog for all cards: told once.
  const trouble = cards.find(({known}) => known.trouble !== undefined)?.known.trouble;
  if (trouble !== undefined) emit({type: 'noticed', level: 'warning', ...trouble});
  return ok(cards);
}

/** Two drives of one name are told apart by their paths. */
function nameApart(destinations: readonly Destination[]): readonly Destination[] {
  const names = destinations.map(({name}) => name);
  return destinations.map((one) =>
    names.indexOf(one.name) === names.lastIndexOf(one.name)
      ? one
      : {...one, name: `${one.name} (${one.to})`},
  );
}

/** Cards in one shoot share its lock: one process holds it once for each destination. */
async function openLanes(
  program: Program,
  cards: readonly PreparedCard[],
  {locks, emit}: {readonly locks: ShootLock[]; readonly emit: Emit},
): Promise<Result<void>> {
  const opened = new Map<string, {id: string; access: PreparedCard['lanes'][number]['access']}>();
  const wantsBatches = cards.some(({listing}) => listing.files.some(({size}) => size < SMALL_FILE));
  for (const {lanes} of cards) {
    for (const [index, lane] of lanes.entries()) {
      const known = opened.get(lane.root);
      if (known !== undefined) {
        lane.open(known);
        continue;
      }
      const lock = await openLane(program, lane, {
        role: index === 0 ? 'working' : 'backup',
        wantsBatches,
      });
      if (!lock.ok) return lock;
      locks.push(lock.value);
      tellClonesApart(lane, lanes.slice(0, index), emit);
      opened.set(lane.root, {id: lane.id, access: lane.access});
    }
  }
  return ok(undefined);
}

/** A drive that was cloned carries the marker of the other one: in a record each copy must be of one drive. */
function tellClonesApart(lane: Lane, before: readonly Lane[], emit: Emit): void {
  const alike = before.find(({id}) => id === lane.id);
  if (alike === undefined) return;
  const {id, access, destination} = lane;
  lane.open({id: `${id}#${before.length + 1}`, access});
  emit({
    type: 'noticed',
    level: 'warning',
    code: 'marker-cloned',
    path: destination.to,
    message: `${destination.name} carries the same marker as ${alike.destination.name}: one of them was cloned from the other`,
    next: 'Both are used, and their copies are told apart in the record. Give the clone an id of its own: offload volumes adopt PATH, with its path.',
  });
}

/** Cards in different readers are copied at the same time, cards in one reader one after the other. */
async function runCards(
  cards: readonly PreparedCard[],
  run: (card: PreparedCard) => Promise<CardOutcome>,
): Promise<readonly CardOutcome[]> {
  const readers = new Map<string, PreparedCard[]>();
  for (const card of cards) {
    const {physical} = card.source.volume;
    const reader = physical.known ? physical.ids.join(' ') : 'unknown';
    readers.set(reader, [...(readers.get(reader) ?? []), card]);
  }
  const outcomes = await Promise.allSettled(
    [...readers.values()].map(async (queue) => {
      const done: CardOutcome[] = [];
      for (const card of queue) done.push(await run(card));
      return done;
    }),
  );
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function endOf(outcomes: readonly CardOutcome[]): RunEnd {
  if (outcomes.includes('interrupted')) return CANCELLED;
  if (outcomes.every((outcome) => outcome === 'safe')) return {outcome: 'complete', exitCode: 0};
  return {outcome: outcomes.includes('unfinished') ? 'incomplete' : 'complete', exitCode: 1};
}

/** Records are kept by the card's id: two cards of one id would write over each other's. */
const alikeCards = (path: string): Cause => ({
  code: 'card-twice',
  path,
  message: 'this card has the same id and size as another one that is given, as a clone has',
  next: 'Offload them one after the other.',
});

const usage = (message: string, next: string): Cause => ({code: 'usage', message, next});
