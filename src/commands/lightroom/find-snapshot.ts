/** Finds the snapshot that somebody means, on whatever is connected. */
import {basename, join} from 'node:path';
import {foldJobName} from '../../core/backup/jobs/job-faults.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import {parseUserPath} from '../../core/drive-paths.ts';
import type {Emit} from '../../core/events.ts';
import {baseOf} from '../../core/lightroom/catalog-names.ts';
import {isSnapshotName} from '../../core/lightroom/generations.ts';
import type {LightroomJobsFile} from '../../core/lightroom/jobs-file.ts';
import {SNAPSHOTS_FOLDER} from '../../core/lightroom/lightroom-job.ts';
import type {SnapshotRecord} from '../../core/lightroom/snapshot-record.ts';
import type {Program} from '../program.ts';
import {lookAtDrives} from './find-targets.ts';
import {listIfThere, listSnapshots, readRecord} from './generations-on.ts';
import {noSnapshot} from './lightroom-causes.ts';

export interface FoundSnapshot {
  /** Absolute. */
  readonly folder: string;
  readonly record: SnapshotRecord;
}

interface Wanted {
  /** A job, a catalog, the name of a snapshot, or the path of its folder. */
  readonly what: string;
  /** As typed, and in ms since 1970. */
  readonly at: string | undefined;
  readonly atMs: number | undefined;
  readonly emit: Emit;
}

/** @returns the newest one that fits; `snapshot-missing` when no connected drive has one. */
export async function findSnapshot(
  program: Program,
  jobs: LightroomJobsFile,
  wanted: Wanted,
): Promise<Result<FoundSnapshot>> {
  const named = await findByPath(program, wanted.what);
  if (named !== undefined) return named;
  const {what, at, atMs, emit} = wanted;
  const found: RankedSnapshot[] = [];
  let unread: Cause | undefined;
  for (const folder of await listFolders(program, jobs, emit)) {
    try {
      const records = await listSnapshots(program.files, folder);
      const fit = records.filter((one) => atMs === undefined || takenMs(one) <= atMs);
      found.push(...rankNewest(fit, jobs, what, folder));
    } catch (error) {
      // What a dying drive does not give another one may have.
      unread = causeFrom(error, 'looking for snapshots', folder);
      emit({type: 'noticed', level: 'warning', ...unread});
    }
  }
  const [best] = found.toSorted((a, b) => a.rank - b.rank || takenMs(b.record) - takenMs(a.record));
  return best === undefined ? failed(unread ?? noSnapshot(what, at ?? null)) : ok(best);
}

interface RankedSnapshot extends FoundSnapshot {
  readonly rank: number;
}

const takenMs = ({takenAt}: SnapshotRecord): number => Date.parse(takenAt);

/** Those that a job put on one drive are counted, whatever a clock said that was set back; between jobs and drives only the time can decide. @param records newest first. */
function rankNewest(
  records: readonly SnapshotRecord[],
  jobs: LightroomJobsFile,
  what: string,
  folder: string,
): readonly RankedSnapshot[] {
  const newest = new Map<string, RankedSnapshot>();
  for (const record of records) {
    const rank = rankOf(record, jobs, what);
    const before = newest.get(record.job.id);
    if (rank === undefined || (before !== undefined && before.rank <= rank)) continue;
    newest.set(record.job.id, {folder: join(folder, record.name), record, rank});
  }
  return [...newest.values()];
}

/** @returns 0 for what is meant for certain; more for what is less, because catalogs in two folders may have one name; undefined for what is not meant. */
function rankOf({name, job, catalog}: SnapshotRecord, {jobs}: LightroomJobsFile, what: string) {
  if (name === what) return 0;
  const known = jobs.find((one) => foldJobName(one.name) === foldJobName(what));
  if (known?.id === job.id) return 1;
  if (job.name === what) return 2;
  return catalog.name === what || baseOf(catalog.name) === what ? 3 : undefined;
}

/** @returns undefined when the words are no path of a snapshot. */
async function findByPath(
  program: Program,
  text: string,
): Promise<Result<FoundSnapshot> | undefined> {
  const {files, workingFolder, pathPlatform} = program;
  const parsed = parseUserPath({text, cwd: workingFolder, platform: pathPlatform});
  if (!parsed.ok || !isSnapshotName(basename(parsed.value))) return undefined;
  try {
    const folder = await files.resolve(parsed.value);
    const record = await readRecord(files, folder);
    return record === undefined ? failed(noSnapshot(text, null)) : ok({folder, record});
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** Every `_lightroom/<catalog>` of connected drives: at their roots, and where jobs put them. */
async function listFolders(
  program: Program,
  jobs: LightroomJobsFile,
  emit: Emit,
): Promise<readonly string[]> {
  const {connected} = await lookAtDrives(program, jobs, emit);
  const roots = new Set(connected.map(({folder}) => folder));
  for (const {targets} of jobs.jobs)
    for (const {volume, folder} of targets ?? []) {
      const on = connected.find(({id}) => id === volume);
      if (on !== undefined) roots.add(join(on.folder, ...folder.split('/')));
    }
  const folders: string[] = [];
  for (const root of roots) {
    const place = join(root, SNAPSHOTS_FOLDER);
    try {
      const names = await listIfThere(program.files, place);
      folders.push(...names.map((name) => join(place, name)));
    } catch (error) {
      const cause = causeFrom(error, 'looking for snapshots', place);
      emit({type: 'noticed', level: 'warning', ...cause});
    }
  }
  return folders;
}
