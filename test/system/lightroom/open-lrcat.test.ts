import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {copyFileSync, readdirSync} from 'node:fs';
import {rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {readLrcat} from '../../../src/system/lightroom/open-lrcat.ts';
import {realFiles} from '../../../src/system/real-files.ts';
import {makeLrcat, openAsLightroom} from '../../helpers/make-lrcat.ts';
import {makeTemporaryFolder} from '../../helpers/temporary-folder.ts';

const ASK = `(SELECT r.absolutePath || fo.pathFromRoot || f.idx_filename AS path, max(coalesce(i.rating, 0)) AS rating, count(*) AS versions
  FROM Adobe_images i JOIN AgLibraryFile f ON f.id_local = i.rootFile JOIN AgLibraryFolder fo ON fo.id_local = f.folder
  JOIN AgLibraryRootFolder r ON r.id_local = fo.rootFolder GROUP BY f.id_local ORDER BY path)`;

const count = (path: string) =>
  readLrcat(realFiles, path, (lrcat) => lrcat.rows(['count(*)'], 'Adobe_images')[0]?.[0]);

const codeOf = async (answer: Promise<{ok: boolean; cause?: {code: string}}>) =>
  (await answer).cause?.code;

for (const journal of ['wal', 'delete'] as const) {
  test(`a closed catalog is read and nothing is left beside it: ${journal}`, async (t) => {
    const folder = await makeTemporaryFolder(t);
    const path = join(folder, 'Ä #100%?.lrcat');
    await makeLrcat(path, {
      journal,
      pictures: [
        {path: 'A/IMG_1.CR3', rating: 4, keywords: ['Wedding/Portfolio', 'Wedding']},
        {path: 'A/IMG_2.CR3', virtualCopies: [{rating: 2, pick: 1, label: 'Rot'}]},
        {path: 'top.dng'},
      ],
    });
    const rows = await readLrcat(realFiles, path, (lrcat) =>
      lrcat.rows(['path', 'rating', 'versions'], ASK),
    );
    t.deepEqual(rows.ok && rows.value, [
      ['/Volumes/W/Photos/A/IMG_1.CR3', 4, 1],
      ['/Volumes/W/Photos/A/IMG_2.CR3', 2, 2],
      ['/Volumes/W/Photos/top.dng', 0, 1],
    ]);
    t.deepEqual(readdirSync(folder), ['Ä #100%?.lrcat']);
  });

  test(`what Lightroom has committed is read while it has the catalog open: ${journal}`, async (t) => {
    const folder = await makeTemporaryFolder(t);
    const path = join(folder, 'X.lrcat');
    await makeLrcat(path, {journal, pictures: [{path: 'a.cr3'}]});
    const lightroom = openAsLightroom(path);
    t.teardown(() => lightroom.close());
    lightroom.add({path: 'b.cr3'});
    t.deepEqual(await count(path), {ok: true, value: 2});
    copyFileSync(path, join(folder, 'naive.lrcat'));
    const naive = await count(join(folder, 'naive.lrcat'));
    t.deepEqual(naive, {ok: true, value: journal === 'wal' ? 1 : 2}, 'a copy of the file alone');
  });
}

test('an answer belongs to one state, whatever is written meanwhile', async (t) => {
  const path = join(await makeTemporaryFolder(t), 'X.lrcat');
  await makeLrcat(path, {pictures: [{path: 'a.cr3'}]});
  const lightroom = openAsLightroom(path);
  t.teardown(() => lightroom.close());
  lightroom.add({path: 'b.cr3'});
  const answers = await readLrcat(realFiles, path, async (lrcat) => {
    const ask = () => lrcat.rows(['count(*)'], 'Adobe_images')[0]?.[0];
    const first = ask();
    lightroom.add({path: 'c.cr3'});
    await new Promise((resolve) => setTimeout(resolve, 5));
    return [first, ask()];
  });
  t.deepEqual(answers, {ok: true, value: [2, 2]});
  t.deepEqual(await count(path), {ok: true, value: 3});
});

test('a catalog that is opened while it is read without locks is asked again', async (t) => {
  const path = join(await makeTemporaryFolder(t), 'X.lrcat');
  await makeLrcat(path, {pictures: [{path: 'a.cr3'}]});
  let asked = 0;
  let lightroom: ReturnType<typeof openAsLightroom> | undefined;
  t.teardown(() => lightroom?.close());
  const answer = await readLrcat(realFiles, path, (lrcat) => {
    asked++;
    const [row] = lrcat.rows(['count(*)'], 'Adobe_images');
    if (lightroom === undefined) {
      lightroom = openAsLightroom(path);
      lightroom.add({path: 'b.cr3'});
    }
    return row?.[0];
  });
  t.deepEqual(answer, {ok: true, value: 2});
  t.is(asked, 2);
});

const HOLDER = `
const {DatabaseSync} = await import('@photostructure/sqlite');
globalThis.db = new DatabaseSync(process.argv[1]);
db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE');
db.exec("INSERT INTO Adobe_variablesTable (id_global, name) VALUES ('held', 'held'); COMMIT");
console.log('held');
setInterval(() => db.isOpen, 1000);
`;

for (const journal of ['wal', 'delete'] as const) {
  test(`a catalog that another process holds alone is busy, and readable after a crash: ${journal}`, async (t) => {
    const path = join(await makeTemporaryFolder(t), 'X.lrcat');
    await makeLrcat(path, {journal, pictures: [{path: 'a.cr3'}]});
    const holder = spawn('node', ['--input-type=module', '-e', HOLDER, path]);
    t.teardown(() => holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    await writeFile(`${path}.lock`, '');
    t.is(await codeOf(count(path)), 'lrcat-busy');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    t.deepEqual(await count(path), {ok: true, value: 1});
    t.true(readdirSync(join(path, '..')).includes('X.lrcat.lock'), 'the lock stays');
  });
}

test('what is no catalog, damaged or not there says so', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const path = join(folder, 'X.lrcat');
  t.is(await codeOf(count(path)), 'ENOENT');
  await writeFile(path, 'not a database, but long enough for a header '.repeat(10));
  t.is(await codeOf(count(path)), 'lrcat-damaged');
  t.is(await codeOf(count(folder)), 'lrcat-damaged');
  await makeLrcat(join(folder, 'Y.lrcat'));
  await rename(join(folder, 'Y.lrcat'), join(folder, 'Z.lrcat'));
  const odd = readLrcat(realFiles, join(folder, 'Z.lrcat'), (lrcat) => lrcat.rows(['1'], 'nix'));
  t.is(await codeOf(odd), 'lrcat-unreadable');
});
