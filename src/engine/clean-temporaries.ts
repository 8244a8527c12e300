import {join} from 'node:path';
import {causeFrom, errnoOf} from '../core/cause.ts';
import type {Emit} from '../core/events.ts';
import type {HashOfText} from '../core/manifest.ts';
import {RECORD_FOLDER} from '../core/place-files.ts';
import {isEvidence, isTemporary, offloadOf, temporaryOf} from '../core/temporary-names.ts';
import type {Files} from '../system/files.ts';
import {readText} from '../system/read-text.ts';
import {readShootRecords} from '../system/shoot-records.ts';
import type {Lane} from './lane.ts';
import type {CopyPlan} from './plan-copies.ts';

/** `lock.stale-…` is a lock that was put aside and judged. */
const PART = /^(?:\.offload-.*\.part|lock\.stale-.*)$/;

interface Leftovers {
  readonly files: Files;
  readonly emit: Emit;
  readonly offload: string;
  readonly plan: CopyPlan;
}

/** What other offloads left, and what tells it from copies that are only called so. */
interface OthersLeftovers extends Leftovers {
  readonly hashOfText: HashOfText;
}

/**
 * Finds what an interrupted run of the same offload left under temporary names and what is of no use: not what is used again, and not what is kept because it did not match. Nobody
 * else makes these names.
 * @returns paths below the shoot folder.
 */
async function findLeftovers(lane: Lane, leftovers: Leftovers): Promise<readonly string[]> {
  const reused = leftovers.plan.reused.get(lane);
  const kept = new Set(lane.mismatched.kept.map(({copy}) => temporaryOf(copy)));
  const names = await findNames(lane, leftovers, isTemporary);
  return names.filter((place) => reused?.has(place) !== true && !kept.has(place));
}

/** @returns paths below the shoot folder. */
async function findNames(
  lane: Lane,
  leftovers: Leftovers,
  isWanted: (name: string, offload: string) => boolean,
): Promise<readonly string[]> {
  const {offload, plan} = leftovers;
  const own = plan.files.flatMap(({steps}) => steps.filter((step) => step.lane === lane));
  // An earlier run may have written what is not to be copied any more: its folder is one of the card's still.
  const kept = plan.folders.get(lane) ?? [];
  const folders = [...own.map(({target}) => target), ...kept].map(folderOf);
  const found: string[] = [];
  const others = plan.cardFolders.get(lane) ?? [];
  for (const folder of new Set([...folders, ...kept, ...others, RECORD_FOLDER])) {
    for (const name of await namesIn(leftovers, lane.absolute(folder))) {
      if (isWanted(name, offload)) found.push(folder === '' ? name : `${folder}/${name}`);
    }
  }
  return found;
}

/** @returns bytes that {@link cleanTemporaries} will free on a destination. */
export async function measureTemporaries(lane: Lane, leftovers: Leftovers): Promise<number> {
  let bytes = 0;
  for (const target of await findLeftovers(lane, leftovers)) {
    try {
      bytes += (await leftovers.files.look(lane.absolute(target))).size;
    } catch (error) {
      // What cannot be looked at frees nothing that could be relied on.
      causeFrom(error, 'looking at a left-over temporary file', target);
    }
  }
  return bytes;
}

/**
 * Looks where copies that did not match lie now: an interruption may have come before they were put aside, and somebody may have removed them. To be called before
 * {@link cleanTemporaries}, with the shoot folder locked.
 */
export async function findEvidence(lane: Lane, leftovers: Leftovers): Promise<void> {
  const {kept, strangers} = lane.mismatched;
  for (const mismatch of kept) {
    const {copy} = mismatch;
    const places = [copy, temporaryOf(copy)];
    const isThere = await Promise.all(
      places.map((place) => liesThere(leftovers, lane.absolute(place))),
    );
    const at = places.find((_, index) => isThere[index]);
    lane.mismatched.move({...mismatch, kept: at});
  }
  const known = new Set(kept.map(({copy}) => copy));
  const all = await findNames(lane, leftovers, isEvidence);
  for (const place of all) if (!known.has(place)) strangers.add(place);
}

/** What cannot be looked at may be there. */
async function liesThere({files}: Leftovers, path: string): Promise<boolean> {
  try {
    await files.look(path);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR';
  }
}

/** Removes what {@link findLeftovers} finds. The shoot folder must be locked. */
export async function cleanTemporaries(lane: Lane, leftovers: Leftovers): Promise<void> {
  await removeAll(lane, leftovers, await findLeftovers(lane, leftovers));
}

/**
 * Removes all temporary files of an offload that nothing goes on with. The shoot folder must be locked.
 * @throws the system's error when the records cannot be listed: nothing is removed then.
 */
export async function removeTemporaries(lane: Lane, leftovers: OthersLeftovers): Promise<void> {
  const found = await findNames(lane, leftovers, isTemporary);
  await removeAll(lane, leftovers, await spareCopies(lane, leftovers, found));
}

/**
 * Removes temporary files of other offloads of which no journal is left: nothing can go on with them. The shoot folder must be locked.
 * @throws the system's error when the records cannot be listed: nothing is removed then.
 */
export async function removeOrphans(lane: Lane, leftovers: OthersLeftovers): Promise<void> {
  const found = await findNames(lane, leftovers, (name) => {
    const offload = offloadOf(name);
    return offload !== undefined && offload !== leftovers.offload;
  });
  if (found.length === 0) return;
  // Not before: another card of this call may just begin, and has its journal before its first temporary file.
  const records = new Set(await leftovers.files.list(lane.absolute(RECORD_FOLDER)));
  const orphans = found.filter((place) => !records.has(`${offloadOf(nameOf(place))}.journal`));
  await removeAll(lane, leftovers, await spareCopies(lane, leftovers, orphans));
}

const folderOf = (place: string) => place.slice(0, Math.max(place.lastIndexOf('/'), 0));
const nameOf = (place: string) => place.slice(place.lastIndexOf('/') + 1);

/**
 * A card can hold such names too: a drive that was a destination once is one. Its copies are called like the files, and a copy is never removed.
 * @returns the places that no record speaks of as a copy; none where a record cannot be read.
 */
async function spareCopies(
  lane: Lane,
  {files, plan, hashOfText}: OthersLeftovers,
  places: readonly string[],
): Promise<readonly string[]> {
  if (places.length === 0) return [];
  const {manifests, journals, problems} = await readShootRecords(files, lane.root, hashOfText);
  if (problems.some(({path}) => path?.endsWith('.journal') !== true)) return [];
  // By their names alone: a folder may be written in more than one way.
  const copies = new Set(
    [
      ...plan.files.flatMap(({steps}) => steps.map(({target}) => target)),
      ...manifests.flatMap(({manifest}) =>
        manifest.files.flatMap((file) => file.copies.map(({target}) => target)),
      ),
      ...journals.flatMap(({reading}) => reading.copies.map(({target}) => target)),
    ].map(nameOf),
  );
  return places.filter((place) => !copies.has(nameOf(place)));
}

async function removeAll(
  lane: Lane,
  {files, emit}: Leftovers,
  targets: readonly string[],
): Promise<void> {
  for (const target of targets) {
    const path = lane.absolute(target);
    try {
      await files.removeFile(path);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') continue;
      const cause = causeFrom(error, 'removing a left-over temporary file', path);
      emit({type: 'noticed', level: 'warning', ...cause});
    }
  }
}

/**
 * Removes from a shoot's record folder what runs that died left there: records, probes and locks that were put aside, and journals that were torn before their first line was
 * whole. To be called by who has just locked the shoot, before anything else is written: then nobody uses them.
 * @throws the system's error.
 */
export async function sweepRecords(files: Files, shoot: string): Promise<void> {
  const folder = join(shoot, RECORD_FOLDER);
  for (const name of await files.list(folder)) {
    const path = join(folder, name);
    if (PART.test(name) || (name.endsWith('.journal') && (await isTorn(files, path)))) {
      await files.removeFile(path);
    }
  }
}

/** A journal of a newer version has a first line, and stays. */
async function isTorn(files: Files, journal: string): Promise<boolean> {
  return !(await readText(files, journal)).includes('\n');
}

async function namesIn({files, emit}: Leftovers, folder: string): Promise<readonly string[]> {
  try {
    return await files.list(folder);
  } catch (error) {
    const cause = causeFrom(error, 'looking for left-over temporary files', folder);
    const isNone = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    if (!isNone) emit({type: 'noticed', level: 'warning', ...cause});
    return [];
  }
}
