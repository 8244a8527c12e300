/** Source and target of a run are the volumes that the job means, or nothing is written. */
import {join} from 'node:path';
import type {BackupJob, BackupTarget} from '../../../core/backup/backup-job.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../../core/cause.ts';
import {isInside} from '../../../core/drive-paths.ts';
import {printable} from '../../../core/printable.ts';
import type {ConnectedVolume} from '../../../core/volumes/known-volumes.ts';
import {findMarker} from '../../../system/volume-marker.ts';
import type {Program} from '../../program.ts';
import {findSwapped} from './find-swapped.ts';

export interface TargetRun {
  readonly job: BackupJob;
  readonly target: BackupTarget;
  readonly source: ConnectedVolume;
  readonly on: ConnectedVolume;
  readonly preview: boolean;
  readonly acceptDeletions: boolean;
  readonly acceptChanges: boolean;
  /** How many deletions or replacements `acceptDeletions` was said to; undefined for any number. */
  readonly mostDeletions?: number;
  /** All volumes that are there: a catalog may lie on another one. */
  readonly connected?: readonly ConnectedVolume[];
}

/** A volume's folder while a run is at work. */
export interface Place {
  readonly volume: ConnectedVolume;
  /** Folder of the marker, absolute, without links. */
  readonly root: string;
  /** The folder of the job, below it or the same; a target's need not be there yet. */
  readonly folder: string;
  /** Number of the file system of both. */
  readonly device: bigint;
}

export interface Places {
  readonly from: Place;
  readonly to: Place;
}

/** @returns the two folders, or why one of them is not what the job means. Writes nothing. */
export async function findPlaces(program: Program, run: TargetRun): Promise<Result<Places>> {
  const {job, target, source, on} = run;
  const from = await findPlace(program, {volume: source, wanted: job.source, role: 'source'});
  if (!from.ok) return from;
  const to = await findPlace(program, {volume: on, wanted: target, role: 'target'});
  if (!to.ok) return to;
  const problem =
    findOverlap(program, from.value, to.value) ?? (await findSwapped(program, [source, on]));
  return problem === undefined ? ok({from: from.value, to: to.value}) : failed(problem);
}

interface Wanted {
  readonly volume: ConnectedVolume;
  readonly wanted: {readonly volume: string; readonly folder: string};
  readonly role: 'source' | 'target';
}

async function findPlace(program: Program, {volume, wanted, role}: Wanted): Promise<Result<Place>> {
  const {files, pathPlatform: platform} = program;
  const named = join(volume.folder, wanted.folder);
  if (volume.id !== wanted.volume || volume.trust !== 'fits')
    return failed(doubted(volume, role, named));
  try {
    const root = await files.resolve(volume.folder);
    const folder = join(root, wanted.folder);
    const {device} = await files.follow(root);
    const place = {volume, root, folder, device};
    const problem = await findProblem(program, place, role);
    if (problem !== undefined) return failed(problem);
    const real = await resolveIfThere(program, folder);
    const isHere =
      real === undefined
        ? role === 'target'
        : isInside({parent: root, child: real, platform}) !== 'outside' &&
          (await files.follow(folder)).device === device;
    if (!isHere) return failed(real === undefined ? missing(named) : elsewhere(named, role));
    if (isInside({parent: root, child: folder, platform}) === 'outside')
      return failed(elsewhere(named, role));
    if (real !== undefined && (await files.follow(folder)).kind !== 'folder')
      return failed(missing(named));
    return ok(place);
  } catch (error) {
    return failed(causeFrom(error, `looking at the ${role}`, named));
  }
}

async function resolveIfThere({files}: Program, path: string): Promise<string | undefined> {
  try {
    return await files.resolve(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return undefined;
  }
}

/**
 * Looks whether a volume is still the one that it was: the marker lies where it lay, on the same file system. An unmounted folder has none.
 * @throws the system's error when the folder is gone.
 */
export async function findProblem(
  {files}: Program,
  {volume, root, device}: Pick<Place, 'volume' | 'root' | 'device'>,
  role: 'source' | 'target',
): Promise<Cause | undefined> {
  const found = await findMarker(files, root, {...volume.volume, mountPoint: root});
  const isSame = found?.folder === root && found.marker.id === volume.id;
  if (isSame && (await files.follow(root)).device === device) return undefined;
  return {
    code: `${role}-not-marked`,
    path: root,
    message: `the ${role} has no marker of ${printable(volume.name)} any more: it was unmounted, or something else is there now`,
    next: 'Plug the drive in and look at offload volumes, then run the same job again.',
  };
}

function findOverlap({pathPlatform: platform}: Program, from: Place, to: Place): Cause | undefined {
  const inFrom = isInside({parent: from.folder, child: to.folder, platform});
  const inTo = isInside({parent: to.folder, child: from.folder, platform});
  if (inFrom === 'outside' && inTo === 'outside') return undefined;
  return {
    code: 'overlap',
    path: to.folder,
    message: 'source and target are the same folder, or one lies in the other',
    next: 'Give the job another target folder.',
  };
}

const doubted = ({name, trust}: ConnectedVolume, role: string, path: string): Cause => ({
  code: 'volume-doubted',
  path,
  message: `it is not certain that the ${role} is ${printable(name)} (${trust === 'twin' ? 'two drives have its marker' : 'its file system or its size is another one'})`,
  next: 'Look at offload volumes, and say there which drive it is.',
});

const missing = (path: string): Cause => ({
  code: 'source-missing',
  path,
  message: 'the source folder does not exist on its volume',
  next: 'If it was renamed, edit the job.',
});

const elsewhere = (path: string, role: string): Cause => ({
  code: `${role}-elsewhere`,
  path,
  message: `the ${role} folder leads away from its volume, by a link or a mount`,
  next: 'Name the folder itself in the job, on the volume on which it lies.',
});
