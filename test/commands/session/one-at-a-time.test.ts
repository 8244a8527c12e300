import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {OneAtATime, type Turn} from '../../../src/commands/session/one-at-a-time.ts';

/** A work that goes on until it is ended. */
function makeWork(told: string[], name: string) {
  let gate = {end() {}, fail(_: Error) {}};
  const ended = new Promise<void>((resolve, reject) => {
    gate = {end: resolve, fail: reject};
  });
  const turns: Turn[] = [];
  const work = async (turn: Turn) => {
    turns.push(turn);
    told.push(`${name} begins`);
    await ended;
    told.push(`${name} ends${turn.signal.aborted ? ', stopped' : ''}`);
  };
  return {work, turns, ...gate};
}

test('each waits for the one before, and for what comes after that', async (t) => {
  const told: string[] = [];
  const turns = new OneAtATime();
  const [one, two] = [makeWork(told, 'one'), makeWork(told, 'two')];
  const first = turns.begin(one.work, async () => {
    told.push('after one');
  });
  await setImmediate();
  t.true(one.turns[0]?.isLast());
  const second = turns.begin(two.work);
  t.false(one.turns[0]?.isLast());
  two.end();
  await setImmediate();
  t.deepEqual(told, ['one begins']);
  one.end();
  await Promise.all([first, second, turns.settled()]);
  t.deepEqual(told, ['one begins', 'one ends', 'after one', 'two begins', 'two ends']);
});

test('the last one is stopped, once, and that is told first', async (t) => {
  const told: string[] = [];
  const turns = new OneAtATime();
  const one = makeWork(told, 'one');
  const stop = () => turns.stop(() => told.push(`stop: ${one.turns[0]?.signal.aborted}`));
  stop();
  const begun = turns.begin(one.work, async () => {
    // It is over: there is nothing left to stop.
    stop();
  });
  await setImmediate();
  stop();
  stop();
  t.true(one.turns[0]?.signal.aborted);
  one.end();
  await begun;
  stop();
  t.deepEqual(told, ['one begins', 'stop: false', 'one ends, stopped']);
});

test('a fault is thrown to who began it and who waits; leaving stops without a word and throws nothing', async (t) => {
  const told: string[] = [];
  const turns = new OneAtATime();
  const one = makeWork(told, 'one');
  const begun = turns.begin(one.work, async () => {
    told.push('after one');
  });
  await setImmediate();
  const left = turns.abandon();
  t.true(one.turns[0]?.signal.aborted);
  one.fail(new Error('broken'));
  await t.throwsAsync(begun, {message: 'broken'});
  await t.throwsAsync(turns.settled(), {message: 'broken'});
  await t.notThrowsAsync(left);
  t.deepEqual(told, ['one begins']);
});
