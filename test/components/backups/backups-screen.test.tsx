import test, {type ExecutionContext} from 'ava';
import {jobLines} from '../../../components/backups/job-lines.ts';
import {resultLines} from '../../../components/backups/run-lines.ts';
import type {ScreenLine} from '../../../components/screen-line.tsx';
import {chooseSymbols} from '../../../components/theme.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {checkFrame} from '../../helpers/frame-files.ts';
import {
  awayJob,
  backupFinished,
  backupProgress,
  backupStarted,
  backupStep,
  begun,
  ended,
  failedStep,
  heldStep,
  jobKnown,
  listed,
  overdueJob,
  swapJob,
  told,
  waitingJob,
} from '../../helpers/session-jobs.ts';
import {play, sessionState} from '../../helpers/session-states.ts';
import {now} from '../ready/sample-session.ts';
import {ascii, checkSizes, drawSession as draw} from '../screen-frames.tsx';

const checkState = (t: ExecutionContext, name: string, state: SessionState) =>
  checkSizes(t, {
    beside: import.meta.url,
    name,
    draw: (columns, rows) => draw(state, columns, rows),
  });

const jobs = play(sessionState(), ['u', listed(overdueJob, waitingJob, awayJob)]).state;
test('a set of drives that take turns says when to swap them', (t) => {
  checkState(t, 'swap', play(sessionState(), ['u', listed(jobKnown(), swapJob), 'down']).state);
});

const running = play(
  play(jobs, ['enter', told(backupStarted), told(backupProgress({read: 1e9, done: 20}))], 1000)
    .state,
  [told(backupProgress({read: 4e9, done: 90}))],
  16_000,
).state;
const moving = play(running, [told(backupProgress())], 21_000).state;

test('the jobs', (t) => {
  checkState(t, 'jobs', jobs);
});

test('no jobs, jobs that are looked for, and jobs that cannot be told', (t) => {
  checkState(t, 'none', play(sessionState(), ['u', listed()]).state);
  t.regex(draw(play(sessionState(), ['u']).state, 80, 24), /Looking for the jobs/);
  const problem = {code: 'jobs-damaged', message: 'jobs.json is damaged', next: 'Look at it.'};
  const broken = play(sessionState(), ['u', {type: 'jobs-listed', jobs: [], problem}]).state;
  t.regex(draw(broken, 80, 24), /! jobs\.json is damaged\. Look at it\./);
});

test('a backup that runs', (t) => {
  checkState(t, 'running', moving);
});

test('a backup that looks for changes', (t) => {
  const state = play(jobs, [
    'enter',
    told(backupStarted),
    told(backupProgress({phase: 'scan', steps: 0, done: 0, bytes: 0, read: 0, now: null})),
  ]).state;
  checkState(t, 'looking', state);
});

test('the question whether to stop', (t) => {
  checkState(t, 'stop', play(moving, ['q']).state);
  t.regex(draw(play(moving, ['ctrl-c']).state, 80, 24), /Stop the backup\?/);
});

test('a good result', (t) => {
  checkState(t, 'good', play(moving, [told(backupFinished()), ended()]).state);
});

const bad = play(moving, [
  told(failedStep),
  told(heldStep),
  told(
    backupFinished({
      result: 'incomplete',
      failed: 1,
      alarms: 1,
      held: 214,
      message: 'not everything could be copied',
      next: 'See what failed, and run the job again.',
    }),
  ),
  ended(1),
]).state;

test('a result with failures and held files', (t) => {
  checkState(t, 'bad', bad);
  checkState(t, 'bad-list', play(bad, ['l']).state);
});

test('the question about held deletions tells their number', (t) => {
  checkState(t, 'deletions', play(bad, ['y']).state);
});

const planned = (['copy', 'replace', 'patch', 'archive'] as const).map((action, index) =>
  told(backupStep({action, state: 'planned', path: `2026/IMG_000${index}.CR3`})),
);
const preview = play(jobs, [
  'p',
  told({...backupStarted, preview: true}),
  ...planned,
  told(
    backupStep({
      action: 'move',
      state: 'planned',
      path: '2026/new name.CR3',
      target: '2026/old.CR3',
    }),
  ),
  told({...heldStep, state: 'planned'}),
  told(backupFinished({preview: true, result: 'waiting', held: 214, bytesWritten: 0})),
  ended(1),
]).state;

test('a preview lists its steps, and its result stays behind', (t) => {
  checkState(t, 'preview', preview);
  checkState(t, 'preview-closed', play(preview, ['escape']).state);
});

test('a key that can do nothing says why', (t) => {
  const away = play(sessionState(), ['u', listed(awayJob), 'enter']).state;
  checkState(t, 'away', away);
});

test('in ASCII, and with names from elsewhere', (t) => {
  const hostile = jobKnown({
    job: `job\u001b[2J${'長'.repeat(60)}`,
    trigger: 'every\u009b31m',
    source: {volume: 'x', name: '写真\u202e', folder: 'a\nb', connected: true},
  });
  const state = play(sessionState(), ['u', listed(hostile, overdueJob)]).state;
  checkFrame(t, draw(state, 80, 24, ascii), {beside: import.meta.url, name: 'ascii-80x24'});
  t.notRegex(draw(moving, 80, 24, ascii), /[^\n -~]/);
  t.notRegex(draw(preview, 80, 24, ascii), /[^\n -~]/);
  t.notRegex(draw(bad, 120, 40, ascii), /[^\n -~]/);
});

test('the ready screen says in one line what is overdue, due or runs', (t) => {
  const at = (state: SessionState) => draw(state, 80, 24).replaceAll(/\s+/g, ' ');
  const ready = (...events: Parameters<typeof play>[1]) => play(sessionState(), events).state;
  t.regex(at(ready(listed(overdueJob))), /! The backup photos is/);
  const due = jobKnown({targets: [{...jobKnown().targets[0], due: true} as never]});
  t.notRegex(at(ready(listed(jobKnown()))), /The backup/);
  t.regex(at(ready(listed(due))), /The backup photos of/);
  t.notRegex(at(ready(listed(due))), /! The backup/);
  const runs = ready(listed(overdueJob), begun(), told(backupProgress()));
  t.regex(at(runs), /Backup of photos to/);
  checkState(t, 'ready-overdue', ready(listed(overdueJob)));
});

test('overdue is yellow, failures red and a good result green, each with a sign and words too', (t) => {
  const colour = chooseSymbols({unicode: true, colour: true});
  const about = {width: 76, symbols: colour};
  const colourOf = (lines: readonly ScreenLine[], words: string) => {
    const line = lines.find((one) => one.kind === 'text' && one.text.startsWith(words));
    return line?.kind === 'text' ? line.style.color : null;
  };
  t.is(colourOf(jobLines({job: overdueJob, now, ...about}), '! overdue: no good run'), 'yellow');
  t.is(colourOf(jobLines({job: overdueJob, now, ...about}), 'LaCie Rugged: connected'), undefined);
  const resultsOf = ({backup}: SessionState) =>
    backup === null ? [] : resultLines({run: backup, ...about});
  t.is(colourOf(resultsOf(bad), '✘ LaCie Rugged: NOT IN STEP'), 'red');
  const good = play(moving, [told(backupFinished()), ended()]).state;
  t.is(colourOf(resultsOf(good), '✔ LaCie Rugged: in step'), 'green');
});
