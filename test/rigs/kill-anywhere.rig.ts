import assert from 'node:assert/strict';
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expectSafe} from './checks.ts';
import {expectAllPresent, expectTidy, hasEnded, wentOn} from './fault-checks.ts';
import {expectSoundFault, type FaultPlaces, finishWell, makeFaultPlaces} from './fault-places.ts';
import type {Lab} from './lab.ts';
import {type RunResult, runOffload, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {MOMENTS, makeShim, type Shim} from './shim.ts';
import {countMoments, type Trial, tryMoments} from './trials.ts';

/** `kill -9` before, behind and in the middle of any call that changes a destination, and at any time. */
export const killAnywhere: Rig = {
  name: 'kill -9 at any change of a file, and at any time: nothing is wrong, what was proved is not copied again, the same command ends SAFE',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'b3sum', 'gcc'],
  root: true,
  run: killAnywhereIn,
};

interface Setting {
  readonly places: FaultPlaces;
  readonly shim: Shim;
  /** Of a run that nobody kills. */
  readonly changes: number;
  readonly wholeMs: number;
}

async function killAnywhereIn(lab: Lab): Promise<void> {
  const places = await makeFaultPlaces(lab);
  const shim = await makeShim(lab, places.roots);
  const start = performance.now();
  expectSafe(await runOffload(lab, places.args, {env: shim.env}));
  const wholeMs = performance.now() - start;
  const changes = await shim.countChanges();
  assert.ok(changes > 200, `the shim sees what the program does: ${changes} changes`);
  const setting = {places, shim, changes, wholeMs};
  let killed = 0;
  let resumed = 0;
  const count = countMoments();
  await tryMoments(lab, count, async (trial) => {
    const first = await kill(setting, trial);
    if (first.exitCode === undefined) killed++;
    if (await finish(setting, first)) resumed++;
  });
  // Of a few moments chance may take all.
  if (count >= 10) assert.ok(killed >= count * 0.6, `only ${killed} of ${count} runs were killed`);
  if (count >= 10) {
    assert.ok(
      resumed >= count * 0.3,
      `only ${resumed} of ${count} runs went on with an earlier one`,
    );
  }
  await places.witness.expectSameBytes();
}

async function kill(
  {places: {lab, args, roots}, shim, changes, wholeMs}: Setting,
  {random, share, note}: Trial,
): Promise<RunResult> {
  for (const root of roots) await rm(join(root, 'rig'), {recursive: true, force: true});
  const isNew = random.chance(0.3);
  if (isNew) for (const root of roots) await rm(join(root, '.offload-volume.json'), {force: true});
  if (isNew) note('new volumes');
  await shim.reset();
  // Most by the count of calls, which leaves no gap between two of them out; some by the clock.
  if (random.chance(0.25)) {
    const afterMs = Math.round(share * wholeMs);
    note(`killed after ${afterMs} of ${Math.round(wholeMs)} ms`);
    const running = await startOffload(lab, args);
    await Promise.race([sleep(afterMs), running.result]);
    running.signal('SIGKILL');
    return await running.result;
  }
  const at = 1 + Math.floor(share * changes);
  const moment = random.choose(MOMENTS);
  note(`killed ${moment} change ${at} of about ${changes}`);
  await shim.dieAt(at, moment);
  return await runOffload(lab, args, {env: shim.env});
}

/** @returns whether the second run went on with the first. */
async function finish({places}: Setting, first: RunResult): Promise<boolean> {
  const {lab, args, roots, shoots} = places;
  await expectSoundFault(places, first);
  if (await hasEnded(shoots)) {
    expectAllPresent(first, await runOffload(lab, args));
    for (const root of roots) await expectTidy(root);
    return false;
  }
  return wentOn(await finishWell(places, first));
}
