import test from 'ava';
import type {OffloadEvent} from '../../../src/core/events.ts';
import type {Now} from '../../../src/core/format-dates.ts';
import {describeChange} from '../../../src/core/session/describe-change.ts';
import {evolveSession} from '../../../src/core/session/evolve-session.ts';
import type {KeyPress} from '../../../src/core/session/key-press.ts';
import {pressKey} from '../../../src/core/session/press-key.ts';
import type {SeenDrive, SessionEvent} from '../../../src/core/session/session-events.ts';
import {initialSessionState, type SessionState} from '../../../src/core/session/session-state.ts';
import {
  fileFailed,
  hostileEscaped,
  hostileName,
  lane,
  planned,
  progress,
  verdict,
} from '../../helpers/run-events.ts';
import {cardSurvey, volumeAt} from '../../helpers/session-states.ts';

const now: Now = {ms: Date.parse('2026-11-23T18:42:07Z'), utcOffsetMinutes: 0};

const arrived: SessionEvent = {
  type: 'card-arrived',
  path: '/mnt/E',
  label: 'EOS_DIGITAL',
  volume: volumeAt('/mnt/E'),
};

const surveyed: SessionEvent = {type: 'card-surveyed', path: '/mnt/E', survey: cardSurvey()};

const drive = (path: string, change: Partial<SeenDrive> = {}): SessionEvent => ({
  type: 'drive-seen',
  drive: {
    path,
    name: 'T7 Shield',
    volume: volumeAt(path),
    role: 'working',
    free: 1_200_000_000_000,
    mediumRead: 'direct',
    ...change,
  },
});

/** A listener that hears every change. */
function listener() {
  let state: SessionState = initialSessionState;
  let atMs = 0;
  const tick = () => {
    atMs += 1000;
    return atMs;
  };
  const hear = (next: SessionState) => {
    const lines = describeChange(state, next, now);
    state = next;
    return lines;
  };
  return {
    dispatch: (event: SessionEvent) => hear(evolveSession(state, event, tick())),
    press: (press: KeyPress) => hear(pressKey(state, press, tick()).state),
  };
}

function withCardAndDrives() {
  const one = listener();
  one.dispatch(arrived);
  one.dispatch(surveyed);
  one.dispatch({type: 'card-remembered', path: '/mnt/E', history: {state: 'new'}});
  one.dispatch(drive('/mnt/W'));
  one.dispatch(drive('/mnt/B', {name: 'LaCie Rugged', role: 'backup'}));
  one.dispatch({type: 'looked'});
  return one;
}

test('a card from its arrival to its leaving', (t) => {
  const {dispatch, press} = listener();
  t.deepEqual(dispatch(arrived), ['card EOS_DIGITAL: being read…', 'selected: card EOS_DIGITAL']);
  t.deepEqual(dispatch(surveyed), [
    'EOS_DIGITAL: looking it up…, 1,224 files, 18.4 GB, Canon EOS R6',
  ]);
  t.deepEqual(dispatch({type: 'card-remembered', path: '/mnt/E', history: {state: 'new'}}), [
    'EOS_DIGITAL: new, 1,224 files, 18.4 GB, Canon EOS R6',
  ]);
  t.deepEqual(press({key: 'text', text: 'e'}), ['EOS_DIGITAL: being ejected…']);
  t.deepEqual(dispatch({type: 'card-ejected', path: '/mnt/E'}), [
    'EOS_DIGITAL: ejected: may be pulled out',
  ]);
  t.deepEqual(dispatch({type: 'volume-left', path: '/mnt/E'}), ['EOS_DIGITAL is gone']);
});

test('drives, their roles, and what stands in the way', (t) => {
  const {dispatch, press} = listener();
  t.deepEqual(dispatch(drive('/mnt/W')), ['drive T7 Shield: working W, 1.2 TB free']);
  t.deepEqual(dispatch({type: 'looked'}), [
    'There is no backup, and a card needs two copies to become safe. Select a drive with Tab and press b.',
    'no card is there: insert one',
  ]);
  t.deepEqual(dispatch(drive('/mnt/B', {name: 'LaCie Rugged', role: 'backup'})), [
    'drive LaCie Rugged: backup B, 1.2 TB free',
  ]);
  t.deepEqual(dispatch(drive('/mnt/B', {name: 'LaCie Rugged', role: 'backup', free: 1})), []);
  t.deepEqual(press({key: 'tab'}), ['selected: drive T7 Shield, working']);
  t.deepEqual(press({key: 'down'}), ['selected: drive LaCie Rugged, backup']);
  t.deepEqual(dispatch({type: 'volume-left', path: '/mnt/B'}).slice(0, 1), [
    'LaCie Rugged is gone',
  ]);
});

test('a run: its steps, each tenth of the way, and the verdict in full', (t) => {
  const {dispatch, press} = withCardAndDrives();
  const run = (event: OffloadEvent) => dispatch({type: 'run-event', event});
  const card = {path: '/mnt/E', label: 'EOS_DIGITAL'};
  const bytes = 1000;
  const at = (part: number) =>
    progress({
      bytes,
      read: part,
      lanes: [
        lane({written: part, proved: part}),
        lane({to: '/mnt/B', written: part, proved: part}),
      ],
    });
  t.deepEqual(press({key: 'enter'}), ['working']);
  t.deepEqual(run({type: 'phase-started', card, phase: 'scan'}), ['EOS_DIGITAL: listing the card']);
  t.deepEqual(run(planned({bytes})), ['EOS_DIGITAL: 1,224 files, 1 kB, to the shoot Marta & Jan']);
  t.deepEqual(run({type: 'phase-started', card, phase: 'copy'}), ['EOS_DIGITAL: copying']);
  t.deepEqual(run(at(99)), []);
  t.deepEqual(run(at(100)), ['EOS_DIGITAL: 10 %, measuring']);
  t.deepEqual(run(at(199)), []);
  t.deepEqual(run(at(500)), ['EOS_DIGITAL: 50 %, less than a minute']);
  t.deepEqual(run(fileFailed({path: hostileName})), [
    `EOS_DIGITAL: 1 failed so far, the last on the card: ${hostileEscaped}: reading failed (EIO). Try another reader.`,
  ]);
  t.deepEqual(
    run({
      type: 'destination-lost',
      card,
      to: '/mnt/B',
      code: 'EIO',
      message: 'gone',
      next: 'Plug it in.',
    }),
    ['EOS_DIGITAL: B LaCie Rugged is lost'],
  );
  t.deepEqual(run({type: 'cancel-requested', by: 'key'}), [
    'stopping after the block in hand; the same cards go on where they stopped',
  ]);
  const told = run(
    verdict({safe: false, reasons: [{code: 'interrupted', message: 'It was stopped.'}]}),
  );
  t.is(told[0], 'NOT SAFE – do not format: EOS_DIGITAL');
  t.true(told.includes('  - It was stopped.'));
  t.true(told.includes('  took 10 s'), told.join('\n'));
  t.deepEqual(run({type: 'run-ended', outcome: 'cancelled', exitCode: 130}), [
    'the verdict: Enter goes back to the cards',
  ]);
});

test('a run that ends without a verdict says that nothing is safe', (t) => {
  const {dispatch, press} = withCardAndDrives();
  press({key: 'enter'});
  dispatch({type: 'run-event', event: planned()});
  const event = {type: 'run-ended', outcome: 'crashed', exitCode: 1} as const;
  t.is(dispatch({type: 'run-event', event})[0], 'EOS_DIGITAL: no verdict, do not format');
});

test('the question before stopping, with its keys', (t) => {
  const {press} = withCardAndDrives();
  press({key: 'enter'});
  t.deepEqual(press({key: 'ctrl-c'}), ['stop copying? y stop, n go on']);
  t.deepEqual(press({key: 'escape'}), ['closed']);
});

test('help is every key of the screen, once', (t) => {
  const {press} = withCardAndDrives();
  const lines = press({key: 'text', text: '?'});
  t.true(lines.includes('Enter: Copies and proves the selected card.'));
  t.is(lines.at(-1), 'help: Esc back');
  t.deepEqual(press({key: 'down'}), []);
});

test('a shoot as it is typed, chosen and taken', (t) => {
  const {dispatch, press} = withCardAndDrives();
  dispatch({type: 'shoots-remembered', names: ['2026-11-23 Marta & Jan', '2026-11-23 Rehearsal']});
  t.deepEqual(press({key: 'text', text: 's'}), [
    'shoot: 2026-11-23',
    'Enter take this name, Tab complete, Esc leave as it was',
  ]);
  t.deepEqual(press({key: 'text', text: 'Re'}), ['shoot: 2026-11-23 Re']);
  t.deepEqual(press({key: 'left'}), ['before e']);
  t.deepEqual(press({key: 'end'}), ['before the end']);
  t.deepEqual(press({key: 'down'}), ['1 of 1: 2026-11-23 Rehearsal']);
  t.deepEqual(press({key: 'enter'}), ['shoot: 2026-11-23 Rehearsal', 'closed']);
});

test('what is told to the eye as a notice is told once', (t) => {
  const {dispatch} = listener();
  const cause = {code: 'x', message: 'the catalog is locked', next: 'Close the other offload.'};
  t.deepEqual(dispatch({type: 'told', cause}), ['the catalog is locked. Close the other offload.']);
  t.deepEqual(dispatch({type: 'looked'}).includes('the catalog is locked'), false);
});

test('no change, no word', (t) => {
  t.deepEqual(describeChange(initialSessionState, initialSessionState, now), []);
  t.deepEqual(describeChange(initialSessionState, {...initialSessionState}, now), []);
});
