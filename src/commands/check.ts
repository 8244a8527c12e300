/** `offload check --card PATH [--to PATH]…`: is every file on this card proved on two drives now? Reads the card, copies nothing. */
import {join} from 'node:path';
import {compareListings} from '../../verify/compare-listings.ts';
import {judge} from '../../verify/verdict.ts';
import type {CardListing, CardRef} from '../core/card.ts';
import type {Cause} from '../core/cause.ts';
import {formatCount} from '../core/format-amounts.ts';
import {scanCard} from '../engine/scan-card.ts';
import {isPartOfCard, isWholeVolume} from './card-part.ts';
import {collectCopies, type KnownRoot} from './check/collect-copies.ts';
import {findKnownRoots} from './check/known-roots.ts';
import {type ProvedFile, proveCard} from './check/prove-card.ts';
import {recallCopies} from './check/recall-copies.ts';
import {rootsAsDestinations, summarizeRoot} from './check/root-evidence.ts';
import {labelOf} from './offload/name-card.ts';
import {countRules} from './offload/seal-card.ts';
import {warnOfListing} from './offload/warn.ts';
import type {Listening, RunEnd} from './offload.ts';
import type {Program} from './program.ts';
import {chooseReadMethod} from './read-method.ts';
import {resolveFolder, type UserFolder} from './resolve-folder.ts';
import {stayAwake} from './stay-awake.ts';

/** Proved copies that a file needs. */
const COPIES_ASKED = 2;

export interface CheckOptions {
  readonly card: string;
  /** Empty: every connected drive that carries offload's marker. */
  readonly destinations: readonly string[];
  readonly allowSameDrive: boolean;
  readonly acceptCached: boolean;
}

/** @returns exit code 0 when the card is safe to format, 1 when it is not, 2 when it could not be checked. */
export async function check(
  program: Program,
  options: CheckOptions,
  {emit, signal}: Listening,
): Promise<RunEnd> {
  const refuse = (cause: Cause): RunEnd => {
    emit({type: 'refused', ...cause});
    return {outcome: 'refused', exitCode: 2};
  };
  const folder = await resolveFolder(program, options.card, 'card');
  if (!folder.ok) return refuse(folder.cause);
  const source = folder.value;
  const ref: CardRef = {path: source.path, label: labelOf(source)};
  const found = await findKnownRoots(program, options.destinations, source);
  if (!found.ok) return refuse(found.cause);
  const rest = stayAwake(program, emit);
  try {
    return await checkCard(program, options, {
      source,
      ref,
      folders: found.value,
      refuse,
      emit,
      signal,
    });
  } finally {
    await rest();
  }
}

interface Checking extends Listening {
  readonly source: UserFolder;
  readonly ref: CardRef;
  /** Where copies may be. */
  readonly folders: readonly UserFolder[];
  readonly refuse: (cause: Cause) => RunEnd;
}

async function checkCard(
  program: Program,
  options: CheckOptions,
  {source, ref, folders, refuse, emit, signal}: Checking,
): Promise<RunEnd> {
  emit({type: 'phase-started', card: ref, phase: 'scan'});
  const listing = await scanCard(program.files, source.real, signal);
  if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  const excess = listing.unreadable.find(({code}) => code === 'card-too-large');
  if (excess !== undefined) return refuse(excess);
  if (listing.files.length === 0) return refuse(nothingToCheck(source, listing));
  const recorded: KnownRoot[] = [];
  for (const root of folders) recorded.push(await collectCopies(program, root, emit));
  const sizes = new Set(listing.files.map(({size}) => size));
  const {found: roots, trouble} = await recallCopies(program, recorded, sizes);
  if (trouble !== undefined) emit({type: 'noticed', level: 'warning', ...trouble});
  emit({type: 'phase-started', card: ref, phase: 'prove'});
  const samples = listing.files.map(({path}) => join(source.real, path));
  const method = await chooseReadMethod(program, source.volume, samples);
  const proved = await proveCard({
    program,
    ref,
    root: source.real,
    method,
    listing,
    roots,
    emit,
    signal,
    tellsDrives: true,
  });
  for (const root of roots) tellUnrecorded(root, proved, emit);
  if (!signal.aborted) emit({type: 'phase-started', card: ref, phase: 'relist'});
  const relisting = signal.aborted
    ? ({kind: 'not-done', why: 'the check was stopped'} as const)
    : compareListings(listing, await scanCard(program.files, source.real));
  const account = accountFor(listing, proved);
  const evidence = {
    card: {
      drives: source.volume.physical,
      wholeVolume: isWholeVolume(source),
      isPart: isPartOfCard(source),
      relisting,
      unreadable: listing.unreadable.length,
    },
    destinations: rootsAsDestinations(roots),
    copiesAsked: COPIES_ASKED,
    files: proved.map(({path, copies, failed}) => ({
      path,
      copies,
      failed,
      mismatched: false,
      sourceMismatch: false,
    })),
    account,
    secondRead: {kind: 'not-asked'} as const,
    interrupted: signal.aborted,
  };
  const verdict = judge(evidence, {
    sameDrive: options.allowSameDrive,
    cached: options.acceptCached,
  });
  emit({
    type: 'verdict',
    card: ref,
    ...verdict,
    warnings: warnOfListing(listing),
    account,
    leftOut: countRules(listing),
    copies: roots.map((root) => summarizeRoot(root, countProvedOn(proved, root.folder.path))),
  });
  if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  return {outcome: 'complete', exitCode: verdict.safe ? 0 : 1};
}

const countProvedOn = (proved: readonly ProvedFile[], drive: string): number =>
  proved.filter(({copies}) => copies.some(({to}) => to === drive)).length;

/** Copies count by what was read, and yet a drive without their record cannot be verified later. */
function tellUnrecorded(
  {folder: {path}, name}: KnownRoot,
  proved: readonly ProvedFile[],
  emit: Listening['emit'],
): void {
  const places = proved.flatMap(({copies}) => copies);
  const bare = places.filter(({to, isRecorded}) => to === path && !isRecorded).length;
  if (bare === 0) return;
  emit({
    type: 'noticed',
    level: 'warning',
    code: 'copies-unrecorded',
    path,
    message: `${bare === 1 ? 'one copy' : `${formatCount(bare)} copies`} on ${name} ${bare === 1 ? 'is' : 'are'} in no record there: the catalog of this computer knew the place, and the bytes match`,
    next: 'Offload the card into the same shoot again: what is there is proved, and gets a record.',
  });
}

function accountFor(listing: CardListing, proved: readonly ProvedFile[]) {
  const present = proved.filter(
    ({copies, failed}) => !failed && copies.length >= COPIES_ASKED,
  ).length;
  return {
    found: listing.files.length + listing.leftOut.length,
    copied: 0,
    present,
    leftOut: listing.leftOut.length,
    failed: proved.length - present,
    bytes: listing.files.reduce((sum, {size}) => sum + size, 0),
  };
}

const nothingToCheck = ({path}: UserFolder, {unreadable}: CardListing): Cause => ({
  code: unreadable.length > 0 ? 'card-unreadable' : 'card-empty',
  path,
  message: unreadable.length > 0 ? 'the card cannot be read' : 'there are no files on the card',
  next: 'Check that this is the card and that it is mounted.',
});
