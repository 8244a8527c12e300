/** What mirrors wrote down on their targets comes into a catalog that was not told of it. */
import {cp, mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Catalog} from '../../../src/catalog/catalog.ts';
import {rebuildCatalog} from '../../../src/commands/catalog/index.ts';
import type {Program} from '../../../src/commands/program.ts';
import {status} from '../../../src/commands/status/status.ts';
import {BACKUP_JOBS, NO_JOBS} from '../../../src/core/backup/jobs/jobs-file.ts';
import {formatJobsFile} from '../../../src/core/backup/jobs/parse-jobs-file.ts';
import {MIRROR_FOLDER} from '../../../src/core/backup/mirror-tree.ts';
import {failed, ok} from '../../../src/core/cause.ts';
import type {OffloadEvent} from '../../../src/core/events.ts';
import {openRaw, openTrial, unwrap} from '../../catalog/made-records.ts';
import {forgetfulCatalog} from '../../helpers/forgetful-catalog.ts';
import {
  type BackupScene,
  changeSome,
  DAY_MS,
  FIRST_RUN,
  IDS,
  makeBackup,
  runBackup,
} from '../../helpers/run-backup.ts';
import {
  diskVolume,
  hashOfBytes,
  offloadTrial,
  testFiles,
  testProgram,
} from '../../helpers/run-offload.ts';
import {madeXmp} from '../../helpers/selection-scene.ts';

const withCatalog = (catalog: Catalog) => ({openCatalog: async () => ok(catalog)});

/** What it knows of mirrors: `path hash` of what is there, and of what was let go. */
async function rowsOf(t: ExecutionContext, {path}: Catalog) {
  const db = await openRaw(t, path);
  const rows = db
    .prepare('SELECT path, lower(hex(hash)) AS hash, gone_at FROM mirrored ORDER BY path, hash')
    .all();
  db.close();
  const name = ({path, hash}: Record<string, unknown>) => `${path} ${hash}`;
  return {
    there: rows.filter(({gone_at: gone}) => gone === null).map(name),
    gone: rows.filter(({gone_at: gone}) => gone !== null).map(name),
  };
}

async function rebuild(
  {w, b}: BackupScene,
  catalog: Catalog,
  {paths = [b], program = {}}: {paths?: readonly string[]; program?: Partial<Program>} = {},
) {
  const events: OffloadEvent[] = [];
  const made = testProgram(
    {
      cards: [],
      to: [w, b],
      program: {
        ...withCatalog(catalog),
        listVolumes: async () => [diskVolume(w, 'w'), diskVolume(b, 'b')],
        ...program,
      },
    },
    testFiles,
  );
  const emit = (event: OffloadEvent) => void events.push(event);
  const end = await rebuildCatalog(made, paths, {emit, signal: new AbortController().signal});
  const codes = events.flatMap((event) => ('code' in event ? [event.code] : []));
  const last = events.at(-1);
  const mirrored = last?.type === 'catalog-rebuilt' ? last.mirrored : undefined;
  return {end, codes, mirrored, made, emit, events};
}

test('a new catalog learns what lies on a target, from its root and from a folder in it', async (t) => {
  const scene = await makeBackup(t);
  const told = await openTrial(t);
  await runBackup(scene, {program: withCatalog(told)});
  const {there} = await rowsOf(t, told);
  t.is(there.length, 12);
  for (const path of [scene.b, scene.target, join(scene.target, 'Old/deep')]) {
    const catalog = await openTrial(t);
    const {end, mirrored, codes} = await rebuild(scene, catalog, {paths: [path, scene.b]});
    t.deepEqual([end.exitCode, mirrored, codes], [0, 12, []]);
    t.deepEqual((await rowsOf(t, catalog)).there, there);
  }
});

test('after it, status counts the copies of a backup that a lost computer made', async (t) => {
  const scene = await makeBackup(t, {'notes.txt': 'notes'});
  const card = join(scene.folder, 'EOS');
  await cp(scene.source, card, {recursive: true});
  const trial = {folder: scene.folder, card, w: scene.w, b: scene.b};
  await offloadTrial(trial, {to: [scene.source], options: {allowSameDrive: true}});
  t.is((await runBackup(scene)).end.result, 'good');
  const catalog = await openTrial(t);
  const {made, emit, events, end} = await rebuild(scene, catalog, {paths: [scene.w, scene.b]});
  t.is(end.exitCode, 0);
  const away = {...made, listVolumes: async () => []};
  await status(away, {emit, signal: new AbortController().signal});
  const shoot = events.find((event) => event.type === 'shoot-status');
  t.like(shoot, {files: 1, copies: 2}, JSON.stringify(events));
});

test('what is archived, replaced and moved is no copy any more, whatever the catalog held before', async (t) => {
  const scene = await makeBackup(t);
  const [told, stale] = [await openTrial(t), await openTrial(t)];
  await runBackup(scene, {program: withCatalog(told)});
  await rebuild(scene, stale);
  await changeSome(scene);
  const later = {atMs: FIRST_RUN + DAY_MS, acceptDeletions: true};
  t.is((await runBackup(scene, {...later, program: withCatalog(told)})).end.result, 'good');
  await rebuild(scene, stale);
  const [expected, found] = [await rowsOf(t, told), await rowsOf(t, stale)];
  t.deepEqual(found.there, expected.there);
  // Where it was before it was moved nobody knows, and nobody asks.
  t.deepEqual(
    found.gone,
    expected.gone.filter((row) => !row.startsWith('Mirror/top.tif')),
  );
  t.true(found.gone.length >= 2);
  await rebuild(scene, told);
  t.deepEqual(await rowsOf(t, told), expected);
});

test('what a job with a rule has in its archive is not taken for deleted', async (t) => {
  const tree: Record<string, number | string> = {};
  for (let at = 10; at < 22; at++) {
    tree[`IMG_${at}.CR3`] = 3000 + at;
    tree[`IMG_${at}.xmp`] = madeXmp({rating: 4});
  }
  const scene = await makeBackup(t, tree);
  const catalog = await openTrial(t);
  const selection = {rule: 'rating >= 3', catalog: null};
  await runBackup(scene, {selection, program: withCatalog(catalog)});
  await writeFile(join(scene.source, 'IMG_10.xmp'), madeXmp({rating: 1}));
  await runBackup(scene, {selection, atMs: FIRST_RUN + DAY_MS});
  const config = join(scene.folder, 'config');
  await mkdir(config);
  const job = {
    id: IDS.job,
    name: 'Photos',
    source: {volume: IDS.w, folder: 'Photos'},
    targets: [{volume: IDS.b, folder: 'Mirror', graceDays: 30}],
    leaveOut: [],
    trigger: {arrival: false, everyHours: null, quiet: null},
    alarmDays: 7,
    offsite: null,
    selection,
    createdAt: '2026-11-01T00:00:00.000Z',
  };
  await writeFile(join(config, BACKUP_JOBS.fileName), formatJobsFile({...NO_JOBS, jobs: [job]}));
  await rebuild(scene, catalog, {program: {configFolder: ok(config)}});
  const db = await openRaw(t, catalog.path);
  const rows = db
    .prepare("SELECT medium_read FROM mirrored WHERE path = 'Mirror/IMG_10.CR3' AND gone_at > 0")
    .all();
  db.close();
  t.deepEqual(
    rows.map(({medium_read: read}) => read),
    ['unchosen'],
  );
});

test('a copy that a verify found bad stays so', async (t) => {
  const scene = await makeBackup(t);
  const catalog = await openTrial(t);
  await runBackup(scene, {program: withCatalog(catalog)});
  const hash = hashOfBytes(await readFile(join(scene.target, 'Old/a.jpg')));
  const copies = [{path: 'Mirror/Old/a.jpg', hash, mediumRead: null}];
  const volume = '22222222-2222-4222-8222-222222222222';
  unwrap(await catalog.noteMirrorReadings({volume, at: '2027-01-01T00:00:00.000Z', copies}));
  await rebuild(scene, catalog);
  const db = await openRaw(t, catalog.path);
  const [row] = db.prepare("SELECT path FROM mirrored WHERE medium_read = 'bad'").all();
  t.like(row, {path: 'Mirror/Old/a.jpg'});
});

test('states of clones, of other drives and damaged ones are told and not taken', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const twin = join(scene.folder, 'B2');
  await cp(scene.b, twin, {recursive: true});
  const volumes = [diskVolume(scene.b, 'b'), diskVolume(twin, 'b2')];
  const program = {
    listVolumes: async () => volumes,
    describeVolume: async (path: string) =>
      volumes.find(({mountPoint}) => `${path}/`.startsWith(`${mountPoint}/`)) ??
      diskVolume('/', 'sys'),
  };
  const catalog = await openTrial(t);
  const cloned = await rebuild(scene, catalog, {paths: [twin], program});
  t.deepEqual([cloned.end.exitCode, cloned.codes], [1, ['mirror-doubtful']]);
  await rm(twin, {recursive: true});
  const folder = join(scene.target, MIRROR_FOLDER);
  const [state = ''] = (await readdir(folder)).filter((name) => name.endsWith('.state'));
  const text = await readFile(join(folder, state), 'utf8');
  await writeFile(join(folder, state), text.replaceAll('22222222-2222', '22222222-3333'));
  const foreign = await rebuild(scene, catalog);
  t.deepEqual([foreign.end.exitCode, foreign.codes], [1, ['mirror-foreign']]);
  await writeFile(join(folder, state), `${text}torn`);
  const damaged = await rebuild(scene, catalog);
  t.deepEqual([damaged.end.exitCode, damaged.codes], [1, ['mirror-damaged']]);
  t.deepEqual(await rowsOf(t, catalog), {there: [], gone: []});
});

test('records that turn out to be damaged while they are read are told, and the state is told once more', async (t) => {
  const scene = await makeBackup(t);
  const first = await runBackup(scene);
  const folder = join(scene.target, MIRROR_FOLDER);
  const [name = ''] = (await readdir(folder)).filter((one) => one.endsWith('.state'));
  const whole = await readFile(join(folder, name), 'utf8');
  // The moment in a record; the index is whole.
  const hurt = whole.replace('"2026-11-23T', '"2025-11-23T');
  t.not(hurt, whole);
  await writeFile(join(folder, name), hurt);
  const catalog = await openTrial(t);
  const {end, codes, mirrored} = await rebuild(scene, catalog);
  t.deepEqual([end.exitCode, codes], [1, ['mirror-damaged']]);
  t.true((mirrored ?? 0) < first.end.files);
  await writeFile(join(folder, name), whole);
  const again = await rebuild(scene, catalog);
  t.deepEqual([again.end.exitCode, again.mirrored], [0, first.end.files]);
});

/** A catalog of a process that dies before it tells the last changes. */
const dying = (catalog: Catalog): Catalog => ({
  ...forgetfulCatalog,
  recallTold: (owner) => catalog.recallTold(owner),
  noteTold: async (owner, run) =>
    run === null ? await catalog.noteTold(owner, run) : ok(undefined),
});

test('what a run that died had not told is told by the next one, though that has nothing to do', async (t) => {
  const scene = await makeBackup(t);
  const catalog = await openTrial(t);
  await runBackup(scene, {program: withCatalog(catalog)});
  await changeSome(scene);
  const second = {atMs: FIRST_RUN + DAY_MS, acceptDeletions: true};
  const died = await runBackup(scene, {...second, program: withCatalog(dying(catalog))});
  t.is(died.end.result, 'good');
  const before = await rowsOf(t, catalog);
  const program = withCatalog(catalog);
  const third = await runBackup(scene, {atMs: FIRST_RUN + 2 * DAY_MS, program});
  t.deepEqual(third.done, []);
  const after = await rowsOf(t, catalog);
  t.notDeepEqual(after.there, before.there);
  const fresh = await openTrial(t);
  await rebuild(scene, fresh);
  t.deepEqual(after.there, (await rowsOf(t, fresh)).there);
  t.true(after.gone.some((row) => row.startsWith('Mirror/Old/a.jpg')));
});

test('the whole state is told once, and again when another computer has run the job', async (t) => {
  const scene = await makeBackup(t);
  const [mine, other] = [await openTrial(t), await openTrial(t)];
  let tellings = 0;
  const counting = (catalog: Catalog): Catalog => ({
    ...forgetfulCatalog,
    recallTold: (owner) => catalog.recallTold(owner),
    noteTold: (owner, run) => catalog.noteTold(owner, run),
    noteMirror: (changes) => catalog.noteMirror(changes),
    noteMirrorState: (state) => {
      if (state.isFirst) tellings++;
      return catalog.noteMirrorState(state);
    },
    listUnnamed: (search) => catalog.listUnnamed(search),
    settleUnnamed: (settled) => catalog.settleUnnamed(settled),
  });
  const run = async (catalog: Catalog, day: number) => {
    tellings = 0;
    const atMs = FIRST_RUN + day * DAY_MS;
    await runBackup(scene, {atMs, acceptDeletions: true, program: withCatalog(counting(catalog))});
    return tellings;
  };
  t.is(await run(mine, 0), 0);
  t.is(await run(mine, 1), 0);
  await changeSome(scene);
  t.is(await run(other, 2), 1);
  t.is(await run(other, 3), 0);
  t.is(await run(mine, 4), 1);
  t.deepEqual((await rowsOf(t, mine)).there, (await rowsOf(t, other)).there);
  await rename(join(scene.source, 'Old/b.jpg'), join(scene.source, 'Old/moved.jpg'));
  t.is(await run(mine, 5), 0);
  t.is(await run(mine, 6), 0);
});

test('a catalog that breaks while it is told stops no run, and is told whole by the next one', async (t) => {
  const scene = await makeBackup(t);
  const catalog = await openTrial(t);
  await runBackup(scene);
  const cause = {code: 'catalog-locked', message: 'it is locked', next: 'Wait.'};
  const broken: Catalog = {...dying(catalog), noteMirrorState: async () => failed(cause)};
  const run = await runBackup(scene, {atMs: FIRST_RUN + DAY_MS, program: withCatalog(broken)});
  t.deepEqual([run.end.result, run.warnings], ['good', ['catalog-locked']]);
  t.is((await rowsOf(t, catalog)).there.length, 0);
  await runBackup(scene, {atMs: FIRST_RUN + 2 * DAY_MS, program: withCatalog(catalog)});
  t.is((await rowsOf(t, catalog)).there.length, 12);
});
