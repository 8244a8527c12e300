/**
 * A program of its own for trials in a terminal: shows a run that copies for ever, wired to its process as the real one is.
 * `q` leaves; `!` throws; signals stop it, the second at once.
 */
import process from 'node:process';
import {showSession} from '../../components/show-session.tsx';
import {chooseSymbols} from '../../components/theme.ts';
import {evolveSession} from '../../src/core/session/evolve-session.ts';
import {pressKey} from '../../src/core/session/press-key.ts';
import {createSessionStore} from '../../src/output/session-store.ts';
import {eos, lane, planned, progress} from './run-events.ts';
import {sessionRun, sessionState} from './session-states.ts';

const BYTES = 18_400_000_000;

const store = createSessionStore({
  now: () => performance.now(),
  evolve: evolveSession,
  press: pressKey,
  initial: sessionState({screen: 'working', run: sessionRun()}),
});
const session = showSession({
  store,
  stdin: process.stdin,
  stdout: process.stdout,
  symbols: chooseSymbols({
    unicode: /utf-?8/i.test(process.env.LANG ?? ''),
    colour: (process.env.NO_COLOR ?? '') === '',
  }),
  now: () => ({ms: Date.now(), utcOffsetMinutes: -new Date().getTimezoneOffset()}),
  screenReader: process.env.INK_SCREEN_READER === 'true',
  suspend: () => process.kill(process.pid, 'SIGTSTP'),
  onKey(press) {
    if (press.key === 'text' && press.text === '!') throw new Error('thrown on purpose');
    for (const {type} of store.press(press))
      if (type === 'stop' || type === 'leave') void leave(type);
  },
});

process.on('exit', session.restoreTerminal);
process.on('uncaughtExceptionMonitor', session.restoreTerminal);
process.on('SIGCONT', () => {
  process.kill(process.pid, 'SIGWINCH');
  session.resume();
});
let isLeaving = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (isLeaving) process.exit(130);
    void leave(signal);
  });
}

store.dispatch({type: 'run-event', event: planned({bytes: BYTES})});
let read = 0;
const timer = setInterval(() => {
  read = (read + 28_400_000) % BYTES;
  const lanes = [
    lane({written: read, proved: read * 0.8}),
    lane({to: '/mnt/B', written: read * 0.7}),
  ];
  const now = `101CANON/IMG_${String(read % 9999).padStart(4, '0')}.CR3`;
  store.dispatch({type: 'run-event', event: progress({card: eos, bytes: BYTES, read, lanes, now})});
}, 100);

async function leave(why: string): Promise<void> {
  isLeaving = true;
  clearInterval(timer);
  await session.end();
  process.stdout.write(`left by ${why}\n`);
}
