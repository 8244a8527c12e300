import {mkdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Catalog} from '../../../src/catalog/catalog.ts';
import {openCatalog} from '../../../src/catalog/open-catalog.ts';
import {addSet} from '../../../src/commands/offsite/change-sets.ts';
import type {Program} from '../../../src/commands/program.ts';
import {status} from '../../../src/commands/status/status.ts';
import {changeVolume, forgetVolume} from '../../../src/commands/volumes/index.ts';
import {failed, ok} from '../../../src/core/cause.ts';
import type {Volume} from '../../../src/core/drive.ts';
import type {OffloadEvent} from '../../../src/core/events.ts';
import {openTrial} from '../../catalog/made-records.ts';
import {
  diskVolume,
  makeTrial,
  runOffload,
  testFiles,
  testProgram,
  tickingClock,
} from '../../helpers/run-offload.ts';
import {typed} from '../backup/backup-trial.ts';

interface Stage {
  readonly folder: string;
  readonly card: string;
  readonly roots: readonly string[];
  readonly catalog: Catalog;
}

/** A card offloaded to as many drives as are named, and a catalog that was never told. */
async function makeStage(
  t: ExecutionContext,
  names: readonly string[],
  {
    to = names,
    volumes = {},
  }: {to?: readonly string[]; volumes?: Record<string, Partial<Volume>>} = {},
): Promise<Stage> {
  const {folder, card} = await makeTrial(t);
  const roots = names.map((name) => join(folder, name));
  for (const root of roots) await mkdir(root, {recursive: true});
  await runOffload({
    cards: [card],
    to: to.map((name) => join(folder, name)),
    volumes: Object.fromEntries(
      Object.entries(volumes).map(([name, facts]) => [join(folder, name), facts]),
    ),
  });
  return {folder, card, roots, catalog: await openTrial(t)};
}

async function addVault(
  program: Program,
  {from, to}: {readonly from: string; readonly to: string},
): Promise<void> {
  const job = {...typed({from, to: [to]})};
  const set = {job, place: 'bank', swapAfter: '30d', add: [], drop: []};
  const added = await addSet(program, {name: 'vault', typed: set}, NOTHING);
  if (added.exitCode !== 0) throw new Error('no set');
}

interface Look {
  /** Names of the folders whose volumes are connected. */
  readonly connected: readonly string[];
  readonly volumes?: Record<string, Partial<Volume>>;
  readonly now?: number;
}

function programOf({folder, catalog}: Stage, {connected, volumes = {}, now}: Look): Program {
  const mounted = connected.map((name) =>
    diskVolume(join(folder, name), name.toLowerCase(), volumes[name] ?? {}),
  );
  const nowhere = diskVolume('/', 'sys');
  return testProgram(
    {
      cards: [],
      to: [],
      program: {
        openCatalog: async () => ok(catalog),
        listVolumes: async () => mounted,
        describeVolume: async (path) =>
          mounted.find(
            ({mountPoint}) => path === mountPoint || path.startsWith(`${mountPoint}/`),
          ) ?? nowhere,
        ...(now === undefined ? {} : {clock: tickingClock(now)}),
      },
    },
    testFiles,
  );
}

async function look(program: Program) {
  const events: OffloadEvent[] = [];
  const {signal} = new AbortController();
  const end = await status(program, {emit: (event) => events.push(event), signal});
  const shoots = events.filter((event) => event.type === 'shoot-status');
  const codes = events.flatMap((event) => ('code' in event ? [event.code] : []));
  return {end, shoots, shoot: shoots[0], codes, events};
}

const NOTHING = () => {};

test('an empty catalog says how to fill it, and one that cannot be read is refused', async (t) => {
  const catalog = await openTrial(t);
  const stage = {folder: '/nowhere', card: '/nowhere', roots: [], catalog};
  const empty = await look(programOf(stage, {connected: []}));
  t.deepEqual([empty.end.exitCode, empty.codes], [0, ['catalog-empty']]);
  const cause = {code: 'catalog-locked', message: 'm', next: 'n'};
  const program = {...programOf(stage, {connected: []}), openCatalog: async () => failed(cause)};
  const locked = await look(program);
  t.deepEqual([locked.end, locked.codes], [{outcome: 'refused', exitCode: 2}, ['catalog-locked']]);
});

test('records on connected drives are read, two drives are not 3-2-1, and it says what to do', async (t) => {
  const stage = await makeStage(t, ['W', 'B']);
  const {end, shoot} = await look(programOf(stage, {connected: ['W', 'B']}));
  t.is(end.exitCode, 1);
  t.like(shoot, {shoot: 'Shoot', files: 4, copies: 2, drives: 2, places: [], reached: false});
  t.is(shoot?.missing, 'its files are on two drives, and no third copy is off-site');
  t.regex(shoot?.next ?? '', /offsite/);
  t.deepEqual(
    shoot?.volumes.map(({name, files, connected, role}) => [name, files, connected, role]),
    [
      ['B', 4, true, 'backup'],
      ['W', 4, true, 'working'],
    ],
  );
});

test('three drives, one off-site, are 3-2-1, connected or not', async (t) => {
  const stage = await makeStage(t, ['W', 'B', 'O']);
  const all = {connected: ['W', 'B', 'O']};
  const before = await look(programOf(stage, all));
  t.like(before.shoot, {copies: 3, drives: 3, reached: false});
  t.regex(before.shoot?.missing ?? '', /none is known to be kept elsewhere/);
  const path = join(stage.folder, 'O');
  const role = {kind: 'role', role: 'off-site'} as const;
  await changeVolume(programOf(stage, all), {path, change: role}, NOTHING);
  const reached = await look(programOf(stage, all));
  t.like(reached.shoot, {drives: 3, reached: true, missing: null, next: null});
  t.is(reached.end.exitCode, 0);
  await rename(path, `${path}-drawer`);
  const later = await look(programOf(stage, {connected: ['W', 'B']}));
  t.like(later.shoot, {reached: true});
  const away = later.shoot?.volumes.find(({name}) => name === 'O');
  t.like(away, {connected: false, role: 'off-site', files: 4});
  t.regex(away?.asOf ?? '', /^2026-11-22T/);
});

test('the copy that is elsewhere is told with its place and age, and the oldest of all', async (t) => {
  const stage = await makeStage(t, ['W', 'B', 'O']);
  const all = {connected: ['W', 'B', 'O']};
  const before = await look(programOf(stage, all));
  t.is(before.shoot?.offSite, null);
  t.false(before.codes.includes('offsite-oldest'));
  const path = join(stage.folder, 'O');
  const give = async (change: Parameters<typeof changeVolume>[1]['change']) =>
    await changeVolume(programOf(stage, all), {path, change}, NOTHING);
  await give({kind: 'role', role: 'off-site'});
  await give({kind: 'place', place: 'bank'});
  const young = await look(programOf(stage, all));
  t.like(young.shoot?.offSite, {name: 'O', connected: true});
  t.false(young.codes.includes('offsite-oldest'), 'the shoot tells it');
  await rename(path, `${path}-bank`);
  const now = Date.UTC(2027, 0, 2, 21);
  const later = await look(programOf(stage, {connected: ['W', 'B'], now}));
  t.like(later.shoot?.offSite, {name: 'O', place: 'bank', connected: false, files: 4});
  t.like(
    later.events.find((event) => event.type === 'noticed' && event.code === 'offsite-oldest'),
    {level: 'info', message: 'the oldest off-site copy is 41 days old: Shoot on O, bank'},
  );
});

test('sets of off-site drives are told after the shoots, with the swap', async (t) => {
  const stage = await makeStage(t, ['W', 'B', 'O']);
  const home = join(stage.folder, 'home');
  const program = (connected: readonly string[], now: number) => ({
    ...programOf(stage, {connected, now}),
    configFolder: ok(home),
    dataFolder: ok(home),
  });
  const start = Date.UTC(2026, 10, 23, 12);
  const [w = '', , o = ''] = stage.roots;
  const changed = await changeVolume(
    program(['W', 'O'], start),
    {path: o, change: {kind: 'role', role: null}},
    NOTHING,
  );
  t.is(changed.exitCode, 0);
  await addVault(program(['W', 'O'], start), {from: join(w, 'Shoot'), to: o});
  await rename(o, `${o}-bank`);
  const {events, end} = await look(program(['W', 'B'], start + 31 * 24 * 3_600_000));
  t.is(end.exitCode, 0, '3-2-1 is counted, and a swap is no fault of a shoot');
  const types = events.map(({type}) => type);
  t.true(types.indexOf('offsite-known') > types.lastIndexOf('shoot-status'));
  t.like(
    events.find(({type}) => type === 'offsite-known'),
    {job: 'vault', swap: true, next: 'Bring O (never in step) and connect it.'},
  );
});

test('two places are as good as the role, and the same place twice is not', async (t) => {
  const stage = await makeStage(t, ['W', 'B', 'O']);
  const all = {connected: ['W', 'B', 'O']};
  const put = async (name: string, place: string) => {
    const path = join(stage.folder, name);
    await changeVolume(programOf(stage, all), {path, change: {kind: 'place', place}}, NOTHING);
  };
  for (const name of ['W', 'B', 'O']) await put(name, name === 'O' ? ' Desk' : 'desk');
  t.like((await look(programOf(stage, all))).shoot, {places: ['desk'], reached: false});
  await put('O', 'bank');
  t.like((await look(programOf(stage, all))).shoot, {reached: true});
});

test('two volumes of one disk are one drive, and an unknown drive is none', async (t) => {
  const same = {physical: {known: true, ids: ['disk:raid']}} as const;
  const one = await makeStage(t, ['W', 'B'], {volumes: {W: same, B: same}});
  const raid = await look(programOf(one, {connected: ['W', 'B'], volumes: {W: same, B: same}}));
  t.like(raid.shoot, {copies: 2, drives: 1, reached: false});
  t.regex(raid.shoot?.missing ?? '', /one physical drive only, B and W/);
  const unknown = {physical: {known: false, why: 'no tool'}} as const;
  const other = await makeStage(t, ['W', 'B'], {volumes: {W: unknown, B: unknown}});
  const none = await look(
    programOf(other, {connected: ['W', 'B'], volumes: {W: unknown, B: unknown}}),
  );
  t.like(none.shoot, {copies: 2, drives: 0, reached: false});
  t.regex(none.shoot?.missing ?? '', /which physical drive that is, is not known/);
});

test('drives that were never seen together are not known to be two, until they are', async (t) => {
  const stage = await makeStage(t, ['W', 'B'], {to: ['W']});
  await runOffload({cards: [stage.card], to: [join(stage.folder, 'B')]});
  const apart = async (name: string, other: string) => {
    await rename(join(stage.folder, other), join(stage.folder, `${other}-away`));
    const seen = await look(programOf(stage, {connected: [name]}));
    await rename(join(stage.folder, `${other}-away`), join(stage.folder, other));
    return seen;
  };
  t.like((await apart('W', 'B')).shoot, {copies: 1, drives: 1});
  const second = await apart('B', 'W');
  t.like(second.shoot, {copies: 2, drives: 1});
  t.regex(second.shoot?.missing ?? '', /whether .* are different physical drives is not known/);
  t.like((await look(programOf(stage, {connected: ['W', 'B']}))).shoot, {copies: 2, drives: 2});
  t.like((await apart('B', 'W')).shoot, {copies: 2, drives: 2});
});

test('what a mirror put into its archive is no copy of the shoot', async (t) => {
  const stage = await makeStage(t, ['W', 'B']);
  const all = {connected: ['W', 'B']};
  t.like((await look(programOf(stage, all))).shoot, {copies: 2});
  const run = join(stage.folder, 'B/_archive/20261123T141500Z-x3k9ab');
  await mkdir(run, {recursive: true});
  await rename(join(stage.folder, 'B/Shoot'), join(run, 'Shoot'));
  t.like((await look(programOf(stage, all))).shoot, {copies: 1});
});

test('a shoot that is gone from a connected drive does not count, whatever the catalog says', async (t) => {
  const stage = await makeStage(t, ['W', 'B']);
  const both = {connected: ['W', 'B']};
  await look(programOf(stage, both));
  await rm(join(stage.folder, 'B', 'Shoot'), {recursive: true});
  const gone = await look(programOf(stage, both));
  t.like(gone.shoot, {copies: 1, drives: 1});
  t.deepEqual(gone.codes, ['records-gone']);
  // A shoot that was moved on its drive has its record with it.
  await mkdir(join(stage.folder, 'W', '2026'));
  await rename(join(stage.folder, 'W', 'Shoot'), join(stage.folder, 'W', '2026', 'Renamed'));
  t.like((await look(programOf(stage, both))).shoot, {copies: 1, drives: 1});
});

test('a clone counts for nothing, and neither does a drive that was formatted anew', async (t) => {
  const volumes = {B: {uuid: 'BBBB-0002'}};
  const stage = await makeStage(t, ['W', 'B'], {volumes});
  t.like((await look(programOf(stage, {connected: ['W', 'B'], volumes}))).shoot, {copies: 2});
  const anew = {connected: ['W', 'B'], volumes: {B: {uuid: 'CCCC-0003'}}};
  const doubted = await look(programOf(stage, anew));
  t.like(doubted.shoot, {copies: 1, drives: 1});
  t.true(doubted.codes.includes('volume-doubtful'));
  t.is(doubted.end.exitCode, 1);
});

test('a forgotten drive is not counted, and a new offload to it brings it back', async (t) => {
  const stage = await makeStage(t, ['W', 'B']);
  await look(programOf(stage, {connected: ['W', 'B']}));
  const b = join(stage.folder, 'B');
  await rename(b, `${b}-lost`);
  const program = programOf(stage, {connected: ['W']});
  await forgetVolume(program, 'B', NOTHING);
  t.like((await look(program)).shoot, {copies: 1, drives: 1});
  await rename(`${b}-lost`, b);
  t.like((await look(programOf(stage, {connected: ['W', 'B']}))).shoot, {copies: 2, drives: 2});
});

test('drives that nobody saw for more than 30 days are told', async (t) => {
  const stage = await makeStage(t, ['W', 'B']);
  await look(programOf(stage, {connected: ['W', 'B']}));
  const b = join(stage.folder, 'B');
  await rename(b, `${b}-drawer`);
  const day = (month: number, date: number) => Date.UTC(2026, month, date, 21);
  const soon = await look(programOf(stage, {connected: ['W'], now: day(11, 20)}));
  t.deepEqual(soon.codes, []);
  const late = await look(programOf(stage, {connected: ['W'], now: day(11, 24)}));
  t.deepEqual(late.codes, ['volume-not-seen']);
  t.like(
    late.events.find((event) => event.type === 'noticed'),
    {message: 'B was not seen for 32 days, since 2026-11-22'},
  );
});

test('copies that a cache may have answered for count only when that was waived', async (t) => {
  const {folder, card} = await makeTrial(t);
  const roots = [join(folder, 'W'), join(folder, 'B')];
  const ram = {kind: 'network'} as const;
  const volumes = Object.fromEntries(roots.map((root) => [root, ram]));
  const look2 = async (options: {acceptCached: boolean; shoot: string}) => {
    await runOffload({cards: [card], to: roots, volumes, options});
    const catalog = await openTrial(t);
    const stage = {folder, card, roots, catalog};
    const seen = await look(programOf(stage, {connected: ['W', 'B'], volumes: {W: ram, B: ram}}));
    return seen.shoots.find(({shoot}) => shoot === options.shoot);
  };
  t.like(await look2({acceptCached: false, shoot: 'One'}), {files: 4, copies: 0, drives: 0});
  t.like(await look2({acceptCached: true, shoot: 'Two'}), {files: 4, copies: 2, drives: 2});
});

test('files that --only-new left where they are count where their bytes were proved', async (t) => {
  const stage = await makeStage(t, ['W', 'B']);
  const to = stage.roots;
  const listVolumes = async () => to.map((root) => diskVolume(root, root.slice(-1).toLowerCase()));
  await runOffload({
    cards: [stage.card],
    to,
    options: {onlyNew: true, shoot: 'Again'},
    program: {listVolumes},
  });
  const {shoots} = await look(programOf(stage, {connected: ['W', 'B']}));
  t.true(shoots.length > 0);
  for (const one of shoots) t.like(one, {copies: 2, drives: 2}, one.shoot);
});

test('a catalog that was made on disk gives the same answer when it is opened again', async (t) => {
  const stage = await makeStage(t, ['W', 'B']);
  const first = await look(programOf(stage, {connected: ['W', 'B']}));
  await stage.catalog.close();
  for (const root of stage.roots) await rename(root, `${root}-away`);
  const opened = await openCatalog({path: stage.catalog.path});
  if (!opened.ok) return t.fail(opened.cause.message);
  const again = await look(programOf({...stage, catalog: opened.value}, {connected: []}));
  await opened.value.close();
  const {copies, drives, files, missing} = first.shoot ?? {};
  t.like(again.shoot, {copies, drives, files, missing});
  t.true(again.shoot?.volumes.every(({connected}) => !connected));
});
