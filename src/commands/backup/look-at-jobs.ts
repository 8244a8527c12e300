import {join} from 'node:path';
import {matchGlobs} from '../../backup/glob-matcher.ts';
import type {BackupJob, BackupTarget, VolumeFolder} from '../../core/backup/backup-job.ts';
import {findJobFault} from '../../core/backup/jobs/job-faults.ts';
import type {JobsFile} from '../../core/backup/jobs/jobs-file.ts';
import type {Cause} from '../../core/cause.ts';
import type {ConnectedVolume} from '../../core/volumes/known-volumes.ts';
import type {Program} from '../program.ts';
import {resolveFolder} from '../resolve-folder.ts';
import {findConnected} from '../volumes/find-connected.ts';
import {doubtCause} from '../volumes/volume-causes.ts';
import {awayCause, foreignTarget, overlapCause} from './backup-causes.ts';

/** The volumes of jobs as they are connected now. */
export interface Look {
  readonly connected: readonly ConnectedVolume[];
  /** Ids of those that are what their markers say. */
  readonly present: ReadonlySet<string>;
}

/** Finds connected volumes, those too whose marker does not lie at the root. Writes nothing. */
export async function lookAtVolumes(program: Program, jobs: JobsFile): Promise<Look> {
  const places = Object.values(jobs.volumes).map(({path}) => path);
  const connected = await findConnected(program, places);
  const present = connected.filter(({trust}) => trust === 'fits').map(({id}) => id);
  return {connected, present: new Set(present)};
}

/** What a person calls a volume: connected as its marker says, otherwise as it was when a job last had it. */
export function nameVolume(jobs: JobsFile, look: Look, id: string): string {
  return (
    look.connected.find((one) => one.id === id)?.name ??
    (Object.hasOwn(jobs.volumes, id) ? jobs.volumes[id]?.name : undefined) ??
    id
  );
}

/** @returns the folder of a job on its connected volume, absolute. */
export const absoluteOf = ({folder}: ConnectedVolume, place: VolumeFolder): string =>
  place.folder === '' ? folder : join(folder, ...place.folder.split('/'));

export type Found =
  | {readonly state: 'there'; readonly source: ConnectedVolume; readonly on: ConnectedVolume}
  | {readonly state: 'away' | 'refused'; readonly cause: Cause};

interface Search {
  readonly jobs: JobsFile;
  readonly look: Look;
  readonly job: BackupJob;
  readonly target: BackupTarget;
}

/** Finds source and target of a job. Both are looked at as they are now: the file can have been edited, and a drive can be mounted elsewhere. */
export async function findPlaces(program: Program, search: Search): Promise<Found> {
  const {jobs, look, job, target} = search;
  const others = jobs.jobs.filter(({id}) => id !== job.id);
  const known = new Set([...Object.keys(jobs.volumes), ...look.present]);
  const fault = findJobFault(job, others, known);
  if (fault !== undefined) return {state: 'refused', cause: fault};
  const filters = matchGlobs(job.leaveOut);
  if (!filters.ok) return {state: 'refused', cause: filters.cause};
  const source = findVolume(search, job.source, 'source');
  if ('cause' in source) return source;
  const on = findVolume(search, target, 'target');
  if ('cause' in on) return on;
  const nested = await findNested(program, search, {source: source.found, on: on.found});
  if (nested !== undefined) return {state: 'refused', cause: nested};
  return {state: 'there', source: source.found, on: on.found};
}

function findVolume(
  {jobs, look}: Search,
  {volume}: VolumeFolder,
  what: 'source' | 'target',
): {readonly found: ConnectedVolume} | Exclude<Found, {state: 'there'}> {
  const found = look.connected.find(({id}) => id === volume);
  if (found === undefined) {
    const before = Object.hasOwn(jobs.volumes, volume) ? jobs.volumes[volume] : undefined;
    const cause = awayCause(what, nameVolume(jobs, look, volume), before?.path ?? null);
    return {state: 'away', cause};
  }
  const doubt = doubtCause(found, look.connected);
  return doubt === undefined ? {found} : {state: 'refused', cause: doubt};
}

/** Folders of two volumes can lie in one another, through mounts and markers on the computer's own disk: names do not show that. */
async function findNested(
  program: Program,
  {jobs, look, job, target}: Search,
  {source, on}: {readonly source: ConnectedVolume; readonly on: ConnectedVolume},
): Promise<Cause | undefined> {
  const [from, to] = [absoluteOf(source, job.source), absoluteOf(on, target)];
  if (await isNested(program, from, to)) return overlapCause(from, to);
  for (const other of jobs.jobs) {
    for (const one of other.targets) {
      const isThis =
        other.id === job.id && one.volume === target.volume && one.folder === target.folder;
      const volume = look.connected.find(({id}) => id === one.volume);
      if (isThis || volume === undefined) continue;
      const place = absoluteOf(volume, one);
      if (await isNested(program, place, to)) return foreignTarget(to, other.name);
    }
  }
  return undefined;
}

/** True when both are one folder or one lies in the other; false when one is not there. */
export async function isNested(program: Program, one: string, other: string): Promise<boolean> {
  const [a, b] = [
    await resolveFolder(program, one, 'folder'),
    await resolveFolder(program, other, 'folder'),
  ];
  if (!a.ok || !b.ok) return false;
  const [self = '', more = ''] = [a.value.lineage[0], b.value.lineage[0]];
  return a.value.lineage.includes(more) || b.value.lineage.includes(self);
}
