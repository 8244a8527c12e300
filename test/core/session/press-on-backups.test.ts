import test from 'ava';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {
  awayJob,
  backupFinished,
  backupProgress,
  backupStarted,
  backupStep,
  begun,
  ended,
  failedStep,
  jobKnown,
  jobTarget,
  lackingShoot,
  listed,
  overdueJob,
  shootStatus,
  told,
  waitingJob,
} from '../../helpers/session-jobs.ts';
import {play, sessionState} from '../../helpers/session-states.ts';

const viewOf = ({overlay}: SessionState) => (overlay?.type === 'backups' ? overlay : null);
const frontOf = (state: SessionState) => viewOf(state)?.front?.type ?? null;
const toldOf = (state: SessionState) => viewOf(state)?.told?.code ?? null;
const noticesOf = ({notices}: SessionState) => notices.map(({code}) => code);

const jobs = play(sessionState(), ['u', listed(overdueJob, waitingJob, awayJob)]).state;

test('t opens how shoots are kept empty, asks, and Esc stops asking', (t) => {
  const opened = play(sessionState(), ['t']);
  t.deepEqual(opened.effects, [{type: 'ask-status'}]);
  const full = play(opened.state, [
    {type: 'status-shoot', shoot: shootStatus()},
    {type: 'status-shoot', shoot: lackingShoot},
    'down',
    'down',
  ]);
  t.like(full.state.overlay, {type: 'status', selected: 1, complete: false});
  const closed = play(full.state, ['escape']);
  t.deepEqual(closed.effects, [{type: 'stop-status'}]);
  t.is(closed.state.overlay, null);
  // What comes late changes nothing, and nothing of it is there when it is opened again.
  const late = play(closed.state, [{type: 'status-shoot', shoot: shootStatus()}]);
  t.is(late.state, closed.state);
  t.like(play(late.state, ['t']).state.overlay, {shoots: [], selected: 0});
});

test('u asks for the jobs, and Enter runs the selected one', (t) => {
  const opened = play(sessionState(), ['u']);
  t.deepEqual(opened.effects, [{type: 'ask-jobs'}]);
  const {state, effects} = play(jobs, ['down', 'enter']);
  t.deepEqual(effects, [{type: 'run-job', job: 'edits', deletions: []}]);
  t.like(state.backup, {job: 'edits', preview: false, endedMs: null});
});

test('the selection stays on its job when the list changes', (t) => {
  const at = play(jobs, ['down', listed(jobKnown({job: 'new'}), overdueJob, waitingJob)]).state;
  t.is(viewOf(at)?.selected, 2);
  t.is(viewOf(play(at, [listed(jobKnown())]).state)?.selected, 0);
  t.is(viewOf(play(at, [listed()]).state)?.selected, 0);
});

test('nothing is run without drives, without jobs, and not twice', (t) => {
  const away = play(jobs, ['down', 'down', 'enter']);
  t.deepEqual(away.effects, []);
  t.is(toldOf(away.state), 'drive-away');
  t.is(away.state.backup, null);
  const noTarget = jobKnown({targets: [jobTarget({connected: false})]});
  t.is(toldOf(play(sessionState(), ['u', listed(noTarget), 'p']).state), 'drive-away');
  t.is(toldOf(play(sessionState(), ['u', listed(), 'enter']).state), 'no-job');
  const twice = play(jobs, ['enter', 'enter', 'p', 'y']);
  t.deepEqual(
    twice.effects.map(({type}) => type),
    ['run-job'],
  );
  t.is(toldOf(twice.state), 'backup-running');
  // The next key takes it away.
  t.is(toldOf(play(twice.state, ['down']).state), null);
});

test('a card and a backup do not start at the same time', (t) => {
  const running = play(jobs, ['enter', 'escape']).state;
  const refused = play(running, ['enter', 'a']);
  t.deepEqual(refused.effects, []);
  t.is(refused.state.screen, 'ready');
  t.deepEqual(noticesOf(refused.state), ['backup-running']);
  const over = play(running, [ended(), 'enter']);
  t.is(over.state.screen, 'working');
  const copying = play(jobs, ['escape', 'enter', 'u']);
  t.deepEqual(
    copying.effects.map(({type}) => type),
    ['start'],
  );
  t.deepEqual(noticesOf(copying.state), ['cards-first']);
});

test('a preview lists its steps, and closing it stops it', (t) => {
  const preview = play(jobs, ['p', told(backupStep({state: 'planned'}))]);
  t.deepEqual(preview.effects, [{type: 'preview-job', job: 'photos'}]);
  t.is(frontOf(preview.state), 'backup-steps');
  t.is(preview.state.backup?.stepCount, 1);
  const closed = play(preview.state, ['escape']);
  t.deepEqual(closed.effects, [{type: 'stop-job', leaves: false}]);
  t.is(frontOf(closed.state), null);
  const done = play(preview.state, [ended(), 'escape', 'l']);
  t.deepEqual(done.effects, []);
  t.is(frontOf(done.state), 'backup-steps');
});

const held = play(jobs, [
  'enter',
  told(backupStarted),
  told(backupFinished({result: 'waiting', held: 214})),
  ended(1),
]).state;

test('held deletions are accepted after a question that tells their number, and not by the same key twice', (t) => {
  const asked = play(held, ['y']);
  t.like(viewOf(asked.state)?.front, {
    type: 'confirm-deletions',
    job: 'photos',
    targets: [{volume: 'id of B', held: 214, graceDays: 30}],
  });
  for (const key of ['y', 'enter', ' ', 'q']) t.deepEqual(play(asked.state, [key]).effects, []);
  for (const key of ['n', 'escape', 'ctrl-c']) {
    const kept = play(asked.state, [key]);
    t.deepEqual(kept.effects, []);
    t.is(frontOf(kept.state), null);
  }
  const accepted = play(asked.state, ['a']);
  t.like(accepted.effects[0], {type: 'run-job', job: 'photos', deletions: [{held: 214}]});
  t.is(frontOf(accepted.state), null);
});

test('no number, no yes', (t) => {
  t.is(toldOf(play(jobs, ['down', 'y']).state), 'deletions-not-counted');
  t.is(toldOf(play(jobs, ['y']).state), 'nothing-held');
  const away = jobKnown({
    targets: [jobTarget({connected: false}), jobTarget({volume: 'other', name: 'Other'})],
  });
  t.is(toldOf(play(play(held, [listed(away)]).state, ['y']).state), 'nothing-held');
});

test('a question about a job that is gone goes with it', (t) => {
  t.is(frontOf(play(held, ['y', listed(waitingJob)]).state), null);
  t.is(frontOf(play(held, ['y', listed(overdueJob)]).state), 'confirm-deletions');
});

test('what runs is stopped after a question, and at once after a second one', (t) => {
  const running = play(jobs, ['enter', told(backupStarted)]).state;
  const asked = play(running, ['ctrl-c']);
  t.deepEqual(viewOf(asked.state)?.front, {type: 'confirm-backup-stop', leaves: false});
  t.deepEqual(play(asked.state, ['n']).effects, []);
  t.deepEqual(play(asked.state, ['ctrl-c']).effects, [{type: 'stop-job', leaves: false}]);
  t.deepEqual(play(running, ['q', 'y']).effects, [{type: 'stop-job', leaves: true}]);
  const stopping = play(asked.state, ['y', told({type: 'cancel-requested', by: 'key'})]).state;
  t.true(stopping.backup?.stopping);
  t.deepEqual(play(stopping, ['ctrl-c']).effects, [{type: 'leave-at-once'}]);
  // When it ends by itself there is nothing left to ask.
  t.is(frontOf(play(asked.state, [ended()]).state), null);
});

test('leaving the ready screen asks while a backup runs behind it', (t) => {
  const behind = play(jobs, ['enter', 'escape']).state;
  t.is(behind.overlay, null);
  const asked = play(behind, ['q']);
  t.deepEqual(viewOf(asked.state)?.front, {type: 'confirm-backup-stop', leaves: true});
  t.deepEqual(play(asked.state, ['y']).effects.at(-1), {type: 'stop-job', leaves: true});
  t.deepEqual(play(play(behind, [ended()]).state, ['q']).effects, [{type: 'leave'}]);
});

test('what a backup tells is kept for its own run only', (t) => {
  const first = play(jobs, ['enter', told(failedStep), ended(1)]).state;
  t.is(first.backup?.steps.length, 1);
  const after = play(first, [told(failedStep)]).state;
  t.is(after, first);
  t.is(play(first, ['enter']).state.backup?.steps.length, 0);
  t.is(play(sessionState(), [told(failedStep)]).state.backup, null);
  // Of what is done in order only the end tells.
  const running = play(jobs, ['enter']).state;
  t.is(play(running, [told(backupStep())]).state, running);
});

test('the steps of a huge preview are counted and not all kept', (t) => {
  const steps = Array.from({length: 1500}, (_, index) =>
    told(backupStep({state: 'planned', path: `${index}`})),
  );
  const {backup} = play(sessionState(), [begun({preview: true}), ...steps]).state;
  t.is(backup?.stepCount, 1500);
  t.is(backup?.steps.length, 1000);
  t.is(backup?.steps[0]?.path, '0');
  const failed = steps.map((_, index) => told({...failedStep, path: `${index}`}));
  const run = play(sessionState(), [begun(), ...failed]).state.backup;
  t.is(run?.stepCount, 1500);
  t.is(run?.steps.at(-1)?.path, '1499');
});

test('the pace is measured over the copying, not over the looking', (t) => {
  const at = (state: SessionState, atMs: number, read: number, phase: 'scan' | 'copy') =>
    play(state, [told(backupProgress({phase, read, bytes: 3e9}))], atMs).state;
  let state = play(sessionState(), [begun(), told(backupStarted)], 0).state;
  state = at(state, 60_000, 0, 'scan');
  t.is(state.backup?.targets[0]?.readRate, null);
  for (const second of [100, 101, 102, 103, 104, 105, 106]) {
    state = at(state, second * 1000, (second - 100) * 1e8, 'copy');
  }
  t.is(state.backup?.targets[0]?.readRate, 1e8);
  t.is(state.backup?.targets[0]?.time.shownMs, 30_000);
});

test('several targets, and one that is not connected', (t) => {
  const {backup} = play(sessionState(), [
    begun(),
    told(backupStarted),
    told(backupFinished()),
    told(backupFinished({to: '', target: 'Vault', result: 'away'})),
    told(backupFinished({to: '', target: 'Home', result: 'away'})),
    ended(),
  ]).state;
  t.deepEqual(
    backup?.targets.map(({target, finished}) => [target, finished?.result]),
    [
      ['LaCie Rugged', 'good'],
      ['Vault', 'away'],
      ['Home', 'away'],
    ],
  );
});

test('what was only worth a note while it ran is over with the run', (t) => {
  const noticed = (level: 'info' | 'warning') =>
    told({type: 'noticed', level, code: level, message: 'm', next: 'n'});
  const running = play(sessionState(), [begun(), noticed('info'), noticed('warning')]).state;
  t.is(running.backup?.causes.length, 2);
  t.deepEqual(
    play(running, [ended()]).state.backup?.causes.map(({code}) => code),
    ['warning'],
  );
});
