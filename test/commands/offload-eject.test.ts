import {join} from 'node:path';
import test from 'ava';
import type {Program} from '../../src/commands/program.ts';
import {failed, ok, type Result} from '../../src/core/cause.ts';
import type {Ejected} from '../../src/system/eject.ts';
import {failsReading} from '../helpers/faulty-files.ts';
import {
  findLitter,
  makeTree,
  makeTrial,
  offloadTrial,
  type RunReport,
  testFiles,
} from '../helpers/run-offload.ts';

/** Answers as it is told, and writes down who was asked. */
function askedToGo(answer: Result<Ejected> = ok('safe-to-pull')) {
  const asked: string[] = [];
  const ejectVolume: Program['ejectVolume'] = async ({mountPoint}) => {
    asked.push(mountPoint);
    return answer;
  };
  return {asked, program: {ejectVolume}};
}

const noticesOf = ({events}: RunReport) =>
  events.flatMap((event) =>
    event.type === 'noticed' ? [`${event.level} ${event.code}: ${event.message}`] : [],
  );

const options = {eject: true};

test('a card that is safe is ejected after its verdict, and it is said', async (t) => {
  const trial = await makeTrial(t);
  const {asked, program} = askedToGo();
  const report = await offloadTrial(trial, {program, options});
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 0});
  t.deepEqual(asked, [trial.card]);
  t.deepEqual(noticesOf(report), ['info ejected: EOS is ejected']);
  const types = report.events.map(({type}) => type);
  t.true(types.indexOf('noticed') > types.indexOf('verdict'));
  t.deepEqual(await findLitter(trial.w), []);
});

test('without --eject nothing is asked to go', async (t) => {
  const trial = await makeTrial(t);
  const {asked, program} = askedToGo();
  await offloadTrial(trial, {program});
  t.deepEqual(asked, []);
});

test('a card that is not safe stays', async (t) => {
  const trial = await makeTrial(t);
  const {asked, program} = askedToGo();
  const broken = failsReading(testFiles, (path) => path.endsWith('.MP4'), 'EIO');
  const report = await offloadTrial(trial, {program, options, files: broken});
  t.is(report.end.exitCode, 1);
  const oneDisk = {physical: {known: true, ids: ['disk:one']}} as const;
  const volumes = {[trial.w]: oneDisk, [trial.b]: oneDisk};
  await offloadTrial(trial, {program, options: {...options, shoot: 'Other'}, volumes});
  t.deepEqual(asked, []);
});

test('a card whose copying was stopped stays', async (t) => {
  const trial = await makeTrial(t);
  const {asked, program} = askedToGo();
  const stop = new AbortController();
  const report = await offloadTrial(trial, {
    program,
    options,
    stop,
    onEvent(event) {
      if (event.type === 'file-copied') stop.abort();
    },
  });
  t.is(report.end.exitCode, 130);
  t.deepEqual(asked, []);
});

test('a folder is no card that could go', async (t) => {
  const trial = await makeTrial(t);
  const {asked, program} = askedToGo();
  const inFolder = {[trial.card]: {mountPoint: trial.folder}};
  const report = await offloadTrial(trial, {program, options, volumes: inFolder});
  t.true(report.verdicts[0]?.safe);
  t.deepEqual(asked, []);
  t.deepEqual(noticesOf(report), ['info not-ejectable: EOS is a folder and stays']);
});

test('a part of a card is not safe, so its card stays', async (t) => {
  const trial = await makeTrial(t);
  const dcim = join(trial.card, 'DCIM');
  const {asked, program} = askedToGo();
  const report = await offloadTrial(trial, {
    cards: [dcim],
    program,
    options,
    volumes: {[dcim]: {mountPoint: trial.card}},
  });
  t.false(report.verdicts[0]?.safe);
  t.deepEqual(asked, []);
});

test('a card that does not go changes no verdict', async (t) => {
  const trial = await makeTrial(t);
  const cause = {code: 'in-use', message: 'Finder uses it', next: 'Close Finder.'};
  const {program} = askedToGo(failed(cause));
  const report = await offloadTrial(trial, {program, options});
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 0});
  t.true(report.verdicts[0]?.safe);
  t.deepEqual(noticesOf(report), ['warning in-use: EOS is not ejected: Finder uses it']);
});

test('a card that was only unmounted is not said to be ejected', async (t) => {
  const trial = await makeTrial(t);
  const {program} = askedToGo(ok('unmounted'));
  const report = await offloadTrial(trial, {program, options});
  t.deepEqual(noticesOf(report), ['info unmounted: EOS is unmounted']);
});

test('of two cards only the safe one goes', async (t) => {
  const trial = await makeTrial(t);
  const second = join(trial.folder, 'NIKON');
  await makeTree(second, {'DCIM/100NIKON/DSC_0001.NEF': 20_000});
  const {asked, program} = askedToGo();
  const broken = failsReading(testFiles, (path) => path.endsWith('.NEF'), 'EIO');
  const cards = [trial.card, second];
  const report = await offloadTrial(trial, {cards, program, options, files: broken});
  t.is(report.end.exitCode, 1);
  t.deepEqual(asked, [trial.card]);
});

test('a dry run ejects nothing', async (t) => {
  const trial = await makeTrial(t);
  const {asked, program} = askedToGo();
  await offloadTrial(trial, {program, options: {...options, dryRun: true}});
  t.deepEqual(asked, []);
});
