/** Where a catalog is, and on which drives its snapshots go. */
import {join} from 'node:path';
import type {VolumeFolder} from '../../core/backup/backup-job.ts';
import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import {relateDrives, type Volume} from '../../core/drive.ts';
import type {Emit} from '../../core/events.ts';
import type {LightroomHistory} from '../../core/lightroom/history.ts';
import type {LightroomJobsFile} from '../../core/lightroom/jobs-file.ts';
import type {LightroomJob} from '../../core/lightroom/lightroom-job.ts';
import {type ConnectedVolume, listKnown} from '../../core/volumes/known-volumes.ts';
import type {Program} from '../program.ts';
import {findConnected} from '../volumes/find-connected.ts';
import {knownFolders, recall} from '../volumes/recall.ts';
import {doubtCause} from '../volumes/volume-causes.ts';
import {catalogAway} from './lightroom-causes.ts';

/** The drives as one look found them. */
export interface DrivesNow {
  readonly connected: readonly ConnectedVolume[];
  /** Drives that have a role for copies and are away, as the catalog of offload remembers them. */
  readonly away: readonly {readonly id: string; readonly name: string}[];
  /** Ids of drives that the user wants to hear of no more. */
  readonly forgotten: ReadonlySet<string>;
}

/** Looks for drives, those too whose marker does not lie at the root. Writes nothing. */
export async function lookAtDrives(
  program: Program,
  jobs: LightroomJobsFile,
  emit: Emit,
): Promise<DrivesNow> {
  const {memory, connected: found} = await recall(program, emit);
  const more = Object.values(jobs.volumes)
    .map(({path}) => path)
    .filter((path) => !found.some(({folder}) => folder === path));
  const connected =
    more.length === 0 ? found : await findConnected(program, [...knownFolders(memory), ...more]);
  const known = listKnown(memory, connected, program.clock.now().toISOString());
  const away = known
    .filter((one) => one.state === 'away' && isForCopies(one))
    .map(({id, name}) => ({id, name}));
  return {connected, away, forgotten: new Set(memory.forgotten.keys())};
}

export const isForCopies = ({role}: Pick<ConnectedVolume, 'role'>): boolean =>
  role === 'backup' || role === 'off-site';

export interface SnapshotTarget extends VolumeFolder {
  /** What a person calls the drive. */
  readonly name: string;
  /** Null when it is away, or in doubt. */
  readonly on: ConnectedVolume | null;
  /** Why a drive that is connected is not written to. */
  readonly doubt: Cause | null;
}

export interface TargetSearch extends DrivesNow {
  readonly jobs: LightroomJobsFile;
  readonly history: LightroomHistory;
  /** Of the catalog; undefined when it is not there. */
  readonly home: Volume | undefined;
}

/** @returns the drives of a job: those that it names; otherwise all with a role for copies, but those that hold the catalog. */
export function listTargets(job: LightroomJob, search: TargetSearch): readonly SnapshotTarget[] {
  const {connected, away, forgotten, history, home} = search;
  if (job.targets !== null) return job.targets.map((place) => targetOf(place, search));
  const ids = new Set(
    connected
      .filter(isForCopies)
      .filter(({id}) => id !== job.catalog.volume)
      .filter(
        ({volume}) => home === undefined || relateDrives(home.physical, volume.physical) !== 'same',
      )
      .map(({id}) => id),
  );
  for (const {id} of away) if (id !== job.catalog.volume) ids.add(id);
  // A drive that got snapshots once is missed when it is away.
  const isHere = new Set(connected.map(({id}) => id));
  for (const one of history.targets)
    if (one.job === job.id && !isHere.has(one.volume) && !forgotten.has(one.volume))
      ids.add(one.volume);
  return [...ids].map((volume) => targetOf({volume, folder: ''}, search));
}

function targetOf(
  {volume, folder}: VolumeFolder,
  {jobs, connected, away}: TargetSearch,
): SnapshotTarget {
  const on = connected.find(({id}) => id === volume);
  const known = Object.hasOwn(jobs.volumes, volume) ? jobs.volumes[volume]?.name : undefined;
  const name = on?.name ?? known ?? away.find(({id}) => id === volume)?.name ?? volume;
  const doubt = on === undefined ? null : (doubtCause(on, connected) ?? null);
  return {volume, folder, name, on: on === undefined || doubt !== null ? null : on, doubt};
}

/** @returns the catalog, absolute; `lrcat-away` when its drive is not connected, or why it is in doubt. */
export function findCatalog(
  {catalog}: LightroomJob,
  jobs: LightroomJobsFile,
  {connected}: DrivesNow,
): Result<string> {
  const {volume, path} = catalog;
  if (volume === null) return ok(path);
  const on = connected.find(({id}) => id === volume);
  if (on === undefined) {
    const name = Object.hasOwn(jobs.volumes, volume) ? jobs.volumes[volume]?.name : undefined;
    return failed(catalogAway(path, name ?? volume));
  }
  const doubt = doubtCause(on, connected);
  return doubt === undefined ? ok(join(on.folder, ...path.split('/'))) : failed(doubt);
}
