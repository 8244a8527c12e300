/** One snapshot of a catalog on one drive: nothing has a final name before all of it is proved. */
import {basename, join} from 'node:path';
import {type Cause, causeFrom, failed, ok, type Result} from '../../core/cause.ts';
import {baseOf} from '../../core/lightroom/catalog-names.ts';
import type {SnapshotResult} from '../../core/lightroom/history.ts';
import {type LightroomJob, SNAPSHOTS_FOLDER} from '../../core/lightroom/lightroom-job.ts';
import type {SnapshotRecord} from '../../core/lightroom/snapshot-record.ts';
import {printable} from '../../core/printable.ts';
import {safeFolderName} from '../../core/safe-folder-name.ts';
import type {ConnectedVolume} from '../../core/volumes/known-volumes.ts';
import type {Lane} from '../../engine/lane.ts';
import {findProblem} from '../backup/target/find-places.ts';
import type {Listening} from '../offload.ts';
import type {Program} from '../program.ts';
import {stayAwake} from '../stay-awake.ts';
import {isWhole, listSnapshots, pruneSnapshots} from './generations-on.ts';
import {strangersIn} from './lightroom-causes.ts';
import {isUnchanged, lookAtSource} from './look-at-source.ts';
import {makeSnapshot, type Taking} from './make-snapshot.ts';
import {openPlace} from './open-place.ts';
import {type Staging, stageSound, waitsForLightroom} from './staging.ts';

export interface SnapshotWork extends Listening {
  readonly program: Program;
  readonly job: LightroomJob;
  /** The catalog, absolute. */
  readonly catalog: string;
  readonly staging: Staging;
  /** Called when something is to be done: before it nothing was written anywhere. */
  readonly onBegin: () => void;
}

export interface SnapshotPlace {
  readonly on: ConnectedVolume;
  /** Below the folder of the marker; empty for the whole volume. */
  readonly folder: string;
}

export interface SnapshotEnd {
  readonly result: SnapshotResult;
  readonly cause: Cause | undefined;
  /** The folder with the snapshots, absolute. */
  readonly to: string;
  /** The one that was taken, or the newest that there is. */
  readonly record: SnapshotRecord | undefined;
  readonly shared: number;
  readonly removed: readonly string[];
  readonly kept: number;
}

/** `_lightroom/<catalog>` of a target, below the folder of its marker, parts joined by `/`. */
export function snapshotsFolder(folder: string, catalog: string): string {
  const own = `${SNAPSHOTS_FOLDER}/${safeFolderName(baseOf(basename(catalog)))}`;
  return folder === '' ? own : `${folder}/${own}`;
}

/** Takes a snapshot where one is needed, and removes those that are no longer kept. */
export async function takeSnapshot(work: SnapshotWork, place: SnapshotPlace): Promise<SnapshotEnd> {
  const {program, job, catalog} = work;
  const below = snapshotsFolder(place.folder, catalog);
  const to = join(place.on.folder, ...below.split('/'));
  let records: readonly SnapshotRecord[] = [];
  const end = (result: SnapshotResult, cause?: Cause): SnapshotEnd => ({
    result,
    cause,
    to,
    record: records[0],
    shared: 0,
    removed: [],
    kept: records.length,
  });
  try {
    records = await listSnapshots(program.files, to, job.id);
  } catch (error) {
    return end('failed', causeFrom(error, 'looking at the snapshots that there are', to));
  }
  const source = await lookAtSource(program, catalog);
  if (!source.ok) return end(resultOf(source.cause), source.cause);
  const [newest] = records;
  try {
    const isKept = newest !== undefined && isUnchanged(newest, source.value);
    if (isKept && (await isWhole(program.files, to, newest))) return end('unchanged');
  } catch (error) {
    return end('failed', causeFrom(error, 'looking at the newest snapshot', to));
  }
  const rest = stayAwake(program, work.emit);
  try {
    const staged = await stageSound(work, source.value.state);
    if (!staged.ok) return end(resultOf(staged.cause), staged.cause);
    work.onBegin();
    const opened = await openOn(program, {place, below});
    if (!opened.ok) return end('failed', opened.cause);
    const {lane, guard, close} = opened.value;
    try {
      const about: Taking = {work, lane, records, guard};
      const made = await makeSnapshot(about, {source: source.value, staged: staged.value});
      if (!made.ok) return end(resultOf(made.cause), made.cause);
      const {record, shared} = made.value;
      const removed = await prune(about, record);
      const kept = records.length + 1 - removed.length;
      return {result: 'taken', cause: undefined, to, record, shared, removed, kept};
    } finally {
      await close();
    }
  } finally {
    await rest();
  }
}

function resultOf(cause: Cause): SnapshotResult {
  if (waitsForLightroom(cause)) return 'deferred';
  switch (cause.code) {
    case 'lrcat-damaged':
    case 'lrcat-sick':
      return 'sick';
    case 'stopped':
      return 'stopped';
    case 'lrcat-foreign':
    case 'lrcat-unreadable':
    case 'lrcat-unavailable':
      return 'refused';
    default:
      return 'failed';
  }
}

interface Opened {
  readonly lane: Lane;
  /** Looks whether the drive is still the one that it was. */
  readonly guard: () => Promise<Result<void>>;
  readonly close: () => Promise<void>;
}

async function openOn(
  program: Program,
  {place: {on}, below}: {readonly place: SnapshotPlace; readonly below: string},
): Promise<Result<Opened>> {
  const {files} = program;
  try {
    const root = await files.resolve(on.folder);
    const {device} = await files.follow(root);
    const guard = async (): Promise<Result<void>> => {
      try {
        const problem = await findProblem(program, {volume: on, root, device}, 'target');
        return problem === undefined ? ok(undefined) : failed(problem);
      } catch (error) {
        return failed(causeFrom(error, 'looking at the drive again', root));
      }
    };
    const guarded = await guard();
    if (!guarded.ok) return guarded;
    const {volume, name} = on;
    const opened = await openPlace(program, {to: root, folder: below, volume, name, device});
    return opened.ok ? ok({...opened.value, guard}) : opened;
  } catch (error) {
    return failed(causeFrom(error, `looking at ${printable(on.name)}`, on.folder));
  }
}

/** @returns the names of those that are gone. What cannot be removed takes room, and the snapshot is good all the same. */
async function prune(
  {work: {program, emit}, lane, records}: Taking,
  record: SnapshotRecord,
): Promise<readonly string[]> {
  const {files, newWord} = program;
  try {
    const about = {folder: lane.root, records: [record, ...records], newWord};
    const {removed, stayed} = await pruneSnapshots(files, about);
    for (const path of stayed) emit({type: 'noticed', level: 'warning', ...strangersIn(path)});
    return removed;
  } catch (error) {
    const cause = causeFrom(error, 'removing old snapshots', lane.root);
    emit({type: 'noticed', level: 'warning', ...cause});
    return [];
  }
}
