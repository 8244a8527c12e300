/** Nothing from outside steers a terminal: every event, on every output and every screen, with hostile texts wherever a text can be. */
import test, {type ExecutionContext} from 'ava';
import {renderToString} from 'ink';
import {RunProgress} from '../../components/run-progress.tsx';
import {SessionScreen} from '../../components/session-screen.tsx';
import {chooseSymbols} from '../../components/theme.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import {evolve, initialRunState} from '../../src/core/run-state.ts';
import {evolveSession} from '../../src/core/session/evolve-session.ts';
import {initialSessionState, type SessionState} from '../../src/core/session/session-state.ts';
import {csvLines} from '../../src/output/csv-lines.ts';
import {jsonLines} from '../../src/output/json-lines.ts';
import {plainLines} from '../../src/output/plain-lines.ts';
import {play} from '../helpers/session-states.ts';
import {HOSTILE, hostileEvents, hostileSession, STEERS} from './hostile-events.ts';

const events: readonly OffloadEvent[] = Object.values(hostileEvents);
const now = () => new Date(Date.UTC(2026, 10, 22, 19));

/** Words of the program's own types, digits and times: nothing from outside stands there. */
const OWN = /^(?:[a-z-]+|\d+|\d{4}-\d\d-\d\dT[\d:.]+Z)$/;

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

test('threat: the samples are hostile wherever they can be', (t) => {
  const texts = [...events, ...Object.values(hostileSession)].flatMap(stringsIn);
  t.deepEqual(
    texts.filter((text) => !text.includes(HOSTILE) && !OWN.test(text)),
    [],
  );
  t.true(STEERS.test(HOSTILE));
});

/** A carriage return at the end belongs to the line of a table. */
const expectTame = (t: ExecutionContext, lines: readonly string[], what: string) =>
  t.deepEqual(
    lines
      .filter((line) => STEERS.test(line.replace(/\r$/, '')))
      .map((line) => JSON.stringify(line)),
    [],
    what,
  );

for (const event of events) {
  test(`threat: ${event.type} steers no terminal in plain lines, JSON or a table`, (t) => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    for (const quiet of [false, true]) {
      // Alone, and behind all others: some words depend on what was said before.
      for (const before of [[], events]) {
        const sink = plainLines({
          writeResult: write,
          writeDiagnostic: write,
          now,
          quiet,
          everyMs: 0,
        });
        for (const one of [...before, event]) sink.write(one);
      }
    }
    expectTame(t, lines, 'plain');
    jsonLines({write, now}).write(event);
    csvLines({write, writeDiagnostic: write}).write(event);
    expectTame(t, lines, 'json and csv');
    t.true(lines.length > 0);
  });
}

const signs = [
  chooseSymbols({unicode: true, colour: false}),
  chooseSymbols({unicode: false, colour: false}),
] as const;

/** A wide screen shows most; a narrow one in ASCII has words of its own. */
const shapes = [
  {columns: 200, rows: 50, symbols: signs[0]},
  {columns: 40, rows: 12, symbols: signs[1]},
];

/** What a screen draws goes to the terminal as it is, but for its line ends. Colours are off: whatever steers is not the program's. */
function expectTameScreen(t: ExecutionContext, state: SessionState, what: string): void {
  const clock = {ms: now().getTime(), utcOffsetMinutes: 60};
  for (const shape of shapes) {
    const node = <SessionScreen state={state} now={clock} {...shape} />;
    const frame = renderToString(node, {columns: shape.columns});
    expectTame(t, frame.split('\n'), `${what}, ${shape.columns} columns`);
  }
}

/** The ready screen with all that can be known of a card and a drive. */
function readyState(until: string): SessionState {
  let state = initialSessionState;
  for (const event of Object.values(hostileSession)) {
    state = evolveSession(state, event, 1000);
    if (event.type === until) return state;
  }
  return state;
}

for (const {type} of Object.values(hostileSession)) {
  test(`threat: the screen steers no terminal after ${type}`, (t) => {
    expectTameScreen(t, readyState(type), type);
  });
}

test('threat: histories and the ways in front of the ready screen steer no terminal', (t) => {
  const at = '2026-11-22T18:00:00.000Z';
  const ready = readyState('card-remembered');
  const histories = [
    {state: 'new'},
    {state: 'safe', at, shoot: HOSTILE},
    {state: 'more', count: 3, since: at},
    {state: 'interrupted', at},
    {state: 'unknown', why: HOSTILE},
  ] as const;
  for (const history of histories) {
    const event = {type: 'card-remembered', path: HOSTILE, history} as const;
    expectTameScreen(t, evolveSession(ready, event, 1000), history.state);
  }
  for (const keys of [['?'], ['s'], ['s', 'm', 'o'], ['s', 'x', HOSTILE], ['p'], ['tab'], ['e']]) {
    const {state} = play(ready, keys);
    expectTameScreen(t, state, keys.join(' '));
    const made = evolveSession(state, hostileSession['thumbnail-made'], 1000);
    expectTameScreen(t, made, `${keys.join(' ')} with a picture`);
  }
});

/** A run of the card, with its events up to and with one type, on the working and then on the verdict screen. */
test('threat: the screens of a run steer no terminal', (t) => {
  let state = evolveSession(readyState('card-remembered'), hostileSession['run-started'], 1000);
  for (const event of events) {
    state = evolveSession(state, {type: 'run-event', event}, 2000);
    for (const screen of ['working', 'verdict'] as const) {
      expectTameScreen(t, {...state, screen}, `${event.type} on the ${screen} screen`);
      for (const keys of [['f'], ['?'], ['ctrl-c'], ['down']]) {
        expectTameScreen(
          t,
          play({...state, screen}, keys).state,
          `${event.type} ${keys.join(' ')}`,
        );
      }
    }
  }
});

test('threat: how shoots are kept steers no terminal', (t) => {
  let state = play(readyState('card-remembered'), ['t']).state;
  for (const type of ['status-shoot', 'status-warned', 'status-complete'] as const) {
    state = evolveSession(state, hostileSession[type], 2000);
    expectTameScreen(t, state, type);
  }
});

/** A backup of the job, with its events up to and with one type; the same as a preview. */
test('threat: backups steer no terminal', (t) => {
  const jobs = evolveSession(readyState('card-remembered'), hostileSession['jobs-listed'], 1000);
  const lacking = evolveSession(
    play(jobs, ['u']).state,
    {...hostileSession['jobs-listed'], jobs: []},
    1000,
  );
  expectTameScreen(t, lacking, 'jobs that cannot be told');
  for (const preview of [false, true]) {
    const begun = {...hostileSession['backup-begun'], preview};
    let state = evolveSession(play(jobs, ['u']).state, begun, 1000);
    for (const event of events) {
      state = evolveSession(state, {type: 'backup-event', event}, 2000);
      expectTameScreen(t, {...state, overlay: null}, `${event.type} of a backup, behind`);
      for (const keys of [[], ['enter'], ['p'], ['y'], ['l'], ['q']]) {
        expectTameScreen(t, play(state, keys).state, `${event.type} of a backup ${keys.join()}`);
      }
    }
  }
});

test('threat: the progress of one command steers no terminal', (t) => {
  let state = initialRunState;
  for (const event of events) {
    state = evolve(state, event, 1000);
    for (const symbols of signs) {
      for (const columns of [120, 40]) {
        const frame = renderToString(
          <RunProgress state={state} symbols={symbols} columns={columns} />,
          {
            columns,
          },
        );
        expectTame(t, frame.split('\n'), event.type);
      }
    }
  }
});
