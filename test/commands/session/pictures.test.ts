import test from 'ava';
import {DEFAULT_SETTINGS} from '../../../src/core/settings.ts';
import {interceptCalls} from '../../helpers/faulty-files.ts';
import {testFiles} from '../../helpers/run-offload.ts';
import {
  DEEP_CARD,
  Gate,
  labelled,
  makeReadyTrial,
  noticesOf,
  onScreen,
  plugAll,
  type SessionTrial,
  startSession,
  surveys,
} from './session-run.ts';

const PICTURES = Object.fromEntries(
  Array.from({length: 12}, (_, index) => [`DCIM/100CANON/IMG_00${10 + index}.JPG`, 100]),
);

/** Holds up the third picture that is opened once `begin` was called, and counts them. */
function holdThird() {
  let isBegun = false;
  let opened = 0;
  const counted = interceptCalls(testFiles, async (call, proceed) => {
    const isPicture = call.method === 'openToRead' && call.path.endsWith('.JPG');
    if (isBegun && isPicture) opened += 1;
    return await proceed();
  });
  const gate = new Gate(
    ({method, path}) => isBegun && opened === 2 && method === 'openToRead' && path.endsWith('.JPG'),
    counted,
  );
  const begin = () => {
    isBegun = true;
  };
  return {gate, begin, opened: () => opened};
}

const stripOf = (run: SessionTrial) => {
  const {overlay} = run.state();
  return overlay?.type === 'pictures' ? overlay : undefined;
};

test('the strip fills, and is complete', async (t) => {
  const trial = await makeReadyTrial(t, PICTURES);
  const run = startSession(t);
  await plugAll(run, trial, trial.card);
  run.press(' ');
  t.like(stripOf(run), {thumbnails: [], complete: false});
  await run.waitFor(() => stripOf(run)?.complete === true);
  t.is(stripOf(run)?.thumbnails.length, 12);
  run.press('q');
  t.is(run.state().overlay, null);
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

for (const keys of [['escape'], ['escape', 'enter'], ['q', 'q']]) {
  test(`after ${keys.join(' and ')} no picture is made any more`, async (t) => {
    const trial = await makeReadyTrial(t, PICTURES);
    const {gate, begin, opened} = holdThird();
    const run = startSession(t, {files: gate.files});
    await plugAll(run, trial, trial.card);
    begin();
    run.press(' ');
    await gate.reached;
    run.press(...keys);
    const made = run.told.filter(({type}) => type === 'thumbnail-made').length;
    gate.open();
    if (keys.includes('enter')) await run.waitFor(onScreen('verdict'));
    else if (keys.length === 1) run.press('q');
    else t.is(opened(), 2);
    if (keys.includes('enter')) run.press('q');
    t.is((await run.done).exitCode, 0);
    t.is(made, 2);
    t.is(run.told.filter(({type}) => type === 'thumbnail-made').length, made);
    t.false(run.told.some(({type}) => type === 'thumbnails-complete'));
  });
}

test('a run that starts ends the making of pictures', async (t) => {
  const trial = await makeReadyTrial(t, PICTURES);
  const {gate, begin} = holdThird();
  const run = startSession(t, {files: gate.files});
  await plugAll(run, trial, trial.card);
  begin();
  run.press(' ');
  await gate.reached;
  run.carryOut({type: 'start', cards: [trial.card], shoot: 'Shoot'});
  gate.open();
  await run.waitFor(() => run.emitted.some(({type}) => type === 'verdict'));
  t.is(stripOf(run)?.thumbnails.length, 2);
  t.is(stripOf(run)?.complete, false);
  run.press('escape', 'q');
  t.is((await run.done).exitCode, 0);
});

test('another strip ends the one before', async (t) => {
  const trial = await makeReadyTrial(t, PICTURES);
  const {gate, begin} = holdThird();
  const run = startSession(t, {files: gate.files});
  await plugAll(run, trial, trial.card);
  begin();
  run.press(' ');
  await gate.reached;
  run.press('escape', ' ');
  gate.open();
  await run.waitFor(() => stripOf(run)?.complete === true);
  const names = stripOf(run)?.thumbnails.map(({path}) => path) ?? [];
  t.is(names.length, 12);
  t.is(new Set(names).size, 12, 'each once');
  run.press('escape', 'q');
  await run.done;
});

test('pictures wait for the survey, and do not say that there are none', async (t) => {
  const trial = await makeReadyTrial(t, {...DEEP_CARD, ...PICTURES});
  const gate = new Gate(surveys);
  const run = startSession(t, {files: gate.files});
  run.plug(trial.card, labelled('EOS'));
  await gate.reached;
  run.press(' ');
  await new Promise((resolve) => setTimeout(resolve, 30));
  t.like(stripOf(run), {thumbnails: [], complete: false});
  gate.open();
  await run.waitFor(() => stripOf(run)?.complete === true);
  t.true((stripOf(run)?.thumbnails.length ?? 0) > 0);
  run.press('escape', 'q');
  await run.done;
});

test('switched off in the settings: said, and no picture is read', async (t) => {
  const trial = await makeReadyTrial(t, PICTURES);
  const {gate, begin, opened} = holdThird();
  const settings = {settings: {...DEFAULT_SETTINGS, thumbnails: false}, problems: []};
  const run = startSession(t, {files: gate.files, program: {settings}});
  await plugAll(run, trial, trial.card);
  begin();
  run.press(' ');
  await run.waitFor(() => stripOf(run)?.complete === true);
  t.deepEqual(noticesOf(run.state()), ['thumbnails-off']);
  t.is(opened(), 0);
  run.press('escape', 'q');
  await run.done;
});
