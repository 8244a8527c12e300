/** What the catalog remembers is a hint where to read: it finds copies whose records went, and it makes nothing safe. */
import {link, mkdir, readFile, rename, rm, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Catalog} from '../../src/catalog/catalog.ts';
import type {ListedCopy} from '../../src/catalog/list-copies.ts';
import {openCatalog} from '../../src/catalog/open-catalog.ts';
import {check} from '../../src/commands/check.ts';
import {failed, ok} from '../../src/core/cause.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import {forgetfulCatalog} from '../helpers/forgetful-catalog.ts';
import {
  codesOf,
  diskVolume,
  hashOfBytes,
  makeTree,
  makeTrial,
  offloadTrial,
  type RunSetting,
  seededBytes,
  type Trial,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';

const PICTURE = 'DCIM/100CANON/IMG_0001.JPG';
const ONE_PICTURE = {[PICTURE]: 10_000};

/** A real catalog in the trial's folder, one for all runs. */
async function keepCatalog(t: ExecutionContext, trial: Trial): Promise<Catalog> {
  const opened = await openCatalog({path: join(trial.folder, 'data/catalog.sqlite')});
  if (!opened.ok) throw new Error(opened.cause.message);
  t.teardown(() => opened.value.close());
  return opened.value;
}

interface Looking extends Partial<RunSetting> {
  readonly catalog?: Catalog;
  readonly to?: readonly string[];
  readonly allowSameDrive?: boolean;
}

async function checkTrial(trial: Trial, {catalog, to, allowSameDrive, ...setting}: Looking = {}) {
  const events: OffloadEvent[] = [];
  const {signal} = new AbortController();
  const program = testProgram(
    {
      cards: [trial.card],
      to: [trial.w, trial.b, ...(to ?? [])],
      ...setting,
      program: {
        ...(catalog === undefined ? {} : {openCatalog: async () => ok(catalog)}),
        ...setting.program,
      },
    },
    testFiles,
  );
  const options = {
    card: trial.card,
    destinations: to ?? [trial.w, trial.b],
    allowSameDrive: allowSameDrive ?? false,
    acceptCached: false,
  };
  const end = await check(program, options, {emit: (event) => void events.push(event), signal});
  return {end, events, verdicts: events.filter((event) => event.type === 'verdict')};
}

const noticesOf = ({events}: {readonly events: readonly OffloadEvent[]}) =>
  events.flatMap((event) => (event.type === 'noticed' ? event.code : []));

const copiedOf = ({events}: {readonly events: readonly OffloadEvent[]}) =>
  new Set(events.flatMap((event) => (event.type === 'file-copied' ? event.path : []))).size;

async function markerOf(folder: string): Promise<string> {
  return JSON.parse(await readFile(join(folder, '.offload-volume.json'), 'utf8')).id;
}

test('a copy whose record was deleted is found by the catalog and proved; without the catalog it is not', async (t) => {
  const trial = await makeTrial(t);
  const catalog = await keepCatalog(t, trial);
  const program = {openCatalog: async () => ok(catalog)};
  t.is((await offloadTrial(trial, {program})).end.exitCode, 0);
  await rm(join(trial.b, 'Shoot/_offload'), {recursive: true});
  t.is((await checkTrial(trial)).end.exitCode, 1);
  const found = await checkTrial(trial, {catalog});
  t.is(found.end.exitCode, 0);
  t.deepEqual(noticesOf(found), ['copies-unrecorded']);
  const onlyNew = {onlyNew: true, shoot: 'Again'};
  const known = await offloadTrial(trial, {program, options: onlyNew});
  t.is(known.end.exitCode, 0);
  // Empty files are copied.
  t.like(known.verdicts[0], {safe: true, account: {copied: 1, present: 3}});
  const bytes = await readFile(join(trial.b, 'Shoot/EOS', PICTURE));
  bytes.writeUInt8(bytes.readUInt8(5) ^ 1, 5);
  await writeFile(join(trial.b, 'Shoot/EOS', PICTURE), bytes);
  t.deepEqual(codesOf(await checkTrial(trial, {catalog})), ['file-unproved', 'copies-missing']);
});

test('a drive that is mounted elsewhere by now is known by its marker', async (t) => {
  const trial = await makeTrial(t, ONE_PICTURE);
  const catalog = await keepCatalog(t, trial);
  await offloadTrial(trial, {program: {openCatalog: async () => ok(catalog)}});
  await rm(join(trial.b, 'Shoot/_offload'), {recursive: true});
  const moved = join(trial.folder, 'Z');
  await rename(trial.b, moved);
  t.is((await checkTrial(trial, {catalog, to: [trial.w, moved]})).end.exitCode, 0);
});

test('a marked folder on the own disk of the computer is looked into without being named', async (t) => {
  const trial = await makeTrial(t, ONE_PICTURE);
  const catalog = await keepCatalog(t, trial);
  await offloadTrial(trial, {program: {openCatalog: async () => ok(catalog)}});
  const listVolumes = async () => [diskVolume(trial.w, 'w')];
  t.is((await checkTrial(trial, {program: {listVolumes}, to: []})).end.exitCode, 1);
  const found = await checkTrial(trial, {catalog, program: {listVolumes}, to: []});
  t.is(found.end.exitCode, 0);
  t.deepEqual(
    found.verdicts[0]?.copies.map(({to}) => to),
    [trial.w, trial.b],
  );
});

/** A catalog that says of the picture what the liar says, for both drives. */
function lyingCatalog(copies: readonly ListedCopy[]): Catalog {
  return {
    ...forgetfulCatalog,
    listCopies: async ({wants}) => ok(copies.filter(({file}) => wants(file))),
  };
}

async function makeLie(trial: Trial, {hash, places}: {hash: string; places: readonly string[]}) {
  const [w, b] = [await markerOf(trial.w), await markerOf(trial.b)];
  const file = {
    shoot: 'Shoot',
    path: PICTURE,
    target: `EOS/${PICTURE}`,
    size: 10_000,
    mtimeNs: 0n,
    hash,
    cameras: [],
    timeZone: 'UTC',
  };
  return lyingCatalog(
    [w, b].flatMap((volume) =>
      places.map((place) => ({
        file,
        drive: {volume, name: 'W', seenAt: '2026-11-22T20:00:00.000Z'},
        place,
      })),
    ),
  );
}

test('a catalog that lies makes nothing safe and hides nothing', async (t) => {
  const trial = await makeTrial(t, ONE_PICTURE);
  await offloadTrial(trial);
  const copies = [trial.w, trial.b].map((to) => join(to, 'Shoot/EOS', PICTURE));
  const fresh = seededBytes('fresh', 10_000);
  await makeTree(trial.card, {[PICTURE]: fresh});
  const outside = join(trial.folder, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'A.JPG'), fresh);
  await symlink(outside, join(trial.w, 'out'));
  await symlink(join(outside, 'A.JPG'), join(trial.b, 'A.JPG'));
  const lies = {
    'another hash than the bytes have': copies,
    'files that are not there': [join(trial.w, 'gone.jpg'), join(trial.b, 'no/such/file.jpg')],
    'the card itself': [join(trial.card, PICTURE)],
    'a place on neither drive': [join(outside, 'A.JPG')],
    'ways out of the drive': [
      join(trial.w, 'out/A.JPG'),
      join(trial.b, 'A.JPG'),
      `${trial.w}/../outside/A.JPG`,
      `/media/../../${outside}/A.JPG`,
    ],
    'a folder': [join(trial.w, 'Shoot'), join(trial.b, 'Shoot')],
  };
  for (const [lie, places] of Object.entries(lies)) {
    const catalog = await makeLie(trial, {hash: hashOfBytes(fresh), places});
    const report = await checkTrial(trial, {catalog});
    t.is(report.end.exitCode, 1, lie);
    t.deepEqual(codesOf(report), ['file-unproved', 'copies-missing'], lie);
    const offloaded = await offloadTrial(trial, {
      program: {openCatalog: async () => ok(catalog)},
      options: {onlyNew: true, dryRun: true},
    });
    t.false(noticesOf(offloaded).includes('already-here'), lie);
  }
});

test('a place on another drive counts for that drive and for no other', async (t) => {
  const trial = await makeTrial(t, ONE_PICTURE);
  await offloadTrial(trial);
  const bytes = await readFile(join(trial.card, PICTURE));
  for (const drive of [trial.w, trial.b]) await rm(join(drive, 'Shoot'), {recursive: true});
  await makeTree(trial.w, {'A.JPG': bytes});
  const catalog = await makeLie(trial, {
    hash: hashOfBytes(bytes),
    places: [join(trial.w, 'A.JPG')],
  });
  const report = await checkTrial(trial, {catalog});
  t.is(report.end.exitCode, 1);
  t.deepEqual(
    report.verdicts[0]?.copies.map(({proved}) => proved),
    [1, 0],
  );
});

test('a catalog that cannot be asked is told once and changes nothing', async (t) => {
  const trial = await makeTrial(t, ONE_PICTURE);
  await offloadTrial(trial);
  const cause = {code: 'catalog-newer', message: 'it is of a later version', next: 'Update.'};
  const program = {openCatalog: async () => failed(cause)};
  const checked = await checkTrial(trial, {program});
  t.is(checked.end.exitCode, 0);
  t.deepEqual(noticesOf(checked), ['catalog-newer']);
  const second = join(trial.folder, 'SECOND');
  await makeTree(second, {'DCIM/100EOS/NEW.JPG': 5000});
  const report = await offloadTrial(trial, {
    cards: [trial.card, second],
    program,
    options: {onlyNew: true, shoot: 'Again'},
  });
  t.is(report.end.exitCode, 0);
  t.is(copiedOf(report), 1);
  t.is(noticesOf(report).filter((code) => code === 'catalog-newer').length, 1);
});

test('a damaged catalog is set aside, which is told once', async (t) => {
  const trial = await makeTrial(t, ONE_PICTURE);
  await offloadTrial(trial);
  await makeTree(trial.folder, {'data/catalog.sqlite': 'this is no database. '.repeat(500)});
  const catalog = await keepCatalog(t, trial);
  const program = {openCatalog: async () => ok(catalog)};
  const report = await offloadTrial(trial, {program, options: {onlyNew: true, shoot: 'Again'}});
  t.is(report.end.exitCode, 0);
  t.is(copiedOf(report), 0);
  t.is(noticesOf(report).filter((code) => code === 'catalog-damaged').length, 1);
});

test('two names of one file are one copy, with the waiver for one drive too', async (t) => {
  const trial = await makeTrial(t, ONE_PICTURE);
  const physical = {known: true, ids: ['disk:one']} as const;
  const volumes = {[trial.w]: {physical}, [trial.b]: {physical}};
  await offloadTrial(trial, {volumes, options: {allowSameDrive: true}});
  const looking = {volumes, allowSameDrive: true};
  t.is((await checkTrial(trial, looking)).end.exitCode, 0);
  const [w, b] = [trial.w, trial.b].map((to) => join(to, 'Shoot/EOS', PICTURE));
  await rm(`${b}`);
  await link(`${w}`, `${b}`);
  const linked = await checkTrial(trial, looking);
  t.is(linked.end.exitCode, 1);
  t.deepEqual(codesOf(linked), ['file-unproved', 'copies-missing']);
  t.like(linked.verdicts[0], {account: {present: 0, failed: 1}});
});

test('the file of the card under another name is no copy', async (t) => {
  const trial = await makeTrial(t, ONE_PICTURE);
  const physical = {known: true, ids: ['disk:one']} as const;
  const volumes = {[trial.w]: {physical}, [trial.b]: {physical}, [trial.card]: {physical}};
  await offloadTrial(trial, {volumes, options: {allowSameDrive: true}});
  const copy = join(trial.b, 'Shoot/EOS', PICTURE);
  await rm(copy);
  await link(join(trial.card, PICTURE), copy);
  const report = await checkTrial(trial, {volumes, allowSameDrive: true});
  t.is(report.end.exitCode, 1);
  t.like(report.verdicts[0], {account: {present: 0, failed: 1}});
});
