/** `offload verify A B`: one path does not keep the others from being read. */
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {makeShoot, makeTrial} from '../../helpers/run-offload.ts';
import {finishOf, flipBit, runVerify} from './verify-run.ts';

const PICTURE = 'Shoot/EOS/DCIM/100CANON/IMG_0001.JPG';

test('a path that is refused is told, the others are read, and the exit code is 1', async (t) => {
  const trial = await makeShoot(t);
  const empty = join(trial.folder, 'empty');
  const nowhere = join(trial.folder, 'nowhere');
  await mkdir(empty);
  for (const paths of [
    [empty, trial.w],
    [trial.w, empty],
    [nowhere, trial.w, empty],
  ]) {
    const report = await runVerify(trial, {paths});
    t.deepEqual(report.end, {outcome: 'complete', exitCode: 1}, paths.join());
    t.is(report.codes.length, paths.length - 1);
    t.true(report.codes.includes('no-records'));
    t.false(report.events.some(({type}) => type === 'refused'));
    t.like(finishOf(report), {path: trial.w, allGood: true});
  }
  await flipBit(join(trial.w, PICTURE), 10);
  const bad = await runVerify(trial, {paths: [empty, trial.w]});
  t.is(bad.end.exitCode, 1);
  t.like(finishOf(bad), {bad: 1, allGood: false});
});

test('when all paths are refused the run is', async (t) => {
  const trial = await makeTrial(t);
  const [empty, nowhere] = [join(trial.folder, 'empty'), join(trial.folder, 'nowhere')];
  await mkdir(empty);
  const report = await runVerify(trial, {paths: [nowhere, empty]});
  t.deepEqual(report.end, {outcome: 'refused', exitCode: 2});
  t.is(report.codes.length, 2);
  t.like(report.events.at(-1), {type: 'refused', code: 'no-records', path: empty});
});
