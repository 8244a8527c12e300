import {mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openCatalog} from '../../../src/catalog/open-catalog.ts';
import {cards, find, rebuildCatalog, shoots} from '../../../src/commands/catalog/index.ts';
import type {RunEnd} from '../../../src/commands/offload.ts';
import type {Cause} from '../../../src/core/cause.ts';
import {failed} from '../../../src/core/cause.ts';
import type {Emit, OffloadEvent} from '../../../src/core/events.ts';
import {dumpCatalog, openTrial, unwrap} from '../../catalog/made-records.ts';
import {
  makeTrial,
  offloadTrial,
  readManifests,
  readTree,
  type Trial,
  testFiles,
  testProgram,
} from '../../helpers/run-offload.ts';

const PICTURE = 'DCIM/100CANON/IMG_0001.JPG';

function programWith(catalog: {readonly path: string} | Cause, trial?: Trial) {
  const to = trial === undefined ? [] : [trial.w, trial.b];
  const opened = 'code' in catalog ? async () => failed(catalog) : () => openCatalog(catalog);
  return testProgram({cards: [], to, program: {openCatalog: opened}}, testFiles);
}

async function listen(run: (emit: Emit) => Promise<RunEnd>) {
  const events: OffloadEvent[] = [];
  const end = await run((event) => events.push(event));
  return {end, events, types: events.map(({type}) => type)};
}

const rebuild = (program: ReturnType<typeof testProgram>, ...paths: readonly string[]) =>
  listen((emit) => rebuildCatalog(program, paths, {emit, signal: new AbortController().signal}));

/** Two shoots, one of them twice with a file more, and a catalog that was told of each record as it ended. */
async function makeHistory(t: ExecutionContext) {
  const trial = await makeTrial(t);
  const catalog = await openTrial(t);
  const record = async (shoot: string) => {
    await offloadTrial(trial, {options: {shoot}});
    for (const manifest of await readManifests(join(trial.w, shoot))) {
      unwrap(await catalog.recordManifest(manifest));
    }
  };
  await record('First');
  await record('Second');
  await writeFile(join(trial.card, 'DCIM/100CANON/IMG_0009.JPG'), 'new');
  await writeFile(Buffer.from(`${trial.card}/DCIM/latin1_\xE9.JPG`, 'latin1'), 'odd');
  await record('First');
  await catalog.close();
  return {trial, path: catalog.path};
}

test('a rebuild gives the same rows, whichever drive it reads and in whatever order', async (t) => {
  const {trial, path} = await makeHistory(t);
  const expected = await dumpCatalog(t, path);
  t.is(expected.filter((row) => row.startsWith('offload ')).length, 3);
  const before = [await readTree(trial.w), await readTree(trial.b)];
  for (const paths of [
    [trial.w],
    [trial.b],
    [trial.b, trial.w],
    [join(trial.w, 'Second'), join(trial.b, 'First', 'EOS')],
    [trial.folder],
  ]) {
    const other = (await openTrial(t)).path;
    const {end, events} = await rebuild(programWith({path: other}, trial), ...paths);
    t.deepEqual(end, {outcome: 'complete', exitCode: 0});
    t.deepEqual(await dumpCatalog(t, other), expected, paths.join());
    const manifests =
      paths.length === 2 && paths[0] === trial.b ? 6 : paths[0] === trial.folder ? 6 : 3;
    t.deepEqual(events, [
      {
        type: 'catalog-rebuilt',
        catalog: other,
        manifests,
        offloads: 3,
        files: 14,
        mirrored: 0,
        problems: 0,
      },
    ]);
  }
  t.deepEqual([await readTree(trial.w), await readTree(trial.b)], before);
});

test('a rebuild over what is there changes nothing, and brings back what was lost', async (t) => {
  const {trial, path} = await makeHistory(t);
  const expected = await dumpCatalog(t, path);
  t.is((await rebuild(programWith({path}, trial), trial.b)).end.exitCode, 0);
  t.deepEqual(await dumpCatalog(t, path), expected);
  await writeFile(path, 'damaged '.repeat(2000));
  const {types, end} = await rebuild(programWith({path}, trial), trial.w);
  t.deepEqual(types, ['noticed', 'catalog-rebuilt']);
  t.is(end.exitCode, 0);
  t.deepEqual(await dumpCatalog(t, path), expected);
});

test('records that are damaged, edited or of something else are counted, told and left out', async (t) => {
  const {trial} = await makeHistory(t);
  const records = join(trial.w, 'Second', '_offload');
  const [name = ''] = (await readdir(records)).filter((one) => one.endsWith('.json'));
  const text = await readFile(join(records, name), 'utf8');
  await writeFile(join(records, name), text.replace('"label": "EOS"', '"label": "E0S"'));
  await writeFile(join(records, 'other.json'), '{"schema": "somebody/1"}');
  await writeFile(join(records, 'torn.journal'), 'torn');
  const {path} = await openTrial(t);
  const {end, events} = await rebuild(programWith({path}, trial), trial.w);
  t.deepEqual(end, {outcome: 'complete', exitCode: 1});
  t.deepEqual(
    events.flatMap((event) => (event.type === 'noticed' ? [event.code] : [])),
    ['manifest-edited', 'manifest-newer'],
  );
  t.like(events.at(-1), {type: 'catalog-rebuilt', manifests: 2, offloads: 2, problems: 2});
});

test('a rebuild that has nothing to read, or nowhere to write, is refused', async (t) => {
  const {trial, path} = await makeHistory(t);
  const codeOf = async (program: ReturnType<typeof testProgram>, ...paths: readonly string[]) => {
    const {end, events} = await rebuild(program, ...paths);
    t.deepEqual(end, {outcome: 'refused', exitCode: 2});
    const last = events.at(-1);
    return last?.type === 'refused' ? last.code : undefined;
  };
  await mkdir(join(trial.folder, 'empty'));
  const program = programWith({path}, trial);
  t.is(await codeOf(program, join(trial.folder, 'empty')), 'no-records');
  t.is(await codeOf(program, join(trial.folder, 'missing')), 'path-missing');
  const cause = {code: 'catalog-newer', message: 'm', next: 'n'};
  t.is(await codeOf(programWith(cause, trial), trial.w), 'catalog-newer');
});

test('a rebuild can be stopped between two records', async (t) => {
  const {trial} = await makeHistory(t);
  const {path} = await openTrial(t);
  const stop = new AbortController();
  stop.abort();
  const program = programWith({path}, trial);
  const end = await rebuildCatalog(program, [trial.w], {emit: () => {}, signal: stop.signal});
  t.deepEqual(end, {outcome: 'cancelled', exitCode: 130});
});

test('cards, shoots and find tell what is known, with every drive away', async (t) => {
  const {trial, path} = await makeHistory(t);
  await rename(trial.w, join(trial.folder, 'gone'));
  await rm(trial.b, {recursive: true});
  const program = programWith({path});
  const known = await listen((emit) => cards(program, emit));
  t.deepEqual(known.end, {outcome: 'complete', exitCode: 0});
  t.is(known.events.length, 1);
  t.like(known.events[0], {
    type: 'card-known',
    label: 'EOS',
    offloads: 3,
    shoot: 'First',
    files: 6,
    safe: true,
  });
  const listed = await listen((emit) => shoots(program, emit));
  t.deepEqual(
    listed.events.map((event) =>
      event.type === 'shoot-known'
        ? [
            event.shoot,
            event.files,
            event.cards,
            event.safe,
            event.volumes.map(({path: at, files}) => [at, files]),
          ]
        : [],
    ),
    [
      [
        'First',
        6,
        1,
        true,
        [
          [join(trial.b, 'First'), 6],
          [join(trial.w, 'First'), 6],
        ],
      ],
      [
        'Second',
        4,
        1,
        true,
        [
          [join(trial.b, 'Second'), 4],
          [join(trial.w, 'Second'), 4],
        ],
      ],
    ],
  );
  const found = await listen((emit) => find(program, 'img_0001', emit));
  t.is(found.end.exitCode, 0);
  t.deepEqual(
    found.events.map((event) =>
      event.type === 'file-found'
        ? [event.path, event.shoot, event.copies.map((copy) => copy.path)]
        : [],
    ),
    [
      [PICTURE, 'First', [trial.w, trial.b].map((to) => join(to, 'First/EOS', PICTURE))],
      [PICTURE, 'Second', [trial.w, trial.b].map((to) => join(to, 'Second/EOS', PICTURE))],
    ],
  );
  const odd = await listen((emit) => find(program, 'latin1_', emit));
  t.like(odd.events[0], {path: 'DCIM/latin1_\uDCE9.JPG'});
});

test('find: nothing is exit code 1 with a line, more than the limit is said', async (t) => {
  const {path} = await makeHistory(t);
  const program = programWith({path});
  const nothing = await listen((emit) => find(program, 'no such thing', emit));
  t.deepEqual(nothing.end, {outcome: 'complete', exitCode: 1});
  t.like(nothing.events, [{type: 'noticed', level: 'info', code: 'nothing-found'}]);
  const some = await listen((emit) => find(program, 'DCIM', emit, 2));
  t.deepEqual(some.types, ['file-found', 'file-found', 'noticed']);
  t.like(some.events[2], {code: 'more-found', message: 'only the newest 2 files are shown'});
});

test('an empty catalog says so, one that cannot be read is refused with its cause', async (t) => {
  const empty = programWith({path: (await openTrial(t)).path});
  const cause = {code: 'catalog-locked', message: 'm', next: 'n'};
  const locked = programWith(cause);
  for (const verb of [cards, shoots]) {
    const told = await listen((emit) => verb(empty, emit));
    t.is(told.end.exitCode, 0);
    t.like(told.events, [{type: 'noticed', level: 'info', code: 'catalog-empty'}]);
  }
  for (const verb of [cards, shoots, (_: typeof locked, emit: Emit) => find(locked, 'x', emit)]) {
    const told = await listen((emit) => verb(locked, emit));
    t.deepEqual(told.end, {outcome: 'refused', exitCode: 2});
    t.deepEqual(told.events, [{type: 'refused', ...cause}]);
  }
});
