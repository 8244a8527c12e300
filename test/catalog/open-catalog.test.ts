import {execFile} from 'node:child_process';
import {mkdir, open, readdir, readFile, stat, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import test from 'ava';
import {openCatalog} from '../../src/catalog/open-catalog.ts';
import {APPLICATION_ID, bringUp, MIGRATIONS} from '../../src/catalog/schema.ts';
import {setAside} from '../../src/catalog/set-aside.ts';
import {loadSqlite} from '../../src/catalog/sqlite.ts';
import {failed} from '../../src/core/cause.ts';
import {realClock} from '../../src/system/clock.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';
import {makeRecord, openRaw, openTrial, unwrap} from './made-records.ts';

const record = makeRecord({files: [{path: 'DCIM/IMG_0001.CR3'}]});
const fileIn = async (t: Parameters<typeof makeTemporaryFolder>[0]) =>
  join(await makeTemporaryFolder(t), 'catalog.sqlite');

async function codeOf(path: string, options: {readonly waitMs?: number} = {}): Promise<string> {
  const opened = await openCatalog({path, waitMs: 100, ...options});
  if (!opened.ok) {
    if (opened.cause.next === '') throw new Error('says nothing to do');
    return opened.cause.code;
  }
  await opened.value.close();
  return 'opened';
}

test('a missing catalog is made, with its folders, and is there the next time', async (t) => {
  const path = join(await makeTemporaryFolder(t), 'a', 'b', 'catalog.sqlite');
  const catalog = await openTrial(t, {path});
  t.is(catalog.notice, null);
  t.is(unwrap(await catalog.recordManifest(record)), 'recorded');
  await catalog.close();
  await catalog.close();
  const again = await openTrial(t, {path});
  t.is(again.notice, null);
  t.is(unwrap(await again.listCards()).length, 1);
  await again.close();
  t.is((await stat(`${path}-wal`)).size, 0);
  t.is((await openRaw(t, path)).prepare('PRAGMA journal_mode').get().journal_mode, 'wal');
});

test('a newer catalog and a database of another program are left alone, byte for byte', async (t) => {
  const path = await fileIn(t);
  await (await openTrial(t, {path})).close();
  for (const [sql, code] of [
    [`PRAGMA user_version = ${MIGRATIONS.length + 1}`, 'catalog-newer'],
    ['PRAGMA user_version = 1; PRAGMA application_id = 7', 'catalog-foreign'],
  ] as const) {
    const db = await openRaw(t, path);
    db.exec(sql);
    db.close();
    const before = await readFile(path);
    t.is(await codeOf(path), code);
    t.deepEqual(await readFile(path), before);
    t.deepEqual(await readdir(dirname(path)), ['catalog.sqlite']);
  }
});

const damages: readonly (readonly [what: string, damage: (path: string) => Promise<void>])[] = [
  [
    'is no database',
    (path) => writeFile(path, 'not a database, and longer than a header '.repeat(50)),
  ],
  [
    'was cut off',
    async (path) => {
      const file = await open(path, 'r+');
      await file.truncate(9000);
      await file.close();
    },
  ],
  [
    'has a page of something else',
    async (path) => {
      const file = await open(path, 'r+');
      const {size} = await file.stat();
      const pages = Buffer.alloc(size - 8192, 0x5a);
      await file.write(pages, 0, pages.length, 8192);
      await file.close();
    },
  ],
  [
    'misses a table',
    async (path) => {
      const {DatabaseSync} = await import('@photostructure/sqlite');
      const db = new DatabaseSync(path);
      db.exec('DROP TABLE copy');
      db.close();
    },
  ],
];
for (const [what, damage] of damages) {
  test(`a catalog that ${what} is set aside, not deleted, and a new one is made`, async (t) => {
    const path = await fileIn(t);
    const before = await openTrial(t, {path});
    unwrap(await before.recordManifest(record));
    await before.close();
    await damage(path);
    const bytes = await readFile(path);
    const catalog = await openTrial(t, {path});
    t.is(catalog.notice?.code, 'catalog-damaged');
    t.regex(catalog.notice?.next ?? '', /offload catalog rebuild PATH/);
    t.deepEqual(unwrap(await catalog.listCards()), []);
    t.is(unwrap(await catalog.recordManifest(record)), 'recorded');
    const [aside = ''] = (await readdir(dirname(path))).filter((name) =>
      /^catalog-damaged-\d{8}T\d{9}Z\.sqlite$/.test(name),
    );
    t.is(catalog.notice?.path, join(dirname(path), aside));
    t.deepEqual(await readFile(join(dirname(path), aside)), bytes);
    await catalog.close();
    t.is((await openTrial(t, {path})).notice, null);
  });
}

test('a catalog that was set aside is never replaced by the next one', async (t) => {
  const path = await fileIn(t);
  const clock = {...realClock, now: () => new Date('2026-11-23T10:00:00.000Z')};
  const texts = ['first ', 'second ', 'third '].map((word) => word.repeat(1000));
  for (const text of texts) {
    await writeFile(path, text);
    await (await openTrial(t, {path, clock})).close();
  }
  const aside = join(dirname(path), 'catalog-damaged-20261123T100000000Z');
  for (const [index, end] of ['.sqlite', '-2.sqlite', '-3.sqlite'].entries()) {
    t.is(await readFile(aside + end, 'utf8'), texts[index] ?? '');
  }
});

test('what lies beside a damaged catalog goes with it; what stands in its place now does not', async (t) => {
  const path = await fileIn(t);
  for (const end of ['', '-wal', '-shm', '-journal']) await writeFile(path + end, `text${end}`);
  const seen = await realFiles.look(path);
  const now = new Date('2026-11-23T10:00:00.000Z');
  const aside = unwrap(await setAside(realFiles, {path, seen, now})) ?? '';
  t.is(aside, join(dirname(path), 'catalog-damaged-20261123T100000000Z.sqlite'));
  for (const end of ['', '-wal', '-shm', '-journal']) {
    t.is(await readFile(aside + end, 'utf8'), `text${end}`);
  }
  t.is((await readdir(dirname(path))).length, 4);
  t.is(unwrap(await setAside(realFiles, {path, seen, now})), null);
  await writeFile(path, 'new');
  t.is(unwrap(await setAside(realFiles, {path, seen, now})), null);
  t.is(await readFile(path, 'utf8'), 'new');
});

test('damage that only shows in use is a cause, sets the file aside, and stops nothing', async (t) => {
  const path = await fileIn(t);
  const before = await openTrial(t, {path});
  const files = Array.from({length: 20_000}, (_, n) => ({path: `DCIM/IMG_${n}.CR3`}));
  unwrap(await before.recordManifest(makeRecord({files})));
  await before.close();
  const db = await openRaw(t, path);
  const leaves = db.prepare(
    "SELECT pageno FROM dbstat WHERE name = 'file' AND pagetype = 'leaf' ORDER BY path",
  );
  const pages = leaves.all().map(({pageno}) => Number(pageno));
  db.close();
  const file = await open(path, 'r+');
  // A look at the table sees the first.
  for (const page of pages.slice(1))
    await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096);
  await file.close();
  const catalog = await openTrial(t, {path});
  t.is(catalog.notice, null, 'a large catalog is not read whole when it is opened');
  const found = await catalog.findFiles('19999', 10);
  t.is(found.ok ? 'found' : found.cause.code, 'catalog-damaged');
  const recorded = await catalog.recordManifest(record);
  t.is(recorded.ok ? 'recorded' : recorded.cause.code, 'catalog-damaged');
  await catalog.close();
  const after = await openTrial(t, {path});
  t.is(after.notice, null);
  t.deepEqual(unwrap(await after.listCards()), []);
  t.is(
    (await readdir(dirname(path))).filter((name) => /^catalog-damaged.*sqlite$/.test(name)).length,
    1,
  );
});

test('a new catalog of another program is not set aside for the damage of the old one', async (t) => {
  const path = await fileIn(t);
  const catalog = await openTrial(t, {path});
  const db = await openRaw(t, path);
  db.exec(
    "UPDATE shoot SET name = name; INSERT INTO shoot VALUES ('x', 1, 1, 9223372036854775807, 1, 1, 1)",
  );
  db.close();
  const {rename} = await import('node:fs/promises');
  await rename(path, join(dirname(path), 'moved.sqlite'));
  await writeFile(path, '');
  const shoots = await catalog.listShoots();
  t.is(shoots.ok ? 'listed' : shoots.cause.code, 'catalog-damaged');
  t.is((await stat(path)).size, 0);
});

test('a locked catalog is a cause after a while, and free again when the lock is', async (t) => {
  const path = await fileIn(t);
  const catalog = await openTrial(t, {path, waitMs: 60});
  const db = await openRaw(t, path);
  db.exec('BEGIN IMMEDIATE');
  const recorded = await catalog.recordManifest(record);
  t.is(recorded.ok ? 'recorded' : recorded.cause.code, 'catalog-locked');
  t.true((await catalog.listCards()).ok, 'readers are not stopped by a writer');
  db.exec('ROLLBACK');
  t.true((await catalog.recordManifest(record)).ok);
});

test('a catalog that another program has for itself is a cause', async (t) => {
  const path = await fileIn(t);
  const db = await openRaw(t, path);
  // As it is where the file system takes no log beside the file.
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; CREATE TABLE x (y); BEGIN EXCLUSIVE`);
  t.is(await codeOf(path, {waitMs: 60}), 'catalog-locked');
  db.exec('ROLLBACK');
});

test('waiting for a lock gives way to everything else, and ends when the lock does', async (t) => {
  const path = await fileIn(t);
  const db = await openRaw(t, path);
  let pauses = 0;
  const clock = {
    ...realClock,
    async sleep() {
      pauses += 1;
      if (pauses === 3) db.exec('COMMIT');
    },
  };
  const catalog = await openTrial(t, {path, waitMs: 60_000, clock});
  db.exec('BEGIN IMMEDIATE');
  t.is(unwrap(await catalog.recordManifest(record)), 'recorded');
  t.is(pauses, 3);
});

test('what is no file, or cannot be made, is a cause', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await mkdir(join(folder, 'catalog.sqlite'));
  t.is(await codeOf(join(folder, 'catalog.sqlite')), 'catalog-not-a-file');
  await writeFile(join(folder, 'file'), '');
  t.is(await codeOf(join(folder, 'file', 'catalog.sqlite')), 'ENOTDIR');
  await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
  t.is(await codeOf(join(folder, 'pipe')), 'catalog-not-a-file');
  t.is(await codeOf('/proc/offload/catalog.sqlite'), 'ENOENT');
});

test('without SQLite on this machine there is a cause and no crash', async (t) => {
  const cause = {code: 'catalog-unavailable', message: 'none', next: 'none'};
  const opened = await openCatalog({path: await fileIn(t), load: async () => failed(cause)});
  t.deepEqual(opened, {ok: false, cause});
});

test('an older schema becomes a newer one, in one step and once', async (t) => {
  const open = unwrap(await loadSqlite());
  const path = await fileIn(t);
  const steps = ['CREATE TABLE a (x)', 'ALTER TABLE a ADD y', 'CREATE TABLE b (z)'];
  const versionOf = (db: ReturnType<typeof open>) => ({
    ...Object(db.prepare('PRAGMA user_version').get()),
  });
  const first = open(path, {timeout: 0});
  t.true(bringUp(first, path, steps.slice(0, 1)).ok);
  first.exec('INSERT INTO a VALUES (1)');
  first.close();
  const db = open(path, {timeout: 0});
  t.true(bringUp(db, path, steps).ok);
  t.true(bringUp(db, path, steps).ok);
  t.deepEqual({...Object(db.prepare('SELECT * FROM a').get())}, {x: 1, y: null});
  t.deepEqual(versionOf(db), {user_version: 3});
  t.throws(() => bringUp(db, path, [...steps, 'CREATE TABLE c (x)', 'broken']));
  t.deepEqual(versionOf(db), {user_version: 3});
  t.throws(() => db.prepare('SELECT * FROM c'));
  db.close();
});

const child = fileURLToPath(new URL('record-in-child.ts', import.meta.url));
const runChild = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['--import=tsx', child, ...args]);

test('two programs that start on no catalog record side by side', async (t) => {
  const path = await fileIn(t);
  const children = await Promise.all([runChild(path, 'one', '8'), runChild(path, 'two', '8')]);
  t.deepEqual(
    children.map(({stdout}) => stdout.trim()),
    ['8 recorded', '8 recorded'],
  );
  t.deepEqual(await readdir(dirname(path)), ['catalog.sqlite'], 'nothing is left beside it');
  const catalog = await openTrial(t, {path});
  t.is(catalog.notice, null);
  t.is(unwrap(await catalog.listShoots()).length, 16);
  t.is(unwrap(await catalog.findFiles('IMG_', 100_000)).files.length, 16 * 300);
});

test('killed while recording: nothing of that offload is there, and the catalog is whole', async (t) => {
  const path = await fileIn(t);
  const killed = await t.throwsAsync(runChild(path, 'three', '3', 'die-in-third'));
  t.like(killed, {signal: 'SIGKILL'});
  const catalog = await openTrial(t, {path});
  t.is(catalog.notice, null);
  t.is(unwrap(await catalog.listShoots()).length, 2);
  t.is(unwrap(await catalog.findFiles('IMG_', 100_000)).files.length, 600);
  await catalog.close();
  const db = await openRaw(t, path);
  t.deepEqual(Object.values(db.prepare('PRAGMA integrity_check').get()), ['ok']);
});
