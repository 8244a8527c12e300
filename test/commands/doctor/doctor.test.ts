import {chmod, mkdir, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openCatalog} from '../../../src/catalog/open-catalog.ts';
import {installJobs} from '../../../src/commands/backup/index.ts';
import {runDoctor} from '../../../src/commands/doctor/index.ts';
import type {Program} from '../../../src/commands/program.ts';
import {failed, ok} from '../../../src/core/cause.ts';
import type {DoctorFinding} from '../../../src/core/events.ts';
import {DEFAULT_SETTINGS} from '../../../src/core/settings.ts';
import type {RunTool} from '../../../src/system/tools.ts';
import {changeMarker} from '../../../src/system/volume-marker.ts';
import {diskVolume, readTree, testFiles} from '../../helpers/run-offload.ts';
import {
  type BackupTrial,
  idOf,
  listen,
  makeBackupTrial,
  NOON,
  programOf,
  pull,
  putJob,
  writeOwn,
} from '../backup/backup-trial.ts';
import {addVault, DAY} from '../offsite/offsite-trial.ts';

/** Tools that answer what a computer does that is well. */
const tools =
  (answers: Readonly<Record<string, string>> = {}): RunTool =>
  async (command, args) => {
    const asked = [command, ...args].join(' ');
    const all = {'--version': 'v20.20.2', '-ver': '13.59', ...answers};
    const found = Object.entries(all).find(([word]) => asked.includes(word));
    return found === undefined
      ? failed({code: 'ENOENT', message: `${command} failed: not there`, next: 'Install it.'})
      : ok(found[1]);
  };

const rclone =
  (output: string | null): Program['rclone'] =>
  async () =>
    output === null ? {kind: 'not-started', errno: 'ENOENT'} : {kind: 'ended', exitCode: 0, output};

interface Visit {
  readonly exitCode: number;
  readonly findings: readonly DoctorFinding[];
  /** States of an area, in their order. */
  readonly of: (area: string) => readonly string[];
  readonly words: (area: string) => string;
}

async function visit(trial: BackupTrial, change: Partial<Program> = {}): Promise<Visit> {
  const program = programOf(trial, {run: tools(), rclone: rclone(null), ...change});
  const {end, events} = await listen((emit) => runDoctor(program, emit, {lateMs: 20_000}));
  const findings = events.filter((event) => event.type === 'doctor-finding');
  const among = (area: string) => findings.filter((one) => one.area === area);
  return {
    exitCode: end.exitCode,
    findings,
    of: (area) => among(area).map(({state}) => state),
    words: (area) =>
      among(area)
        .map(({about, message}) => `${about ?? ''} ${message}`)
        .join('\n'),
  };
}

/** Two drives with roles and a job of today, on a clock that stands still. */
async function makeWell(t: ExecutionContext): Promise<BackupTrial> {
  const trial = await makeBackupTrial(t);
  await changeMarker(testFiles, trial.w, {role: 'working'});
  await changeMarker(testFiles, trial.b, {role: 'backup'});
  await pull(trial, trial.o);
  for (const drive of [trial.w, trial.b]) await writeFile(join(drive, 'Photos/a.jpg'), 'a');
  return trial;
}

test('where all is well every line is good, and nothing is written', async (t) => {
  const trial = await makeWell(t);
  const before = await readTree(trial.folder);
  const {exitCode, findings, of} = await visit(trial);
  t.is(exitCode, 0);
  for (const area of ['node', 'hashing', 'exiftool', 'rclone', 'settings', 'clock', 'catalog'])
    t.deepEqual(of(area), ['good'], area);
  t.deepEqual(of('permissions'), ['good', 'good']);
  t.deepEqual([of('disks'), of('jobs'), of('schedule')], [['good'], ['good'], ['good']]);
  t.true(findings.every(({state, next}) => (state === 'good') === (next === null)));
  t.deepEqual(await readTree(trial.folder), before);
});

test('tools that are old or do not start', async (t) => {
  const trial = await makeWell(t);
  const old = await visit(trial, {run: tools({'--version': 'v18.1.0', '-ver': 'no perl'})});
  t.deepEqual([old.of('node'), old.of('exiftool'), old.exitCode], [['bad'], ['look'], 1]);
  const none = await visit(trial, {run: async (command) => tools()(command, [])});
  t.deepEqual([none.of('node'), none.of('exiftool'), none.exitCode], [['look'], ['look'], 0]);
  const odd = await visit(trial, {rclone: rclone('what?')});
  t.deepEqual(odd.of('rclone'), ['look']);
  const there = await visit(trial, {rclone: rclone('rclone v1.60.1-DEV\n- os/version: debian')});
  t.regex(there.words('rclone'), /1\.60\.1-DEV.*B2 needs 1\.73/);
});

test('settings that are left out are told', async (t) => {
  const trial = await makeWell(t);
  const problem = {code: 'settings-value', path: '/c', message: 'no such layout', next: 'Mend it.'};
  const told = await visit(trial, {
    settings: {settings: DEFAULT_SETTINGS, problems: [problem]},
  });
  t.deepEqual([told.of('settings'), told.exitCode], [['look'], 0]);
});

test('folders that cannot be written, or that this user has not', async (t) => {
  const trial = await makeWell(t);
  const files = Object.assign(Object.create(testFiles), {
    checkWritable: async (folder: string) => {
      throw Object.assign(new Error(folder), {code: 'EACCES'});
    },
  });
  const refused = await visit(trial, {files});
  t.deepEqual([refused.of('permissions'), refused.exitCode], [['bad', 'bad'], 1]);
  const none = failed({code: 'no-home-folder', message: 'no home', next: 'Set OFFLOAD_HOME.'});
  const homeless = await visit(trial, {configFolder: none, dataFolder: none});
  t.deepEqual([homeless.of('permissions'), homeless.of('catalog')], [['bad', 'bad'], ['bad']]);
});

test('Full Disk Access: only on macOS, by opening what is protected', async (t) => {
  const trial = await makeWell(t);
  const place = 'Library/Application Support/com.apple.TCC';
  const homeFolder = join(trial.folder, 'user');
  await mkdir(join(homeFolder, place), {recursive: true});
  const {launch} = programOf(trial);
  const mac = {launch: {...launch, platform: 'darwin', homeFolder}};
  t.deepEqual((await visit(trial, mac)).of('permissions'), ['good', 'good', 'look']);
  await writeFile(join(homeFolder, place, 'TCC.db'), '');
  t.deepEqual((await visit(trial, mac)).of('permissions'), ['good', 'good', 'good']);
  const files = Object.assign(Object.create(testFiles), {
    openToRead: async (path: string, options: {readonly direct: boolean}) => {
      if (path.endsWith('TCC.db')) throw Object.assign(new Error(path), {code: 'EPERM'});
      return await testFiles.openToRead(path, options);
    },
  });
  const refused = await visit(trial, {...mac, files});
  t.deepEqual([refused.of('permissions'), refused.exitCode], [['good', 'good', 'look'], 0]);
  t.regex(refused.words('permissions'), /does not have it/);
});

test('a catalog that is there and one that is damaged', async (t) => {
  const trial = await makeWell(t);
  const path = join(trial.home, 'catalog.sqlite');
  const opened = await openCatalog({path});
  if (!opened.ok) throw new Error(opened.cause.message);
  await opened.value.close();
  const names = await readdir(trial.home);
  const well = await visit(trial);
  t.deepEqual([well.of('catalog'), well.exitCode], [['good'], 0]);
  t.regex(well.words('catalog'), /0 offloads.*whole/);
  t.deepEqual(await readdir(trial.home), names, 'nothing is left beside it');
  await writeFile(path, 'x'.repeat(5000));
  const damaged = await visit(trial);
  t.deepEqual([damaged.of('catalog'), damaged.exitCode], [['bad'], 1]);
  t.is((await visit(trial)).exitCode, 1, 'it is not set aside by a look');
});

test('the clock: a year that cannot be, and records of tomorrow', async (t) => {
  const trial = await makeWell(t);
  trial.clock.set(Date.UTC(2001, 0, 1));
  t.deepEqual((await visit(trial)).of('clock'), ['bad']);
  // The markers were made on 2026-11-20.
  trial.clock.set(Date.UTC(2026, 10, 19));
  t.deepEqual((await visit(trial)).of('clock'), ['bad']);
  trial.clock.set(Date.UTC(2026, 10, 21));
  t.deepEqual((await visit(trial)).of('clock'), ['good']);
  let at = NOON;
  const now = () => {
    at += 60_000;
    return new Date(at);
  };
  const jumping = {...trial.clock, now};
  t.deepEqual((await visit(trial, {clock: jumping})).of('clock'), ['look']);
});

test('drives: read through a cache, on one disk, full, and clones', async (t) => {
  const trial = await makeWell(t);
  const {w, b} = trial;
  trial.plugged.set(b, {kind: 'network'});
  const cached = await visit(trial);
  t.deepEqual([...cached.of('reading')].sort(), ['good', 'look']);
  t.is(cached.exitCode, 0);
  trial.plugged.set(b, {physical: {known: true, ids: ['disk:w']}});
  const same = await visit(trial);
  t.deepEqual([same.of('disks'), same.exitCode], [['bad'], 1]);
  t.regex(same.words('disks'), /one physical disk/);
  trial.plugged.set(b, {physical: {known: false, why: 'no tool'}});
  t.deepEqual((await visit(trial)).of('disks'), ['look']);
  trial.plugged.set(b, {});
  const files = Object.assign(Object.create(testFiles), {
    freeBytes: async (folder: string) => (folder === w ? 2e12 : 1000),
  });
  const full = await visit(trial, {files});
  t.deepEqual([full.of('space'), full.exitCode], [['good', 'bad'], 1]);
  trial.plugged.set(b, {size: 1_000_000_000});
  const clone = await visit(trial);
  t.deepEqual([clone.of('drives'), clone.exitCode], [['bad'], 1]);
});

test('a drive that does not answer is told, and the rest is told all the same', async (t) => {
  const trial = await makeWell(t);
  const program = programOf(trial, {
    run: tools(),
    rclone: rclone(null),
    listVolumes: () => new Promise(() => {}),
    describeVolume: async () => diskVolume('/', 'sys'),
  });
  const {end, events} = await listen((emit) => runDoctor(program, emit, {lateMs: 300}));
  t.is(end.exitCode, 0);
  const late = events.flatMap((event) =>
    event.type === 'doctor-finding' && event.message.includes('did not answer') ? [event.area] : [],
  );
  t.deepEqual(late, ['drives']);
});

test('jobs: damaged, newer, overdue; a history that is damaged', async (t) => {
  const trial = await makeWell(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '1d'});
  const young = await visit(trial);
  t.deepEqual([young.of('jobs'), young.exitCode], [['good'], 0]);
  trial.clock.set(NOON + 8 * DAY);
  const late = await visit(trial);
  t.deepEqual([late.of('jobs'), late.exitCode], [['bad'], 1]);
  t.regex(late.words('jobs'), /OVERDUE: photos was never in step on B/);
  await writeOwn(trial, 'backup-history.json', '{');
  t.deepEqual((await visit(trial)).of('history'), ['look']);
  for (const text of ['{', '{"schema": "offload-jobs/9"}']) {
    await writeOwn(trial, 'backup-jobs.json', text);
    const damaged = await visit(trial);
    t.deepEqual([damaged.of('jobs'), damaged.exitCode], [['bad'], 1]);
  }
});

test('drives of a set that are to be swapped are looked at', async (t) => {
  const trial = await makeBackupTrial(t);
  await addVault(trial);
  trial.clock.set(NOON + 4 * DAY);
  const told = await visit(trial);
  t.deepEqual([told.of('off-site'), told.exitCode], [['look'], 0]);
  t.regex(told.words('off-site'), /SWAP the drives of vault/);
});

test('clouds that nothing was copied to for long, and rclone that they need', async (t) => {
  const trial = await makeWell(t);
  const cloud = {
    id: '00000000-0000-4000-8000-0000000000aa',
    name: 'cloud',
    source: {volume: idOf(trial.w), folder: 'Photos'},
    remote: 'b2:bucket/photos',
    trigger: {everyHours: 24},
    createdAt: '2026-11-20T12:00:00.000Z',
  };
  const file = {schema: 'offload-cloud-jobs/1', jobs: [cloud]};
  await writeOwn(trial, 'cloud-jobs.json', JSON.stringify(file));
  const young = await visit(trial);
  t.deepEqual([young.of('clouds'), young.of('schedule')], [['good'], ['look']]);
  t.deepEqual([young.of('rclone'), young.exitCode], [['bad'], 1]);
  trial.clock.set(NOON + 30 * DAY);
  const late = await visit(trial, {rclone: rclone('rclone v1.73.0')});
  t.deepEqual([late.of('clouds'), late.of('rclone'), late.exitCode], [['bad'], ['good'], 1]);
  await writeOwn(trial, 'cloud-jobs.json', '{');
  const damaged = await visit(trial, {rclone: rclone('rclone v1.73.0')});
  t.deepEqual([damaged.of('clouds'), damaged.exitCode], [['bad'], 1]);
});

test('snapshots of Lightroom catalogs that are overdue', async (t) => {
  const trial = await makeWell(t);
  const job = {
    id: '00000000-0000-4000-8000-0000000000ab',
    name: 'catalog',
    catalog: {volume: null, path: join(trial.folder, 'Photos.lrcat')},
    targets: [{volume: idOf(trial.b), folder: ''}],
    createdAt: '2026-11-23T10:00:00.000Z',
  };
  const volumes = {[idOf(trial.b)]: {name: 'B', path: trial.b}};
  const file = {schema: 'offload-lightroom-jobs/1', jobs: [job], volumes};
  await writeOwn(trial, 'lightroom-jobs.json', JSON.stringify(file));
  const young = await visit(trial);
  t.deepEqual(
    [young.of('lightroom'), young.of('schedule'), young.exitCode],
    [['good'], ['look'], 0],
  );
  trial.clock.set(NOON + 60 * DAY);
  const late = await visit(trial);
  t.deepEqual([late.of('lightroom'), late.exitCode], [['bad'], 1]);
  t.regex(late.words('lightroom'), /catalog on B OVERDUE: no snapshot yet/);
  await writeOwn(trial, 'lightroom-jobs.json', '{');
  t.deepEqual((await visit(trial)).of('lightroom'), ['bad']);
});

test('what starts the jobs: nothing, this program, another version, somebody else', async (t) => {
  const trial = await makeWell(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], onArrival: true});
  const {launch} = programOf(trial);
  const configHome = join(trial.folder, 'config');
  const own = {launch: {...launch, configHome}};
  t.deepEqual((await visit(trial, own)).of('schedule'), ['look']);
  const run = tools({systemctl: ''});
  await listen((emit) => installJobs(programOf(trial, {...own, run}), {emit, asRoot: false}));
  t.deepEqual((await visit(trial, own)).of('schedule'), ['good']);
  const moved = {launch: {...own.launch, command: ['/elsewhere/node', '/other/offload.cjs']}};
  t.deepEqual((await visit(trial, moved)).of('schedule'), ['look']);
  const units = join(configHome, 'systemd/user');
  const [unit = ''] = await readdir(units);
  await chmod(join(units, unit), 0o600);
  await writeFile(join(units, unit), 'somebody else');
  const foreign = await visit(trial, own);
  t.deepEqual([foreign.of('schedule'), foreign.exitCode], [['bad'], 1]);
  const beos = {launch: {...launch, platform: 'beos'}};
  t.deepEqual((await visit(trial, beos)).of('schedule'), ['look']);
});
