/** The files of a snapshot are written under a name that is none yet; what changed meanwhile is written again. */
import {basename, dirname} from 'node:path';
import {type Cause, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import {nameSnapshot} from '../../core/lightroom/generations.ts';
import {RECORD_SCHEMA, type SnapshotRecord} from '../../core/lightroom/snapshot-record.ts';
import type {Lane} from '../../engine/lane.ts';
import {removeTreeQuietly} from '../../system/lightroom/remove-tree.ts';
import type {Program} from '../program.ts';
import {namePart, sweepParts} from './generations-on.ts';
import {dataLeftOut, previewLeftOut} from './lightroom-causes.ts';
import {type CatalogSource, lookAtSource} from './look-at-source.ts';
import {nameIt, seal} from './seal-snapshot.ts';
import {type StagedCatalog, stageSound} from './staging.ts';
import type {SnapshotWork} from './take-snapshot.ts';
import {type FileOrder, inSnapshot, type WrittenFiles, writeFiles} from './write-files.ts';

export interface Taking {
  readonly work: SnapshotWork;
  readonly lane: Lane;
  /** Of this job, newest first. */
  readonly records: readonly SnapshotRecord[];
  readonly guard: () => Promise<Result<void>>;
}

export interface Taken {
  readonly source: CatalogSource;
  readonly staged: StagedCatalog;
}

export interface Made {
  readonly record: SnapshotRecord;
  readonly shared: number;
}

/** What changed while it was copied is taken a second time; then without what Lightroom writes in. */
const TRIES = 3;

/** @returns the snapshot under its final name, or why there is none: then nothing of it is left. */
export async function makeSnapshot(about: Taking, first: Taken): Promise<Result<Made>> {
  const {work, lane} = about;
  const {program, catalog} = work;
  const {files} = program;
  await sweepQuietly(files, lane.root);
  let taken = first;
  for (let tried = 1; ; tried++) {
    const part = namePart(program.newWord());
    const withData = taken.source.isClosed && tried < TRIES;
    const made = await writeParts(about, {taken, part, withData});
    if (made.ok && made.value !== 'changed') {
      const named = await nameIt(about, part, made.value);
      if (!named.ok) await removeTreeQuietly(files, lane.absolute(part));
      return named;
    }
    await removeTreeQuietly(files, lane.absolute(part));
    if (!made.ok) return made;
    const again = await lookAtSource(program, catalog);
    if (!again.ok) return again;
    const staged = await stageSound(work, again.value.state);
    if (!staged.ok) return staged;
    taken = {source: again.value, staged: staged.value};
  }
}

async function sweepQuietly(files: Program['files'], folder: string): Promise<void> {
  try {
    await sweepParts(files, folder);
  } catch (error) {
    // It takes room only; whether the drive is still there is found by writing.
    if (errnoOf(error) === undefined) throw error;
  }
}

interface Attempt {
  readonly taken: Taken;
  readonly part: string;
  readonly withData: boolean;
}

/** @returns what to name; `changed` when the catalog or what lies beside it did meanwhile. */
async function writeParts(
  about: Taking,
  {taken, part, withData}: Attempt,
): Promise<Result<Made | 'changed'>> {
  const {work, lane} = about;
  const {program, catalog, emit} = work;
  const {source, staged} = taken;
  const orders = listOrders(about, {taken, part, withData});
  const written = await writeFiles({...work, lane, folder: part}, orders);
  if (written.isStopped) return failed(stopped(catalog));
  if (written.fault !== undefined) return failed(written.fault);
  const lost = findLost(written, {staged, withData, source});
  if (lost === 'changed') return ok('changed');
  if (lost !== undefined) return failed(lost);
  if (withData && source.data.length > 0 && !(await isStill(program, catalog, source)))
    return ok('changed');
  const left = source.data.length > 0 && !withData;
  if (left) emit({type: 'noticed', level: 'warning', ...dataLeftOut(catalog)});
  const skipped = written.sourceFaults.length;
  if (skipped > 0) emit({type: 'noticed', level: 'warning', ...previewLeftOut(catalog, skipped)});
  const data = source.data.length === 0 ? 'none' : withData ? 'copied' : 'left-out';
  const record = recordOf(about, {taken, written, data, skipped});
  const sealed = await seal(about, part, record);
  return sealed.ok ? ok({record, shared: written.shared}) : sealed;
}

/** The catalog comes last: a folder that has it has all. */
function listOrders(
  {work, records, lane}: Taking,
  {taken, withData}: Attempt,
): readonly FileOrder[] {
  const {source, staged} = taken;
  const from = dirname(work.catalog);
  const [newest] = records;
  const before = new Map(newest?.files.map((file) => [file.path, file]));
  const beside = [...source.previews, ...(withData ? source.data : [])].map((file): FileOrder => {
    const known = before.get(file.path);
    const isSame =
      known !== undefined &&
      newest !== undefined &&
      known.size === file.size &&
      known.mtimeNs === String(file.mtimeNs) &&
      known.changedNs === String(file.changedNs);
    const order = {from, file, path: file.path};
    if (!isSame) return order;
    const path = inSnapshot(lane.absolute(newest.name), file.path);
    return {...order, before: {path, hash: known.hash}};
  });
  return [...beside, {from: dirname(staged.path), file: staged.file, path: staged.file.path}];
}

/** A smart preview that changed at this moment is left out; anything else that cannot be read is not. */
function findLost(
  {sourceFaults}: WrittenFiles,
  {
    staged,
    withData,
    source,
  }: {
    readonly staged: StagedCatalog;
    readonly withData: boolean;
    readonly source: CatalogSource;
  },
): Cause | 'changed' | undefined {
  const previews = new Set(source.previews.map(({path}) => path));
  for (const {path, cause} of sourceFaults) {
    const isGone = cause.code === 'changed-while-read' || cause.code === 'ENOENT';
    if (path === staged.file.path || !isGone) return cause;
    if (withData || !previews.has(path)) return 'changed';
  }
  return undefined;
}

async function isStill(program: Program, catalog: string, source: CatalogSource): Promise<boolean> {
  const again = await lookAtSource(program, catalog);
  if (!again.ok) return false;
  const {seen, isClosed} = again.value;
  return isClosed && seen.data === source.seen.data && seen.catalog === source.seen.catalog;
}

function recordOf(
  {work: {program, job, catalog}, records}: Taking,
  {
    taken: {source, staged},
    written,
    data,
    skipped,
  }: {
    readonly taken: Taken;
    readonly written: WrittenFiles;
    readonly data: SnapshotRecord['data'];
    readonly skipped: number;
  },
): SnapshotRecord {
  return {
    schema: RECORD_SCHEMA,
    tool: `offload ${program.version}`,
    job: {id: job.id, name: job.name},
    name: nameSnapshot(staged.takenAt, program.newWord()),
    number: (records[0]?.number ?? 0) + 1,
    takenAt: staged.takenAt.toISOString(),
    method: staged.method,
    catalog: {
      name: basename(catalog),
      source: catalog,
      version: staged.version,
      rows: {...staged.rows},
    },
    seen: {
      catalog: source.seen.catalog,
      // What was left out makes the next run take it.
      previews: skipped === 0 ? source.seen.previews : '',
      data: data === 'left-out' ? null : source.seen.data,
    },
    data,
    files: [...written.files],
  };
}

const stopped = (path: string): Cause => ({
  code: 'stopped',
  path,
  message: 'it was stopped',
  next: 'Run the same command again.',
});
