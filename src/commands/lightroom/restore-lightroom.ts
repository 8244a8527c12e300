/** `offload lightroom restore`: a catalog as it was, with what belongs to it, into a new folder. Never over something. */
import {basename, dirname, join} from 'node:path';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import {parseUserPath} from '../../core/drive-paths.ts';
import type {LightroomRestored} from '../../core/events.ts';
import {NO_LIGHTROOM_JOBS} from '../../core/lightroom/jobs-file.ts';
import type {SnapshotRecord} from '../../core/lightroom/snapshot-record.ts';
import {readMoment} from '../../core/restore/read-moment.ts';
import {checkCopy} from '../../system/lightroom/check-copy.ts';
import {lookAtVolume} from '../look-at-volume.ts';
import {nameDestination} from '../name-drive.ts';
import type {Listening, RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {resolveFolder} from '../resolve-folder.ts';
import {stayAwake} from '../stay-awake.ts';
import {type FoundSnapshot, findSnapshot} from './find-snapshot.ts';
import {notAMoment, notEmpty} from './lightroom-causes.ts';
import {openLightroomDesk} from './lightroom-desk.ts';
import {type OpenedPlace, openPlace} from './open-place.ts';
import {type FileOrder, inSnapshot, writeFiles} from './write-files.ts';

export interface TypedLightroomRestore {
  /** A job, a catalog, the name of a snapshot, or the path of its folder. */
  readonly what: string;
  /** The new folder: its parent must be there. */
  readonly to: string;
  /** As typed: the newest snapshot until then. */
  readonly at: string | undefined;
}

/** @returns 0 when every file is there and proved and SQLite counts what it should; 1 when not; 2 when nothing was begun; 130 when it was stopped. */
export async function restoreLightroom(
  program: Program,
  {what, to, at}: TypedLightroomRestore,
  listening: Listening,
): Promise<RunEnd> {
  const {emit, signal} = listening;
  const opened = await openLightroomDesk(program, emit);
  // A catalog can be had back whatever became of the jobs.
  if (!opened.ok) emit({type: 'noticed', level: 'warning', ...opened.cause});
  const jobs = opened.ok ? opened.value.jobs : NO_LIGHTROOM_JOBS;
  const atMs = at === undefined ? undefined : readMoment(at, program.timeZone);
  if (at !== undefined && atMs === undefined) return refuse(emit, notAMoment(at));
  const found = await findSnapshot(program, jobs, {what, at, atMs, emit});
  if (!found.ok) return refuse(emit, found.cause);
  const place = await openNew(program, to);
  if (!place.ok) return refuse(emit, place.cause);
  const rest = stayAwake(program, emit);
  try {
    const restored = await restore(program, {found: found.value, place: place.value, listening});
    emit(restored);
    if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
    return {outcome: 'complete', exitCode: restored.good ? 0 : 1};
  } finally {
    await place.value.close();
    await rest();
  }
}

/** @returns the new folder; or why it cannot be: something lies in it, its parent is not there, or it lies on a card. */
async function openNew(program: Program, text: string): Promise<Result<OpenedPlace>> {
  const {files, workingFolder, pathPlatform} = program;
  const parsed = parseUserPath({text, cwd: workingFolder, platform: pathPlatform});
  if (!parsed.ok) return parsed;
  const path = parsed.value;
  const parent = await resolveFolder(program, dirname(path), 'destination');
  if (!parent.ok) return parent;
  const {real, device, volume} = parent.value;
  if ((await lookAtVolume(program, volume)).role === 'card') return failed(isCard(path));
  const free = await isFree(program, path);
  if (!free.ok) return free;
  try {
    await files.checkWritable(real);
  } catch (error) {
    return failed(causeFrom(error, 'writing into the destination', real));
  }
  const name = nameDestination(real, volume);
  return await openPlace(program, {to: real, folder: basename(path), volume, name, device});
}

async function isFree({files}: Program, path: string): Promise<Result<void>> {
  try {
    const {kind} = await files.look(path);
    if (kind === 'folder' && (await files.list(path)).length === 0) return ok(undefined);
    return failed(notEmpty(path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return ok(undefined);
    return failed(causeFrom(error, 'looking at the destination', path));
  }
}

interface Restoring {
  readonly found: FoundSnapshot;
  readonly place: OpenedPlace;
  readonly listening: Listening;
}

async function restore(
  program: Program,
  {found: {folder, record}, place: {lane}, listening}: Restoring,
): Promise<LightroomRestored> {
  const orders: FileOrder[] = [];
  let fault: Cause | undefined;
  for (const {path, hash} of record.files) {
    const file = await lookAtFile(program, folder, path);
    if (file.ok) orders.push({from: folder, file: file.value, path, expected: hash});
    else fault ??= file.cause;
  }
  // The catalog comes last: a folder that has it has all.
  const isCatalog = ({path}: FileOrder) => path === record.catalog.name;
  const {emit, signal} = listening;
  const writing = {program, lane, folder: '', emit, signal};
  const beside = await writeFiles(
    writing,
    orders.filter((order) => !isCatalog(order)),
  );
  const catalog = await writeFiles(writing, orders.filter(isCatalog));
  const files = [...beside.files, ...catalog.files];
  for (const {cause} of [...beside.sourceFaults, ...catalog.sourceFaults]) fault ??= cause;
  fault ??= beside.fault ?? catalog.fault;
  if (fault === undefined && catalog.files.length > 0)
    fault = await findDifference(lane.absolute(record.catalog.name), record);
  const isAll = files.length === record.files.length;
  const good = isAll && fault === undefined;
  const why = good ? undefined : (fault ?? unfinished(lane.root));
  return {
    type: 'lightroom-restored',
    catalog: record.catalog.name,
    snapshot: record.name,
    takenAt: record.takenAt,
    from: folder,
    to: lane.root,
    files: record.files.length,
    restored: files.length,
    bytes: files.reduce((sum, {size}) => sum + size, 0),
    cached: files.filter(({mediumRead}) => mediumRead === 'cached').length,
    data: record.data,
    good,
    ...(why === undefined ? {} : {code: why.code, message: why.message, next: why.next}),
  };
}

async function lookAtFile({files}: Program, folder: string, path: string) {
  const place = inSnapshot(folder, path);
  try {
    const {size, mtimeNs, changedNs} = await files.look(place);
    return ok({path, size, mtimeNs, changedNs});
  } catch (error) {
    return failed(causeFrom(error, 'reading the snapshot', place));
  }
}

/** SQLite opens what was restored, and counts it. @returns why it is not what was taken. */
async function findDifference(path: string, {catalog}: SnapshotRecord): Promise<Cause | undefined> {
  const checked = await checkCopy(path);
  if (!checked.ok) return checked.cause;
  const {faults, rows} = checked.value;
  const different = Object.entries(catalog.rows).find(([name, count]) => rows[name] !== count);
  if (faults === undefined && different === undefined) return undefined;
  return {
    code: 'lrcat-damaged',
    path: join(path),
    message: `SQLite does not find in it what was taken (${faults?.[0] ?? different?.[0] ?? ''})`,
    next: 'Restore another snapshot, and check the memory of this computer.',
  };
}

const unfinished = (path: string): Cause => ({
  code: 'stopped',
  path,
  message: 'it was stopped before all was there',
  next: 'Remove the new folder, and run the same command again.',
});

const isCard = (path: string): Cause => ({
  code: 'destination-is-card',
  path,
  message: 'the destination is on a card, and no card is ever written',
  next: 'Give a --to on a drive.',
});
