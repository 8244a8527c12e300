/** Lightroom jobs on temporary folders that are drives with markers; catalogs with the real tables. */
import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {
  addLightroom,
  listLightroom,
  removeLightroom,
  restoreLightroom,
  runLightroom,
  type TypedLightroom,
} from '../../../src/commands/lightroom/index.ts';
import type {Program} from '../../../src/commands/program.ts';
import type {LightroomSnapshot} from '../../../src/core/events.ts';
import {parseRecord, type SnapshotRecord} from '../../../src/core/lightroom/snapshot-record.ts';
import {changeMarker} from '../../../src/system/volume-marker.ts';
import {type MadeCatalog, makeLrcat} from '../../helpers/make-lrcat.ts';
import {hashEngine, runningPids, testFiles} from '../../helpers/run-offload.ts';
import {
  type BackupTrial,
  listen,
  makeBackupTrial,
  programOf,
  type Told,
} from '../backup/backup-trial.ts';

export interface LightroomTrial extends BackupTrial {
  /** Folder of the catalog, on a disk without a marker. */
  readonly pictures: string;
  readonly catalog: string;
}

/** B is a backup drive, O an off-site one, W works. @param catalog undefined for none. */
export async function makeLightroomTrial(
  t: ExecutionContext,
  catalog: MadeCatalog = {pictures: [{path: 'a.cr3'}, {path: 'b.cr3', rating: 3}]},
): Promise<LightroomTrial> {
  const trial = await makeBackupTrial(t);
  await changeMarker(testFiles, trial.b, {role: 'backup'});
  await changeMarker(testFiles, trial.o, {role: 'off-site'});
  const pictures = join(trial.folder, 'Pictures');
  await mkdir(pictures);
  const path = join(pictures, 'Main.lrcat');
  await makeLrcat(path, catalog);
  return {...trial, pictures, catalog: path};
}

/** Masks and a smart preview, beside the catalog. */
export async function addCompanions({pictures}: LightroomTrial): Promise<void> {
  await mkdir(join(pictures, 'Main.lrcat-data', 'ab'), {recursive: true});
  await writeFile(join(pictures, 'Main.lrcat-data', 'ab', 'mask'), 'mask'.repeat(5000));
  await mkdir(join(pictures, 'Main Smart Previews.lrdata', '0'), {recursive: true});
  await writeFile(join(pictures, 'Main Smart Previews.lrdata', '0', 'p.dng'), 'dng'.repeat(3000));
  await mkdir(join(pictures, 'Main Sync.lrdata'));
  await writeFile(join(pictures, 'Main Sync.lrdata', 'Sync.db'), 'sync');
  await mkdir(join(pictures, 'Main Previews.lrdata'));
  await writeFile(join(pictures, 'Main Previews.lrdata', 'previews.db'), 'a cache');
}

export const add = (trial: LightroomTrial, change: Partial<TypedLightroom> = {}): Promise<Told> =>
  listen((emit) =>
    addLightroom(
      programOf(trial),
      {catalog: trial.catalog, to: [], name: undefined, every: undefined, ...change},
      emit,
    ),
  );

export interface RunSetting {
  readonly names?: readonly string[];
  readonly due?: boolean;
  readonly program?: Program;
  readonly stop?: AbortController;
}

/** A process of its own, which is gone afterwards: a lock that it could not remove is one of a dead process. */
export async function run(trial: LightroomTrial, setting: RunSetting = {}): Promise<Told> {
  const {names = [], due = false, program = programOf(trial)} = setting;
  const {signal} = setting.stop ?? new AbortController();
  try {
    return await listen((emit) => runLightroom(program, {names, due}, {emit, signal}));
  } finally {
    runningPids.delete(program.self.pid);
  }
}

export const list = (trial: LightroomTrial): Promise<Told> =>
  listen((emit) => listLightroom(programOf(trial), emit));

export const remove = (trial: LightroomTrial, name: string): Promise<Told> =>
  listen((emit) => removeLightroom(programOf(trial), name, emit));

export const restore = (
  trial: LightroomTrial,
  typed: {
    readonly what: string;
    readonly to: string;
    readonly at?: string;
    readonly program?: Program;
  },
): Promise<Told> =>
  listen((emit) =>
    restoreLightroom(
      typed.program ?? programOf(trial),
      {what: typed.what, to: typed.to, at: typed.at},
      {emit, signal: new AbortController().signal},
    ),
  );

export const snapshotsOf = ({events}: Told): readonly LightroomSnapshot[] =>
  events.filter((event) => event.type === 'lightroom-snapshot');

/** `target result`, in the order of the run. */
export const resultsOf = (told: Told): readonly string[] =>
  snapshotsOf(told).map(({target, result}) => `${target} ${result}`);

export const placeOf = (drive: string): string => join(drive, '_lightroom', 'Main');

/** Names in the folder of the snapshots, without nothing. */
export const listPlace = async (drive: string): Promise<readonly string[]> =>
  (await readdir(placeOf(drive)).catch(() => [])).sort();

export async function readRecords(drive: string): Promise<readonly SnapshotRecord[]> {
  const records: SnapshotRecord[] = [];
  for (const name of await listPlace(drive)) {
    const text = await readFile(join(placeOf(drive), name, 'snapshot.json'), 'utf8');
    const record = parseRecord(text);
    if (record === undefined) throw new Error(`${name} has no record`);
    records.push(record);
  }
  return records;
}

/** @returns the paths of a snapshot whose bytes are not those of its list. */
export async function checkSums(folder: string): Promise<readonly string[]> {
  const list = await readFile(join(folder, 'snapshot.b3'), 'utf8');
  const bad: string[] = [];
  for (const line of list.trimEnd().split('\n')) {
    const [hash = '', path = ''] = line.split('  ');
    const hasher = hashEngine.create();
    hasher.update(await readFile(join(folder, path)));
    if (hasher.digest() !== hash) bad.push(path);
  }
  return bad;
}

/** The catalog and all beside it, as they are: nothing of a snapshot may show there. */
export async function lookBeside({pictures}: LightroomTrial): Promise<string> {
  const names = (await readdir(pictures, {recursive: true})).sort();
  const bytes = await readFile(join(pictures, 'Main.lrcat'));
  return JSON.stringify([names, createHash('sha256').update(bytes).digest('hex')]);
}
