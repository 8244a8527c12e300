import test from 'ava';
import {makeReadyTrial, plugAll, startSession, onScreen, verdictsOf, isReady, noticesOf, historiesOf} from './session-run.ts';
test('x', async (t) => {
  const trial = await makeReadyTrial(t);
  const run = startSession(t);
  await plugAll(run, trial, trial.card);
  t.deepEqual(historiesOf(run.state()), ['new']);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true]);
  run.press('enter');
  t.is(run.state().screen, 'ready');
  run.press('q');
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
});
