/** Reads what backups wrote down on their targets back into the catalog. */
import {dirname, relative, sep} from 'node:path';
import type {Catalog} from '../../catalog/catalog.ts';
import {BACKUP_JOBS} from '../../core/backup/jobs/jobs-file.ts';
import {type Cause, ok, type Result} from '../../core/cause.ts';
import {printable} from '../../core/printable.ts';
import type {ConnectedVolume} from '../../core/volumes/known-volumes.ts';
import {readJobs} from '../../system/own-jobs.ts';
import {findMarker} from '../../system/volume-marker.ts';
import type {Listening} from '../offload.ts';
import type {Program} from '../program.ts';
import {findMirror, findTargets} from '../verify/find-targets.ts';
import type {MirrorStates} from '../verify/mirror-states.ts';
import {findConnected} from '../volumes/find-connected.ts';
import {remember} from '../volumes/recall.ts';
import {tellMirror} from './tell-mirror.ts';

export interface RebuiltMirrors {
  /** Copies that are recorded on targets. */
  readonly copies: number;
  /** Target folders that were found, those of earlier paths too. */
  readonly targets: number;
  /** Why a state was left out. */
  readonly problems: readonly Cause[];
}

/** Takes the states of target folders that lie in a path, or around it. Each is told once, however many paths lead to it: `known` remembers them. */
export async function rebuildMirrors(
  program: Program,
  {
    path,
    catalog,
    known,
  }: {readonly path: string; readonly catalog: Catalog; readonly known: Set<string>},
  {emit, signal}: Listening,
): Promise<Result<RebuiltMirrors>> {
  const problems: Cause[] = [];
  let [copies, targets] = [0, 0];
  let connected: readonly ConnectedVolume[] | undefined;
  for await (const mirror of mirrorsAt(program, path)) {
    if (signal.aborted) break;
    targets++;
    if (known.has(mirror.folder)) continue;
    known.add(mirror.folder);
    problems.push(...mirror.problems, ...mirror.foreign);
    if (mirror.states.length === 0) continue;
    if (connected === undefined) {
      connected = await findConnected(program, [path]);
      await remember(program, {catalog, connected}, emit);
    }
    const on = connected.find(({id, trust}) => id === mirror.volumeId && trust === 'fits');
    if (on === undefined) {
      const doubted = connected.find(({id}) => id === mirror.volumeId);
      problems.push(doubtful(mirror, doubted));
      continue;
    }
    // The same folder, whatever links lead to the volume.
    const root = await program.files.resolve(on.folder);
    const folder = relative(root, mirror.folder).split(sep).join('/');
    const {files} = program;
    const told = await tellMirror({
      files,
      catalog,
      volume: on.id,
      folder,
      root: mirror.folder,
      states: mirror.states,
      chooses: await choosePictures(program, mirror),
      signal,
    });
    if (!told.ok) return told;
    copies += told.value;
    // Records are read while they are told: only now it is known which are damaged.
    problems.push(...mirror.states.flatMap(({damaged}) => damaged ?? []));
  }
  return ok({copies, targets, problems});
}

/** @returns true when a job that wrote there has a rule, as far as this computer knows its jobs. */
async function choosePictures(
  {files, configFolder}: Program,
  {states}: Pick<MirrorStates, 'states'>,
): Promise<boolean> {
  const read = configFolder.ok
    ? await readJobs(files, configFolder.value, BACKUP_JOBS)
    : configFolder;
  if (!read.ok) return false;
  const ids = new Set(states.map(({job}) => job));
  return read.value.jobs.some(({id, selection}) => selection !== null && ids.has(id));
}

async function* mirrorsAt(program: Program, path: string): AsyncGenerator<MirrorStates> {
  const volume = await program.describeVolume(path);
  const marker = await findMarker(program.files, path, volume);
  for (let folder = path; marker !== undefined && folder !== marker.folder; ) {
    folder = dirname(folder);
    const around = await findMirror(program, folder);
    if (around !== undefined) yield around;
    if (folder === dirname(folder)) break;
  }
  yield* findTargets(program, path);
}

const doubtful = (
  {folder}: MirrorStates,
  doubted: Pick<ConnectedVolume, 'name'> | undefined,
): Cause => ({
  code: 'mirror-doubtful',
  path: folder,
  message:
    doubted === undefined
      ? 'what a backup wrote down here is not used: it is not certain which drive this is'
      : `what a backup wrote down here is not used: it is not certain that this is ${printable(doubted.name)}`,
  next: 'Look at offload volumes, say there which drive it is, then run the same command again.',
});
