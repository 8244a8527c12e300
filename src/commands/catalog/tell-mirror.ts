/** Tells the catalog all that mirrors wrote down on a target, in pieces, and finds out what became of copies that they name no more. */
import {join} from 'node:path';
import type {StateView} from '../../backup/state-file.ts';
import type {Catalog} from '../../catalog/catalog.ts';
import type {SettledCopy, UnnamedCopy} from '../../catalog/mirror-state.ts';
import type {MirroredCopy} from '../../catalog/mirrored.ts';
import {ARCHIVE_FOLDER} from '../../core/backup/mirror-tree.ts';
import {momentOf} from '../../core/backup/run-moment.ts';
import {causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import type {Files} from '../../system/files.ts';

/** What one job knows of the target folder. */
export interface JobState extends Pick<StateView, 'reader' | 'newestRun' | 'damaged'> {
  /** Id of the job. */
  readonly job: string;
}

export interface MirrorTelling {
  readonly files: Files;
  readonly catalog: Catalog;
  /** Id of the target volume. */
  readonly volume: string;
  /** The target folder, below the folder of the volume's marker; empty for the whole volume. */
  readonly folder: string;
  /** The same, absolute. */
  readonly root: string;
  /** The one with the newest run last: what the others left may be over. */
  readonly states: readonly JobState[];
  /** The job has a rule: what is in the archive may have its file still. */
  readonly chooses?: boolean;
  readonly signal: AbortSignal;
}

/** Copies that one transaction takes: others may write between two. */
const COPIES_AT_A_TIME = 5000;

/** @returns how many copies lie there now. When it was stopped, the catalog knows that it was not told all. */
export async function tellMirror(telling: MirrorTelling): Promise<Result<number>> {
  const {catalog, volume, folder, root, states, signal} = telling;
  let count = 0;
  try {
    const first = await catalog.noteMirrorState({volume, folder, isFirst: true, copies: []});
    if (!first.ok) return first;
    const newestFirst = [...states].reverse();
    for (const [index, state] of newestFirst.entries()) {
      for await (const copies of piecesOf(telling, {state, isNewest: index === 0})) {
        if (signal.aborted) return ok(count);
        const told = await catalog.noteMirrorState({volume, folder, isFirst: false, copies});
        if (!told.ok) return told;
        count += copies.length;
      }
    }
    const settled = await settle(telling);
    if (!settled.ok) return settled;
    if (signal.aborted) return ok(count);
    for (const {job, newestRun, damaged} of states) {
      // Records that were missing may be there again at the next reading.
      if (damaged !== null) continue;
      const noted = await catalog.noteTold({volume, folder, job}, newestRun ?? '');
      if (!noted.ok) return noted;
    }
    return ok(count);
  } catch (error) {
    return failed(causeFrom(error, 'reading what the backup knows', root));
  }
}

async function* piecesOf(
  telling: MirrorTelling,
  {state, isNewest}: {readonly state: JobState; readonly isNewest: boolean},
): AsyncGenerator<readonly MirroredCopy[]> {
  let piece: MirroredCopy[] = [];
  for await (const {records} of state.reader.folders()) {
    for (const {target, hash, size, provedAt, mediumRead} of records.values()) {
      if (!isNewest && (await sizeOf(telling, target)) !== size) continue;
      piece.push({path: placeOf(telling, target), hash, size, provedAt, mediumRead});
    }
    if (piece.length < COPIES_AT_A_TIME) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

const placeOf = ({folder}: MirrorTelling, target: string): string =>
  folder === '' ? target : `${folder}/${target}`;

/** A copy that no state names stays known where a file of its size lies, was let go where it lies in an archive, and is forgotten otherwise. */
async function settle(telling: MirrorTelling): Promise<Result<void>> {
  const {catalog, volume, folder, chooses = false, signal} = telling;
  const runs = await listRuns(telling);
  let after: UnnamedCopy | null = null;
  while (!signal.aborted) {
    const search = {volume, folder, after, limit: COPIES_AT_A_TIME};
    const page: Result<readonly UnnamedCopy[]> = await catalog.listUnnamed(search);
    if (!page.ok) return page;
    const copies: SettledCopy[] = [];
    for (const copy of page.value) {
      if (signal.aborted) return ok(undefined);
      const target = folder === '' ? copy.path : copy.path.slice(folder.length + 1);
      if (!copy.isReplaced && (await sizeOf(telling, target)) === copy.size) continue;
      const goneAt = await findArchived(telling, runs, {target, size: copy.size});
      copies.push({...copy, goneAt, isUnchosen: chooses});
    }
    if (copies.length > 0) {
      const noted = await catalog.settleUnnamed({volume, copies});
      if (!noted.ok) return noted;
    }
    after = page.value.at(-1) ?? null;
    if (after === null) break;
  }
  return ok(undefined);
}

/** @returns names of the archives, newest first. */
async function listRuns({files, root}: MirrorTelling): Promise<readonly string[]> {
  try {
    const names = await files.list(join(root, ARCHIVE_FOLDER));
    return names
      .filter((name) => momentOf(name) !== undefined)
      .sort()
      .reverse();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return [];
  }
}

/** @returns when the run began that archived a file of this name and size. */
async function findArchived(
  telling: MirrorTelling,
  runs: readonly string[],
  {target, size}: {readonly target: string; readonly size: number},
): Promise<string | null> {
  for (const run of runs) {
    if ((await sizeOf(telling, `${ARCHIVE_FOLDER}/${run}/${target}`)) === size) {
      return new Date(momentOf(run) ?? 0).toISOString();
    }
  }
  return null;
}

/** @param target below the target folder. @returns undefined when no file is there. @throws when the drive does not say. */
async function sizeOf({files, root}: MirrorTelling, target: string): Promise<number | undefined> {
  try {
    const {kind, size} = await files.look(join(root, target));
    return kind === 'file' ? size : undefined;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'ENOENT' && errno !== 'ENOTDIR') throw error;
    return undefined;
  }
}
