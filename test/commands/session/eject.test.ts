import {rename} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {ok} from '../../../src/core/cause.ts';
import type {Ejected} from '../../../src/system/eject.ts';
import {interceptCalls, systemError} from '../../helpers/faulty-files.ts';
import {makeTree, SMALL_CARD, testFiles} from '../../helpers/run-offload.ts';
import {
  Gate,
  isReady,
  labelled,
  makeReadyTrial,
  noticesOf,
  onScreen,
  plugAll,
  reads,
  startSession,
  verdictsOf,
} from './session-run.ts';

/** An answer that the test gives when it wants. */
function askLater() {
  let answer: (ejected: Ejected) => void = () => {};
  const answered = new Promise<Ejected>((resolve) => {
    answer = resolve;
  });
  return {answer, ejectVolume: async () => ok(await answered)};
}

test('e asks a card to go, and says when it may be pulled', async (t) => {
  const trial = await makeReadyTrial(t);
  const {answer, ejectVolume} = askLater();
  const run = startSession(t, {program: {ejectVolume}});
  await plugAll(run, trial, trial.card);
  run.press('e');
  t.is(run.state().cards[0]?.ejected, 'asked');
  run.press('enter');
  t.deepEqual(noticesOf(run.state()), ['ejected'], 'it is not offloaded while it goes');
  answer('safe-to-pull');
  await run.waitFor(({cards}) => cards[0]?.ejected === 'yes');
  t.is(run.state().screen, 'ready');
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('a card that was only unmounted says so', async (t) => {
  const trial = await makeReadyTrial(t);
  const run = startSession(t, {program: {ejectVolume: async () => ok('unmounted')}});
  await plugAll(run, trial, trial.card);
  run.press('e');
  await run.waitFor(({cards}) => cards[0]?.ejected === 'yes');
  t.like(run.state().notices[0], {
    code: 'unmounted',
    message: 'EOS is unmounted, but its drive may still run',
  });
  run.press('q');
  await run.done;
});

test('a card that stays is told, and can be offloaded', async (t) => {
  const trial = await makeReadyTrial(t);
  const cause = {code: 'in-use', message: 'EOS is in use', next: 'Close what uses it.'};
  const run = startSession(t, {program: {ejectVolume: async () => ({ok: false, cause})}});
  await plugAll(run, trial, trial.card);
  run.press('e');
  await run.waitFor(({notices}) => notices.length > 0);
  t.deepEqual(run.state().notices, [cause]);
  t.is(run.state().cards[0]?.ejected, 'no');
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('e on the verdict ejects what is safe, and without a key nothing is', async (t) => {
  const trial = await makeReadyTrial(t);
  const run = startSession(t);
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(run.ejected, []);
  run.press('e');
  await run.waitFor(({cards}) => cards[0]?.ejected === 'yes');
  t.deepEqual(run.ejected, [trial.card]);
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('an answer that comes when another card is there is not about that one', async (t) => {
  const trial = await makeReadyTrial(t);
  const {card, folder} = trial;
  const {answer, ejectVolume} = askLater();
  const run = startSession(t, {program: {ejectVolume}});
  await plugAll(run, trial, card);
  run.press('e');
  run.pull(card);
  await run.waitFor(isReady(0, 2));
  await rename(card, join(folder, 'pulled'));
  await makeTree(card, SMALL_CARD);
  run.plug(card, labelled('NIKON'));
  await run.waitFor(isReady(1, 2));
  answer('safe-to-pull');
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.like(run.state().cards[0], {label: 'NIKON', ejected: 'no'});
  run.press('q');
  await run.done;
});

test('with the setting a card is ejected after SAFE, one that is not safe stays', async (t) => {
  const trial = await makeReadyTrial(t);
  const second = join(trial.folder, 'NIKON');
  await makeTree(second, {'DCIM/100NIKON/DSC_0001.NEF': 20_000});
  let isBroken = false;
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (isBroken && call.method === 'openToRead' && call.path.startsWith(second)) {
      throw systemError('EIO', call);
    }
    return await proceed();
  });
  const run = startSession(t, {files, offload: {eject: true}});
  await plugAll(run, trial, trial.card, second);
  isBroken = true;
  run.press('a');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true, false]);
  await run.waitFor(({cards}) => cards[0]?.ejected === 'yes');
  t.deepEqual(run.ejected, [trial.card]);
  t.is(run.state().cards[1]?.ejected, 'no');
  t.false(
    run.emitted.some((event) => event.type === 'noticed' && event.code === 'ejected'),
    'the screen says it',
  );
  run.press('q');
  t.is((await run.done).exitCode, 1);
});

test('with the setting the card that was put in the place of a safe one is not ejected', async (t) => {
  const trial = await makeReadyTrial(t);
  const {card, folder} = trial;
  const second = join(folder, 'NIKON');
  await makeTree(second, {'DCIM/100NIKON/DSC_0001.NEF': 200_000});
  const gate = new Gate(reads('.NEF'));
  const run = startSession(t, {files: gate.files, offload: {eject: true}});
  await plugAll(run, trial, card, second);
  run.press('a');
  await gate.reached;
  await run.waitFor((state) => verdictsOf(state)[0] === true);
  run.pull(card);
  await run.waitFor(({cards}) => cards.length === 1);
  await rename(card, join(folder, 'pulled'));
  await makeTree(card, SMALL_CARD);
  run.plug(card, labelled('CANON'));
  await run.waitFor(isReady(2, 2));
  gate.open();
  await run.waitFor(onScreen('verdict'));
  await run.waitFor(({cards}) => cards.some(({ejected}) => ejected === 'yes'));
  t.deepEqual(run.ejected, [second]);
  run.press('q');
  t.is((await run.done).exitCode, 0);
});
