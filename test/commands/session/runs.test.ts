import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {type Call, failsOnceReading, interceptCalls} from '../../helpers/faulty-files.ts';
import {
  findLitter,
  makeTree,
  readCopies,
  readTree,
  type Trial,
  testFiles,
} from '../../helpers/run-offload.ts';
import {
  cardIds,
  catalogIn,
  Gate,
  historiesOf,
  isReady,
  labelled,
  makeReadyTrial,
  noticesOf,
  onScreen,
  plugAll,
  reads,
  type SessionTrial,
  startSession,
  verdictsOf,
} from './session-run.ts';

/** Another card beside the first. */
async function makeSecond({folder}: Trial, name = 'NIKON'): Promise<string> {
  const second = join(folder, name);
  await makeTree(second, {
    'DCIM/100NIKON/DSC_0001.NEF': 20_000,
    'DCIM/100NIKON/DSC_0002.NEF': 30_000,
  });
  return second;
}

/** What the runs did, in order: `scan EOS`, `verdict EOS`. */
const stepsOf = (run: SessionTrial) =>
  run.emitted.flatMap((event) => {
    if (event.type === 'phase-started' && event.phase === 'scan') return `scan ${event.card.label}`;
    if (event.type === 'verdict') return `${event.safe ? 'safe' : 'not safe'} ${event.card.label}`;
    return [];
  });

const isCopying = ({screen, run}: SessionState) => screen === 'working' && run?.endedMs === null;

/** A second card comes while the first one is copied, which goes on when the gate opens. */
async function insertMeanwhile(t: ExecutionContext) {
  const trial = await makeReadyTrial(t);
  const second = await makeSecond(trial);
  const gate = new Gate(reads('.MP4'));
  const run = startSession(t, {files: gate.files});
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await gate.reached;
  run.plug(second, labelled('NIKON'));
  await run.waitFor(isReady(2, 2));
  return {trial, second, gate, run};
}

test('a card that is inserted meanwhile is queued by Enter and offloaded next; both verdicts stay', async (t) => {
  const {trial, second, gate, run} = await insertMeanwhile(t);
  run.press('enter');
  t.deepEqual(run.state().queue, [second]);
  run.press('enter');
  t.deepEqual(run.state().queue, [second], 'once');
  gate.open();
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(run.state().run?.cards, [trial.card, second]);
  t.deepEqual(verdictsOf(run.state()), [true, true]);
  t.deepEqual(stepsOf(run), ['scan EOS', 'safe EOS', 'scan NIKON', 'safe NIKON']);
  run.press('enter');
  t.is(run.state().run, null);
  run.press('q');
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
  t.deepEqual(await readCopies(join(trial.w, 'Shoot')), await readCopies(join(trial.b, 'Shoot')));
  t.deepEqual([...(await findLitter(trial.w)), ...(await findLitter(trial.b))], []);
});

test('all cards that wait are offloaded in one run', async (t) => {
  const trial = await makeReadyTrial(t);
  const second = await makeSecond(trial);
  const run = startSession(t);
  await plugAll(run, trial, trial.card, second);
  run.press('a');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true, true]);
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('stop clears the queue and starts nothing more', async (t) => {
  const {gate, run} = await insertMeanwhile(t);
  run.press('enter', 'ctrl-c', 'y');
  t.deepEqual(run.state().queue, []);
  run.press('enter');
  t.deepEqual(run.state().queue, [], 'a run that is to stop takes none');
  gate.open();
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [false]);
  t.deepEqual(stepsOf(run), ['scan EOS', 'not safe EOS']);
  t.is(run.emitted.filter(({type}) => type === 'cancel-requested').length, 1);
  run.press('q');
  t.deepEqual(await run.done, {outcome: 'cancelled', exitCode: 130});
});

test('r copies again only what is not safe', async (t) => {
  const trial = await makeReadyTrial(t);
  const second = await makeSecond(trial);
  let isBroken = true;
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (isBroken && call.path.endsWith('DSC_0002.NEF') && call.method === 'read') {
      throw Object.assign(new Error('EIO'), {code: 'EIO'});
    }
    return await proceed();
  });
  const run = startSession(t, {files});
  await plugAll(run, trial, trial.card, second);
  run.press('a');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true, false]);
  isBroken = false;
  const ended = run.emitted.length;
  run.press('r');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true, true]);
  t.deepEqual(stepsOf(run).slice(4), ['scan NIKON', 'safe NIKON']);
  const copied = run.emitted.filter(
    (event) => event.type === 'file-copied' && event.path.endsWith('DSC_0001.NEF'),
  );
  t.true(copied.length > 0 && copied.every((event) => run.emitted.indexOf(event) < ended));
  run.press('r');
  t.deepEqual(noticesOf(run.state()), ['nothing-to-retry']);
  run.press('q');
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
});

test('a read that fails once makes no verdict worse', async (t) => {
  const trial = await makeReadyTrial(t);
  const run = startSession(t, {
    files: failsOnceReading(testFiles, (path) => path.endsWith('.MP4')),
  });
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  run.press('r');
  await run.waitFor((state) => verdictsOf(state)[0] === true);
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('a refused run says why, drops the queue, and the session goes on', async (t) => {
  const trial = await makeReadyTrial(t);
  const second = await makeSecond(trial);
  let free = 1000;
  let isHeld = false;
  const asksForSpace = ({method, path}: Call) => method === 'freeBytes' && path !== second;
  const files = {
    ...interceptCalls(testFiles, (_call, proceed) => proceed()),
    freeBytes: async () => free,
  };
  const gate = new Gate((call) => isHeld && asksForSpace(call), files);
  const run = startSession(t, {files: gate.files});
  await plugAll(run, trial, trial.card);
  isHeld = true;
  run.press('enter');
  await gate.reached;
  run.plug(second, labelled('NIKON'));
  await run.waitFor(isReady(2, 2));
  run.press('enter');
  t.deepEqual(run.state().queue, [second]);
  gate.open();
  await run.waitFor(onScreen('verdict'));
  t.is(run.state().run?.state.refused?.code, 'not-enough-space');
  t.deepEqual(run.state().run?.state.ended, {type: 'run-ended', outcome: 'refused', exitCode: 2});
  t.deepEqual(noticesOf(run.state()), ['queue-dropped']);
  t.deepEqual(verdictsOf(run.state()), [null]);
  t.deepEqual(await readCopies(trial.w), {}, 'nothing was written');
  free = 1e12;
  run.press('r');
  await run.waitFor((state) => onScreen('verdict')(state) && verdictsOf(state)[0] === true);
  t.is(run.state().run?.state.refused, null);
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('a destination inside the card is refused, and leaving then is exit code 1', async (t) => {
  const trial = await makeReadyTrial(t);
  const inside = join(trial.card, 'copies');
  await makeTree(inside, {});
  await makeTree(trial.card, {'copies/': 0});
  const run = startSession(t, {to: [inside, trial.b]});
  run.plug(trial.b);
  run.plug(trial.card, cardIds);
  await run.waitFor(isReady(1, 2));
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.is(run.state().run?.state.refused?.code, 'destination-inside-card');
  t.deepEqual(await readTree(inside), {});
  run.press('enter');
  t.is(run.state().screen, 'ready');
  run.press('q');
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 1});
});

test('what breaks in a run ends the session with the drives unlocked', async (t) => {
  const trial = await makeReadyTrial(t);
  const run = startSession(t, {
    mayStayOpen: (path) => path.endsWith('.journal'),
    onEvent(event) {
      if (event.type === 'run-planned') throw new Error('broken');
    },
  });
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await t.throwsAsync(run.done, {message: 'broken'});
  for (const drive of [trial.w, trial.b]) {
    t.deepEqual(
      (await findLitter(drive)).filter((name) => !name.endsWith('.journal')),
      [],
    );
  }
});

test('what breaks in the watch for volumes stops the run before the session ends', async (t) => {
  const trial = await makeReadyTrial(t);
  const gate = new Gate(reads('.MP4'));
  let isBroken = false;
  const files = interceptCalls(gate.files, async (call, proceed) => {
    if (isBroken && call.method === 'list') throw new Error('broken');
    return await proceed();
  });
  const run = startSession(t, {files});
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await gate.reached;
  isBroken = true;
  run.plug(await makeSecond(trial), labelled('NIKON'));
  let isOver = false;
  const over = t.throwsAsync(run.done, {message: 'broken'}).finally(() => {
    isOver = true;
  });
  await t.throwsAsync(run.watching(), {message: 'broken'});
  isBroken = false;
  t.false(isOver, 'a block is in hand');
  gate.open();
  await over;
  t.is(run.emitted.at(-1)?.type, 'verdict');
  t.deepEqual(
    (await findLitter(trial.w)).filter((name) => name.endsWith('lock')),
    [],
  );
});

test('a run that is started while the one before ejects its cards waits for it', async (t) => {
  const trial = await makeReadyTrial(t);
  const second = await makeSecond(trial);
  const third = await makeSecond(trial, 'SONY');
  let answer: () => void = () => {};
  const asked: string[] = [];
  const run = startSession(t, {
    offload: {eject: true},
    program: {
      openCatalog: catalogIn(t, trial),
      async ejectVolume({mountPoint}) {
        asked.push(mountPoint);
        if (mountPoint === trial.card) {
          await new Promise<void>((resolve) => {
            answer = resolve;
          });
        }
        return {ok: true, value: 'safe-to-pull'};
      },
    },
  });
  await plugAll(run, trial, trial.card, second, third);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  await run.waitFor((state) => historiesOf(state)[0] === 'safe');
  t.deepEqual(asked, [trial.card]);
  run.press('enter', 'down', 'enter', 'enter');
  t.true(isCopying(run.state()));
  t.deepEqual(run.state().run?.cards, [second]);
  t.deepEqual(run.state().queue, [third]);
  answer();
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true, true]);
  t.deepEqual(stepsOf(run), [
    'scan EOS',
    'safe EOS',
    'scan NIKON',
    'safe NIKON',
    'scan SONY',
    'safe SONY',
  ]);
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('a look after a run that takes its time keeps neither the next run nor the user waiting', async (t) => {
  const trial = await makeReadyTrial(t);
  let looksAgain = false;
  const gate = new Gate(({method, path}) => {
    const isHeld = looksAgain && method === 'freeBytes' && path === trial.b;
    // The next run asks for the space there as well.
    if (isHeld) looksAgain = false;
    return isHeld;
  });
  const run = startSession(t, {
    files: gate.files,
    onEvent(event) {
      looksAgain = event.type === 'verdict';
    },
  });
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  await gate.reached;
  run.press('enter', 'enter');
  t.is(run.state().screen, 'working');
  await run.waitFor(onScreen('verdict'));
  run.press('q');
  t.is((await run.done).exitCode, 0);
  gate.open();
});

test('a card that was not safe is not forgotten when another is mounted in its place', async (t) => {
  const trial = await makeReadyTrial(t);
  const {card, w, b, folder} = trial;
  const oneDisk = {physical: {known: true, ids: ['disk:one']}} as const;
  const run = startSession(t);
  run.plug(w, oneDisk);
  run.plug(b, oneDisk);
  run.plug(card, labelled('EOS'));
  await run.waitFor(isReady(1, 2));
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [false]);
  for (const place of [card, w, b]) run.pull(place);
  await run.waitFor(isReady(0, 0));
  run.press('enter');
  run.plug(w);
  run.plug(b);
  run.plug(card, {...labelled('EOS'), uuid: 'another card'});
  await run.waitFor(isReady(1, 2));
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true]);
  run.press('q');
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 1}, `one in ${folder} is not safe`);
});
