/** Jobs that keep some pictures only, on real folders: what is copied, what stays, what goes to the archive. */
import {mkdir, readdir, rename, rm, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {CatalogPlace} from '../../../src/core/backup/backup-job.ts';
import {ok} from '../../../src/core/cause.ts';
import type {BackupSelected} from '../../../src/core/events.ts';
import {failsCalls, interceptCalls} from '../../helpers/faulty-files.ts';
import {type MadePicture, makeLrcat, openAsLightroom} from '../../helpers/make-lrcat.ts';
import {
  type BackupReport,
  type BackupScene,
  type BackupSetting,
  DAY_MS,
  FIRST_RUN,
  makeBackup,
  readArchive,
  readMirror,
  runBackup,
} from '../../helpers/run-backup.ts';
import {readTree, type Tree, testFiles} from '../../helpers/run-offload.ts';
import {madeJpeg, madeXmp} from '../../helpers/selection-scene.ts';

const RULE = 'rating >= 3 or pick';

/** Twelve chosen pictures, so that one of them is not more than a tenth, and others. */
function makeShoot(): Tree {
  const tree: Record<string, Tree[string]> = {'notes.txt': 'notes', 'Empty/': 0};
  for (let at = 10; at < 22; at++) {
    tree[`2026/IMG_${at}.CR3`] = 3000 + at;
    tree[`2026/IMG_${at}.xmp`] = madeXmp({rating: 4});
  }
  return tree;
}

interface Trial {
  readonly scene: BackupScene;
  run(
    setting?: BackupSetting,
  ): Promise<BackupReport & {readonly selected: BackupSelected | undefined}>;
  day: number;
}

async function makeTrial(
  t: ExecutionContext,
  tree: Tree,
  {rule = RULE, catalog = null}: {rule?: string; catalog?: CatalogPlace | null} = {},
): Promise<Trial> {
  const scene = await makeBackup(t, tree);
  const home = join(scene.folder, 'home');
  const trial: Trial = {
    scene,
    day: 0,
    async run(setting = {}) {
      trial.day += 1;
      const report = await runBackup(scene, {
        selection: {rule, catalog},
        atMs: FIRST_RUN + trial.day * DAY_MS,
        ...setting,
        program: {dataFolder: ok(home), ...setting.program},
      });
      const selected = report.events.find((event) => event.type === 'backup-selected');
      return {...report, selected};
    },
  };
  return trial;
}

const put = (trial: Trial, path: string, text: string | Buffer) =>
  writeFile(join(trial.scene.source, path), text);

const namesOf = async (trial: Trial) => Object.keys(await readMirror(trial.scene)).sort();

/** The target's drive before the first run that wrote to it: its marker alone. */
const MARKER = ['.offload-volume.json'];

test('pictures that match are copied with their pairs and sidecars, in their folders; nothing else is', async (t) => {
  const trial = await makeTrial(t, {
    '2026/A/IMG_1.CR3': 5000,
    '2026/A/IMG_1.JPG': 5001,
    '2026/A/IMG_1.xmp': madeXmp({rating: 3}),
    '2026/A/IMG_1.CR3.dop': 'dop',
    '2026/A/IMG_1.WAV': 'voice',
    '2026/A/IMG_2.CR3': 5002,
    '2026/A/IMG_2.xmp': madeXmp({rating: 2, pick: 0}),
    '2026/B/IMG_3.NEF': 5003,
    '2026/B/IMG_3.NEF.xmp': madeXmp({rating: 0, pick: 1}),
    '2026/B/own.jpg': madeJpeg({rating: 5}),
    '2026/B/low.jpg': madeJpeg({rating: 1, pick: 0}),
    '2026/C/IMG_4.CR3': 5004,
    '2026/C/IMG_4.xmp': madeXmp({rating: 1, pick: 0}),
    'Empty/': 0,
    'notes.txt': 'notes',
  });
  const {end, selected} = await trial.run();
  t.is(end.result, 'good');
  t.deepEqual(await namesOf(trial), [
    '2026',
    '2026/A',
    '2026/A/IMG_1.CR3',
    '2026/A/IMG_1.CR3.dop',
    '2026/A/IMG_1.JPG',
    '2026/A/IMG_1.WAV',
    '2026/A/IMG_1.xmp',
    '2026/B',
    '2026/B/IMG_3.NEF',
    '2026/B/IMG_3.NEF.xmp',
    '2026/B/own.jpg',
  ]);
  t.like(selected, {
    chosen: 3,
    out: 3,
    unknown: 0,
    others: 1,
    byCatalog: 0,
    bySidecar: 4,
    byPicture: 2,
    rule: RULE,
    catalog: null,
  });
  const again = await trial.run();
  t.deepEqual([again.end.result, again.done], ['good', []]);
});

test('a picture that matches no more goes to the archive with all that belongs to it, and its empty folder goes', async (t) => {
  const trial = await makeTrial(t, {
    ...makeShoot(),
    '2025/IMG_1.CR3': 5000,
    '2025/IMG_1.xmp': madeXmp({rating: 3}),
  });
  await trial.run();
  await put(trial, '2025/IMG_1.xmp', madeXmp({rating: 1, pick: 0}));
  const second = await trial.run();
  t.is(second.end.result, 'good');
  t.deepEqual(second.done, ['archive 2025/IMG_1.CR3', 'archive 2025/IMG_1.xmp']);
  t.deepEqual(Object.keys(await readArchive(trial.scene)).sort(), [
    '2025/IMG_1.CR3',
    '2025/IMG_1.xmp',
  ]);
  t.false((await namesOf(trial)).includes('2025'));
  const quiet = await trial.run();
  t.deepEqual([quiet.end.result, quiet.done], ['good', []]);
  // The grace time is over.
  trial.day += 40;
  const purged = await trial.run();
  t.is(purged.end.purged, 1);
  t.deepEqual(await readArchive(trial.scene), {});
  // And it may come back.
  await put(trial, '2025/IMG_1.xmp', madeXmp({rating: 5}));
  t.deepEqual((await trial.run()).done, ['copy 2025/IMG_1.CR3', 'copy 2025/IMG_1.xmp']);
});

test('unknown is not no: a copy that is there stays and is kept up to date, and none is made', async (t) => {
  const trial = await makeTrial(t, makeShoot());
  await trial.run();
  await put(trial, '2026/IMG_10.xmp', 'no XMP any more');
  await put(trial, '2026/IMG_10.CR3.pp3', 'a new sidecar of it');
  await put(trial, '2026/NEW.CR3', Buffer.alloc(999, 1));
  await rm(join(trial.scene.source, '2026/IMG_11.xmp'));
  const {end, done, selected} = await trial.run();
  t.is(end.result, 'good');
  t.like(selected, {chosen: 10, unknown: 3, out: 0});
  t.deepEqual(done, [
    'archive 2026/IMG_10.xmp',
    'archive 2026/IMG_11.xmp',
    'copy 2026/IMG_10.CR3.pp3',
    'replace 2026/IMG_10.xmp',
  ]);
  const names = await namesOf(trial);
  t.true(names.includes('2026/IMG_10.CR3') && names.includes('2026/IMG_11.CR3'));
  t.false(names.includes('2026/NEW.CR3'));
});

test('an empty selection, a rule that is none and a drive that is away change nothing', async (t) => {
  const trial = await makeTrial(t, makeShoot());
  await trial.run();
  const before = await readTree(trial.scene.b);
  const away = '99999999-9999-4999-8999-999999999999';
  for (const [rule, catalog, code] of [
    ['rating = 5', null, 'selection-empty'],
    ['reject', null, 'selection-empty'],
    ['rating >= many', null, 'bad-rule'],
    [RULE, {volume: away, path: 'X.lrcat'}, 'catalog-away'],
    [RULE, {volume: null, path: join(trial.scene.folder, 'no.lrcat')}, 'ENOENT'],
    [RULE, {volume: null, path: join(trial.scene.source, 'notes.txt')}, 'lrcat-damaged'],
  ] as const) {
    for (const preview of [false, true]) {
      const {end, steps} = await trial.run({
        selection: {rule, catalog},
        preview,
        acceptDeletions: true,
      });
      t.deepEqual([end.result, end.code], ['refused', code], rule);
      t.deepEqual(steps, []);
    }
  }
  t.deepEqual(await readTree(trial.scene.b), before);
});

test('more removals than a tenth wait for a yes, and what is new is copied', async (t) => {
  const trial = await makeTrial(t, makeShoot());
  await trial.run();
  for (const at of [10, 11, 12])
    await put(trial, `2026/IMG_${at}.xmp`, madeXmp({rating: 0, pick: 0}));
  await put(trial, '2026/NEW.CR3', Buffer.alloc(999, 1));
  await put(trial, '2026/NEW.xmp', madeXmp({rating: 5}));
  const held = await trial.run();
  t.deepEqual([held.end.result, held.end.code, held.end.held], ['waiting', 'many-deletions', 6]);
  t.regex(held.end.message ?? '', /^the rule chooses 6 files of 24 no more: their copies stay/);
  t.deepEqual(held.done, ['copy 2026/NEW.CR3', 'copy 2026/NEW.xmp']);
  t.true((await namesOf(trial)).includes('2026/IMG_10.CR3'));
  const preview = await trial.run({preview: true});
  t.is(preview.end.result, 'waiting');
  t.is(preview.steps.filter(({action}) => action === 'hold').length, 6);
  const done = await trial.run({acceptDeletions: true});
  t.is(done.end.archived, 6);
  t.is(Object.keys(await readArchive(trial.scene)).length, 6);
});

test('a picture that was chosen again or moved meanwhile loses nothing', async (t) => {
  const trial = await makeTrial(t, makeShoot());
  await trial.run();
  await mkdir(join(trial.scene.source, '2027'));
  for (const end of ['CR3', 'xmp'])
    await rename(
      join(trial.scene.source, `2026/IMG_10.${end}`),
      join(trial.scene.source, `2027/IMG_10.${end}`),
    );
  const {end, done} = await trial.run();
  t.is(end.result, 'good');
  t.deepEqual(done, ['move 2027/IMG_10.CR3', 'move 2027/IMG_10.xmp']);
});

test('a state that is lost archives nothing and finds what is there again', async (t) => {
  const trial = await makeTrial(t, makeShoot());
  await trial.run();
  await put(trial, '2026/IMG_10.xmp', 'unknown now');
  await put(trial, '2026/IMG_11.xmp', madeXmp({rating: 0, pick: 0}));
  const {target} = trial.scene;
  await rm(join(target, '.offload-mirror'), {recursive: true});
  const {end, done} = await trial.run();
  t.deepEqual(
    done.filter((step) => !step.startsWith('adopt ')),
    ['archive 2026/IMG_10.xmp', 'replace 2026/IMG_10.xmp'],
  );
  t.is(end.strangers, 2, 'of one that is out nobody knows whose it is');
  const names = await namesOf(trial);
  t.true(names.includes('2026/IMG_10.CR3') && names.includes('2026/IMG_11.CR3'));
});

test('a rule on a job that kept everything asks before it removes, and --leave-out still holds', async (t) => {
  const trial = await makeTrial(t, {
    ...makeShoot(),
    'Proxy/IMG_1.CR3': 99,
    'Proxy/IMG_1.xmp': madeXmp({rating: 5}),
  });
  await trial.run({selection: null});
  const low = await trial.run({
    selection: {rule: 'rating >= 3 and not keyword = x', catalog: null},
  });
  t.is(low.end.code, 'selection-empty', 'keywords that nobody said are unknown');
  const {end, done} = await trial.run({leaveOut: ['Proxy/']});
  // The notes belong to no picture: one of 27 is not more than a tenth.
  t.is(end.result, 'good');
  t.deepEqual(done, ['archive notes.txt']);
  t.true((await namesOf(trial)).includes('Proxy/IMG_1.CR3'));
});

const CATALOG = 'Catalog/Studio.lrcat';

async function makeCatalogTrial(
  t: ExecutionContext,
  pictures: readonly MadePicture[],
  {tree = {}, root}: {tree?: Tree; root?: string} = {},
) {
  const made: Record<string, Tree[string]> = {...tree};
  for (const {path} of pictures) made[path] ??= 4000 + path.length;
  const trial = await makeTrial(t, made, {
    catalog: {volume: '11111111-1111-4111-8111-111111111111', path: CATALOG},
  });
  const path = join(trial.scene.w, CATALOG);
  await makeLrcat(path, {root: root ?? `${trial.scene.source}/`, pictures});
  return {trial, path};
}

const PICTURES: readonly MadePicture[] = [
  {path: '2026/A.CR3', rating: 3, sidecars: 'JPG,xmp'},
  {path: '2026/B.CR3', rating: null},
  {path: '2026/C.CR3', pick: 1},
  {path: '2026/D.CR3', rating: 1, virtualCopies: [{rating: 5}, {rating: null}]},
  {path: '2026/E.CR3', rating: 2, pick: -1, label: 'Rot'},
];
const CHOSEN = ['2026/A.CR3', '2026/C.CR3', '2026/D.CR3'];

test('the catalog is asked first; a virtual copy is enough; what is not in it is asked itself', async (t) => {
  const {trial, path} = await makeCatalogTrial(t, PICTURES, {
    tree: {
      // Written before the picture was rated in the catalog.
      '2026/A.xmp': madeXmp({rating: 0, pick: 0}),
      '2026/A.JPG': madeJpeg({rating: 0, pick: 0}),
      '2026/B.xmp': madeXmp({rating: 5}),
      '2026/Own.jpg': madeJpeg({rating: 4}),
      '2026/Who.CR3': 77,
    },
  });
  const {end, selected} = await trial.run();
  t.is(end.result, 'good');
  t.deepEqual(
    (await namesOf(trial)).filter((name) => name.includes('.')),
    ['2026/A.CR3', '2026/A.JPG', '2026/A.xmp', '2026/C.CR3', '2026/D.CR3', '2026/Own.jpg'],
  );
  t.like(selected, {chosen: 4, out: 2, unknown: 1, byCatalog: 5, byPicture: 1, catalog: path});
});

for (const root of ['/Volumes/W/Photos/', 'E:/Photos/', '/media/jan/w/PHOTOS/']) {
  test(`the catalog of another computer is understood: ${root}`, async (t) => {
    const {trial} = await makeCatalogTrial(t, PICTURES, {root});
    t.is((await trial.run()).end.result, 'good');
    t.deepEqual((await namesOf(trial)).slice(1), CHOSEN);
  });
}

test('names in another Unicode form are the same names', async (t) => {
  const {trial} = await makeCatalogTrial(t, [{path: 'Mu\u0308nchen/Grün.CR3', rating: 5}], {
    tree: {'München/Gru\u0308n.CR3': 99},
  });
  await rm(join(trial.scene.source, 'Mu\u0308nchen'), {recursive: true});
  t.is((await trial.run()).end.copied, 1);
});

test('a catalog of other pictures is refused, and says whose it has', async (t) => {
  const {trial} = await makeCatalogTrial(t, PICTURES, {root: '/Users/jan/Pictures/'});
  const {end} = await trial.run();
  t.deepEqual([end.result, end.code], ['refused', 'catalog-elsewhere']);
  t.regex(end.message ?? '', /\/Users\/jan\/Pictures\/2026\//);
});

test('a catalog that Lightroom holds open is read, with what was rated a moment ago', async (t) => {
  const {trial, path} = await makeCatalogTrial(t, PICTURES);
  const lightroom = openAsLightroom(path);
  t.teardown(() => lightroom.close());
  lightroom.db.exec(
    "UPDATE Adobe_images SET rating = 4 WHERE rootFile = (SELECT id_local FROM AgLibraryFile WHERE idx_filename = 'B.CR3')",
  );
  t.is((await trial.run()).end.result, 'good');
  t.true((await namesOf(trial)).includes('2026/B.CR3'));
});

test('a catalog without a column that is needed is refused', async (t) => {
  const {trial, path} = await makeCatalogTrial(t, PICTURES);
  const lightroom = openAsLightroom(path);
  lightroom.db.exec('ALTER TABLE Adobe_images RENAME COLUMN pick TO flag');
  lightroom.close();
  const {end} = await trial.run();
  t.deepEqual([end.result, end.code], ['refused', 'lrcat-unreadable']);
  t.deepEqual(await readdir(trial.scene.b), MARKER);
});

test('keywords of the catalog count with those above them, and labels in any language', async (t) => {
  const {trial} = await makeCatalogTrial(t, [
    {path: 'A.CR3', keywords: ['Jobs/Wedding/Portfolio', 'Berlin']},
    {path: 'B.CR3', keywords: ['Portfolio']},
    {path: 'C.CR3', label: 'Rouge'},
    {path: 'D.CR3', label: 'Vert', keywords: ['Wedding/Other']},
  ]);
  const catalog = {volume: '11111111-1111-4111-8111-111111111111', path: CATALOG};
  await trial.run({selection: {rule: 'keyword = "Wedding/Portfolio" or label = red', catalog}});
  t.deepEqual(await namesOf(trial), ['A.CR3', 'C.CR3']);
});

test('what did not change is not read again, and what did is', async (t) => {
  const trial = await makeTrial(t, {...makeShoot(), '2026/J.jpg': madeJpeg({rating: 4})});
  const long = new Date(FIRST_RUN - 30 * DAY_MS);
  for (const name of ['IMG_10.xmp', 'IMG_11.xmp', 'J.jpg'])
    await utimes(join(trial.scene.source, '2026', name), long, long);
  const opened: string[] = [];
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (call.method === 'openToRead' && call.path.startsWith(trial.scene.source))
      opened.push(call.path.slice(trial.scene.source.length + 1));
    return await proceed();
  });
  await trial.run({files});
  opened.length = 0;
  await trial.run({files});
  t.deepEqual(
    opened.filter((name) => /IMG_1[01]|J\.jpg/.test(name)),
    [],
  );
  await put(trial, '2026/IMG_10.xmp', madeXmp({rating: 3}));
  await trial.run({files});
  t.true(opened.includes('2026/IMG_10.xmp'));
});

test('metadata that cannot be read is unknown: nothing is removed, and the next run reads it', async (t) => {
  const trial = await makeTrial(t, makeShoot());
  await trial.run();
  await put(trial, '2026/IMG_10.xmp', madeXmp({rating: 1, pick: 0}));
  const isIts = (path: string) =>
    path.startsWith(trial.scene.source) && path.endsWith('IMG_10.xmp');
  const files = failsCalls(testFiles, ['openToRead'], isIts, 'EIO');
  const failed = await trial.run({files});
  t.like(failed.selected, {chosen: 11, unknown: 1});
  t.deepEqual([failed.end.archived, failed.end.failed], [0, 1]);
  t.like((await trial.run()).end, {result: 'good', archived: 2});
});

test('a sidecar that cannot be read hides what it says: what the picture itself says of older stars archives nothing', async (t) => {
  const old = madeJpeg({rating: 0, pick: 0});
  const trial = await makeTrial(t, {
    ...makeShoot(),
    '2026/OWN.jpg': old,
    '2026/OWN.xmp': madeXmp({rating: 5}),
    '2026/PAIR.CR3': 4000,
    '2026/PAIR.JPG': old,
    '2026/PAIR.CR3.xmp': madeXmp({rating: 5}),
  });
  t.like((await trial.run()).selected, {chosen: 14, unknown: 0});
  const isIts = (path: string) =>
    path.startsWith(trial.scene.source) && /(?:OWN|PAIR\.CR3)\.xmp$/.test(path);
  await rm(join(trial.scene.folder, 'home', 'selection'), {recursive: true});
  const files = failsCalls(testFiles, ['openToRead'], isIts, 'EIO');
  const failed = await trial.run({files});
  t.like(failed.selected, {chosen: 12, unknown: 2, out: 0});
  t.is(failed.end.archived, 0);
});

test('a sidecar that cannot even be looked at while the rule is asked archives nothing of its folder', async (t) => {
  const trial = await makeTrial(t, {
    ...makeShoot(),
    '2026/OWN.jpg': madeJpeg({rating: 0, pick: 0}),
    '2026/OWN.xmp': madeXmp({rating: 5}),
  });
  await trial.run();
  let looks = 0;
  const hidden = interceptCalls(testFiles, async (call, proceed) => {
    const answer = await proceed();
    const isIts = call.method === 'lookAll' && call.path === join(trial.scene.source, '2026');
    if (!isIts || ++looks > 1 || !Array.isArray(answer)) return answer;
    for (const entry of answer) {
      if (entry.name === 'OWN.xmp') Object.assign(entry, {facts: null, errno: 'EIO'});
    }
    return answer;
  });
  const failed = await trial.run({files: hidden});
  t.is(looks, 2);
  t.is(failed.end.archived, 0);
  t.like(failed.selected, {chosen: 12, unknown: 1, out: 0});
});

test('sidecars that the job leaves out say what their pictures are worth all the same', async (t) => {
  const trial = await makeTrial(t, makeShoot());
  const {selected} = await trial.run({leaveOut: ['*.xmp']});
  t.like(selected, {chosen: 12, unknown: 0});
  const names = await namesOf(trial);
  t.deepEqual(
    [names.filter((name) => name.endsWith('.CR3')).length, names.includes('2026/IMG_10.xmp')],
    [12, false],
  );
});

test('a sidecar in another Unicode form is that of its picture', async (t) => {
  const trial = await makeTrial(t, {'Gru\u0308n.CR3': 10, 'Gr\u00fcn.xmp': madeXmp({rating: 5})});
  t.is((await trial.run()).end.copied, 2);
});

test('a run that is stopped while it chooses writes nothing', async (t) => {
  const trial = await makeTrial(t, makeShoot());
  const stop = new AbortController();
  stop.abort(new Error('stopped'));
  const {end} = await trial.run({stop});
  t.is(end.result, 'stopped');
  t.deepEqual(await readdir(trial.scene.b), MARKER);
});
