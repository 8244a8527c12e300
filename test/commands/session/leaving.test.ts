import {getEventListeners} from 'node:events';
import {basename, join} from 'node:path';
import {setTimeout as sleepFor} from 'node:timers/promises';
import test from 'ava';
import {makeTree, readManifests} from '../../helpers/run-offload.ts';
import {
  DEEP_CARD,
  Gate,
  isReady,
  labelled,
  makeReadyTrial,
  onScreen,
  plugAll,
  reads,
  startSession,
  surveys,
  verdictsOf,
} from './session-run.ts';

for (const key of ['q', 'ctrl-c']) {
  test(`${key} when nothing runs leaves with 0`, async (t) => {
    const run = startSession(t);
    run.press(key);
    t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
  });
}

test('a signal when nothing runs leaves with 0, and stops nothing', async (t) => {
  const trial = await makeReadyTrial(t);
  const run = startSession(t);
  await plugAll(run, trial, trial.card);
  run.stop.abort();
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
  t.deepEqual(run.emitted, []);
});

test('a signal that came before the session began', async (t) => {
  const stop = new AbortController();
  stop.abort();
  const run = startSession(t, {stop});
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
});

test('a signal after a verdict leaves with what the verdict said', async (t) => {
  const trial = await makeReadyTrial(t);
  const run = startSession(t);
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  run.stop.abort();
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
  t.false(run.emitted.some(({type}) => type === 'cancel-requested'));
});

const stops = {
  'q and y': ['q', 'y'],
  'a signal': null,
} as const;

for (const [how, keys] of Object.entries(stops)) {
  test(`${how} while a card is copied: the block in hand, 130, and the card goes on next time`, async (t) => {
    const trial = await makeReadyTrial(t);
    const gate = new Gate(reads('.MP4'));
    const run = startSession(t, {files: gate.files});
    await plugAll(run, trial, trial.card);
    run.press('enter');
    await gate.reached;
    if (keys === null) run.stop.abort();
    else run.press(...keys);
    let isOver = false;
    const over = run.done.finally(() => {
      isOver = true;
    });
    await sleepFor(50);
    t.false(isOver, 'a block is in hand');
    gate.open();
    t.deepEqual(await over, {outcome: 'cancelled', exitCode: 130});
    t.is(run.emitted.at(-1)?.type, 'verdict');

    const next = startSession(t);
    await plugAll(next, trial, trial.card);
    next.press('enter');
    await next.waitFor(onScreen('verdict'));
    t.deepEqual(verdictsOf(next.state()), [true]);
    t.like(
      next.emitted.find(({type}) => type === 'run-planned'),
      {resumed: true},
    );
    next.press('q');
    t.is((await next.done).exitCode, 0);
    t.is((await readManifests(join(trial.w, 'Shoot'))).length, 1);
  });
}

test('whoever goes on after all goes on', async (t) => {
  const trial = await makeReadyTrial(t);
  const gate = new Gate(reads('.MP4'));
  const run = startSession(t, {files: gate.files});
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await gate.reached;
  run.press('ctrl-c', 'n', 'q', 'escape');
  gate.open();
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true]);
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('a run that was stopped and then done again is no stopped run', async (t) => {
  const trial = await makeReadyTrial(t);
  const gate = new Gate(reads('.MP4'));
  const run = startSession(t, {files: gate.files});
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await gate.reached;
  run.press('ctrl-c', 'y');
  gate.open();
  await run.waitFor(onScreen('verdict'));
  run.press('r');
  await run.waitFor((state) => onScreen('verdict')(state) && verdictsOf(state)[0] === true);
  run.press('q');
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
});

test('keys behind the one that leaves start nothing', async (t) => {
  const trial = await makeReadyTrial(t);
  const run = startSession(t);
  await plugAll(run, trial, trial.card);
  run.press('q', 'enter');
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
  await sleepFor(50);
  t.deepEqual(run.emitted, []);
});

test('keys behind a signal start nothing, however long the rest takes', async (t) => {
  const trial = await makeReadyTrial(t);
  let answer: () => void = () => {};
  const run = startSession(t, {
    offload: {eject: true},
    program: {
      ejectVolume: () =>
        new Promise((resolve) => {
          answer = () => resolve({ok: true, value: 'safe-to-pull'});
        }),
    },
  });
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  run.stop.abort();
  run.press('enter', 'enter');
  const steps = run.emitted.length;
  answer();
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
  await sleepFor(20);
  t.is(run.emitted.length, steps);
});

test('leaving while a card is looked at does not wait for it, and leaves nothing', async (t) => {
  const {card} = await makeReadyTrial(t, {...DEEP_CARD, ...manyFolders(50)});
  const gate = new Gate(surveys);
  let folders = 0;
  const files = {
    ...gate.files,
    async list(path: string) {
      folders += 1;
      return await gate.files.list(path);
    },
  };
  const run = startSession(t, {files});
  run.plug(card, labelled('EOS'));
  await gate.reached;
  run.press('q');
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
  t.is(getEventListeners(run.stop.signal, 'abort').length, 0);
  const before = folders;
  gate.open();
  await run.watching();
  t.is(folders, before, 'the survey stopped after the folder in hand');
  t.like(run.state().cards[0], {survey: null});
});

/** All in the folder that is held up, and looked at after it. */
const manyFolders = (count: number) =>
  Object.fromEntries(
    Array.from({length: count}, (_, index) => [`DCIM/100CANON/SUB/${index}/IMG.JPG`, 10]),
  );

test('leaving while cards wait to be looked at lets the watch end', async (t) => {
  const {folder, card} = await makeReadyTrial(t, DEEP_CARD);
  const gate = new Gate(surveys);
  const run = startSession(t, {files: gate.files});
  const cards = [card, ...['NIKON', 'SONY', 'FUJI'].map((name) => join(folder, name))];
  for (const one of cards.slice(1)) await makeTree(one, DEEP_CARD);
  for (const one of cards) run.plug(one, labelled(basename(one)));
  await run.waitFor((state) => state.cards.length === 4);
  run.press('q');
  t.is((await run.done).exitCode, 0);
  gate.open();
  await run.watching();
  t.false(run.told.some(({type}) => type === 'card-surveyed'));
});

/** How many of each kind keep a process alive. */
function countResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

test.serial('a whole session leaves nothing that keeps the process alive', async (t) => {
  const trial = await makeReadyTrial(t);
  const before = countResources();
  const run = startSession(t);
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  run.press('enter');
  await run.waitFor(isReady(1, 2));
  run.press('q');
  await run.done;
  await run.watching();
  const findMore = () =>
    [...countResources()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
  const endMs = performance.now() + 5000;
  while (findMore().length > 0 && performance.now() < endMs) await sleepFor(5);
  t.deepEqual(findMore(), []);
});
