import {chmod, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleepFor} from 'node:timers/promises';
import test from 'ava';
import {below, interceptCalls, systemError} from '../../helpers/faulty-files.ts';
import {readCopies, testFiles} from '../../helpers/run-offload.ts';
import {
  cardIds,
  Gate,
  isReady,
  makeReadyTrial,
  noticesOf,
  onScreen,
  plugAll,
  startSession,
  verdictsOf,
} from './session-run.ts';

test('cards and drives as they come and go', async (t) => {
  const {card, w, b, folder} = await makeReadyTrial(t);
  const run = startSession(t);
  await run.waitFor(({looked}) => looked);
  t.deepEqual(run.state().cards, []);
  run.plug('/boot');
  run.plug(b);
  await run.waitFor(({drives}) => drives.length === 1);
  run.plug(w);
  await run.waitFor(({drives}) => drives.length === 2);
  t.deepEqual(
    run.state().drives.map(({path, role, letter}) => [path, role, letter]),
    [
      [w, 'working', 'W'],
      [b, 'backup', 'B'],
    ],
  );
  run.plug(card, cardIds);
  await run.waitFor(isReady(1, 2));
  const empty = join(folder, 'EMPTY');
  await mkdir(join(empty, 'DCIM'), {recursive: true});
  run.plug(empty, {...cardIds, label: 'EMPTY', uuid: 'e'});
  await run.waitFor(isReady(2, 2));
  t.like(run.state().cards[1], {label: 'EMPTY', survey: {files: 0, bytes: 0, shootDate: null}});
  for (const place of [card, empty, w]) run.pull(place);
  await run.waitFor(isReady(0, 1));
  t.is(run.state().selectedDrive, b);
  run.press('q');
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
});

test('a card that cannot be read says so', async (t) => {
  const {card} = await makeReadyTrial(t);
  let looks = 0;
  const files = interceptCalls(testFiles, async (call, proceed) => {
    // The look at the volume sees its folders; the survey does not any more.
    if (call.method === 'list' && call.path === card && ++looks > 1) throw systemError('EIO', call);
    return await proceed();
  });
  const run = startSession(t, {files});
  run.plug(card, cardIds);
  await run.waitFor(({cards}) => cards[0]?.problem?.code === 'card-unreadable');
  t.like(run.state().cards[0], {survey: null, history: null});
  run.press('q');
  await run.done;
});

test('what left while it was looked at is not shown', async (t) => {
  const {card, w} = await makeReadyTrial(t);
  const gate = new Gate(({method, path}) => method === 'freeBytes' && path !== '/');
  const run = startSession(t, {files: gate.files});
  run.plug(card, cardIds);
  run.plug(w);
  await gate.reached;
  run.pull(card);
  run.pull(w);
  await run.waitFor(() => run.told.filter(({type}) => type === 'volume-left').length === 2);
  gate.open();
  await run.waitFor(({looked}) => looked);
  await sleepFor(50);
  run.press('q');
  await run.done;
  t.deepEqual(run.state().cards, []);
  t.deepEqual(run.state().drives, []);
});

test('a drive that is pulled while it is looked at after a run does not come back', async (t) => {
  const trial = await makeReadyTrial(t);
  let isOver = false;
  const gate = new Gate(({method, path}) => isOver && method === 'freeBytes' && path === trial.b);
  const run = startSession(t, {
    files: gate.files,
    onEvent(event) {
      isOver ||= event.type === 'verdict';
    },
  });
  await plugAll(run, trial, trial.card);
  run.press('enter');
  await gate.reached;
  run.pull(trial.b);
  await run.waitFor(({drives}) => drives.length === 1);
  await run.waitFor(onScreen('verdict'));
  gate.open();
  // The look comes to its end.
  await sleepFor(100);
  run.press('q');
  await run.done;
  t.deepEqual(
    run.state().drives.map(({path}) => path),
    [trial.w],
  );
});

test('given with --to: destinations without roles, there again when they are plugged in again', async (t) => {
  const {card, w, b} = await makeReadyTrial(t);
  const photos = join(w, 'photos');
  await mkdir(photos);
  const run = startSession(t, {to: [photos, b]});
  run.plug(w);
  run.plug(b);
  run.plug(card, cardIds);
  await run.waitFor(isReady(1, 2));
  t.deepEqual(
    run.state().drives.map(({path, role}) => [path, role]),
    [
      [photos, 'working'],
      [b, 'backup'],
    ],
    'the first is the working drive, whatever the markers say',
  );
  run.pull(w);
  await run.waitFor(isReady(1, 1));
  run.press('enter');
  t.deepEqual(noticesOf(run.state()), ['no-working-drive']);
  run.plug(w);
  await run.waitFor(isReady(1, 2));
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true]);
  run.press('q');
  t.is((await run.done).exitCode, 0);
  t.deepEqual(await readCopies(join(photos, 'Shoot')), await readCopies(join(b, 'Shoot')));
});

test('a folder of --to that is missing is told, and taken when its drive comes', async (t) => {
  const {folder, card, w, b} = await makeReadyTrial(t);
  const late = join(folder, 'LATE');
  const run = startSession(t, {to: [w, late]});
  run.plug(w);
  run.plug(card, cardIds);
  await run.waitFor(isReady(1, 1));
  t.deepEqual(noticesOf(run.state()), ['destination-missing']);
  await mkdir(late);
  run.plug(late);
  await run.waitFor(isReady(1, 2));
  t.like(run.state().drives[1], {path: late, role: 'backup', letter: 'B'});
  run.plug(b);
  run.press('q');
  await run.done;
});

test('folders that this user may not open are no reason to end', async (t) => {
  const {card, w, folder} = await makeReadyTrial(t);
  const closed = join(folder, 'CLOSED');
  await mkdir(closed);
  await chmod(closed, 0);
  t.teardown(() => chmod(closed, 0o700));
  const match = below(closed);
  const files = interceptCalls(testFiles, async (call, proceed) => {
    // Who runs the tests may be allowed everything.
    if (match(call.path)) throw systemError('EACCES', call);
    return await proceed();
  });
  const run = startSession(t, {files});
  for (const place of [closed, w]) run.plug(place);
  run.plug(card, cardIds);
  await run.waitFor(isReady(1, 2));
  t.like(run.state().drives[1], {path: closed, role: null, free: null, mediumRead: null});
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('trouble of the watch for volumes is told, and what breaks in it ends the session', async (t) => {
  const trouble = {code: 'volumes-untold', message: 'nothing is told', next: 'Wait.'};
  let fail: (error: Error) => void = () => {};
  const run = startSession(t, {
    program: {
      watchVolumes({onTrouble}) {
        onTrouble(trouble);
        return new Promise((_resolve, reject) => {
          fail = reject;
        });
      },
    },
  });
  await run.waitFor((state) => noticesOf(state)[0] === 'volumes-untold');
  fail(new Error('broken'));
  await t.throwsAsync(run.done, {message: 'broken'});
});
