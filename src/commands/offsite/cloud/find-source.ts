/** The source of a cloud job is the volume that the job means, or nothing is done. */
import {join} from 'node:path';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../../core/cause.ts';
import {isInside} from '../../../core/drive-paths.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import type {CloudJobsFile} from '../../../core/offsite/cloud-jobs-file.ts';
import type {ConnectedVolume} from '../../../core/volumes/known-volumes.ts';
import {awayCause} from '../../backup/backup-causes.ts';
import {type Look, nameVolume} from '../../backup/look-at-jobs.ts';
import {findProblem} from '../../backup/target/find-places.ts';
import type {Program} from '../../program.ts';
import {doubtCause} from '../../volumes/volume-causes.ts';
import {asJobsFile} from './cloud-desk.ts';

export interface CloudSource {
  readonly volume: ConnectedVolume;
  /** The folder of the job, absolute, without links. */
  readonly folder: string;
  /** Looks whether it is still there, on the volume that it was on. */
  readonly guard: () => Promise<Cause | null>;
}

export type FoundSource =
  | {readonly state: 'there'; readonly source: CloudSource}
  | {readonly state: 'away' | 'refused'; readonly cause: Cause};

/** Writes nothing. */
export async function findSource(
  program: Program,
  {jobs, look, job}: {readonly jobs: CloudJobsFile; readonly look: Look; readonly job: CloudJob},
): Promise<FoundSource> {
  const {volume: id, folder} = job.source;
  const found = look.connected.find((one) => one.id === id);
  if (found === undefined) {
    const before = Object.hasOwn(jobs.volumes, id) ? jobs.volumes[id] : undefined;
    const cause = awayCause('source', nameVolume(asJobsFile(jobs), look, id), before?.path ?? null);
    return {state: 'away', cause};
  }
  const doubt = doubtCause(found, look.connected);
  if (doubt !== undefined) return {state: 'refused', cause: doubt};
  const opened = await openSource(program, found, folder);
  return opened.ok
    ? {state: 'there', source: opened.value}
    : {state: 'refused', cause: opened.cause};
}

async function openSource(
  program: Program,
  volume: ConnectedVolume,
  below: string,
): Promise<Result<CloudSource>> {
  const {files, pathPlatform: platform} = program;
  const named = join(volume.folder, below);
  try {
    const root = await files.resolve(volume.folder);
    const folder = join(root, below);
    const {device} = await files.follow(root);
    const look = async (): Promise<Cause | null> => {
      const problem = await findProblem(program, {volume, root, device}, 'source');
      if (problem !== undefined) return problem;
      const real = await files.resolve(folder);
      const facts = await files.follow(folder);
      if (facts.kind !== 'folder') return missing(named);
      const isHere = isInside({parent: root, child: real, platform}) !== 'outside';
      return isHere && facts.device === device ? null : elsewhere(named);
    };
    const guard = async (): Promise<Cause | null> => {
      try {
        return await look();
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return missing(named);
        return causeFrom(error, 'looking at the source', named);
      }
    };
    const problem = await guard();
    return problem === null ? ok({volume, folder, guard}) : failed(problem);
  } catch (error) {
    return failed(causeFrom(error, 'looking at the source', named));
  }
}

const missing = (path: string): Cause => ({
  code: 'source-missing',
  path,
  message: 'the source folder does not exist on its volume',
  next: 'If it was renamed, edit the job.',
});

const elsewhere = (path: string): Cause => ({
  code: 'source-elsewhere',
  path,
  message: 'the source folder leads away from its volume, by a link or a mount',
  next: 'Name the folder itself in the job, on the volume on which it lies.',
});
