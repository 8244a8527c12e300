import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {installJobs, uninstallJobs} from '../../../src/commands/backup/index.ts';
import type {Launch} from '../../../src/core/backup/jobs/install/launch.ts';
import {failed, ok} from '../../../src/core/cause.ts';
import type {RunTool} from '../../../src/system/tools.ts';
import {type BackupTrial, listen, makeBackupTrial, programOf} from './backup-trial.ts';

interface Desk {
  readonly launch?: Partial<Launch>;
  readonly run?: RunTool;
  readonly asRoot?: boolean;
}

function programAt(trial: BackupTrial, {launch = {}, run = async () => ok('')}: Desk) {
  const base = programOf(trial);
  const homeFolder = join(trial.folder, 'user');
  const moved = {homeFolder, configHome: join(homeFolder, '.config'), ...launch};
  return {...base, run, launch: {...base.launch, ...moved}};
}

const install = (trial: BackupTrial, desk: Desk = {}) =>
  listen((emit) => installJobs(programAt(trial, desk), {emit, asRoot: desk.asRoot ?? false}));
const uninstall = (trial: BackupTrial, desk: Desk = {}) =>
  listen((emit) => uninstallJobs(programAt(trial, desk), {emit}));

const unitsOf = ({folder}: BackupTrial) => join(folder, 'user', '.config', 'systemd', 'user');

test('units are written and registered, what was done is told, and all is taken away again', async (t) => {
  const trial = await makeBackupTrial(t);
  const calls: string[] = [];
  const run: RunTool = async (command, args) => {
    calls.push([command, ...args].join(' '));
    return ok('');
  };
  const told = await install(trial, {run});
  t.is(told.end.exitCode, 0);
  t.deepEqual(told.codes, [
    'start-files-written',
    'start-tool-done',
    'start-tool-done',
    'backup-installed',
  ]);
  t.deepEqual(calls, [
    'systemctl --user daemon-reload',
    'systemctl --user enable --now offload-backup.timer',
  ]);
  t.deepEqual((await readdir(unitsOf(trial))).sort(), [
    'offload-backup.service',
    'offload-backup.timer',
  ]);
  t.is((await install(trial, {run})).end.exitCode, 0, 'once more changes nothing');
  const gone = await uninstall(trial, {run});
  t.deepEqual([gone.end.exitCode, gone.codes.at(-1)], [0, 'backup-uninstalled']);
  t.deepEqual(await readdir(unitsOf(trial)), []);
  t.deepEqual((await uninstall(trial, {run})).codes, ['backup-not-installed']);
});

test('without the tool the files are there, and it is said what to type', async (t) => {
  const trial = await makeBackupTrial(t);
  const run: RunTool = async (command) =>
    failed({code: 'ENOENT', message: `${command} failed`, next: 'Install it.'});
  const told = await install(trial, {run});
  t.deepEqual([told.end.exitCode, told.codes.at(-1)], [1, 'start-tool-failed']);
  t.true(
    JSON.stringify(told.events).includes('systemctl --user enable --now offload-backup.timer'),
  );
  t.is((await readdir(unitsOf(trial))).length, 2);
});

test('a file that somebody else made stays', async (t) => {
  const trial = await makeBackupTrial(t);
  const units = unitsOf(trial);
  await mkdir(units, {recursive: true});
  const path = join(units, 'offload-backup.timer');
  await writeFile(path, '[Timer]\n');
  for (const told of [await install(trial), await uninstall(trial)])
    t.deepEqual([told.end.exitCode, told.codes], [2, ['start-file-foreign']]);
  t.is(await readFile(path, 'utf8'), '[Timer]\n');
});

test('not as the administrator, unless that is said', async (t) => {
  const trial = await makeBackupTrial(t);
  const root = {launch: {userId: 0}};
  const told = await install(trial, root);
  t.deepEqual([told.end.exitCode, told.codes], [2, ['install-as-root']]);
  await t.throwsAsync(() => readdir(unitsOf(trial)), {code: 'ENOENT'});
  const meant = await install(trial, {...root, asRoot: true});
  t.is(meant.end.exitCode, 0);
  t.true(meant.codes.includes('installed-as-root'));
});

test('a task of Windows is written as Windows reads it', async (t) => {
  const trial = await makeBackupTrial(t);
  await mkdir(trial.home);
  const told = await install(trial, {launch: {platform: 'win32', userId: null}});
  t.is(told.end.exitCode, 0);
  const [name = ''] = (await readdir(trial.folder)).filter((one) => one.endsWith('task.xml'));
  const bytes = await readFile(join(trial.folder, name));
  t.deepEqual([...bytes.subarray(0, 2)], [0xff, 0xfe]);
  t.true(bytes.toString('utf16le').startsWith('\ufeff<?xml version="1.0" encoding="UTF-16"?>'));
});

test('an agent of macOS that is there already is taken out before it is loaded again', async (t) => {
  const trial = await makeBackupTrial(t);
  const calls: string[] = [];
  const run: RunTool = async (command, args) => {
    calls.push([command, args[0]].join(' '));
    return args[0] === 'bootout' ? failed({code: 'x', message: 'none', next: ''}) : ok('');
  };
  const told = await install(trial, {run, launch: {platform: 'darwin', userId: 501}});
  t.is(told.end.exitCode, 0);
  t.deepEqual(calls, ['launchctl bootout', 'launchctl bootstrap']);
});
