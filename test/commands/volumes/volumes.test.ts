import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openCatalog} from '../../../src/catalog/open-catalog.ts';
import type {RunEnd} from '../../../src/commands/offload.ts';
import type {Program} from '../../../src/commands/program.ts';
import {
  changeVolume,
  forgetVolume,
  listVolumes,
  type VolumeChange,
} from '../../../src/commands/volumes/index.ts';
import type {Volume} from '../../../src/core/drive.ts';
import type {Emit, OffloadEvent} from '../../../src/core/events.ts';
import type {Files} from '../../../src/system/files.ts';
import {MARKER_NAME} from '../../../src/system/volume-marker.ts';
import {openTrial, unwrap} from '../../catalog/made-records.ts';
import {failsCalls} from '../../helpers/faulty-files.ts';
import {
  diskOf,
  diskVolume,
  makeTrial,
  offloadTrial,
  readManifests,
  readTree,
  type Trial,
  testFiles,
  testProgram,
} from '../../helpers/run-offload.ts';

const UUIDS = {w: {uuid: 'AAAA-0001'}, b: {uuid: 'BBBB-0002'}};

/** An offload to W and B, each a disk of its own, and the catalog that knows of it. */
async function makeHistory(t: ExecutionContext) {
  const trial = await makeTrial(t);
  const volumes = {[trial.w]: UUIDS.w, [trial.b]: UUIDS.b};
  await offloadTrial(trial, {volumes});
  const catalog = await openTrial(t);
  for (const manifest of await readManifests(join(trial.w, 'Shoot'))) {
    unwrap(await catalog.recordManifest(manifest));
  }
  await catalog.close();
  return {trial, path: catalog.path};
}

interface Desk {
  /** Volumes that are connected, by folder. */
  readonly connected: Readonly<Record<string, Partial<Volume>>>;
  readonly path: string;
  readonly files?: Files;
}

/** Whatever is not connected has no marker that is looked at: its folder is not mounted. */
function programAt({connected, path, files = testFiles}: Desk): Program {
  const mounted = Object.entries(connected).map(([root, change]) =>
    diskVolume(root, diskOf(root), change),
  );
  const nowhere = diskVolume('/', 'sys', {mountPoint: '/'});
  return testProgram(
    {
      cards: [],
      to: [],
      program: {
        openCatalog: () => openCatalog({path}),
        listVolumes: async () => mounted,
        describeVolume: async (one) =>
          mounted.find(({mountPoint}) => one === mountPoint || one.startsWith(`${mountPoint}/`)) ??
          nowhere,
      },
    },
    files,
  );
}

async function listen(run: (emit: Emit) => Promise<RunEnd>) {
  const events: OffloadEvent[] = [];
  const end = await run((event) => events.push(event));
  const volumes = events.filter((event) => event.type === 'volume-known');
  const codes = events.flatMap((event) => ('code' in event ? [event.code] : []));
  return {end, events, volumes, codes};
}

const list = (desk: Desk) => listen((emit) => listVolumes(programAt(desk), emit));
const change = (desk: Desk, path: string, what: VolumeChange) =>
  listen((emit) => changeVolume(programAt(desk), {path, change: what}, emit));
const forget = (desk: Desk, text: string) =>
  listen((emit) => forgetVolume(programAt(desk), text, emit));

const readMarker = async (root: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(root, MARKER_NAME), 'utf8'));

const both = ({w, b}: Trial) => ({[w]: UUIDS.w, [b]: UUIDS.b});

/** Takes a drive away: nothing is at its place. */
async function pull(t: ExecutionContext, root: string) {
  const {rename} = await import('node:fs/promises');
  await rename(root, `${root}-away`);
  t.teardown(() => {});
}

test('connected volumes are known by their markers, the others as they were', async (t) => {
  const {trial, path} = await makeHistory(t);
  const here = await list({connected: both(trial), path});
  t.deepEqual(here.end, {outcome: 'complete', exitCode: 0});
  t.deepEqual(
    here.volumes.map(({name, role, state, path: at, size}) => [name, role, state, at, size]),
    [
      ['B', 'backup', 'connected', trial.b, 64_000_000_000],
      ['W', 'working', 'connected', trial.w, 64_000_000_000],
    ],
  );
  t.true(here.volumes.every(({lastProof, free}) => lastProof !== null && free !== null));
  await pull(t, trial.b);
  const later = await list({connected: {[trial.w]: UUIDS.w}, path});
  t.deepEqual(
    later.volumes.map(({name, role, state, path: at}) => [name, role, state, at]),
    [
      ['W', 'working', 'connected', trial.w],
      ['B', 'backup', 'away', null],
    ],
  );
  t.regex(later.volumes[1]?.asOf ?? '', /^2026-11-22T/);
});

test('nothing is known: it says how to begin', async (t) => {
  const {path} = await openTrial(t);
  const told = await list({connected: {}, path});
  t.deepEqual([told.end.exitCode, told.codes], [0, ['no-volumes']]);
});

test('a name, a role and a place go into the marker, and what newer versions wrote stays', async (t) => {
  const {trial, path} = await makeHistory(t);
  const desk = {connected: both(trial), path};
  const before = await readMarker(trial.w);
  await writeFile(join(trial.w, MARKER_NAME), JSON.stringify({...before, later: [1]}));
  for (const what of [
    {kind: 'name', name: ' Studio SSD '},
    {kind: 'role', role: 'off-site'},
    {kind: 'place', place: 'bank'},
  ] as const) {
    t.deepEqual((await change(desk, join(trial.w, 'Shoot'), what)).end.exitCode, 0);
  }
  const after = await readMarker(trial.w);
  t.deepEqual(after, {
    ...before,
    later: [1],
    name: 'Studio SSD',
    role: 'off-site',
    place: 'bank',
  });
  const again = await change(desk, trial.w, {kind: 'place', place: ''});
  t.like(again.volumes[0], {name: 'Studio SSD', role: 'off-site', place: null});
  t.deepEqual((await readdir(trial.w)).sort(), [MARKER_NAME, 'Shoot']);
  await change(desk, trial.w, {kind: 'place', place: 'bank'});
  await pull(t, trial.w);
  const away = await list({connected: {[trial.b]: UUIDS.b}, path});
  t.like(away.volumes[1], {name: 'Studio SSD', role: 'off-site', place: 'bank', state: 'away'});
});

test('a drive without a marker gets one; a card and the computer never do', async (t) => {
  const {trial, path} = await makeHistory(t);
  const fresh = join(trial.folder, 'O');
  await mkdir(fresh);
  const connected = {...both(trial), [fresh]: {uuid: 'CCCC-0003'}, [trial.card]: {removable: true}};
  const desk = {connected, path};
  const made = await change(desk, fresh, {kind: 'place', place: 'bank'});
  t.like(made.volumes[0], {name: 'O', role: 'none', place: 'bank', state: 'connected'});
  t.like(await readMarker(fresh), {fsUuid: 'CCCC-0003', role: null, place: 'bank'});
  const card = await readTree(trial.card);
  const refused = await change(desk, trial.card, {kind: 'name', name: 'X'});
  t.deepEqual([refused.end.exitCode, refused.codes], [2, ['volume-is-card']]);
  t.deepEqual(await readTree(trial.card), card);
  const system = await change(desk, trial.folder, {kind: 'name', name: 'X'});
  t.deepEqual([system.end.exitCode, system.codes], [2, ['volume-is-system']]);
});

for (const [what, facts] of [
  ['formatted anew', {uuid: 'DDDD-0004'}],
  ['of another size', {uuid: 'BBBB-0002', size: 32_000_000_000}],
] as const) {
  test(`a marker on a volume that is ${what} is told, not written to, and adopted when asked`, async (t) => {
    const {trial, path} = await makeHistory(t);
    const desk = {connected: {[trial.w]: UUIDS.w, [trial.b]: facts}, path};
    const told = await list(desk);
    t.deepEqual([told.end.exitCode, told.codes], [1, ['volume-doubtful']]);
    t.is(told.volumes.find(({name}) => name === 'B')?.state, 'doubted');
    const before = await readMarker(trial.b);
    for (const one of [
      {kind: 'name', name: 'X'},
      {kind: 'role', role: null},
      {kind: 'place', place: 'x'},
    ] as const) {
      const refused = await change(desk, trial.b, one);
      t.deepEqual([refused.end.exitCode, refused.codes], [2, ['volume-doubtful']]);
    }
    t.deepEqual(await readMarker(trial.b), before);
    t.is((await change(desk, trial.b, {kind: 'adopt'})).end.exitCode, 0);
    const after = await readMarker(trial.b);
    t.not(after.id, before.id);
    t.like(after, {fsUuid: facts.uuid, sizeBytes: 'size' in facts ? facts.size : 64_000_000_000});
    const then = await list(desk);
    t.is(then.end.exitCode, 0);
    t.deepEqual(
      then.volumes.map(({volume, state}) => [volume, state]),
      [
        [String(after.id), 'connected'],
        [String((await readMarker(trial.w)).id), 'connected'],
        [String(before.id), 'away'],
      ],
    );
  });
}

test('two connected volumes with one id are clones, and neither is written to', async (t) => {
  const {trial, path} = await makeHistory(t);
  const clone = join(trial.folder, 'C');
  await mkdir(clone);
  await writeFile(join(clone, MARKER_NAME), await readFile(join(trial.w, MARKER_NAME)));
  const desk = {connected: {...both(trial), [clone]: UUIDS.w}, path};
  const told = await list(desk);
  t.deepEqual([told.end.exitCode, told.codes], [1, ['volume-twins', 'volume-twins']]);
  for (const root of [trial.w, clone]) {
    const refused = await change(desk, root, {kind: 'role', role: 'backup'});
    t.deepEqual(refused.codes, ['volume-twins']);
  }
  t.is((await change(desk, clone, {kind: 'adopt'})).end.exitCode, 0);
  t.not((await readMarker(clone)).id, (await readMarker(trial.w)).id);
  t.is((await change(desk, trial.w, {kind: 'role', role: 'backup'})).end.exitCode, 0);
  t.deepEqual((await change(desk, clone, {kind: 'adopt'})).codes, ['volume-not-in-doubt']);
});

test('one volume that is mounted at two places is no clone', async (t) => {
  const {trial, path} = await makeHistory(t);
  const {symlink} = await import('node:fs/promises');
  const second = join(trial.folder, 'W2');
  await symlink(trial.w, second);
  const told = await list({connected: {...both(trial), [second]: UUIDS.w}, path});
  t.deepEqual([told.end.exitCode, told.volumes.length], [0, 2]);
});

test('a marker that cannot be replaced stays as it was', async (t) => {
  const {trial, path} = await makeHistory(t);
  const before = await readMarker(trial.w);
  const files = failsCalls(testFiles, ['replace'], () => true, 'EIO');
  const broken = await change({connected: both(trial), path, files}, trial.w, {
    kind: 'name',
    name: 'X',
  });
  t.deepEqual([broken.end.exitCode, broken.codes], [2, ['EIO']]);
  t.deepEqual(await readMarker(trial.w), before);
});

test('a volume that is away is forgotten by name or id, a connected one is not, and connecting it brings it back', async (t) => {
  const {trial, path} = await makeHistory(t);
  const {id} = await readMarker(trial.b);
  t.deepEqual((await forget({connected: both(trial), path}, 'B')).codes, ['volume-connected']);
  await pull(t, trial.b);
  const without = {connected: {[trial.w]: UUIDS.w}, path};
  t.deepEqual((await forget(without, 'nobody')).codes, ['volume-unknown']);
  const gone = await forget(without, String(id));
  t.deepEqual([gone.end.exitCode, gone.codes], [0, ['volume-forgotten']]);
  t.deepEqual(
    (await list(without)).volumes.map(({name}) => name),
    ['W'],
  );
  t.deepEqual((await forget(without, 'B')).codes, ['volume-unknown']);
  const back = `${trial.b}-away`;
  const again = await list({connected: {[trial.w]: UUIDS.w, [back]: UUIDS.b}, path});
  t.deepEqual(
    again.volumes.map(({name, state}) => [name, state]),
    [
      ['B', 'connected'],
      ['W', 'connected'],
    ],
  );
});

test('a name that says nothing, and one for two volumes, are refused', async (t) => {
  const {trial, path} = await makeHistory(t);
  const desk = {connected: both(trial), path};
  t.deepEqual((await change(desk, trial.w, {kind: 'name', name: ' '})).codes, ['usage']);
  t.deepEqual((await change(desk, trial.w, {kind: 'place', place: 'x'.repeat(101)})).codes, [
    'usage',
  ]);
  await change(desk, trial.w, {kind: 'name', name: 'B'});
  t.deepEqual((await forget(desk, 'B')).codes, ['volume-ambiguous']);
});
