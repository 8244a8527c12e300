/** Records that name what they must not name: `verify`, `check` and `catalog rebuild` read nothing outside of the shoot and wait for nothing. */
import {mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {rebuildCatalog} from '../../src/commands/catalog/index.ts';
import {check} from '../../src/commands/check.ts';
import type {RunEnd} from '../../src/commands/offload.ts';
import {verify} from '../../src/commands/verify.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import {type Manifest, type ManifestBody, sealManifest} from '../../src/core/manifest.ts';
import type {RunTool} from '../../src/system/tools.ts';
import {below, type Call, recordsCalls} from '../helpers/faulty-files.ts';
import {
  hashOfText,
  makeTree,
  makeTrial,
  offloadTrial,
  readManifests,
  type Trial,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';

const PATH = 'DCIM/100CANON/IMG_0001.JPG';
const hasPipes = process.platform !== 'win32';

interface Reading {
  readonly end: RunEnd;
  readonly events: readonly OffloadEvent[];
  readonly calls: readonly Call[];
  /** Tools that were started, with their arguments. */
  readonly tools: readonly string[];
}

/** Runs one of the commands that read records, on a drive that is read by emptying its cache: the way on which tools open files too. */
async function read(trial: Trial, command: 'verify' | 'check' | 'rebuild'): Promise<Reading> {
  const calls: Call[] = [];
  const tools: string[] = [];
  const run: RunTool = async (tool, args) => {
    tools.push([tool, ...args].join(' '));
    return tool === 'dd' || tool === 'sync'
      ? {ok: true, value: ''}
      : {ok: tool === 'fincore', value: '0', cause: {code: 'ENOENT', message: '', next: ''}};
  };
  const places = {cards: [trial.card], to: [trial.w, trial.b]};
  const volumes = {[trial.w]: {fileSystem: 'btrfs'}, [trial.b]: {fileSystem: 'btrfs'}};
  const program = testProgram({...places, volumes, run}, recordsCalls(testFiles, calls));
  const events: OffloadEvent[] = [];
  const {signal} = new AbortController();
  const listening = {emit: (event: OffloadEvent) => void events.push(event), signal};
  const waivers = {allowSameDrive: false, acceptCached: false};
  const commands = {
    verify: () => verify(program, {paths: [trial.w], part: undefined, heal: false}, listening),
    check: () => check(program, {card: trial.card, destinations: [trial.w], ...waivers}, listening),
    rebuild: () => rebuildCatalog(program, [trial.w], listening),
  };
  const end = await commands[command]();
  return {end, events, calls, tools};
}

/** Every place that was opened or handed to a tool lies below these folders. */
function readsOnly(t: ExecutionContext, {calls, tools}: Reading, roots: readonly string[]): void {
  const opened = calls.filter(({method}) => method === 'openToRead').map(({path}) => path);
  const handed = tools.flatMap((line) => /(?:if=|-- )(\/.*?)(?: iflag.*)?$/.exec(line)?.[1] ?? []);
  t.deepEqual(
    [...opened, ...handed].filter((path) => !roots.some((root) => below(root)(path))),
    [],
  );
}

type Change = (record: Manifest) => ManifestBody | object;

/** Offloads a card and puts another record in the place of the one on the working drive, sealed as it should be. */
async function makeHostile(t: ExecutionContext, change: Change): Promise<Trial> {
  const trial = await makeTrial(t, {[PATH]: 9000});
  await offloadTrial(trial);
  const [record] = await readManifests(join(trial.w, 'Shoot'));
  if (record === undefined) throw new Error('no record was written');
  const {seal: _seal, ...body} = record;
  const changed = change({...body, seal: ''});
  delete (changed as {seal?: string}).seal;
  await replaceRecord(trial, sealManifest(changed as ManifestBody, hashOfText));
  return trial;
}

async function replaceRecord(trial: Trial, text: string): Promise<void> {
  const records = join(trial.w, 'Shoot/_offload');
  const [name = ''] = (await readdir(records)).filter((one) => one.endsWith('.json'));
  await writeFile(join(records, name), text);
}

const withTarget = (target: string) => (record: Manifest) => ({
  ...record,
  files: record.files.map((file) => ({
    ...file,
    copies: file.copies.map((copy) => ({...copy, target})),
  })),
});

const COMMANDS = ['verify', 'check', 'rebuild'] as const;

const targets = [
  '/etc/passwd',
  '../../outside/IMG_0001.JPG',
  'EOS/../../../outside/IMG_0001.JPG',
  'EOS/./x',
  'EOS//x',
  '..',
  '.',
  '',
  'EOS/',
  'x\0y',
];
for (const target of targets) {
  test(`threat: a record that names ${JSON.stringify(target)} is no record`, async (t) => {
    const trial = await makeHostile(t, withTarget(target));
    await makeTree(trial.folder, {'outside/IMG_0001.JPG': 9000});
    for (const command of COMMANDS) {
      const reading = await read(trial, command);
      t.not(reading.end.exitCode, 0, command);
      readsOnly(t, reading, [trial.w, trial.card]);
      t.true(
        reading.events.some(
          ({type, ...rest}) =>
            type === 'noticed' && 'code' in rest && rest.code === 'manifest-malformed',
        ),
        command,
      );
    }
  });
}

const links: Readonly<Record<string, (shoot: string, outside: string) => Promise<void>>> = {
  'a folder that is a link': (shoot, outside) => symlink(outside, join(shoot, 'way')),
  'a link to a folder in the shoot that is a link': async (shoot, outside) => {
    await symlink(outside, join(shoot, 'EOS/hidden'));
    await symlink('EOS/hidden', join(shoot, 'way'));
  },
  'a link of dots': (shoot) => symlink('../../outside', join(shoot, 'way')),
  'a loop': (shoot) => symlink('way', join(shoot, 'way')),
};
for (const [what, link] of Object.entries(links)) {
  test(`threat: a record whose way leads through ${what} reads nothing there`, async (t) => {
    const trial = await makeHostile(t, withTarget('way/IMG_0001.JPG'));
    const outside = join(trial.folder, 'outside');
    await mkdir(outside);
    await rename(join(trial.w, 'Shoot/EOS', PATH), join(outside, 'IMG_0001.JPG'));
    await link(join(trial.w, 'Shoot'), outside);
    for (const command of ['verify', 'check'] as const) {
      const reading = await read(trial, command);
      t.is(reading.end.exitCode, 1, command);
      readsOnly(t, reading, [trial.w, trial.card]);
      const way = join(trial.w, 'Shoot/way');
      t.deepEqual(
        reading.calls.filter(({method, path}) => method === 'openToRead' && below(way)(path)),
        [],
      );
      t.deepEqual(
        reading.tools.filter((line) => line.includes(way)),
        [],
      );
    }
  });
}

const places: Readonly<Record<string, (place: string) => Promise<unknown>>> = {
  'a pipe': (place) => execa('mkfifo', [place]),
  'a link to a device': (place) => symlink('/dev/zero', place),
  'a link to itself': (place) => symlink(place, place),
  'a folder': (place) => mkdir(place),
};
for (const [what, put] of Object.entries(places)) {
  test(`threat: ${what} in the place of a copy holds nobody up and is opened by nobody`, async (t) => {
    if (!hasPipes) return t.pass();
    const trial = await makeTrial(t, {[PATH]: 9000, 'DCIM/B.JPG': 10});
    await offloadTrial(trial);
    const place = join(trial.w, 'Shoot/EOS', PATH);
    await rm(place);
    await put(place);
    for (const command of ['verify', 'check'] as const) {
      const {end, calls, tools} = await read(trial, command);
      t.is(end.exitCode, 1, command);
      t.deepEqual(
        calls.filter(({method, path}) => method === 'openToRead' && path === place),
        [],
      );
      t.deepEqual(
        tools.filter((line) => line.includes(place)),
        [],
      );
    }
    const again = await offloadTrial(trial);
    t.is(again.end.exitCode, 0);
    t.deepEqual(
      await readFile(join(trial.w, 'Shoot/EOS/DCIM/100CANON/IMG_0001-2.JPG')),
      await readFile(join(trial.card, PATH)),
    );
  });
}

/** JSON that `JSON.stringify` does not write. */
const texts: Readonly<Record<string, (text: string) => string>> = {
  'a number larger than numbers are': (text) => text.replace('"size": 9000', '"size": 1e309'),
  'a number that is none': (text) => text.replace('"size": 9000', '"size": -0.5'),
  'lists a million deep': () => `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`,
  'objects a hundred thousand deep': () => `${'{"schema":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  'a prototype': (text) =>
    text.replace('{', '{"__proto__": {"schema": "offload-manifest/1", "safe": true},'),
  nothing: () => '',
  null: () => 'null',
};
for (const [what, spoil] of Object.entries(texts)) {
  test(`threat: a record with ${what} is told and is no evidence`, async (t) => {
    const trial = await makeHostile(t, (record) => record);
    const records = join(trial.w, 'Shoot/_offload');
    const [name = ''] = (await readdir(records)).filter((one) => one.endsWith('.json'));
    await writeFile(join(records, name), spoil(await readFile(join(records, name), 'utf8')));
    for (const command of COMMANDS) {
      const {end, events} = await read(trial, command);
      t.not(end.exitCode, 0, command);
      t.true(
        events.some(
          ({type, ...rest}) =>
            type === 'noticed' && 'code' in rest && /^manifest-/.test(String(rest.code)),
        ),
        command,
      );
    }
    t.is(Object.getOwnPropertyDescriptor(Object.prototype, 'safe'), undefined);
  });
}

test('threat: a record that is larger than memory is not read', async (t) => {
  const trial = await makeTrial(t, {[PATH]: 9000});
  await offloadTrial(trial);
  const records = join(trial.w, 'Shoot/_offload');
  for (const name of ['large.json', 'large.journal']) {
    await writeFile(join(records, name), '');
    await truncate(join(records, name), 2 ** 40);
  }
  for (const command of COMMANDS) {
    const {events, calls} = await read(trial, command);
    t.is(events.filter((event) => 'code' in event && event.code === 'record-too-large').length, 2);
    t.false(calls.some(({method, path}) => method === 'openToRead' && path.includes('large')));
  }
});

test('threat: names of a prototype are names like others', async (t) => {
  const names = ['__proto__', 'constructor/prototype', 'hasOwnProperty', 'toString/__proto__'];
  const trial = await makeTrial(t);
  for (const name of names) {
    await mkdir(join(trial.card, name, '..'), {recursive: true});
    await writeFile(join(trial.card, name), `bytes of ${name}`);
  }
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  t.is(report.verdicts[0]?.account.copied, 8);
  for (const command of COMMANDS) {
    const {end} = await read(trial, command);
    t.is(end.exitCode, command === 'check' ? 1 : 0, command);
  }
});
