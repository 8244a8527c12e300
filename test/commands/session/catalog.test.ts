import {chmod, mkdir, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {APPLICATION_ID, MIGRATIONS} from '../../../src/catalog/schema.ts';
import type {Program} from '../../../src/commands/program.ts';
import {failed, ok} from '../../../src/core/cause.ts';
import {openRaw} from '../../catalog/made-records.ts';
import {forgetfulCatalog} from '../../helpers/forgetful-catalog.ts';
import type {Trial} from '../../helpers/run-offload.ts';
import {
  catalogIn,
  historiesOf,
  makeReadyTrial,
  onScreen,
  plugAll,
  type SessionTrial,
  startSession,
  verdictsOf,
} from './session-run.ts';

const warningsOf = ({emitted}: SessionTrial) =>
  emitted.flatMap((event) => (event.type === 'noticed' ? [event.code] : []));

/** Codes of everything that was said of the catalog, by the screen and by the run. */
const saidOf = ({told}: SessionTrial) =>
  told.flatMap((event) => (event.type === 'told' ? [event.cause.code] : []));

const fileOf = ({folder}: Trial) => join(folder, 'data', 'catalog.sqlite');

interface Spoiled {
  readonly openCatalog: Program['openCatalog'];
  /** What the run warns of; null when it has nothing to warn of. */
  readonly warning: string | null;
  /** What the screen says of it at the start. */
  readonly said: string | null;
  readonly history: string;
}

const spoiled: Readonly<Record<string, (t: ExecutionContext, trial: Trial) => Promise<Spoiled>>> = {
  async 'not there yet'(t, trial) {
    return {openCatalog: catalogIn(t, trial), warning: null, said: null, history: 'new'};
  },
  async 'on a machine without SQLite'(t, trial) {
    const cause = {code: 'catalog-unavailable', message: 'no SQLite', next: 'Install it.'};
    const openCatalog = catalogIn(t, trial, {load: async () => failed(cause)});
    const {code} = cause;
    return {openCatalog, warning: code, said: code, history: 'unknown'};
  },
  async damaged(t, trial) {
    await mkdir(join(trial.folder, 'data'));
    await writeFile(fileOf(trial), 'this is no database, whatever its name says. '.repeat(100));
    const openCatalog = catalogIn(t, trial);
    return {openCatalog, warning: null, said: 'catalog-damaged', history: 'new'};
  },
  async newer(t, trial) {
    await mkdir(join(trial.folder, 'data'));
    const db = await openRaw(t, fileOf(trial));
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    db.close();
    const openCatalog = catalogIn(t, trial);
    return {openCatalog, warning: 'catalog-newer', said: 'catalog-newer', history: 'unknown'};
  },
  async locked(t, trial) {
    const openCatalog = catalogIn(t, trial);
    await openCatalog();
    const db = await openRaw(t, fileOf(trial));
    db.exec('BEGIN EXCLUSIVE');
    // Readers are not kept out by the lock of a writer.
    return {openCatalog, warning: 'catalog-locked', said: null, history: 'new'};
  },
  async 'of a file system that became read-only'(t, trial) {
    const openCatalog = async () => {
      const cause = {code: 'catalog-not-writable', message: 'it is read-only', next: 'Look.'};
      return ok({
        ...forgetfulCatalog,
        noteStarted: async () => failed(cause),
        recordManifest: async () => failed(cause),
      });
    };
    t.truthy(trial);
    return {openCatalog, warning: 'catalog-not-writable', said: null, history: 'new'};
  },
  async 'where a folder stands in its place'(t, trial) {
    await mkdir(fileOf(trial), {recursive: true});
    const said = 'catalog-not-a-file';
    return {openCatalog: catalogIn(t, trial), warning: said, said, history: 'unknown'};
  },
  async 'in a folder that is closed'(t, trial) {
    const data = join(trial.folder, 'data');
    await mkdir(data);
    await chmod(data, 0o500);
    t.teardown(() => chmod(data, 0o700));
    const isAllowed = process.getuid?.() === 0;
    const said = isAllowed ? null : 'catalog-not-writable';
    const openCatalog = catalogIn(t, trial);
    return {openCatalog, warning: said, said, history: isAllowed ? 'new' : 'unknown'};
  },
};

for (const [what, spoil] of Object.entries(spoiled)) {
  test(`a catalog ${what}: the card is SAFE all the same, and it is said once`, async (t) => {
    const trial = await makeReadyTrial(t);
    const {openCatalog, warning, said, history} = await spoil(t, trial);
    const run = startSession(t, {program: {openCatalog}});
    await plugAll(run, trial, trial.card);
    t.deepEqual(historiesOf(run.state()), [history]);
    t.deepEqual(saidOf(run), said === null ? [] : [said]);
    run.press('enter');
    await run.waitFor(onScreen('verdict'));
    t.deepEqual(verdictsOf(run.state()), [true]);
    t.deepEqual(warningsOf(run), warning === null ? [] : [warning]);
    t.true(run.state().notices.length <= 1, 'what is told twice stands there once');
    run.press('q');
    t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
  });
}

test('a damaged catalog is kept beside the new one, which takes the record', async (t) => {
  const trial = await makeReadyTrial(t);
  await mkdir(join(trial.folder, 'data'));
  await writeFile(fileOf(trial), 'no database');
  const openCatalog = catalogIn(t, trial);
  const run = startSession(t, {program: {openCatalog}});
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await run.waitFor(({recentShoots}) => recentShoots.length > 0);
  t.deepEqual(run.state().recentShoots, ['Shoot']);
  const names = await readdir(join(trial.folder, 'data'));
  t.is(names.filter((name) => /^catalog-damaged-.*\.sqlite$/.test(name)).length, 1);
  await run.waitFor(onScreen('verdict'));
  run.press('q');
  await run.done;
});

test('a catalog that calls everything safe makes nothing safe', async (t) => {
  const trial = await makeReadyTrial(t);
  const at = '2026-11-01T10:00:00.000Z';
  const liar = {
    ...forgetfulCatalog,
    compareListing: async () => ok({state: 'safe', at, shoot: 'Shoot'} as const),
  };
  const oneDisk = {physical: {known: true, ids: ['disk:one']}} as const;
  const run = startSession(t, {program: {openCatalog: async () => ok(liar)}});
  await plugAll(run, trial, trial.card);
  t.deepEqual(historiesOf(run.state()), ['safe']);
  // It is still copied and proved when it is asked for, every file of it.
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true]);
  const proved = run.emitted.filter(({type}) => type === 'file-proved').length;
  t.is(proved, 8, 'four files on two drives');
  run.press('enter');
  for (const drive of [trial.w, trial.b]) run.pull(drive);
  await run.waitFor(({drives}) => drives.length === 0);
  for (const drive of [trial.w, trial.b]) run.plug(drive, oneDisk);
  await run.waitFor(({drives}) => drives.length === 2);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [false], 'two copies on one disk');
  run.press('q');
  t.is((await run.done).exitCode, 1);
});
