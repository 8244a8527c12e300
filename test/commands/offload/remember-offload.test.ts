import {join} from 'node:path';
import test from 'ava';
import type {Catalog} from '../../../src/catalog/catalog.ts';
import type {StartedOffload} from '../../../src/catalog/started.ts';
import {failed, ok, type Result} from '../../../src/core/cause.ts';
import type {Manifest} from '../../../src/core/manifest.ts';
import {forgetfulCatalog} from '../../helpers/forgetful-catalog.ts';
import {
  codesOf,
  makeTrial,
  offloadTrial,
  type RunReport,
  readManifests,
} from '../../helpers/run-offload.ts';

const warningsOf = ({events}: RunReport) =>
  events.flatMap((event) => (event.type === 'noticed' ? [`${event.level} ${event.code}`] : []));

/** A catalog that writes down what it is told. */
function listeningCatalog(change: Partial<Catalog> = {}) {
  const starts: StartedOffload[] = [];
  const records: Manifest[] = [];
  const catalog: Catalog = {
    ...forgetfulCatalog,
    async noteStarted(start) {
      starts.push(start);
      return ok(undefined);
    },
    async recordManifest(manifest) {
      records.push(manifest);
      return ok('recorded');
    },
    ...change,
  };
  return {starts, records, openCatalog: async (): Promise<Result<Catalog>> => ok(catalog)};
}

const locked = {code: 'catalog-locked', message: 'it is locked', next: 'Wait.'};

test('the catalog hears of the start and of the end, with the record that lies on the drives', async (t) => {
  const trial = await makeTrial(t);
  const {starts, records, openCatalog} = listeningCatalog();
  const report = await offloadTrial(trial, {program: {openCatalog}});
  const planned = report.events.find((event) => event.type === 'run-planned');
  t.deepEqual(starts.length, 1);
  t.like(starts[0], {
    offload: planned?.offload,
    cardId: `folder:${trial.card}`,
    label: 'EOS',
    shoot: 'Shoot',
    files: 4,
    bytes: 168_193,
  });
  const [written] = await readManifests(join(trial.w, 'Shoot'));
  t.deepEqual(records, written === undefined ? [] : [written]);
  t.deepEqual(warningsOf(report), []);
});

test('an offload that is stopped is begun and not ended; the next one has the same id', async (t) => {
  const trial = await makeTrial(t);
  const {starts, records, openCatalog} = listeningCatalog();
  const stop = new AbortController();
  const first = await offloadTrial(trial, {
    program: {openCatalog},
    stop,
    onEvent(event) {
      if (event.type === 'file-copied') stop.abort();
    },
  });
  t.is(first.end.exitCode, 130);
  t.is(starts.length, 1);
  t.deepEqual(records, []);
  await offloadTrial(trial, {program: {openCatalog}});
  t.is(starts.length, 2);
  t.is(starts[1]?.offload, starts[0]?.offload);
  t.is(starts[1]?.fingerprint, starts[0]?.fingerprint);
  t.is(records[0]?.offload, starts[0]?.offload);
});

test('a card that is not safe is recorded as that', async (t) => {
  const trial = await makeTrial(t);
  const {records, openCatalog} = listeningCatalog();
  const oneDisk = {physical: {known: true, ids: ['disk:one']}} as const;
  const report = await offloadTrial(trial, {
    program: {openCatalog},
    volumes: {[trial.w]: oneDisk, [trial.b]: oneDisk},
  });
  t.deepEqual(codesOf(report), ['same-drive']);
  t.deepEqual(
    records.map(({verdict}) => verdict.safe),
    [false],
  );
});

const failures: Readonly<Record<string, Partial<Catalog> | null>> = {
  'that cannot be opened': null,
  'that takes no start': {noteStarted: async () => failed(locked)},
  'that takes no end': {recordManifest: async () => failed(locked)},
  'that takes nothing': {
    noteStarted: async () => failed(locked),
    recordManifest: async () => failed(locked),
  },
};

for (const [what, change] of Object.entries(failures)) {
  test(`a catalog ${what}: SAFE, and one warning where the record is missing`, async (t) => {
    const trial = await makeTrial(t);
    const openCatalog =
      change === null ? async () => failed(locked) : listeningCatalog(change).openCatalog;
    const report = await offloadTrial(trial, {program: {openCatalog}});
    t.deepEqual(report.end, {outcome: 'complete', exitCode: 0});
    t.true(report.verdicts[0]?.safe);
    // A start that is not noted does not matter any more once the end is.
    const isRecorded = change !== null && change.recordManifest === undefined;
    t.deepEqual(warningsOf(report), isRecorded ? [] : ['warning catalog-locked']);
    const at = report.events.findIndex(({type}) => type === 'noticed');
    const verdict = report.events.findIndex(({type}) => type === 'verdict');
    t.true(isRecorded || at > verdict, 'the verdict does not wait for it');
  });
}

test('a stopped offload that is not noted is warned of once', async (t) => {
  const trial = await makeTrial(t);
  const stop = new AbortController();
  const report = await offloadTrial(trial, {
    program: {openCatalog: async () => failed(locked)},
    stop,
    onEvent(event) {
      if (event.type === 'file-copied') stop.abort();
    },
  });
  t.is(report.end.exitCode, 130);
  t.deepEqual(warningsOf(report), ['warning catalog-locked']);
});

test('a catalog that never heard of anything, or claims everything, changes neither plan nor verdict', async (t) => {
  const at = '2026-11-01T10:00:00.000Z';
  const {openCatalog} = listeningCatalog({
    compareListing: async () => ok({state: 'safe', at, shoot: 'Shoot'}),
    recallCard: async () => {
      throw new Error('an offload asked the catalog');
    },
    findByHash: async () => {
      throw new Error('an offload asked the catalog');
    },
  });
  const trial = await makeTrial(t);
  const report = await offloadTrial(trial, {program: {openCatalog}});
  t.true(report.verdicts[0]?.safe);
  t.is(report.verdicts[0]?.account.copied, 4);
  t.is(report.events.filter(({type}) => type === 'file-proved').length, 8);
});

test('a dry run and a refused run tell the catalog nothing', async (t) => {
  const trial = await makeTrial(t);
  const openCatalog = async () => {
    throw new Error('the catalog was opened');
  };
  const dry = await offloadTrial(trial, {program: {openCatalog}, options: {dryRun: true}});
  t.is(dry.end.exitCode, 0);
  const refused = await offloadTrial(trial, {program: {openCatalog}, to: [trial.card, trial.b]});
  t.is(refused.end.exitCode, 2);
});
