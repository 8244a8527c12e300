import {join} from 'node:path';
import {copyFaults} from '../../../verify/copy-faults.ts';
import type {DestinationEvidence, Evidence, FileEvidence} from '../../../verify/evidence.ts';
import type {CardListing, CardPath, CardRef} from '../../core/card.ts';
import {type Cause, ok, type Result} from '../../core/cause.ts';
import {isInside} from '../../core/drive-paths.ts';
import type {Emit} from '../../core/events.ts';
import {formatBytes, formatCount} from '../../core/format-amounts.ts';
import {isPartOfCard, isWholeVolume} from '../card-part.ts';
import {collectCopies, type KnownRoot} from '../check/collect-copies.ts';
import {findKnownRoots, findMarkedVolumes} from '../check/known-roots.ts';
import {type ProvedFile, type ProvedPlace, proveCard} from '../check/prove-card.ts';
import type {Program} from '../program.ts';
import {chooseReadMethod} from '../read-method.ts';
import type {UserFolder} from '../resolve-folder.ts';
import type {OffloadOptions} from './options.ts';

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
}

export const NOTHING_KNOWN: KnownFiles = {files: new Map(), roots: []};

interface Asking {
  readonly program: Program;
  readonly options: OffloadOptions;
  readonly source: UserFolder;
  readonly ref: CardRef;
  readonly listing: CardListing;
  /** Every `--to`. */
  readonly destinations: readonly string[];
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * With `--only-new`: finds the files of a card that need no further copy, by their bytes and by nothing else. A file of a size that no record on a connected drive speaks of is new; any other is read,
 * and the copies that records promise of its hash are read back from their drives. What is not proved on two drives now is copied like any other file.
 */
export async function findKnownFiles(asking: Asking): Promise<Result<KnownFiles>> {
  const {program, source, ref, listing, emit, signal} = asking;
  const found = await findRoots(asking);
  if (!found.ok) return found;
  const roots: KnownRoot[] = [];
  for (const folder of found.value) roots.push(await collectCopies(program, folder, emit));
  const mayBeKnown = listing.files.filter(
    ({size}) => size > 0 && roots.some(({sizes}) => sizes.has(size)),
  );
  if (mayBeKnown.length === 0) return ok({...NOTHING_KNOWN, roots});
  emit({type: 'phase-started', card: ref, phase: 'prove'});
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
    tellsFailures: false,
  });
  const files = new Map<CardPath, KnownFile>();
  for (const file of proved) {
    if (file.hash === undefined || !countsTwice(asking, roots, file)) continue;
    files.set(file.path, {hash: file.hash, copies: file.copies});
  }
  if (files.size > 0) emit({type: 'noticed', level: 'info', ...describe(listing, files)});
  return ok({files, roots});
}

/** Every connected drive that this program marked, and the destinations; a folder in another of them is a part of it. */
async function findRoots({
  program,
  source,
  destinations,
}: Asking): Promise<Result<readonly UserFolder[]>> {
  const platform = program.pathPlatform;
  const marked = (await findMarkedVolumes(program)).filter(
    (root) => root !== source.volume.mountPoint,
  );
  const isElsewhere = (folder: string) =>
    marked.every((root) => isInside({parent: root, child: folder, platform}) === 'outside');
  const others = destinations.filter((to) => !marked.includes(to) && isElsewhere(to));
  return await findKnownRoots(program, [...marked, ...others], source);
}

/** By the rules of the verdict: two drives, neither of them the card's, read back past the cache. */
function countsTwice(
  {options, source}: Asking,
  roots: readonly KnownRoot[],
  {path, copies}: ProvedFile,
): boolean {
  const file: FileEvidence = {
    path,
    copies,
    failed: false,
    mismatched: false,
    sourceMismatch: false,
  };
  const evidence: Evidence = {
    card: {
      drives: source.volume.physical,
      wholeVolume: isWholeVolume(source),
      isPart: isPartOfCard(source),
      relisting: {kind: 'same'},
      unreadable: 0,
    },
    destinations: rootsAsDestinations(roots),
    copiesAsked: 2,
    files: [file],
    account: {found: 1, copied: 0, present: 1, leftOut: 0, failed: 0, bytes: 0},
    secondRead: {kind: 'not-asked'},
    interrupted: false,
  };
  const waivers = {sameDrive: options.allowSameDrive, cached: options.acceptCached};
  return copyFaults(evidence, waivers).length === 0;
}

/** Drives as the verdict sees them: their copies were found by records that lie there. */
export function rootsAsDestinations(roots: readonly KnownRoot[]): readonly DestinationEvidence[] {
  return roots.map(({folder: {path, volume}, name}) => ({
    to: path,
    name,
    kind: volume.kind,
    drives: volume.physical,
    lost: false,
    manifest: true,
  }));
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
