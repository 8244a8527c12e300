import {readFile, rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {
  findLitter,
  makeTree,
  readCopies,
  readManifests,
  SMALL_CARD,
  tickingClock,
} from '../../helpers/run-offload.ts';
import {
  cardIds,
  catalogIn,
  DEEP_CARD,
  Gate,
  historiesOf,
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

test('a card from its first offload to the next shoot on it', async (t) => {
  const trial = await makeReadyTrial(t);
  const {card, w, b} = trial;
  const openCatalog = catalogIn(t, trial);
  const run = startSession(t, {program: {openCatalog}});
  await plugAll(run, trial, card);
  t.like(run.state().cards[0], {
    label: 'EOS',
    survey: {files: 4, bytes: 168_193, shootDate: '2026-11-20'},
    history: {state: 'new'},
  });
  t.deepEqual(run.state().recentShoots, []);

  run.press('enter');
  t.is(run.state().screen, 'working');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true]);
  // The catalog is asked again by the time the ready screen is there, or soon after.
  run.press('enter');
  t.is(run.state().screen, 'ready');
  await run.waitFor((state) => historiesOf(state)[0] === 'safe');
  t.like(run.state().cards[0], {history: {state: 'safe', shoot: 'Shoot'}});
  t.deepEqual(run.state().recentShoots, ['Shoot']);
  run.press('a');
  t.is(run.state().screen, 'ready', 'what was safe is not among all');

  // Two more pictures, and another reader.
  run.pull(card);
  await run.waitFor(isReady(0, 2));
  await makeTree(card, {'DCIM/102CANON/IMG_0005.JPG': 5000, 'DCIM/102CANON/IMG_0006.JPG': 6000});
  const moved = join(trial.folder, 'READER2');
  await rename(card, moved);
  run.plug(moved, labelled('EOS'));
  await run.waitFor(isReady(1, 2));
  t.like(run.state().cards[0], {path: moved, history: {state: 'more', count: 2}});

  run.press('a');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true]);
  run.press('enter');
  await run.waitFor((state) => historiesOf(state)[0] === 'safe');
  run.press('q');
  t.deepEqual(await run.done, {outcome: 'complete', exitCode: 0});
  const copies = await readCopies(join(w, 'Shoot'));
  t.is(Object.values(copies).filter((what) => what !== 'folder').length, 6);
  t.deepEqual(await readCopies(join(b, 'Shoot')), copies);
});

test('an offload that was stopped is interrupted, goes on, and has one record', async (t) => {
  const trial = await makeReadyTrial(t);
  const {card, w, b} = trial;
  const program = {openCatalog: catalogIn(t, trial), clock: tickingClock()};
  const gate = new Gate(reads('.MP4'));
  const first = startSession(t, {program, files: gate.files});
  await plugAll(first, trial, card);
  first.press('enter');
  await gate.reached;
  first.press('ctrl-c');
  t.is(first.state().overlay?.type, 'confirm-stop');
  first.press('y');
  gate.open();
  await first.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(first.state()), [false]);
  first.press('enter');
  await first.waitFor((state) => historiesOf(state)[0] === 'interrupted');
  first.press('q');
  t.deepEqual(await first.done, {outcome: 'cancelled', exitCode: 130});

  const second = startSession(t, {program});
  await plugAll(second, trial, card);
  t.deepEqual(historiesOf(second.state()), ['interrupted']);
  second.press('enter');
  await second.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(second.state()), [true]);
  t.like(
    second.emitted.find(({type}) => type === 'run-planned'),
    {resumed: true},
  );
  second.press('enter');
  await second.waitFor((state) => historiesOf(state)[0] === 'safe');
  second.press('q');
  t.is((await second.done).exitCode, 0);
  for (const drive of [w, b]) {
    t.is((await readManifests(join(drive, 'Shoot'))).length, 1);
    t.deepEqual(await findLitter(drive), []);
  }
});

test('a card whose copy failed was not safe', async (t) => {
  const trial = await makeReadyTrial(t);
  const openCatalog = catalogIn(t, trial);
  const run = startSession(t, {program: {openCatalog}});
  // The same disk twice: two copies that are one.
  const oneDisk = {physical: {known: true, ids: ['disk:one']}} as const;
  run.plug(trial.w, oneDisk);
  run.plug(trial.b, oneDisk);
  run.plug(trial.card, cardIds);
  await run.waitFor(isReady(1, 2));
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [false]);
  run.press('enter');
  await run.waitFor((state) => historiesOf(state)[0] === 'not-safe');
  run.press('q');
  t.is((await run.done).exitCode, 1);
});

test('a catalog that takes its time keeps no card waiting, and says its word later', async (t) => {
  const trial = await makeReadyTrial(t);
  const open = catalogIn(t, trial);
  let answer: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const openCatalog = async () => {
    await asked;
    return await open();
  };
  const run = startSession(t, {program: {openCatalog}});
  run.plug(trial.w);
  run.plug(trial.b);
  run.plug(trial.card, cardIds);
  await run.waitFor(({looked, cards, drives}) => {
    return looked && drives.length === 2 && cards[0]?.survey?.files === 4;
  });
  t.deepEqual(historiesOf(run.state()), [undefined]);
  answer();
  await run.waitFor((state) => historiesOf(state)[0] === 'new');
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('a survey belongs to the card it was made of', async (t) => {
  const {card, folder} = await makeReadyTrial(t, DEEP_CARD);
  const gate = new Gate(surveys);
  const run = startSession(t, {files: gate.files});
  run.plug(card, cardIds);
  await gate.reached;
  run.pull(card);
  await run.waitFor(({looked, cards}) => looked && cards.length === 0);
  await rename(card, join(folder, 'gone'));
  await makeTree(card, {'DCIM/100NIKON/DSC_0001.NEF': 20_000});
  run.plug(card, {...cardIds, label: 'NIKON', uuid: 'another'});
  await run.waitFor(isReady(1, 0));
  gate.open();
  t.like(run.state().cards[0], {label: 'NIKON', survey: {files: 1, bytes: 20_000}});
  run.press('q');
  await run.done;
  await run.watching();
  t.is(run.told.filter(({type}) => type === 'card-surveyed').length, 1);
});

test('a survey and an offload change nothing on the card', async (t) => {
  const trial = await makeReadyTrial(t, {...SMALL_CARD, 'DCIM/note.txt': 'mine'});
  const run = startSession(t);
  await plugAll(run, trial, trial.card);
  const before = await readCopies(trial.card);
  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(await readCopies(trial.card), before);
  t.is(await readFile(join(trial.card, 'DCIM/note.txt'), 'utf8'), 'mine');
  await writeFile(join(trial.card, 'DCIM/note.txt'), 'changed');
  run.press('enter', 'enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true], 'the changed file is copied beside the old one');
  run.press('q');
  t.is((await run.done).exitCode, 0);
});
