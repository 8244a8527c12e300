import {readdir, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test from 'ava';
import {examineCatalog} from '../../src/catalog/examine-catalog.ts';
import {openCatalog} from '../../src/catalog/open-catalog.ts';
import {MIGRATIONS} from '../../src/catalog/schema.ts';
import {type Database, loadSqlite} from '../../src/catalog/sqlite.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

async function change(path: string, act: (db: Database) => void): Promise<void> {
  const open = await loadSqlite();
  if (!open.ok) throw new Error(open.cause.message);
  const db = open.value(path, {timeout: 1000});
  act(db);
  db.close();
}

async function makeCatalog(path: string): Promise<void> {
  const opened = await openCatalog({path});
  if (!opened.ok) throw new Error(opened.cause.message);
  await opened.value.close();
}

const examine = async (path: string) => {
  const health = await examineCatalog(realFiles, path);
  return health.ok ? health.value : health.cause.code;
};

test('a catalog that is well, one that is not there, and nothing is left beside either', async (t) => {
  const path = join(await makeTemporaryFolder(t), 'catalog.sqlite');
  t.is(await examine(path), null);
  t.deepEqual(await readdir(dirname(path)), []);
  await makeCatalog(path);
  t.like(await examine(path), {
    version: MIGRATIONS.length,
    checkedWhole: true,
    offloads: 0,
    newestMs: null,
  });
  t.deepEqual(await readdir(dirname(path)), ['catalog.sqlite']);
});

test('the newest moment is that of an offload or of a look at a volume', async (t) => {
  const path = join(await makeTemporaryFolder(t), 'catalog.sqlite');
  const opened = await openCatalog({path});
  if (!opened.ok) throw new Error(opened.cause.message);
  const seenAt = '2026-11-23T08:00:00.000Z';
  const volume = {
    id: 'w',
    name: 'W',
    role: null,
    place: null,
    fileSystem: 'ext4',
    size: 1,
    free: 1,
    drives: {known: false, why: 'x'},
    path: '/mnt/W',
    seenAt,
  } as const;
  await opened.value.noteVolumes([volume], []);
  t.like(await examine(path), {newestMs: Date.parse(seenAt)}, 'while another program has it open');
  await opened.value.close();
  t.like(await examine(path), {newestMs: Date.parse(seenAt)});
});

test('one of a newer version, and another program’s', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const newer = join(folder, 'newer.sqlite');
  await makeCatalog(newer);
  await change(newer, (db) => db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`));
  t.is(await examine(newer), 'catalog-newer');
  const foreign = join(folder, 'foreign.sqlite');
  await change(foreign, (db) => db.exec('CREATE TABLE x (y)'));
  t.is(await examine(foreign), 'catalog-foreign');
});

test('damage is found, and the file stays where it is', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const rubbish = join(folder, 'rubbish.sqlite');
  await writeFile(rubbish, 'x'.repeat(5000));
  t.is(await examine(rubbish), 'catalog-damaged');
  const short = join(folder, 'short.sqlite');
  await makeCatalog(short);
  await change(short, (db) => db.exec('DROP TABLE offload'));
  t.is(await examine(short), 'catalog-damaged');
  t.deepEqual((await readdir(folder)).sort(), ['rubbish.sqlite', 'short.sqlite']);
  await rm(rubbish);
});

test('a catalog of an earlier version is looked at and not brought up', async (t) => {
  const path = join(await makeTemporaryFolder(t), 'catalog.sqlite');
  await change(path, (db) => {
    db.exec(MIGRATIONS[0] ?? '');
    db.exec('PRAGMA application_id = 1330007108; PRAGMA user_version = 1');
  });
  t.like(await examine(path), {version: 1, newestMs: null});
  t.like(await examine(path), {version: 1});
});
