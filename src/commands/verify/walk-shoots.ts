/** All shoots below a folder, one after the other: the records of a whole drive do not fit into memory at once. */
import {basename, join} from 'node:path';
import {isArchiveOfRun} from '../../core/archive-folder.ts';
import {MIRROR_FOLDER} from '../../core/backup/mirror-tree.ts';
import {type Cause, causeFrom, errnoOf} from '../../core/cause.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import {readShootRecords} from '../../system/shoot-records.ts';
import {findShootAround, type RecordedShoot} from '../find-records.ts';
import type {Program} from '../program.ts';

/** Folders of a system that keep what was deleted. Those that begin with a dot are passed over anyway. */
const DELETED = new Set(['$RECYCLE.BIN', 'System Volume Information', 'lost+found']);

export interface Walk {
  /** Absolute, without links. */
  readonly path: string;
  /** Shoots may lie in a folder that is a shoot itself, as one does whose records lie at the root of a volume. */
  readonly isVolume: boolean;
  /** Hears of what cannot be looked into: shoots may lie there. */
  readonly onProblem: (cause: Cause) => void;
  /** Hears of every folder that a mirror writes into, before the shoots in it come. */
  readonly onMirror: (folder: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/** However deep they lie; links are not followed. Where the path lies in a shoot, that one alone. */
export async function* walkShoots(
  program: Program,
  {path, isVolume, onProblem, onMirror, signal}: Walk,
): AsyncGenerator<RecordedShoot> {
  const around = isVolume ? undefined : await findShootAround(program, path);
  if (around !== undefined) {
    yield around;
    return;
  }
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (signal.aborted) return;
    const names = await listFolders(program, folder, {onProblem, onMirror});
    const shoot = names.includes(RECORD_FOLDER) ? await readShoot(program, folder) : undefined;
    if (shoot !== undefined) yield shoot;
    if (shoot !== undefined && folder !== path) continue;
    const below = names.filter((name) => shoot === undefined || name !== RECORD_FOLDER);
    // The last one is taken first.
    for (const name of below.reverse()) folders.push(join(folder, name));
  }
}

/** @returns undefined for somebody's own folder of that name. */
async function readShoot(
  {files, hashOfText}: Program,
  shoot: string,
): Promise<RecordedShoot | undefined> {
  const {manifests, journals, problems} = await readShootRecords(files, shoot, hashOfText);
  if (manifests.length + journals.length + problems.length === 0) return undefined;
  return {shoot, manifests, unfinished: journals.length, problems};
}

/** In the order of their names. */
async function listFolders(
  {files}: Program,
  folder: string,
  {onProblem, onMirror}: Pick<Walk, 'onProblem' | 'onMirror'>,
): Promise<string[]> {
  const folders: string[] = [];
  try {
    for (const name of [...(await files.list(folder))].sort()) {
      if (name === MIRROR_FOLDER) await onMirror(folder);
      if (name.startsWith('.') || DELETED.has(name)) continue;
      if (isArchiveOfRun(basename(folder), name)) continue;
      if (await isFolder(files, join(folder, name), onProblem)) folders.push(name);
    }
  } catch (error) {
    tell(error, folder, onProblem);
  }
  return folders;
}

async function isFolder(
  files: Program['files'],
  path: string,
  onProblem: Walk['onProblem'],
): Promise<boolean> {
  try {
    return (await files.look(path)).kind === 'folder';
  } catch (error) {
    tell(error, path, onProblem);
    return false;
  }
}

/** What somebody removed meanwhile is no problem. */
function tell(error: unknown, path: string, onProblem: Walk['onProblem']): void {
  const cause = causeFrom(error, 'looking for shoots', path);
  if (errnoOf(error) !== 'ENOENT') onProblem(cause);
}
