import {join} from 'node:path';
import type {CardListing, CardPath, CardRef} from '../../core/card.ts';
import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {fingerprintListing} from '../../core/fingerprint.ts';
import {keepsFolders, type Layout, needsOf} from '../../core/layout.ts';
import {safeFolderName} from '../../core/safe-folder-name.ts';
import type {Warning} from '../../core/verdict.ts';
import {chooseFilesAtOnce} from '../../engine/copy-queues.ts';
import type {Destination} from '../../engine/destination.ts';
import {
  type DestinationRecords,
  type EarlierRun,
  findCardFolders,
  findEarlierRun,
  findFinishedOffloads,
} from '../../engine/earlier-run.ts';
import {placeGroups, type WantedPlaces} from '../../engine/group-places.ts';
import {findKnownTargets} from '../../engine/known-targets.ts';
import {Lane} from '../../engine/lane.ts';
import type {MismatchTally} from '../../engine/mismatch-tally.ts';
import {type CopyPlan, planCopies} from '../../engine/plan-copies.ts';
import {scanCard} from '../../engine/scan-card.ts';
import type {Capture} from '../../system/capture-reader.ts';
import {holdExiftool} from '../../system/exiftool.ts';
import {readShootRecords} from '../../system/shoot-records.ts';
import type {Program} from '../program.ts';
import type {UserFolder} from '../resolve-folder.ts';
import {findVolumeId} from './find-volume-id.ts';
import {keepNew, leaveKnown, targetsIn} from './known-copies.ts';
import {cardIdOf, chooseFolder, folderNameOf, labelOf} from './name-card.ts';
import {defaultShootName, readFirstCapture} from './name-shoot.ts';
import {findKnownFiles, type KnownFiles, NOTHING_KNOWN} from './only-new.ts';
import type {OffloadOptions} from './options.ts';
import {readCardFacts} from './read-card-facts.ts';

/** A card with all that is decided before the first byte is written. */
export interface PreparedCard {
  readonly source: UserFolder;
  readonly ref: CardRef;
  /** The same for the same card in the same format, as far as the platform tells cards apart. */
  readonly id: string;
  readonly listing: CardListing;
  readonly fingerprint: string;
  /** What the first picture says of its taking; read beside the copying where no name depends on it. Never rejects. */
  readonly capture: Promise<Capture | undefined>;
  readonly shoot: string;
  /** Name of its folder in the shoot. */
  readonly folder: string;
  readonly earlier: EarlierRun | undefined;
  readonly continues: readonly string[];
  readonly lanes: readonly Lane[];
  /** What is to be copied: all of the listing but what is known. */
  readonly plan: CopyPlan;
  /** With `--only-new`: what is on two drives already. */
  readonly known: KnownFiles;
  /** What is to be told about the dates and names that the layout took from the pictures. */
  readonly notes: readonly Warning[];
  /** What each file would be called had nobody its name; undefined where that is its own name. */
  readonly wished: WantedPlaces['wished'] | undefined;
}

interface Preparation {
  readonly program: Program;
  readonly options: OffloadOptions;
  readonly layout: Layout;
  readonly destinations: readonly Destination[];
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Card folders that other cards of this call have, by shoot. */
  readonly taken: Map<string, string>;
  /** Names that other cards of this call have in a shoot. */
  readonly names: Map<string, Set<string>>;
  /** Counts what does not match on each drive, for all cards of this call. */
  readonly tally: MismatchTally;
}

/** Scans a card and plans where everything goes. Writes nothing. @returns the plan, or why the card cannot be offloaded. */
export async function prepareCard(
  preparation: Preparation,
  source: UserFolder,
): Promise<Result<PreparedCard>> {
  const prepare = async () => scanAndPlan(preparation, source);
  // One start of exiftool for the first picture and for all others.
  return needsOf(preparation.layout) === 'none' ? await prepare() : await holdExiftool(prepare);
}

async function scanAndPlan(
  preparation: Preparation,
  source: UserFolder,
): Promise<Result<PreparedCard>> {
  const {program, options, layout, destinations, emit, signal, taken} = preparation;
  const ref = {path: source.path, label: labelOf(source)};
  emit({type: 'phase-started', card: ref, phase: 'scan'});
  const listing = await scanCard(program.files, source.real, signal);
  const excess = listing.unreadable.find(({code}) => code === 'card-too-large');
  if (excess !== undefined) return failed(excess);
  if (listing.unreadable.some(({path}) => path === source.real)) return failed(unreadable(source));
  if (listing.files.length === 0) return failed(nothingToCopy(source, listing));
  const capture = readFirstCapture(program, source.real, listing);
  const shoot = safeFolderName(
    options.shoot ?? defaultShootName(await capture, listing, program.timeZone),
  );
  const id = cardIdOf(source);
  const records = await readRecords(preparation, shoot);
  for (const {records: found} of records) {
    for (const problem of found.problems) emit({type: 'noticed', level: 'warning', ...problem});
  }
  const fingerprint = fingerprintListing(listing, program.hashOfText);
  const found = findEarlierRun(records.map(onlyOurs), id);
  // A finished offload of a card that has changed since keeps its record; the new one names it.
  const isOver = found?.journals.size === 0 && found.fingerprint !== fingerprint;
  const earlier = isOver ? undefined : found;
  const usable = earlier?.fingerprint === fingerprint ? earlier : undefined;
  const copied = findCopied(usable);
  const known = await findKnown(preparation, source, {ref, listing, copied});
  if (!known.ok) return known;
  const fresh = leaveKnown(listing, known.value);
  const owners = new Map([...findCardFolders(records), ...taken]);
  const folder = earlier?.folder ?? chooseFolder(await folderNameOf(ref, capture), id, owners);
  taken.set(folder, id);
  const lanes = destinations.map((destination) =>
    openLane(preparation, destination, {shoot, listing}),
  );
  for (const lane of lanes) {
    const mismatches = earlier?.mismatches.get(lane.destination.to) ?? [];
    for (const mismatch of mismatches) lane.addMismatch(mismatch);
  }
  const {wanted, notes} = await findPlaces(preparation, {
    source,
    ref,
    listing: {...listing, folders: fresh.folders},
    known: known.value,
    shoot,
    folder,
    lanes,
    targets: () =>
      findKnownTargets(records.map(onlyOurs), {
        cardId: id,
        layout: layout.template,
        files: listing.files,
        earlier: usable,
      }),
  });
  emit({type: 'phase-started', card: ref, phase: 'plan'});
  const plan = await planCopies({
    files: program.files,
    listing: fresh,
    cardFolders: listing.folders,
    layout,
    shoot,
    folder,
    lanes,
    wanted,
    earlier: usable,
    mhl: options.mhl !== undefined,
  });
  const continues = [...findFinishedOffloads(records, id), ...(isOver ? [found.offload] : [])];
  return ok({
    source,
    ref,
    id,
    listing,
    fingerprint,
    capture,
    shoot,
    folder,
    earlier,
    continues,
    lanes,
    plan,
    known: known.value,
    notes,
    wished: wanted?.wished,
  });
}

/** What a run of this offload copied stays a part of it: its record is written anew, and is the only one that speaks of those copies. */
function findCopied(earlier: EarlierRun | undefined): ReadonlySet<CardPath> {
  return new Set([...(earlier?.copies.values() ?? [])].flatMap((copies) => [...copies.keys()]));
}

async function findKnown(
  {program, options, destinations, emit, signal}: Preparation,
  source: UserFolder,
  card: {
    readonly ref: CardRef;
    readonly listing: CardListing;
    readonly copied: ReadonlySet<CardPath>;
  },
): Promise<Result<KnownFiles>> {
  if (!options.onlyNew) return ok(NOTHING_KNOWN);
  const to = destinations.map((destination) => destination.to);
  return await findKnownFiles({
    program,
    options,
    source,
    ...card,
    destinations: to,
    emit,
    signal,
  });
}

interface Placing {
  readonly source: UserFolder;
  readonly ref: CardRef;
  readonly listing: CardListing;
  readonly known: KnownFiles;
  readonly shoot: string;
  readonly folder: string;
  readonly lanes: readonly Lane[];
  readonly targets: () => ReadonlyMap<string, string>;
}

/**
 * What is known is not copied, and yet what belongs to it and is new goes where it goes.
 * @returns nothing for a layout that keeps the card's tree: each file has its place by its path then, and no picture is looked into.
 */
async function findPlaces(
  {program, layout, signal, names, emit}: Preparation,
  {source, ref, listing, known, shoot, folder, lanes, targets}: Placing,
): Promise<{wanted: WantedPlaces | undefined; notes: readonly Warning[]}> {
  if (keepsFolders(layout)) return {wanted: undefined, notes: []};
  if (needsOf(layout) !== 'none') emit({type: 'phase-started', card: ref, phase: 'dates'});
  const {groups, warnings} = await readCardFacts({
    program,
    root: source.real,
    listing,
    layout,
    wants: (path) => !known.files.has(path),
    signal,
  });
  const taken = names.get(shoot) ?? new Set();
  names.set(shoot, taken);
  const wanted = await placeGroups({
    files: program.files,
    listing,
    layout,
    shoot,
    folder,
    lanes,
    groups,
    // Where a known copy lies in this shoot, its company goes to it.
    targets: new Map([...targetsIn(known, lanes), ...targets()]),
    taken,
  });
  return {wanted: keepNew(wanted, known), notes: warnings};
}

async function readRecords(
  {program, destinations}: Preparation,
  shoot: string,
): Promise<readonly DestinationRecords[]> {
  return await Promise.all(
    destinations.map(async (destination) => ({
      to: destination.to,
      volume: await findVolumeId(program.files, destination),
      records: await readShootRecords(
        program.files,
        join(destination.to, shoot),
        program.hashOfText,
        program.signText,
      ),
    })),
  );
}

/** A later run takes from records what the card gave. Whoever can write on a drive can write such a record, so only those that this computer signed are believed; the card is read for the others. */
function onlyOurs({records, ...about}: DestinationRecords): DestinationRecords {
  const manifests = records.manifests.filter(({isOurs}) => isOurs);
  const journals = records.journals.filter(({reading}) => reading.isOurs);
  return {...about, records: {...records, manifests, journals}};
}

function openLane(
  {program: {files, run}, options, tally}: Preparation,
  destination: Destination,
  {shoot, listing}: {shoot: string; listing: CardListing},
): Lane {
  const rotating = destination.volume.rotating === true;
  const order = options.order === 'auto' ? (rotating ? 'after' : 'overlap') : options.order;
  // A head reads best in one long stretch; other drives are kept busy by several reads.
  const many = chooseFilesAtOnce(listing.files) > 3;
  const proofsAtOnce = order === 'after' && rotating ? 1 : many ? 4 : 2;
  return new Lane({files, run, destination, shoot, order, proofsAtOnce, tally});
}

const unreadable = ({path}: UserFolder): Cause => ({
  code: 'card-unreadable',
  path,
  message: 'the card cannot be read',
  next: 'Take it out, put it in again, or try another reader.',
});

const nothingToCopy = ({path}: UserFolder, {leftOut, unreadable: faults}: CardListing): Cause => ({
  code: faults.length > 0 ? 'card-unreadable' : 'card-empty',
  path,
  message:
    faults.length > 0
      ? 'no file on the card can be read'
      : leftOut.length > 0
        ? `there is nothing to copy on the card: it holds only ${leftOut.length} files of operating systems or links`
        : 'there are no files on the card',
  next: 'Check that this is the card and that it is mounted.',
});
