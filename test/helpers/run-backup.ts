/** Runs of one backup job on temporary folders with real files. */
import {mkdir, mkdtemp, readdir, realpath, rename, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {execa} from 'execa';
import {runTarget} from '../../src/commands/backup/run-target.ts';
import type {Program} from '../../src/commands/program.ts';
import type {BackupJob, BackupTarget} from '../../src/core/backup/backup-job.ts';
import {ARCHIVE_FOLDER, MIRROR_FOLDER} from '../../src/core/backup/mirror-tree.ts';
import type {BackupFinished, BackupStep, OffloadEvent} from '../../src/core/events.ts';
import type {ConnectedVolume} from '../../src/core/volumes/known-volumes.ts';
import type {Files} from '../../src/system/files.ts';
import type {RunTool} from '../../src/system/tools.ts';
import {makeMarker} from '../../src/system/volume-marker.ts';
import {type Closable, tracksHandles} from './faulty-files.ts';
import {
  diskVolume,
  expectNothingLeft,
  makeTree,
  readTree,
  runningPids,
  seededBytes,
  type Tree,
  testFiles,
  testProgram,
  tickingClock,
} from './run-offload.ts';

export const IDS = {
  w: '11111111-1111-4111-8111-111111111111',
  b: '22222222-2222-4222-8222-222222222222',
  job: '33333333-3333-4333-8333-333333333333',
};

export const DAY_MS = 24 * 60 * 60 * 1000;
export const FIRST_RUN = Date.UTC(2026, 10, 23, 8);

export interface BackupScene {
  /** The temporary folder that holds the others. */
  readonly folder: string;
  /** The source volume, and the folder that is backed up. */
  readonly w: string;
  readonly source: string;
  /** The target volume, and the folder of the copies. */
  readonly b: string;
  readonly target: string;
}

/** Where the target keeps what it knows of its copies. */
export const statePathOf = ({target}: BackupScene): string =>
  join(target, MIRROR_FOLDER, `${IDS.job}.state`);

/** Twelve files: so that one of them is not more than a tenth. */
export const TWELVE: Tree = {
  'Shoot/DCIM/IMG_0001.CR3': 90_001,
  'Shoot/DCIM/IMG_0001.JPG': 10_000,
  'Shoot/DCIM/IMG_0002.CR3': 70_000,
  'Shoot/DCIM/IMG_0002.xmp': 'rating 1',
  'Shoot/notes.txt': 'notes',
  'Shoot/empty.txt': 0,
  'Old/a.jpg': 4096,
  'Old/b.jpg': 5000,
  'Old/c.jpg': 6000,
  'Old/deep/d.jpg': 7000,
  'Old/deep/e.jpg': 8000,
  'top.tif': 130_000,
  'Nothing/': 0,
};

/** Builds the two volumes in a folder that is there. @param target root of a target volume that is mounted elsewhere. */
export async function buildBackup(
  folder: string,
  tree: Tree = TWELVE,
  target?: string,
): Promise<BackupScene> {
  const inFolder = sceneIn(folder);
  const b = target ?? inFolder.b;
  const scene = {...inFolder, b, target: join(b, 'Mirror')};
  const {w} = scene;
  for (const place of [w, b, scene.source]) await mkdir(place, {recursive: true});
  await makeTree(scene.source, tree);
  await mark(w, IDS.w, 'working');
  await mark(b, IDS.b, 'backup');
  return scene;
}

export async function makeBackup(t: ExecutionContext, tree: Tree = TWELVE): Promise<BackupScene> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'offload-backup-')));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  return await buildBackup(folder, tree);
}

async function mark(folder: string, id: string, role: 'working' | 'backup'): Promise<void> {
  await makeMarker(testFiles, folder, {
    id,
    name: role,
    role,
    createdAt: '2026-11-01T00:00:00.000Z',
    fsUuid: null,
    sizeBytes: null,
  });
}

export interface BackupSetting {
  readonly files?: Files;
  readonly run?: RunTool;
  readonly preview?: boolean;
  readonly acceptDeletions?: boolean;
  readonly mostDeletions?: number;
  readonly acceptChanges?: boolean;
  readonly atMs?: number;
  readonly graceDays?: number;
  readonly leaveOut?: readonly string[];
  readonly selection?: BackupJob['selection'];
  readonly fileSystem?: string;
  readonly trust?: ConnectedVolume['trust'];
  readonly targetFolder?: string;
  readonly stop?: AbortController;
  readonly program?: Partial<Program>;
  readonly pid?: number;
  readonly onEvent?: (event: OffloadEvent) => void;
}

export interface BackupReport {
  readonly end: BackupFinished;
  readonly events: readonly OffloadEvent[];
  readonly steps: readonly BackupStep[];
  /** `action path`, sorted, of what was done. */
  readonly done: readonly string[];
  readonly warnings: readonly string[];
}

/** Runs the job once. @throws when it leaves a file open or a listener on the signal. */
export async function runBackup(
  scene: BackupScene,
  setting: BackupSetting = {},
): Promise<BackupReport> {
  const {w, b} = scene;
  const open = new Map<Closable, string>();
  const program = testProgram(
    {
      cards: [],
      to: [w, b],
      ...(setting.run === undefined ? {} : {run: setting.run}),
      ...(setting.pid === undefined ? {} : {pid: setting.pid}),
      program: {clock: tickingClock(setting.atMs ?? FIRST_RUN), ...setting.program},
    },
    tracksHandles(setting.files ?? testFiles, open),
  );
  const on = connected(b, {id: IDS.b, setting});
  const target: BackupTarget = {
    volume: IDS.b,
    folder: setting.targetFolder ?? 'Mirror',
    graceDays: setting.graceDays ?? 30,
  };
  const job: BackupJob = {
    id: IDS.job,
    name: 'Photos',
    source: {volume: IDS.w, folder: 'Photos'},
    targets: [target],
    leaveOut: setting.leaveOut ?? [],
    trigger: {arrival: false, everyHours: null, quiet: null},
    alarmDays: 7,
    offsite: null,
    selection: setting.selection ?? null,
    createdAt: '2026-11-01T00:00:00.000Z',
  };
  const {signal} = setting.stop ?? new AbortController();
  const events: OffloadEvent[] = [];
  const emit = (event: OffloadEvent) => {
    events.push(event);
    setting.onEvent?.(event);
  };
  const {preview = false, acceptDeletions = false, acceptChanges = false} = setting;
  const source = connected(w, {id: IDS.w, setting: {}});
  let end: BackupFinished;
  try {
    const most = setting.mostDeletions === undefined ? {} : {mostDeletions: setting.mostDeletions};
    const run = {job, target, source, on, preview, acceptDeletions, acceptChanges, ...most};
    end = await runTarget(program, run, {emit, signal});
  } finally {
    runningPids.delete(program.self.pid);
  }
  expectNothingLeft(open, signal);
  const steps = events.filter((event) => event.type === 'backup-step');
  return {
    end,
    events,
    steps,
    done: steps
      .filter(({state}) => state !== 'failed')
      .map(({action, path}) => `${action} ${path}`)
      .sort(),
    warnings: events.flatMap((event) => (event.type === 'noticed' ? [event.code] : [])),
  };
}

function connected(
  folder: string,
  {
    id,
    setting: {fileSystem, trust = 'fits'},
  }: {readonly id: string; readonly setting: Pick<BackupSetting, 'fileSystem' | 'trust'>},
): ConnectedVolume {
  const disk = folder.slice(folder.lastIndexOf('/') + 1);
  const volume = diskVolume(folder, disk, fileSystem === undefined ? {} : {fileSystem});
  return {id, name: disk, role: 'backup', place: null, folder, volume, free: null, trust};
}

/** What a photographer sees below the target folder: no state, no archive. */
export async function readMirror({target}: BackupScene): Promise<Readonly<Record<string, string>>> {
  const rows = Object.entries(await readTree(target));
  const own = new RegExp(`^(?:${ARCHIVE_FOLDER}|\\${MIRROR_FOLDER})(?:/|$)`);
  return Object.fromEntries(rows.filter(([name]) => !own.test(name)));
}

/** Files of the archives, without the names of the runs. */
export async function readArchive({
  target,
}: BackupScene): Promise<Readonly<Record<string, string>>> {
  const rows = Object.entries(await readTree(join(target, ARCHIVE_FOLDER)).catch(() => ({})));
  return Object.fromEntries(
    rows.flatMap(([name, what]) => {
      const cut = name.indexOf('/');
      return cut === -1 || what === 'folder' ? [] : [[name.slice(cut + 1), what] as const];
    }),
  );
}

export const listRuns = async ({target}: BackupScene): Promise<readonly string[]> =>
  (await readdir(join(target, ARCHIVE_FOLDER)).catch(() => [])).sort();

/** Hidden files of the program that should be gone when no run is at work. */
export async function findBackupLitter({b}: BackupScene): Promise<readonly string[]> {
  const names = await readdir(b, {recursive: true});
  return names.filter((name) => /(?:\.part|\/lock[^/]*)$/.test(name)).sort();
}

let trials = 0;

/** The same volumes in a folder of their own, with all times that can be kept: change times are new, so every file is looked at by its bytes. */
export async function copyScene({folder, w, b}: BackupScene): Promise<BackupScene> {
  const place = join(folder, `trial-${trials++}`);
  await mkdir(place);
  await execa('cp', ['-a', w, b, place]);
  return sceneIn(place);
}

const sceneIn = (folder: string): BackupScene => {
  const w = join(folder, 'W');
  const b = join(folder, 'B');
  return {folder, w, b, source: join(w, 'Photos'), target: join(b, 'Mirror')};
};

/** Changes some of everything: a changed file, a new one, a moved one, a deleted one. */
export async function changeSome({source}: BackupScene): Promise<void> {
  await writeFile(join(source, 'Shoot/notes.txt'), seededBytes('other notes', 80_000));
  await writeFile(join(source, 'Shoot/new.jpg'), seededBytes('new', 70_001));
  await rename(join(source, 'top.tif'), join(source, 'Shoot/top.tif'));
  await rm(join(source, 'Old/a.jpg'));
}

/** The mirror before a run, and the source that it is to become. */
export interface MirrorTruth {
  readonly before: Readonly<Record<string, string>>;
  readonly wanted: Readonly<Record<string, string>>;
}

/** @returns what is wrong: a final name with other bytes than the source's or the old ones, an old copy that lies nowhere any more, a source that was touched. */
export async function findLosses(
  scene: BackupScene,
  {before, wanted}: MirrorTruth,
): Promise<readonly string[]> {
  const mirror = await readMirror(scene);
  const wrong = Object.entries(mirror).filter(
    ([path, hash]) =>
      hash !== 'folder' &&
      !path.endsWith('.part') &&
      hash !== wanted[path] &&
      hash !== before[path],
  );
  const there = new Set([...Object.values(mirror), ...Object.values(await readArchive(scene))]);
  const lost = Object.entries(before).filter(([, hash]) => !there.has(hash));
  const source = await readTree(scene.source);
  const touched = Object.keys({...source, ...wanted}).filter(
    (path) => source[path] !== wanted[path],
  );
  return [
    ...wrong.map(([path]) => `wrong bytes: ${path}`),
    ...lost.map(([path]) => `lost: ${path}`),
    ...touched.map((path) => `source touched: ${path}`),
  ];
}
