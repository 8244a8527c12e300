import {join} from 'node:path';
import {copyFaults} from '../../../verify/copy-faults.ts';
import type {DestinationEvidence} from '../../../verify/evidence.ts';
import type {CardListing, CardPath, CardRef} from '../../core/card.ts';
import {type Cause, causeFrom, errnoOf, ok, type Result} from '../../core/cause.ts';
import {relateDrives} from '../../core/drive.ts';
import type {Emit} from '../../core/events.ts';
import {formatBytes, formatCount} from '../../core/format-amounts.ts';
import type {FileFacts} from '../../system/files.ts';
import {isWholeVolume} from '../card-part.ts';
import {collectCopies, type KnownRoot} from '../check/collect-copies.ts';
import {findMarkedVolumes} from '../check/known-roots.ts';
import {lookAt, type ProvedFile, type ProvedPlace, proveCard} from '../check/prove-card.ts';
import {recallCopies, recallFolders} from '../check/recall-copies.ts';
import {rootsAsDestinations} from '../check/root-evidence.ts';
import type {Program} from '../program.ts';
import {chooseReadMethod} from '../read-method.ts';
import {resolveFolder, type UserFolder} from '../resolve-folder.ts';
import type {OffloadOptions} from './options.ts';
import {findOverlap} from './refuse-overlaps.ts';

/** A file of the card of which two copies on two drives were read back just now. */
export interface KnownFile {
  /** BLAKE3, 64 hex digits. */
  readonly hash: string;
  readonly copies: readonly ProvedPlace[];
}

export interface KnownFiles {
  readonly files: ReadonlyMap<CardPath, KnownFile>;
  /** The drives that hold them. */
  readonly roots: readonly KnownRoot[];
  /** Why the catalog could not be asked, or what is wrong with it. */
  readonly trouble?: Cause | undefined;
}

export const NOTHING_KNOWN: KnownFiles = {files: new Map(), roots: []};

interface Asking {
  readonly program: Program;
  readonly options: OffloadOptions;
  readonly source: UserFolder;
  readonly ref: CardRef;
  readonly listing: CardListing;
  /** What an earlier run of this offload copied: it goes on with that. */
  readonly copied: ReadonlySet<CardPath>;
  /** Every `--to`. */
  readonly destinations: readonly string[];
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * With `--only-new`: finds the files of a card that need no further copy, by their bytes and by nothing else. A file of a size that neither a record on a connected drive nor the catalog speaks of is new; any other is
 * read, and the copies that they promise of its hash are read back from their drives. What is not proved on two drives now is copied like any other file.
 */
export async function findKnownFiles(asking: Asking): Promise<Result<KnownFiles>> {
  const {program, source, ref, listing, copied, emit, signal} = asking;
  const cards = await resolveCards(asking);
  if (!cards.ok) return cards;
  const recorded: KnownRoot[] = [];
  for (const folder of await findRoots(asking, cards.value)) {
    const root = await readRoot(asking, folder);
    if (root !== undefined) recorded.push(root);
  }
  const sizes = new Set(listing.files.map(({size}) => size));
  const {found: roots, trouble} = await recallCopies(program, recorded, sizes);
  const mayBeKnown = listing.files.filter(
    ({path, size}) => size > 0 && !copied.has(path) && roots.some(({sizes}) => sizes.has(size)),
  );
  if (mayBeKnown.length === 0) return ok({...NOTHING_KNOWN, roots, trouble});
  emit({type: 'phase-started', card: ref, phase: 'compare'});
  const samples = mayBeKnown.map(({path}) => join(source.real, path));
  const proved = await proveCard({
    program,
    ref,
    root: source.real,
    method: await chooseReadMethod(program, source.volume, samples),
    listing: {...listing, files: mayBeKnown},
    roots,
    emit,
    signal,
    tellsDrives: false,
  });
  const destinations = rootsAsDestinations(roots);
  const files = new Map<CardPath, KnownFile>();
  for (const file of proved) {
    if (file.hash === undefined) continue;
    if (countsTwice(asking, destinations, file))
      files.set(file.path, {hash: file.hash, copies: file.copies});
  }
  if (files.size > 0) emit({type: 'noticed', level: 'info', ...describe(listing, files)});
  return ok({files, roots, trouble});
}

/** @returns this card first, then the others of the call. */
async function resolveCards({
  program,
  options,
  source,
}: Asking): Promise<Result<readonly UserFolder[]>> {
  const cards = [source];
  for (const text of options.cards) {
    const card = await resolveFolder(program, text, 'card');
    if (!card.ok) return card;
    if (card.value.path !== source.path) cards.push(card.value);
  }
  return ok(cards);
}

/** Every connected drive and folder that this program marked, and the destinations; a folder in another of them is a part of it. What nobody named and cannot be used is left out. */
async function findRoots(
  {program, destinations, emit}: Asking,
  cards: readonly UserFolder[],
): Promise<readonly UserFolder[]> {
  const roots: UserFolder[] = [];
  const marked = [...(await findMarkedVolumes(program)), ...(await recallFolders(program))];
  for (const text of [...marked, ...destinations]) {
    const isNamed = destinations.includes(text);
    const found = await resolveFolder(program, text, isNamed ? 'destination' : 'drive');
    if (!found.ok) {
      emit({type: 'noticed', level: 'warning', ...found.cause});
      continue;
    }
    const folder = found.value;
    if (isOfCard(folder, cards, isNamed) || roots.some((root) => isPartOf(folder, root))) continue;
    const isApart = findOverlap(program, {cards, destinations: [folder]}) === undefined;
    if (isApart) roots.push(folder);
  }
  return roots;
}

/**
 * A volume that is offloaded itself, in this call, is no evidence: each of two such cards would be called safe because of the other, and both are formatted. A destination on this card's
 * drive is left to the rules of the verdict.
 */
function isOfCard(
  {volume}: UserFolder,
  [own, ...others]: readonly UserFolder[],
  isNamed: boolean,
): boolean {
  const isOn = (card: UserFolder) =>
    volume.mountPoint === card.volume.mountPoint ||
    (isWholeVolume(card) && relateDrives(volume.physical, card.volume.physical) === 'same');
  if (others.some(isOn)) return true;
  return !isNamed && volume.mountPoint === own?.volume.mountPoint;
}

/** Through links and bind mounts too, and not where another drive is mounted below. */
const isPartOf = (folder: UserFolder, {lineage: [root], device}: UserFolder): boolean =>
  root !== undefined && folder.device === device && folder.lineage.includes(root);

/** A drive may go at any time: without its records it is none that is known. */
async function readRoot(
  {program, emit}: Asking,
  folder: UserFolder,
): Promise<KnownRoot | undefined> {
  try {
    return await collectCopies(program, folder, emit);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    const cause = causeFrom(error, 'reading the records of a drive', folder.path);
    emit({type: 'noticed', level: 'warning', ...cause});
    return undefined;
  }
}

/**
 * Looks again at what was known, at the end of a run that may have taken hours: drives are pulled, files are deleted.
 * @returns the files whose copies all lie where they were read, unchanged.
 */
export async function findStillKnown(
  {files}: Pick<Program, 'files'>,
  {files: known, ...beside}: KnownFiles,
): Promise<KnownFiles> {
  const still = new Map<CardPath, KnownFile>();
  for (const [path, file] of known) {
    const now = await Promise.all(file.copies.map(({place}) => lookAt(files, place)));
    const isSame = file.copies.every(({facts}, index) => isUnchanged(facts, now[index]));
    if (isSame) still.set(path, file);
  }
  return {files: still, ...beside};
}

/** Not by its inode: Linux gives a file on FAT and exFAT another one when it forgot it meanwhile (`iunique` in fs/inode.c). */
const isUnchanged = (a: FileFacts, b: FileFacts | undefined): boolean =>
  a.kind === b?.kind && a.size === b.size && a.mtimeNs === b.mtimeNs && a.device === b.device;

/** By the rules of the verdict: two drives, neither of them the card's, read back past the cache. */
function countsTwice(
  {options, source}: Asking,
  destinations: readonly DestinationEvidence[],
  {path, copies}: ProvedFile,
): boolean {
  const file = {path, copies, failed: false, mismatched: false, sourceMismatch: false};
  const card = {drives: source.volume.physical, wholeVolume: isWholeVolume(source)};
  const waivers = {sameDrive: options.allowSameDrive, cached: options.acceptCached};
  return copyFaults({card, destinations, files: [file]}, waivers).length === 0;
}

function describe({files}: CardListing, known: KnownFiles['files']): Cause {
  const bytes = files.reduce((sum, {path, size}) => sum + (known.has(path) ? size : 0), 0);
  const all = files.length === known.size;
  const some = `${formatCount(known.size)} of ${formatCount(files.length)} files`;
  return {
    code: 'already-here',
    message: `${all ? `all ${formatCount(files.length)} files` : some} of the card (${formatBytes(bytes)}) are on two drives already: their copies were read back just now and match`,
    next: all ? 'Nothing is copied.' : 'Only the others are copied.',
  };
}
