import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {
  type MirrorState,
  openState,
  peekState,
  type StateSetting,
  type StateView,
} from '../../src/backup/state-file.ts';
import type {MirrorRecord} from '../../src/core/backup/mirror-record.ts';
import {recordLine} from '../../src/core/backup/state-lines.ts';
import {compareFiles, folderOf} from '../../src/core/backup/walk-order.ts';
import type {Files} from '../../src/system/files.ts';
import {type HashEngine, loadHashEngine} from '../../src/system/hasher.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {
  below,
  type Call,
  changes,
  failsCalls,
  lyingSync,
  recordsCalls,
} from '../helpers/faulty-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const hashEngine: HashEngine = await loadHashEngine();

const RUN = '20261123T141500Z-aaaaaa';
const LATER = '20261124T141500Z-bbbbbb';

function hashBytes(bytes: Uint8Array): string {
  const hasher = hashEngine.create();
  hasher.update(bytes);
  return hasher.digest();
}

function settingOf(folder: string, run = RUN): StateSetting {
  return {
    folder,
    job: 'job-1',
    run,
    tool: 'offload 0.1.0',
    source: {volume: 'W', folder: 'Photos'},
    targetVolume: 'B',
    hashEngine,
    readBack: async (path) => ({ok: true, value: hashBytes(await readFile(path))}),
  };
}

const recordOf = (path: string, more: Partial<MirrorRecord> = {}): MirrorRecord => ({
  path,
  target: path,
  size: path.length,
  hash: hashBytes(Buffer.from(path)),
  source: {mtimeNs: 1_700_000_000_123_456_789n, changedNs: -5n},
  copy: {mtimeNs: 1_700_000_000_000_000_000n, changedNs: 0n},
  provedAt: '2026-11-23T14:15:00.000Z',
  mediumRead: 'direct',
  ...more,
});

/** Names that a text of lines could trip over, and the order that plain sorting gets wrong. */
const PATHS = [
  'a.txt',
  'z "quoted"\n\t.txt',
  'a/b/c.CR3',
  'a/n\udce9\udc80.jpg',
  'a-b/é.jpg',
  'a/é.jpg',
  'b/[1].xmp',
];

async function open(t: ExecutionContext, setting: StateSetting, files: Files = realFiles) {
  const opened = await openState(files, setting);
  if (!opened.ok) throw new Error(JSON.stringify(opened.cause));
  t.teardown(() => opened.value.close().catch(() => {}));
  return opened.value;
}

async function recordsOf({reader}: StateView): Promise<MirrorRecord[]> {
  const all: MirrorRecord[] = [];
  for await (const {path, records} of reader.folders()) {
    for (const [name, record] of records) {
      if (record.path !== (path === '' ? name : `${path}/${name}`)) throw new Error(record.path);
      all.push(record);
    }
  }
  return all;
}

const sorted = (records: readonly MirrorRecord[]) =>
  [...records].sort((a, b) => compareFiles(a.path, b.path));

async function putAll(state: MirrorState, records: readonly MirrorRecord[]): Promise<void> {
  await Promise.all(records.map((record) => state.put(record)));
}

/** A state with all of the paths in it. */
async function makeState(t: ExecutionContext): Promise<string> {
  const folder = await makeTemporaryFolder(t);
  const state = await open(t, settingOf(folder));
  await putAll(
    state,
    PATHS.map((path) => recordOf(path)),
  );
  t.deepEqual(await state.conclude(RUN), {ok: true, value: PATHS.length});
  await state.close();
  return folder;
}

test('what is put is known in the next run, in the order of the walk', async (t) => {
  const folder = await makeState(t);
  t.deepEqual(await readdir(folder), ['job-1.state']);
  const state = await open(t, settingOf(folder, LATER));
  t.is(state.damaged, null);
  t.is(state.known, PATHS.length);
  t.is(state.newestRun, RUN);
  const folders: string[] = [];
  for await (const {path} of state.reader.folders()) folders.push(path);
  t.deepEqual(folders, ['', 'a', 'a/b', 'a-b', 'b']);
  t.deepEqual(sorted(await recordsOf(state)), sorted(PATHS.map((path) => recordOf(path))));
});

test('changes and drops are merged, and other names on the target are remembered', async (t) => {
  const folder = await makeState(t);
  const state = await open(t, settingOf(folder, LATER));
  const moved = recordOf('c:d/e/x?.jpg', {target: 'c%3Ad/e/x%3F.jpg'});
  const again = recordOf('a.txt', {size: 99});
  await state.put(moved);
  await state.put(again);
  await state.drop('a/b/c.CR3');
  await state.drop('never/there');
  const expected = sorted([
    again,
    moved,
    ...PATHS.filter((path) => path !== 'a.txt' && path !== 'a/b/c.CR3').map((path) =>
      recordOf(path),
    ),
  ]);
  t.deepEqual(sorted(await recordsOf(state)), expected);
  t.deepEqual(await state.conclude(LATER), {ok: true, value: expected.length});
  await state.close();
  const next = await peekState(realFiles, settingOf(folder));
  if (!next.ok) throw new Error(next.cause.message);
  t.is(next.value.newestRun, LATER);
  t.deepEqual(sorted(await recordsOf(next.value)), expected);
  t.deepEqual([...next.value.reader.renamed], [['c:d', 'c%3Ad']]);
});

test('a run that died before it concluded is gone on with, its torn line cut', async (t) => {
  const folder = await makeState(t);
  const dead = await open(t, settingOf(folder, LATER));
  await dead.put(recordOf('new.jpg'));
  await dead.drop('a.txt');
  await dead.close();
  await appendFile(join(folder, 'job-1.changes'), '0123456789abcdef ["put","half');
  const state = await open(t, settingOf(folder, LATER));
  t.is(state.damaged, null);
  const known = () => recordsOf(state).then((all) => all.map(({path}) => path));
  t.true((await known()).includes('new.jpg'));
  t.false((await known()).includes('a.txt'));
  await state.put(recordOf('newer.jpg'));
  await state.close();
  const last = await open(t, settingOf(folder, LATER));
  const paths = (await recordsOf(last)).map(({path}) => path);
  t.true(paths.includes('new.jpg') && paths.includes('newer.jpg') && !paths.includes('a.txt'));
  t.is((await last.conclude(LATER)).ok, true);
  t.deepEqual(await readdir(folder), ['job-1.state']);
});

test('a run that died between the new state and the end of the changes loses nothing', async (t) => {
  const folder = await makeState(t);
  const state = await open(t, settingOf(folder, LATER));
  await state.put(recordOf('new.jpg'));
  await state.drop('a.txt');
  const left = await readFile(join(folder, 'job-1.changes'));
  await state.conclude(LATER);
  const after = sorted(await recordsOf(state));
  await state.close();
  await writeFile(join(folder, 'job-1.changes'), left);
  const next = await open(t, settingOf(folder, '20261125T141500Z-cccccc'));
  t.is(next.damaged, null);
  t.deepEqual(sorted(await recordsOf(next)), after);
  t.deepEqual(await next.conclude('20261125T141500Z-cccccc'), {ok: true, value: after.length});
});

test('a first run that died before anything was written down', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, 'job-1.changes'), '0123456789abc');
  const state = await open(t, settingOf(folder));
  t.is(state.damaged, null);
  await state.put(recordOf('a.txt'));
  t.deepEqual(await state.conclude(RUN), {ok: true, value: 1});
});

test('a run without a change notes only that it was there', async (t) => {
  const folder = await makeState(t);
  const before = await readFile(join(folder, 'job-1.state'));
  const state = await open(t, settingOf(folder, LATER));
  t.deepEqual(await state.conclude(LATER), {ok: true, value: PATHS.length});
  await state.close();
  t.deepEqual(await readFile(join(folder, 'job-1.state')), before);
  const next = await open(t, settingOf(folder, LATER));
  t.is(next.newestRun, LATER);
  t.is(next.damaged, null);
  t.is((await recordsOf(next)).length, PATHS.length);
});

const hurts: ReadonlyArray<readonly [what: string, hurt: (path: string) => Promise<void>]> = [
  ['empty', (path) => truncate(path, 0)],
  ['without its last newline', async (path) => truncate(path, (await stat(path)).size - 1)],
  ['cut in the last line', async (path) => truncate(path, (await stat(path)).size - 40)],
  ['cut in the middle', async (path) => truncate(path, Math.floor((await stat(path)).size / 2))],
  ['with something behind it', (path) => appendFile(path, '{}\n')],
  ['of zeros', async (path) => writeFile(path, Buffer.alloc((await stat(path)).size))],
  ['a text', (path) => writeFile(path, 'hello\n')],
];
for (const [what, hurt] of hurts) {
  test(`a state that is ${what} is put aside, and nothing is known`, async (t) => {
    const folder = await makeState(t);
    await hurt(join(folder, 'job-1.state'));
    const peeked = await peekState(realFiles, settingOf(folder));
    t.is(peeked.ok && peeked.value.damaged?.code, 'state-damaged');
    t.deepEqual(await readdir(folder), ['job-1.state']);
    const state = await open(t, settingOf(folder, LATER));
    t.is(state.damaged?.code, 'state-damaged');
    t.deepEqual(await readdir(folder), [`job-1.state.damaged-${LATER}`]);
    t.deepEqual(await recordsOf(state), []);
    t.is(state.known, 0);
    t.is(state.newestRun, null);
    await state.put(recordOf('a.txt'));
    t.deepEqual(await state.conclude(LATER), {ok: true, value: 1});
  });
}

test('whatever byte of a state is another one, it is damaged, and no record comes of it that was not put', async (t) => {
  const folder = await makeState(t);
  const path = join(folder, 'job-1.state');
  const whole = await readFile(path);
  let unseen = 0;
  // Every fifth byte comes to every kind of place: the lines repeat themselves.
  for (let at = 0; at < whole.length; at += 5) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    await writeFile(path, bytes);
    const peeked = await peekState(realFiles, settingOf(folder));
    if (!peeked.ok) throw new Error(peeked.cause.message);
    const records = await recordsOf(peeked.value);
    for (const record of records) t.deepEqual(record, recordOf(record.path));
    if (peeked.value.damaged !== null) continue;
    // The lines that name folders among the records are for a person: the index names them too.
    t.is(records.length, PATHS.length, `byte ${at}`);
    unseen += 1;
  }
  t.true(unseen < whole.length / 5 / 10);
});

/** A state in which the record of one path is damaged. */
async function makeHurtState(t: ExecutionContext) {
  const folder = await makeState(t);
  const path = join(folder, 'job-1.state');
  const text = await readFile(path, 'utf8');
  const [hurt = ''] = PATHS;
  await writeFile(
    path,
    text.replace(recordLine(recordOf(hurt)), (line) => line.replace('2', '3')),
  );
  return {folder, hurt};
}

test('records that are damaged are missing, those of other folders stay, and the next state has no damage', async (t) => {
  const {folder, hurt} = await makeHurtState(t);
  const state = await open(t, settingOf(folder, LATER));
  t.is(state.damaged, null);
  await state.put(recordOf('new.jpg'));
  const concluded = await state.conclude(LATER);
  t.is(state.damaged?.code, 'state-damaged');
  await state.close();
  const lost = PATHS.filter((one) => folderOf(one) === folderOf(hurt));
  t.deepEqual(concluded, {ok: true, value: PATHS.length - lost.length + 1});
  const again = await peekState(realFiles, settingOf(folder));
  if (!again.ok) throw new Error(again.cause.message);
  const records = await recordsOf(again.value);
  t.is(again.value.damaged, null);
  t.deepEqual(
    records.map((one) => one.path).toSorted(),
    [...PATHS.filter((one) => !lost.includes(one)), 'new.jpg'].toSorted(),
  );
});

test('a run that changed nothing leaves no damage behind either, so that the next one may archive again', async (t) => {
  const {folder} = await makeHurtState(t);
  const state = await open(t, settingOf(folder, LATER));
  await recordsOf(state);
  t.is(state.damaged?.code, 'state-damaged');
  t.true((await state.conclude(LATER)).ok);
  await state.close();
  const next = await open(t, settingOf(folder, LATER));
  await recordsOf(next);
  t.is(next.damaged, null);
  t.is(next.newestRun, LATER);
});

test('a run that dies twice between its new state and the end of its changes loses nothing', async (t) => {
  const folder = await makeState(t);
  const dying = failsCalls(realFiles, ['removeFile'], (path) => path.endsWith('.changes'), 'EIO');
  for (const name of ['one.jpg', 'two.jpg']) {
    const state = await open(t, settingOf(folder, LATER), dying);
    t.is(state.damaged, null, name);
    await state.put(recordOf(name));
    t.false((await state.conclude(LATER)).ok);
    await state.close();
  }
  const next = await open(t, settingOf(folder, LATER));
  t.is(next.damaged, null);
  t.is((await recordsOf(next)).length, PATHS.length + 2);
});

test('whatever byte of the changes is another one, no record comes of it that was not put', async (t) => {
  const folder = await makeState(t);
  const state = await open(t, settingOf(folder, LATER));
  const put = [recordOf('new 1.jpg'), recordOf('new 2.jpg')];
  await putAll(state, put);
  await state.close();
  const path = join(folder, 'job-1.changes');
  const whole = await readFile(path);
  const known = new Set([...PATHS, ...put.map((record) => record.path)]);
  for (let at = 0; at < whole.length; at += 3) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    await writeFile(path, bytes);
    const peeked = await peekState(realFiles, settingOf(folder));
    if (!peeked.ok) throw new Error(peeked.cause.message);
    for (const record of await recordsOf(peeked.value)) {
      t.true(known.has(record.path));
      t.deepEqual(record, recordOf(record.path));
    }
  }
});

const others: ReadonlyArray<readonly [what: string, other: Partial<StateSetting>]> = [
  ['source volume', {source: {volume: 'X', folder: 'Photos'}}],
  ['source folder', {source: {volume: 'W', folder: 'Other'}}],
  ['target volume', {targetVolume: 'C'}],
];
for (const [what, other] of others) {
  test(`a state of another ${what} is put aside`, async (t) => {
    const folder = await makeState(t);
    const state = await open(t, {...settingOf(folder, LATER), ...other});
    t.is(state.damaged?.code, 'state-foreign');
    t.deepEqual(await recordsOf(state), []);
    t.deepEqual(await readdir(folder), [`job-1.state.damaged-${LATER}`]);
  });
}

test('a state of another job under this name is put aside', async (t) => {
  const folder = await makeState(t);
  await writeFile(join(folder, 'job-2.state'), await readFile(join(folder, 'job-1.state')));
  const state = await open(t, {...settingOf(folder, LATER), job: 'job-2'});
  t.is(state.damaged?.code, 'state-foreign');
  t.deepEqual(await readdir(folder), ['job-1.state', `job-2.state.damaged-${LATER}`]);
});

test('changes of a state that is not there any more are put aside with it', async (t) => {
  const folder = await makeState(t);
  const state = await open(t, settingOf(folder, LATER));
  await state.put(recordOf('new.jpg'));
  await state.close();
  await rm(join(folder, 'job-1.state'));
  const next = await open(t, settingOf(folder, LATER));
  t.is(next.damaged?.code, 'state-damaged');
  t.deepEqual(await readdir(folder), [`job-1.changes.damaged-${LATER}`]);
});

const bad: readonly MirrorRecord[] = [
  recordOf('../x'),
  recordOf('/etc/passwd'),
  recordOf('a//b'),
  recordOf('a', {target: '../a'}),
  recordOf('b', {target: 'c/d'}),
  recordOf('c/d', {target: '_archive/d'}),
  recordOf('d', {target: '.offload-volume.json'}),
  recordOf('e', {size: -1}),
  recordOf('f', {hash: 'x'}),
];
for (const record of bad) {
  test(`a record that somebody made is none: ${JSON.stringify([record.path, record.target, record.size])}`, async (t) => {
    const folder = await makeTemporaryFolder(t);
    const state = await open(t, settingOf(folder));
    await putAll(state, [recordOf('good'), record]);
    t.is((await state.conclude(RUN)).ok, true);
    await state.close();
    const next = await open(t, settingOf(folder, LATER));
    const paths = (await recordsOf(next)).map(({path}) => path);
    t.deepEqual(paths, next.damaged === null ? ['good'] : []);
  });
}

test('a look ahead writes nothing', async (t) => {
  const folder = await makeState(t);
  await truncate(join(folder, 'job-1.state'), 100);
  await writeFile(join(folder, 'job-1.changes'), 'torn');
  const calls: Call[] = [];
  const peeked = await peekState(recordsCalls(realFiles, calls), settingOf(folder));
  t.true(peeked.ok);
  t.deepEqual(calls.filter(changes), []);
  const none = await peekState(recordsCalls(realFiles, calls), settingOf(join(folder, 'none')));
  t.is(none.ok && none.value.known, 0);
  t.deepEqual(calls.filter(changes), []);
});

test('many that wait share a flush, and each is durable when it is told', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const calls: Call[] = [];
  const state = await open(t, settingOf(folder), recordsCalls(realFiles, calls));
  await state.put(recordOf('first'));
  calls.length = 0;
  await putAll(
    state,
    Array.from({length: 500}, (_, at) => recordOf(`${at}.jpg`)),
  );
  t.true(calls.filter(({method}) => method === 'sync').length <= 3);
  const text = await readFile(join(folder, 'job-1.changes'), 'utf8');
  t.is(text.split('\n').length, 1 + 501 + 1);
});

test('a flush that fails is told to all that wait, and no later one makes up for it', async (t) => {
  const folder = await makeTemporaryFolder(t);
  let broken = false;
  const files = failsCalls(
    realFiles,
    ['sync'],
    (path) => broken && path.endsWith('.changes'),
    'EIO',
  );
  const state = await open(t, settingOf(folder), files);
  await state.put(recordOf('a'));
  broken = true;
  const told = await Promise.allSettled([state.put(recordOf('b')), state.put(recordOf('c'))]);
  t.deepEqual(
    told.map(({status}) => status),
    ['rejected', 'rejected'],
  );
  broken = false;
  await t.throwsAsync(state.put(recordOf('d')), {code: 'EIO'});
});

test('a new state that comes back with other bytes does not take the place of the old one', async (t) => {
  const folder = await makeState(t);
  const before = await readFile(join(folder, 'job-1.state'));
  const files = lyingSync(realFiles, (path) => path.endsWith('-state.part'));
  const state = await open(t, settingOf(folder, LATER), files);
  await state.put(recordOf('new.jpg'));
  const concluded = await state.conclude(LATER);
  t.is(!concluded.ok && concluded.cause.code, 'state-mismatch');
  await state.close();
  t.deepEqual(await readdir(folder), ['job-1.changes', 'job-1.state']);
  t.deepEqual(await readFile(join(folder, 'job-1.state')), before);
  const next = await open(t, settingOf(folder, LATER));
  t.true((await recordsOf(next)).some(({path}) => path === 'new.jpg'));
});

test('every call that fails once while a run concludes leaves all that is known', async (t) => {
  let n = 0;
  for (let ended = false; !ended; n += 1) {
    const folder = await makeTemporaryFolder(t);
    const first = await open(t, settingOf(folder));
    await putAll(first, [recordOf('a'), recordOf('b/c')]);
    await first.conclude(RUN);
    await first.close();
    let seen = -1;
    const calls: Call[] = [];
    const counted = recordsCalls(realFiles, calls);
    const fails = (path: string) => below(folder)(path) && seen >= 0 && seen++ === n;
    const methods = [
      'createFile',
      'write',
      'sync',
      'replace',
      'syncFolder',
      'removeFile',
      'openToRead',
      'read',
      'close',
    ] as const;
    const state = await open(
      t,
      settingOf(folder, LATER),
      failsCalls(counted, methods, fails, 'EIO'),
    );
    await state.put(recordOf('new'));
    await state.drop('a');
    seen = 0;
    await state.conclude(LATER);
    ended = seen <= n;
    seen = -1;
    await state.close();
    const next = await open(t, settingOf(folder, LATER));
    t.is(next.damaged, null, `call ${n}`);
    const paths = (await recordsOf(next)).map(({path}) => path);
    t.deepEqual(paths.sort(), ['b/c', 'new'], `call ${n}`);
    await next.close();
  }
  t.true(n > 8);
});

test('a folder that is not there is a failure of the system', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await mkdir(join(folder, 'job-1.state'));
  const opened = await openState(realFiles, settingOf(folder));
  t.is(!opened.ok && opened.cause.code, 'EISDIR');
});
