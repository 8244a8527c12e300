import {mkdir, readdir, stat, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {build} from 'esbuild';
import {execa} from 'execa';
import {SmallFileCrew} from '../../../src/system/small-files/small-file-crew.ts';
import {hashOfBytes, knowsDirect, seededBytes} from '../../helpers/run-offload.ts';
import {listSmall, readIfThere} from '../../helpers/small-trial.ts';
import {makeTemporaryFolder, skip} from '../../helpers/temporary-folder.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** The thread, as it is built. Its packages are those of the project. */
async function buildThread(t: ExecutionContext): Promise<string> {
  const folder = await makeTemporaryFolder(t);
  const outfile = join(folder, 'small-file-thread.mjs');
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  await build({
    entryPoints: [join(PROJECT, 'src/system/small-files/small-file-thread.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['@napi-rs/blake-hash', 'blake3'],
  });
  return outfile;
}

const FILES = 300;

const microsOf = async (path: string) => (await stat(path, {bigint: true})).mtimeNs / 1000n;

/** A folder of small files, each of its own size and bytes. */
async function makeFiles(t: ExecutionContext) {
  const folder = await makeTemporaryFolder(t);
  const [card, w, b] = [join(folder, 'card'), join(folder, 'W'), join(folder, 'B')];
  for (const place of [card, w, b]) await mkdir(place);
  const files: {readonly path: string; readonly bytes: Buffer; readonly hash: string}[] = [];
  for (let n = 0; n < FILES; n++) {
    const path = join(card, `${n}.jpg`);
    const bytes = seededBytes(`file ${n}`, (n * 977) % 20_000);
    await writeFile(path, bytes);
    files.push({path, bytes, hash: hashOfBytes(bytes)});
  }
  return {folder, w, b, files};
}

test('many copies and names at once: each answer belongs to its question', async (t) => {
  const {w, b, files} = await makeFiles(t);
  const crew = new SmallFileCrew(2, pathToFileURL(await buildThread(t)));
  t.true(crew.isThere);
  t.false(crew.isRunning);
  await Promise.all(
    files.map(async ({path, bytes, hash}, n) => {
      const temporaries = [join(w, `.${n}.part`), join(b, `.${n}.part`)];
      const copy = await listSmall(path, {direct: false, temporaries, roots: [w, b]});
      const copied = await crew.copy(copy);
      const written = {kind: 'written', timed: true};
      t.deepEqual(copied, {kind: 'copied', hash, written: [written, written]});
      t.true(crew.isRunning);
      const to = join(w, `${n}.jpg`);
      t.is(await crew.name({from: temporaries[0] ?? '', to}), null);
      t.deepEqual(await readIfThere(to), bytes);
      t.is(await microsOf(to), await microsOf(path));
      // The name is taken now.
      const again = await crew.name({from: temporaries[1] ?? '', to});
      t.deepEqual(again, {errno: 'EEXIST', linked: false});
    }),
  );
  t.is((await readdir(w)).length, FILES);
});

test('many reads at once, with files that cannot be read among them', async (t) => {
  const {folder, files} = await makeFiles(t);
  if (!(await knowsDirect(folder))) return skip(t, 'no direct reads here');
  const crew = new SmallFileCrew(3, pathToFileURL(await buildThread(t)));
  const device = `${(await stat(folder, {bigint: true})).dev}`;
  await Promise.all(
    files.flatMap(({path, bytes, hash}) => [
      crew
        .read({path, device})
        .then((read) => t.deepEqual(read, {kind: 'read', hash, size: bytes.length})),
      crew
        .read({path: `${path}-none`, device})
        .then((read) => t.deepEqual(read, {kind: 'failed', errno: 'ENOENT'})),
    ]),
  );
  // What was asked later is answered too.
  t.like(await crew.read({path: files[7]?.path ?? '', device}), {
    kind: 'read',
    hash: files[7]?.hash,
  });
});

test('odd names come through: quotes, line ends, and letters of all kinds', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const crew = new SmallFileCrew(1, pathToFileURL(await buildThread(t)));
  for (const name of ['"a"', 'a\nb', 'é\u0301', '\uFEFFa', '\u{1F4F7}', '\\', '\u2028']) {
    const from = join(folder, `${name}.part`);
    await writeFile(from, name);
    t.is(await crew.name({from, to: join(folder, name)}), null, name);
    t.is((await readIfThere(join(folder, name)))?.toString(), name);
  }
});

test('without a thread to run nothing is done', async (t) => {
  const crew = new SmallFileCrew(2, undefined);
  t.false(crew.isThere);
  t.is(await crew.read({path: '/nowhere', device: '1'}), undefined);
  t.is(await crew.name({from: '/nowhere/a', to: '/nowhere/b'}), undefined);
  t.false(crew.isRunning);
});

/** Threads that die, as programs. */
const DYING: Readonly<Record<string, string>> = {
  'cannot be loaded': 'this is no program',
  'throws when it starts': 'throw new Error("died");',
  'throws when it is asked':
    'import {parentPort} from "node:worker_threads"; parentPort.on("message", () => { throw new Error("died"); });',
  'rejects when it is asked':
    'import {parentPort} from "node:worker_threads"; parentPort.on("message", async () => { throw new Error("died"); });',
  'ends when it is asked':
    'import {parentPort} from "node:worker_threads"; parentPort.once("message", () => process.exit(0));',
  'takes all the memory it may have': `import {parentPort} from "node:worker_threads";
    parentPort.on("message", () => { const all = []; for (;;) all.push(Array.from({length: 1e5}, (_, n) => ({n}))); });`,
};
for (const [how, program] of Object.entries(DYING)) {
  test(`a thread that ${how}: all who wait are told that nothing is known`, async (t) => {
    const thread = join(await makeTemporaryFolder(t), 'dying.mjs');
    await writeFile(thread, program);
    const crew = new SmallFileCrew(2, pathToFileURL(thread));
    const asked = Array.from({length: 50}, (_, n) =>
      crew.read({path: `/nowhere/${n}`, device: '1'}),
    );
    t.deepEqual(
      await Promise.all(asked),
      asked.map(() => undefined),
    );
    t.false(crew.isThere);
    t.false(crew.isRunning);
    t.is(await crew.read({path: '/nowhere', device: '1'}), undefined);
    t.is(await crew.name({from: '/nowhere/a', to: '/nowhere/b'}), undefined);
  });
}

test('a thread that is not there: all who wait are told that nothing is known', async (t) => {
  const none = pathToFileURL(join(await makeTemporaryFolder(t), 'none.mjs'));
  const crew = new SmallFileCrew(2, none);
  const asked = await Promise.all(
    [1, 2, 3].map((n) => crew.read({path: `/nowhere/${n}`, device: '1'})),
  );
  t.deepEqual(asked, [undefined, undefined, undefined]);
});

test('a thread that dies in the middle: what it answered before stands, and the others of the crew go on', async (t) => {
  const thread = join(await makeTemporaryFolder(t), 'dying.mjs');
  const program = `import {parentPort} from 'node:worker_threads';
    parentPort.on('message', (text) => {
      for (const {id, copy} of JSON.parse(text)) {
        if (copy.path === 'die') throw new Error('died');
        parentPort.postMessage(JSON.stringify([{id, read: {kind: 'odd'}}]));
      }
    });`;
  await writeFile(thread, program);
  const crew = new SmallFileCrew(2, pathToFileURL(thread));
  const paths = ['a', 'a', 'a', 'a', 'die', 'a', 'a', 'a'];
  const answers = await Promise.all(paths.map((path) => crew.read({path, device: '1'})));
  const odd = {kind: 'odd'};
  // Every second question goes to the same thread.
  t.deepEqual(answers, [odd, odd, odd, odd, undefined, odd, undefined, odd]);
  t.false(crew.isThere);
});

test('idle threads do not keep a program alive', async (t) => {
  const thread = await buildThread(t);
  const file = join(await makeTemporaryFolder(t), 'a.jpg');
  await writeFile(file, 'abc');
  const program = fileURLToPath(new URL('../../helpers/idle-crew.ts', import.meta.url));
  const {stdout, timedOut} = await execa(
    process.execPath,
    ['--import=tsx', program, thread, file],
    {cwd: PROJECT, timeout: 60_000, reject: false},
  );
  t.false(timedOut);
  t.regex(stdout, /^(?:read|failed)$/);
});
