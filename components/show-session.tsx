import type {ComponentType} from 'react';
import type {Now} from '../src/core/format-dates.ts';
import type {KeyPress} from '../src/core/session/key-press.ts';
import type {KeyRead} from '../src/core/session/read-keys.ts';
import type {SessionStore} from '../src/output/session-store.ts';
import {SessionScreen, type SessionScreenProps} from './session-screen.tsx';
import {callEachMinute} from './terminal/call-each-minute.ts';
import {listenForKeys} from './terminal/listen-for-keys.ts';
import {openTerminal, type TerminalInput, type TerminalOutput} from './terminal/open-terminal.ts';
import {paceRedraws} from './terminal/pace-redraws.ts';
import {drawScreens, speakChanges} from './terminal/session-view.tsx';
import type {Symbols} from './theme.ts';

export interface ShowSessionOptions {
  readonly store: Pick<SessionStore, 'subscribe' | 'getSnapshot'>;
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  readonly symbols: Symbols;
  readonly now: () => Now;
  readonly onKey: (press: KeyPress) => void;
  /** True: no full screen; each change is told as a line that stays. */
  readonly screenReader?: boolean;
  /** Stops the process as Ctrl-Z does for other programs; without it Ctrl-Z means nothing. */
  readonly suspend?: () => void;
  /** What is drawn, unless it is `SessionScreen`. */
  readonly Screen?: ComponentType<SessionScreenProps>;
}

/** A session on a terminal. Whoever owns the process calls these. */
export interface ShownSession {
  /** When the session is over, before anything else is printed. Never rejects; may be called twice. */
  end(): Promise<void>;
  /**
   * In every way out that does not come to `end`: on `exit`, to which a second signal leads too, and on `uncaughtExceptionMonitor`, because
   * Node prints what was thrown before `exit`, and it would be lost with the second screen. Done when it returns; never throws; may be
   * called at any time and twice.
   */
  restoreTerminal(): void;
  /**
   * On SIGCONT: after Ctrl-Z, and after a stop that nobody announced (`kill -STOP`). A program that is stopped hears nothing of a window
   * that changes: when the process sends itself SIGWINCH before, Node asks for the size again.
   */
  resume(): void;
}

/** A process that still runs after so long was not stopped: there is no shell that would continue it. In ms. */
const NOT_STOPPED_MS = 200;

/** Takes the terminal, draws the first frame before it returns and the next ones whenever something changes, and reads keys. */
export function showSession(options: ShowSessionOptions): ShownSession {
  const {store, stdin, stdout, symbols, now, onKey, suspend, screenReader = false} = options;
  const terminal = openTerminal({stdin, stdout, fullScreen: !screenReader});
  const state = store.getSnapshot;
  const {Screen = SessionScreen} = options;
  const view = (screenReader ? speakChanges : drawScreens)({terminal, state, now, symbols, Screen});
  let phase: 'shown' | 'asleep' | 'ended' = 'shown';
  let sleepTimer: NodeJS.Timeout | undefined;
  const redraws = paceRedraws(() => {
    if (phase === 'shown') view.show();
  });
  const redrawAll = () => {
    terminal.forget();
    redraws.request();
  };

  const resume = () => {
    if (phase === 'ended') return;
    // After a stop that was not announced the modes are whatever the shell left. They are set anew from the start.
    terminal.restore();
    clearTimeout(sleepTimer);
    phase = 'shown';
    terminal.enter();
    redraws.request();
  };
  const sleep = (stop: () => void) => {
    phase = 'asleep';
    terminal.restore();
    sleepTimer = setTimeout(() => {
      // SIGCONT is heard before this, if there is one.
      setImmediate(() => {
        if (phase === 'asleep') resume();
      });
    }, NOT_STOPPED_MS);
    stop();
  };
  const read = (key: KeyRead) => {
    if (phase !== 'shown') return;
    if (key.key === 'redraw') redrawAll();
    else if (key.key !== 'suspend') onKey(key);
    else if (suspend !== undefined) sleep(suspend);
  };

  // A terminal that went away: SIGHUP says so too, and the copying does not need it.
  const stopIgnoring = listen(stdout, 'error', ignore);
  terminal.enter();
  redraws.now();
  const stops = [
    store.subscribe(redraws.request),
    listen(stdout, 'resize', redrawAll),
    listen(stdout, 'drain', redraws.request),
    callEachMinute(() => now().ms, redraws.request),
    listenForKeys(stdin, read),
  ];

  const leave = async () => {
    redraws.stop();
    if (screenReader) redraws.now();
    phase = 'ended';
    clearTimeout(sleepTimer);
    for (const stop of stops) stop();
    terminal.restore();
    await drain(stdout);
    stopIgnoring();
  };
  let ending: Promise<void> | null = null;
  return {
    end() {
      ending ??= leave();
      return ending;
    },
    restoreTerminal: terminal.restore,
    resume,
  };
}

function listen(stream: TerminalOutput, event: 'resize' | 'drain' | 'error', listener: () => void) {
  stream.on(event, listener);
  return () => {
    stream.off(event, listener);
  };
}

function ignore(): void {}

/** Until everything is written, or nothing can be any more. */
async function drain(stdout: TerminalOutput): Promise<void> {
  if (!stdout.writable) return;
  await new Promise<void>((resolve) => {
    stdout.write('', () => resolve());
  });
}
