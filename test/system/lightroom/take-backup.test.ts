import {mkdir, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {DatabaseSync} from '@photostructure/sqlite';
import test from 'ava';
import {checkCopy} from '../../../src/system/lightroom/check-copy.ts';
import {listCompanions} from '../../../src/system/lightroom/list-companions.ts';
import {takeBackup} from '../../../src/system/lightroom/take-backup.ts';
import {realFiles} from '../../../src/system/real-files.ts';
import {failsCalls} from '../../helpers/faulty-files.ts';
import {makeLrcat, openAsLightroom} from '../../helpers/make-lrcat.ts';
import {makeTemporaryFolder} from '../../helpers/temporary-folder.ts';

const order = (
  folder: string,
  change: {readonly monotonic?: () => number; readonly signal?: AbortSignal} = {},
) => ({
  path: join(folder, 'X.lrcat'),
  to: join(folder, 'copy.lrcat'),
  signal: new AbortController().signal,
  monotonic: () => 0,
  ...change,
});

test('the copy has every row, and what it is is told', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await makeLrcat(join(folder, 'X.lrcat'), {
    pictures: [{path: 'a.cr3', keywords: ['A/B']}],
    version: '1200003',
  });
  // What an attempt before left there.
  await writeFile(join(folder, 'copy.lrcat'), 'half');
  const taken = await takeBackup(realFiles, order(folder));
  t.like(taken.ok && taken.value, {method: 'closed', version: '1200003', faults: []});
  t.like(taken.ok && taken.value.rows, {Adobe_images: 1, AgLibraryKeyword: 3});
  t.deepEqual((await readdir(folder)).sort(), ['X.lrcat', 'copy.lrcat']);
  const copy = await checkCopy(join(folder, 'copy.lrcat'));
  t.deepEqual(copy.ok && copy.value.rows, taken.ok && taken.value.rows);
});

test('a catalog with a journal is in the way of Lightroom for 10 seconds at the most; one with a log never is', async (t) => {
  for (const journal of ['delete', 'wal'] as const) {
    const folder = await makeTemporaryFolder(t);
    await makeLrcat(join(folder, 'X.lrcat'), {journal, history: 12_000});
    const lightroom = openAsLightroom(join(folder, 'X.lrcat'));
    t.teardown(() => lightroom.close());
    lightroom.add({path: 'a.cr3'});
    let ms = 0;
    const monotonic = () => {
      ms += 11_000;
      return ms;
    };
    const taken = await takeBackup(realFiles, order(folder, {monotonic}));
    t.is(taken.ok ? 'ok' : taken.cause.code, journal === 'wal' ? 'ok' : 'lrcat-held');
    lightroom.add({path: 'b.cr3'});
  }
});

test('who stops it gets no copy', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await makeLrcat(join(folder, 'X.lrcat'), {history: 12_000});
  const taken = await takeBackup(realFiles, order(folder, {signal: AbortSignal.abort()}));
  t.is(taken.ok ? 'ok' : taken.cause.code, 'stopped');
});

test('a database of another program is refused', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const db = new DatabaseSync(join(folder, 'X.lrcat'));
  db.exec('CREATE TABLE t (a)');
  db.close();
  const taken = await takeBackup(realFiles, order(folder));
  t.is(taken.ok ? 'ok' : taken.cause.code, 'lrcat-foreign');
});

test('what lies beside a catalog is listed, whether it is a file or a folder', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const list = async () => {
    const listed = await listCompanions(realFiles, folder, 'X.lrcat');
    return (
      listed.ok &&
      [listed.value.previews, listed.value.data].map((files) => files.map(({path}) => path))
    );
  };
  t.deepEqual(await list(), [[], []]);
  await writeFile(join(folder, 'X.lrcat-data'), 'a package of macOS may be a file');
  await mkdir(join(folder, 'X Smart Previews.lrdata', 'b', 'c'), {recursive: true});
  await mkdir(join(folder, 'X Previews.lrdata'));
  await writeFile(join(folder, 'X Previews.lrdata', 'cache'), 'left out');
  for (const name of ['z', 'a', 'b/c/d'])
    await writeFile(join(folder, 'X Smart Previews.lrdata', name), name);
  t.deepEqual(await list(), [
    ['a', 'b/c/d', 'z'].map((name) => `X Smart Previews.lrdata/${name}`),
    ['X.lrcat-data'],
  ]);
  const blind = failsCalls(realFiles, ['lookAll'], (path) => path.endsWith('c'), 'EACCES');
  const unlisted = await listCompanions(blind, folder, 'X.lrcat');
  t.is(unlisted.ok ? 'ok' : unlisted.cause.code, 'EACCES');
});

test('where no thread starts the copy is looked through all the same', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await makeLrcat(join(folder, 'X.lrcat'), {journal: 'delete', pictures: [{path: 'a.cr3'}]});
  const looked = await checkCopy(join(folder, 'X.lrcat'), pathToFileURL(join(folder, 'none.js')));
  t.is(looked.ok && looked.value.rows.Adobe_images, 1);
  const missing = await checkCopy(join(folder, 'none.lrcat'));
  t.is(missing.ok ? 'ok' : missing.cause.code, 'lrcat-unchecked');
  const thread = join(folder, 'thread.mjs');
  await writeFile(
    thread,
    "import {parentPort, workerData} from 'node:worker_threads'; parentPort.postMessage({copy: {faults: [workerData], rows: {}}});",
  );
  t.deepEqual(await checkCopy('/asked', pathToFileURL(thread)), {
    ok: true,
    value: {faults: ['/asked'], rows: {}},
  });
});
