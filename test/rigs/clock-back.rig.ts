import assert from 'node:assert/strict';
import {expectEnd, expectSafe, readOnlyManifest} from './checks.ts';
import {FAULT_BYTES, FAULT_FILES} from './fault-card.ts';
import {expectAllPresent, expectGoodEnd, wentOn} from './fault-checks.ts';
import {emptyPlaces, expectSoundFault, type FaultPlaces, makeFaultPlaces} from './fault-places.ts';
import type {Lab} from './lab.ts';
import {type RunResult, runOffload, runPlain, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {makeShim, type Shim} from './shim.ts';

/** Laptops and cameras lose their time; the program's own is shifted here, while it runs and between its runs. */
export const clockBack: Rig = {
  name: 'a clock that jumps back while a run is at work and between runs: one record each, in order, SAFE only when it is',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'b3sum', 'gcc'],
  root: true,
  run: jumpBack,
};

const DAY = 86_400;

interface Setting {
  readonly places: FaultPlaces;
  readonly shim: Shim;
}

async function jumpBack(lab: Lab): Promise<void> {
  const places = await makeFaultPlaces(lab);
  const shim = await makeShim(lab, places.roots);
  const setting = {places, shim};
  await spanJump(setting);
  await resumeEarlier(setting);
  await endEarlier(setting);
  await places.witness.expectSameBytes();
}

/** One run whose clock goes back by a day in the middle, and forth again. */
async function spanJump({places, shim}: Setting): Promise<void> {
  const {lab, args, card, witness, shoots, roots} = places;
  await emptyPlaces(places);
  await shim.reset();
  const running = await startOffload(lab, args, {env: shim.env});
  await running.waitFor('a third is read', ({read = 0}) => read > FAULT_BYTES / 3);
  await shim.shiftClock(-DAY);
  const run = await running.result;
  await expectSoundFault(places, run);
  await expectGoodEnd({
    first: {events: []},
    second: run,
    witness,
    card: card.mountPoint,
    shoots,
    roots,
  });
  const times = run.events.map(({at}) => Date.parse(at));
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  assert.equal(steps.filter((step) => step < -DAY * 500).length, 1, 'the clock jumped in the run');
  await expectVerified(places, shim);
}

/** A run that is killed, and goes on at a time before it began. */
async function resumeEarlier({places, shim}: Setting): Promise<void> {
  const {lab, args, roots} = places;
  await emptyPlaces(places);
  await shim.reset();
  const first = await killMidway(places, shim);
  await expectSoundFault(places, first);
  await shim.shiftClock(-2 * DAY);
  const second = await runOffload(lab, args, {env: shim.env});
  assert.ok(wentOn(second), 'it goes on with the run from the future');
  await endWell(places, first, second);
  // Once more, earlier still: another offload that finds everything there.
  await shim.shiftClock(-3 * DAY);
  const third = await runOffload(lab, args, {env: shim.env});
  expectAllPresent(second, third);
  assert.ok(!wentOn(third), 'a SAFE offload is over, whatever the clock says');
  // And one that is killed in between, between the times of the two that are over.
  const fourth = await killMidway(places, shim);
  await shim.shiftClock(-4 * DAY);
  const fifth = await runOffload(lab, args, {env: shim.env});
  assert.equal(idOf(fifth), idOf(fourth), 'the one that was interrupted goes on');
  expectAllPresent(fourth, fifth);
  await expectVerified(places, shim);
  assert.equal(roots.length, 2);
}

/** A run that ends NOT SAFE, and is made good at a time before it began; the newest record is the one that was written last. */
async function endEarlier({places, shim}: Setting): Promise<void> {
  const {lab, args} = places;
  await emptyPlaces(places);
  await shim.reset();
  const sound = await runOffload(lab, args, {env: shim.env});
  expectSafe(sound);
  await emptyPlaces(places);
  await shim.reset();
  // The flush of some copy fails: the offload ends, NOT SAFE, with its record.
  const first = await failOneCopy(places, shim);
  await shim.reset();
  await shim.shiftClock(-DAY);
  const second = await runOffload(lab, args, {env: shim.env});
  assert.ok(wentOn(second), 'the offload that ended NOT SAFE goes on');
  await endWell(places, first, second);
  await expectVerified(places, shim);
}

async function failOneCopy({lab, args}: FaultPlaces, shim: Shim): Promise<RunResult> {
  for (let at = 10; at < 60; at++) {
    await shim.reset();
    await shim.failSyncAt(at);
    const run = await runOffload(lab, args, {env: shim.env});
    if (run.exitCode === 1 && run.events.some(({type}) => type === 'file-failed')) {
      expectEnd(run, 1);
      return run;
    }
  }
  throw new Error('no flush of a copy failed');
}

async function killMidway({lab, args}: FaultPlaces, shim: Shim): Promise<RunResult> {
  const running = await startOffload(lab, args, {env: shim.env});
  await running.waitFor('something is proved', ({type}) => type === 'file-proved');
  running.signal('SIGKILL');
  return await running.result;
}

async function endWell(places: FaultPlaces, first: RunResult, second: RunResult): Promise<void> {
  const {witness, card, shoots, roots} = places;
  await expectGoodEnd({first, second, witness, card: card.mountPoint, shoots, roots});
  for (const shoot of shoots) {
    const {offload} = await readOnlyManifest(shoot);
    assert.equal(offload, idOf(first), 'the record is of the offload that was begun');
  }
}

/** Whoever reads the records finds all in order: `check`, `verify`, and the catalog. */
async function expectVerified({lab, args, shoots, card}: FaultPlaces, shim: Shim): Promise<void> {
  assert.ok(args.includes(card.mountPoint));
  const checked = await runOffload(lab, ['check', ...args.slice(0, 6)], {env: shim.env});
  assert.equal(checked.exitCode, 0, `check: ${checked.stderr}`);
  for (const shoot of shoots) {
    const verified = await runOffload(lab, ['verify', shoot], {env: shim.env});
    assert.equal(verified.exitCode, 0, `verify ${shoot}: ${verified.stderr}`);
    assert.ok(
      verified.events.some(({type, allGood, files}) => {
        return type === 'shoot-verified' && allGood === true && files === FAULT_FILES;
      }),
      'every file is good',
    );
  }
  const known = await runPlain(lab, ['shoots']);
  assert.equal(known.exitCode, 0, `the catalog can be read: ${known.stderr}`);
}

const idOf = ({events}: RunResult) =>
  events.find(({type}) => type === 'run-planned')?.offload ?? 'none';
