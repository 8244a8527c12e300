/**
 * Whether a recorded copy is missing because the photographer let it go: deleted, moved or replaced on the working drive, and the backup followed. Only what speaks for that counts; a file of
 * which nobody knows anything is missing.
 */
import {join} from 'node:path';
import type {TreePath} from '../../core/backup/mirror-tree.ts';
import {ARCHIVE_FOLDER} from '../../core/backup/mirror-tree.ts';
import {momentOf} from '../../core/backup/run-moment.ts';
import {errnoOf} from '../../core/cause.ts';
import type {Program} from '../program.ts';
import {findConnected} from '../volumes/find-connected.ts';
import {type KnownMirror, openMirrorStates} from './mirror-states.ts';
import {type Mirror, recordsOf} from './mirrors.ts';
import {recallLetGo} from './recall-let-go.ts';

/** A place that no mirror names any more. */
export interface MissingPlace {
  /** Below the target folder. */
  readonly place: TreePath;
  /** BLAKE3 that was recorded there; null when none was. */
  readonly hash: string | null;
  /** Until then it lay there for certain, ms since 1970. */
  readonly sinceMs: number;
  /** The mirror knows the record that names it, or other copies of that: it lies on the working drive, or did. */
  readonly isOfMirror: boolean;
}

/** @returns those that were let go; with the moment (ISO 8601, UTC) those of which only the catalog knows it, because the archive is purged. */
export async function findFollowed<P extends MissingPlace>(
  program: Program,
  mirror: Mirror,
  missing: readonly P[],
): Promise<ReadonlyMap<P, string | null>> {
  const followed = new Map<P, string | null>();
  const runs = missing.length === 0 ? [] : await listRuns(program, mirror);
  for (const one of missing) {
    if (await isArchived(program, {mirror, runs, one})) followed.set(one, null);
  }
  await addFollowing(program, {mirror, missing, followed});
  const open = missing.filter((one) => !followed.has(one));
  for (const [one, at] of await recallLetGo(program, mirror.folder, open)) followed.set(one, at);
  return followed;
}

/** Adds what was moved, and what the working drive has no more. */
async function addFollowing<P extends MissingPlace>(
  program: Program,
  {
    mirror,
    missing,
    followed,
  }: {
    readonly mirror: Mirror;
    readonly missing: readonly P[];
    readonly followed: Map<P, string | null>;
  },
): Promise<void> {
  const newest = Math.max(...mirror.states.map(({newestRun}) => momentOf(newestRun ?? '') ?? 0), 0);
  const open = missing.filter(
    (one) => !followed.has(one) && one.isOfMirror && newest > one.sinceMs,
  );
  if (open.length === 0) return;
  const moved = await findMoved(mirror, open);
  const sources = await findSources(program, mirror);
  for (const one of open) {
    if (one.hash !== null && moved.has(one.hash)) followed.set(one, null);
    else if (sources.length > 0 && (await isGoneFrom(program, sources, one.place)))
      followed.set(one, null);
  }
}

/** A copy as the mirror knew it when the reading began. */
export interface KnownPlace {
  /** Below the target folder. */
  readonly place: TreePath;
  /** BLAKE3, 64 hex digits. */
  readonly hash: string;
}

/** Hours may have gone since, in which a backup ran. @returns those of which the mirror says something else now, or nothing any more. */
export async function findOutdated<P extends KnownPlace>(
  program: Program,
  {folder}: Pick<Mirror, 'folder'>,
  known: readonly P[],
): Promise<ReadonlySet<P>> {
  if (known.length === 0) return new Set();
  try {
    const states = await openMirrorStates(program, folder);
    // What cannot be read any more says nothing else.
    if (states === undefined || states.problems.length > 0) return new Set();
    const wanted = new Set(known.map(({place}) => place));
    const now = new Set<string>();
    for await (const {target, hash} of recordsOf(states))
      if (wanted.has(target)) now.add(`${hash} ${target}`);
    return new Set(known.filter(({place, hash}) => !now.has(`${hash} ${place}`)));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return new Set();
  }
}

const isErrno = (error: unknown, ...codes: readonly string[]): boolean =>
  codes.includes(errnoOf(error) ?? '');

async function listRuns({files}: Program, {folder}: Mirror): Promise<readonly string[]> {
  try {
    return (await files.list(join(folder, ARCHIVE_FOLDER))).filter(
      (name) => momentOf(name) !== undefined,
    );
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}

/** What runs archived before the copy was made was another file of that name. */
async function isArchived(
  program: Program,
  {
    mirror,
    runs,
    one: {place, sinceMs},
  }: {readonly mirror: Mirror; readonly runs: readonly string[]; readonly one: MissingPlace},
): Promise<boolean> {
  for (const run of runs) {
    if ((momentOf(run) ?? 0) < sinceMs) continue;
    const kind = await kindOf(program, join(mirror.folder, ARCHIVE_FOLDER, run, place));
    if (kind === 'file') return true;
  }
  return false;
}

/** @returns the hashes that a record names somewhere else. */
async function findMoved(
  mirror: Mirror,
  open: readonly MissingPlace[],
): Promise<ReadonlySet<string>> {
  const wanted = new Set(open.flatMap(({hash}) => hash ?? []));
  const moved = new Set<string>();
  try {
    for await (const {hash} of recordsOf(mirror)) if (wanted.has(hash)) moved.add(hash);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
  return moved;
}

/** A source folder that is connected now. */
interface SourceFolder {
  readonly folder: string;
  readonly reader: KnownMirror['reader'];
}

/** Drives that are what their markers say: an empty mount point speaks for nothing. */
async function findSources(program: Program, {states}: Mirror): Promise<readonly SourceFolder[]> {
  const sources: SourceFolder[] = [];
  const connected = await findConnected(program);
  for (const {source, reader} of states) {
    for (const {id, trust, folder: root} of connected) {
      if (id !== source.volume || trust !== 'fits') continue;
      const folder = join(root, source.folder);
      const isThere = (await kindOf(program, folder)) === 'folder';
      if (isThere) sources.push({folder, reader});
    }
  }
  return sources;
}

async function isGoneFrom(
  program: Program,
  sources: readonly SourceFolder[],
  place: TreePath,
): Promise<boolean> {
  for (const {folder, reader} of sources) {
    const path = join(folder, pathOf(place, reader.renamed));
    if ((await kindOf(program, path)) !== undefined) return false;
  }
  return true;
}

/** @returns what the source calls a place of the target. */
function pathOf(place: TreePath, renamed: ReadonlyMap<TreePath, TreePath>): TreePath {
  let best: readonly [TreePath, TreePath] = ['', ''];
  for (const [from, to] of renamed) {
    if (place.startsWith(`${to}/`) && to.length > best[1].length) best = [from, to];
  }
  return best[0] + place.slice(best[1].length);
}

/** @returns undefined when nothing is there; what cannot be looked at is there, as far as anybody knows. */
async function kindOf({files}: Program, path: string): Promise<string | undefined> {
  try {
    return (await files.look(path)).kind;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    if (errnoOf(error) === undefined) throw error;
    return 'special';
  }
}
