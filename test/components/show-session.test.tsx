import test, {type ExecutionContext} from 'ava';
import {Text} from 'ink';
import {SessionScreen, type SessionScreenProps} from '../../components/session-screen.tsx';
import {type ShowSessionOptions, showSession} from '../../components/show-session.tsx';
import {chooseSymbols} from '../../components/theme.ts';
import {evolveSession} from '../../src/core/session/evolve-session.ts';
import type {KeyPress} from '../../src/core/session/key-press.ts';
import {pressKey} from '../../src/core/session/press-key.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {createSessionStore} from '../../src/output/session-store.ts';
import {eos, lane, planned, progress, verdict} from '../helpers/run-events.ts';
import {sessionRun, sessionState} from '../helpers/session-states.ts';
import {DrawnTerminal, FakeKeyboard} from './terminal/drawn-terminal.ts';

const symbols = chooseSymbols({unicode: true, colour: false});
/** The cursor is shown, lines are wrapped; everything else is off. */
const MODES_OF_A_SHELL = ['25', '7'];
const MODES_OF_THE_SESSION = ['1049', '2004', '7'];
const CTRL_Z = '\x1a';
const CTRL_L = '\x0c';

/** What these tests look at: the size, the shoot, how far the first card is. */
function Plain({state, columns, rows}: SessionScreenProps) {
  const read = state.run?.state.cards[0]?.read ?? 0;
  return <Text>{`${columns}x${rows}\nshoot ${state.shoot ?? '-'}\nread ${read}`}</Text>;
}

const working = sessionState({screen: 'working', run: sessionRun()});

interface Start extends Partial<ShowSessionOptions> {
  readonly columns?: number;
  readonly rows?: number;
  readonly initial?: SessionState;
  readonly stdout?: DrawnTerminal;
  readonly evolve?: typeof evolveSession;
}

function startSession(t: ExecutionContext, start: Start = {}) {
  const {columns = 80, rows = 24, initial = working, evolve = evolveSession, ...change} = start;
  const {stdout = new DrawnTerminal(columns, rows)} = change;
  const stdin = new FakeKeyboard();
  const pressed: KeyPress[] = [];
  const store = createSessionStore({
    now: () => performance.now(),
    evolve,
    press: pressKey,
    initial,
  });
  const session = showSession({
    store,
    stdin,
    symbols,
    now: () => ({ms: Date.parse('2026-11-23T18:42:07Z'), utcOffsetMinutes: 60}),
    onKey: (press) => pressed.push(press),
    Screen: Plain,
    ...change,
    stdout,
  });
  t.teardown(() => session.end());
  const read = (bytes: number) =>
    store.dispatch({type: 'run-event', event: progress({bytes: 1e6, read: bytes})});
  return {stdout, stdin, store, session, pressed, read};
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for what must come, however slow the machine is. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let time = 0; time < 500 && !isTrue(); time += 1) await wait(10);
}

const modesOf = (terminal: DrawnTerminal) => [...terminal.emulate().modes].sort();

test.serial('the first frame stands on a second screen before showSession returns', (t) => {
  const {stdout, stdin} = startSession(t);
  t.deepEqual(stdout.screen().split('\n'), ['80x24', 'shoot -', 'read 0']);
  t.deepEqual(modesOf(stdout), MODES_OF_THE_SESSION);
  t.true(stdin.isRaw);
});

test.serial('end gives the terminal back and leaves nothing behind', async (t) => {
  const {stdout, stdin, store, session, pressed} = startSession(t, {suspend: () => {}});
  await session.end();
  t.deepEqual(modesOf(stdout), MODES_OF_A_SHELL);
  t.is(stdout.screen(), '');
  t.deepEqual(stdin.modes, [true, false]);
  t.true(stdin.isPaused());
  t.is(stdin.listenerCount('data'), 0);
  t.is(stdout.listenerCount('resize'), 0);
  const written = stdout.writes.length;
  store.dispatch({type: 'volume-left', path: eos.path});
  stdin.type(`q${CTRL_Z}`);
  session.resume();
  session.restoreTerminal();
  await session.end();
  await wait(300);
  t.is(stdout.writes.length, written);
  t.deepEqual(stdin.modes, [true, false]);
  t.deepEqual(pressed, []);
});

test.serial('nobody listens to the process but the one who owns it', async (t) => {
  const names = ['exit', 'beforeExit', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGCONT', 'SIGWINCH'];
  const before = names.map((name) => process.listenerCount(name));
  const {session} = startSession(t);
  t.deepEqual(
    names.map((name) => process.listenerCount(name)),
    before,
  );
  await session.end();
});

test.serial('a terminal that is gone keeps nobody from ending', async (t) => {
  const stdout = new DrawnTerminal(80);
  const {stdin, session, read} = startSession(t, {stdout});
  stdin.setRawMode = () => {
    throw new Error('setRawMode EIO');
  };
  stdin.emit('error', new Error('read EIO'));
  stdout.destroy(new Error('write EIO'));
  read(1);
  await wait(20);
  t.notThrows(session.restoreTerminal);
  await t.notThrowsAsync(session.end());
});

test.serial('restoreTerminal is done when it returns, and nothing is drawn after it', async (t) => {
  const {stdout, stdin, session, read} = startSession(t);
  session.restoreTerminal();
  session.restoreTerminal();
  t.deepEqual(modesOf(stdout), MODES_OF_A_SHELL);
  t.deepEqual(stdin.modes, [true, false]);
  const written = stdout.writes.length;
  read(1);
  await wait(200);
  t.is(stdout.writes.length, written);
});

test.serial(
  '100,000 samples of progress are under 100 frames, and the last one is shown',
  async (t) => {
    let frames = 0;
    let sampledMs = 0;
    const {stdout, read} = startSession(t, {
      // Samples come ten times a second; only their number is tried here.
      evolve: (state, event) => {
        sampledMs += 100;
        return evolveSession(state, event, sampledMs);
      },
      Screen: (props) => {
        frames += 1;
        return Plain(props);
      },
    });
    for (let bytes = 1; bytes <= 100_000; bytes += 1) {
      read(bytes);
      if (bytes % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => /^read 100000$/m.test(stdout.screen()));
    t.true(frames < 100, `${frames} frames`);
    t.true(stdout.writes.length < 100, `${stdout.writes.length} writes`);
    t.regex(stdout.screen(), /^read 100000$/m);
  },
);

test.serial('ten redraws in any second, whatever is typed, resized and copied', async (t) => {
  const drawnAtMs: number[] = [];
  const {stdin, stdout, store, read} = startSession(t, {
    onKey: (press) => store.press(press),
    Screen: (props) => {
      drawnAtMs.push(performance.now());
      return Plain(props);
    },
  });
  const untilMs = performance.now() + 2200;
  for (let round = 1; performance.now() < untilMs; round += 1) {
    read(round);
    stdin.type('?');
    stdout.resizeTo(80 + (round % 7), 24);
    await wait(3);
  }
  t.true(drawnAtMs.length >= 10, `${drawnAtMs.length} frames`);
  for (const fromMs of drawnAtMs) {
    const within = drawnAtMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + 1000);
    t.true(within.length <= 10, `${within.length} in a second`);
  }
});

test.serial('a key is answered at once', async (t) => {
  const {stdin, stdout, store} = startSession(t, {
    initial: sessionState(),
    Screen: ({state}) => <Text>{state.overlay?.type ?? 'none'}</Text>,
    onKey: (press) => store.press(press),
  });
  await wait(300);
  stdin.type('?');
  const askedMs = performance.now();
  await until(() => stdout.screen() === 'help');
  t.is(stdout.screen(), 'help');
  t.true(performance.now() - askedMs < 100);
});

test.serial('a frame writes only the lines that differ, in one piece', async (t) => {
  const {stdout, read} = startSession(t);
  stdout.takeWrites();
  read(7);
  await until(() => stdout.writes.length > stdout.taken);
  t.deepEqual(stdout.takeWrites(), ['\x1b[?2026h\x1b[?7l\x1b[3;1Hread 7\x1b[K\x1b[?7h\x1b[?2026l']);
});

test.serial(
  'a frame as high and as wide as the terminal does not scroll it and does not empty it',
  async (t) => {
    const {stdout, read} = startSession(t, {
      columns: 12,
      rows: 5,
      Screen: ({state, columns, rows}) => {
        const sign = String((state.run?.state.cards[0]?.read ?? 0) % 10);
        return <Text>{Array.from({length: rows + 3}, () => sign.repeat(columns)).join('\n')}</Text>;
      },
    });
    for (const sign of ['1', '2', '3']) {
      stdout.takeWrites();
      read(Number(sign));
      await until(() => stdout.screen().startsWith(sign));
      t.false(stdout.takeWrites().join('').includes('\x1b[J'));
      t.is(stdout.screen(), Array.from({length: 5}, () => sign.repeat(12)).join('\n'));
      t.is(stdout.emulate().scrolled, 0);
    }
  },
);

test.serial(
  'another size is drawn whole on an empty screen, and only the last of many',
  async (t) => {
    const {stdout} = startSession(t);
    await wait(500);
    stdout.takeWrites();
    for (let columns = 79; columns >= 40; columns -= 1) stdout.resizeTo(columns, 12);
    await wait(100);
    const writes = stdout.takeWrites();
    t.is(writes.length, 1);
    t.true(writes[0]?.includes('\x1b[H\x1b[J\x1b[1;1H40x12'));
    t.is(stdout.screen().split('\n')[0], '40x12');
  },
);

test.serial('Ctrl-L draws everything anew', async (t) => {
  const {stdin, stdout, pressed} = startSession(t);
  stdout.takeWrites();
  stdin.type(CTRL_L);
  await until(() => stdout.writes.length > stdout.taken);
  t.true(stdout.takeWrites().join('').includes('\x1b[H\x1b[J\x1b[1;1H80x24'));
  t.deepEqual(pressed, []);
});

test.serial('keys come as they are typed, however they arrive', async (t) => {
  const {stdin, pressed} = startSession(t);
  stdin.type('q');
  stdin.type('\x1b');
  stdin.type('[A\x1b[200~Marta');
  stdin.type(Uint8Array.from([0x20, 0xc3]));
  stdin.type(Uint8Array.from([0xa9, ...Buffer.from('\x1b[201~\x03')]));
  stdin.type('\x1b');
  t.is(pressed.length, 4);
  await wait(100);
  t.deepEqual(pressed, [
    {key: 'text', text: 'q'},
    {key: 'up'},
    {key: 'text', text: 'Marta é'},
    {key: 'ctrl-c'},
    {key: 'escape'},
  ]);
});

test.serial(
  'Ctrl-Z gives the terminal back, stops, and SIGCONT brings the whole screen again',
  async (t) => {
    const stopped: (readonly string[])[] = [];
    const {stdout, stdin, session, pressed, read} = startSession(t, {
      suspend: () => stopped.push([...modesOf(stdout), String(stdin.isRaw)]),
    });
    stdin.type(`${CTRL_Z}q`);
    t.deepEqual(stopped, [[...MODES_OF_A_SHELL, 'false']]);
    read(5);
    await wait(50);
    t.is(stdout.screen(), '');
    session.resume();
    await until(() => stdout.screen().startsWith('80x24'));
    t.deepEqual(modesOf(stdout), MODES_OF_THE_SESSION);
    t.true(stdin.isRaw);
    t.deepEqual(stdout.screen().split('\n'), ['80x24', 'shoot -', 'read 5']);
    t.deepEqual(pressed, []);
    const {length} = stdin.modes;
    await wait(300);
    t.is(stdin.modes.length, length);
  },
);

test.serial('where nobody can stop the process, the screen comes back by itself', async (t) => {
  const {stdout, stdin} = startSession(t, {suspend: () => {}});
  stdin.type(CTRL_Z);
  t.deepEqual(modesOf(stdout), MODES_OF_A_SHELL);
  await until(() => stdout.screen() !== '');
  t.deepEqual(modesOf(stdout), MODES_OF_THE_SESSION);
  t.is(stdout.screen().split('\n')[0], '80x24');
});

test.serial('without a way to stop, Ctrl-Z means nothing', (t) => {
  const {stdin, stdout, pressed} = startSession(t);
  stdin.type(CTRL_Z);
  t.deepEqual(modesOf(stdout), MODES_OF_THE_SESSION);
  t.deepEqual(pressed, []);
});

test.serial('after a stop that nobody announced, every mode is set anew', async (t) => {
  const {stdout, stdin, session} = startSession(t);
  stdout.takeWrites();
  session.resume();
  await until(() => stdout.screen().startsWith('80x24'));
  t.deepEqual(stdin.modes, [true, false, true]);
  const written = stdout.takeWrites().join('');
  t.true(written.indexOf('\x1b[?1049l') < written.indexOf('\x1b[?1049h'));
  t.is(stdout.screen().split('\n')[0], '80x24');
});

test.serial(
  'a screen with a fault says so, its keys work, and the next state is drawn again',
  async (t) => {
    const {stdout, stdin, pressed, read, session} = startSession(t, {
      columns: 40,
      Screen: (props) => {
        if (props.state.run?.state.cards[0]?.read === 1) throw new Error('no \x1b[31mluck');
        return Plain(props);
      },
    });
    read(1);
    await until(() => stdout.screen().includes('fault'));
    const shown = stdout.screen().replaceAll('\n', ' ');
    t.true(shown.startsWith('offload has a fault and cannot show this.'));
    t.true(shown.includes('What is being copied goes on; Ctrl-C stops it.'));
    t.true(shown.includes('Error: no \\x1b[31mluck'));
    stdin.type('\x03');
    t.deepEqual(pressed, [{key: 'ctrl-c'}]);
    read(2);
    await until(() => stdout.screen().includes('read 2'));
    t.deepEqual(stdout.screen().split('\n'), ['40x24', 'shoot -', 'read 2']);
    await t.notThrowsAsync(session.end());
  },
);

test.serial('a screen that always fails does not keep the session from starting', (t) => {
  const {stdout} = startSession(t, {
    Screen: () => {
      throw new Error('never');
    },
  });
  t.true(stdout.screen().includes('Error: never'));
});

test.serial(
  'a terminal that cannot follow gets fewer frames, and the last one in the end',
  async (t) => {
    const slow = new SlowTerminal(80);
    const {read} = startSession(t, {stdout: slow});
    const written = slow.writes.length;
    for (let bytes = 1; bytes <= 8; bytes += 1) {
      read(bytes);
      await wait(50);
    }
    t.true(slow.writes.length <= written + 1, `${slow.writes.length - written} frames`);
    slow.follow();
    await until(() => slow.screen().includes('read 8'));
    t.regex(slow.screen(), /^read 8$/m);
  },
);

/** Takes one frame and nothing more until it is told to follow. */
class SlowTerminal extends DrawnTerminal {
  override writableNeedDrain = false;
  #follows = false;

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    this.writableNeedDrain = !this.#follows;
    super._write(chunk, encoding, done);
  }

  follow(): void {
    this.#follows = true;
    this.writableNeedDrain = false;
    this.emit('drain');
  }
}

test.serial(
  'for a screen reader each change is a line that stays, and the screen is left alone',
  async (t) => {
    const {stdout, stdin, store, session, pressed} = startSession(t, {
      screenReader: true,
      initial: sessionState(),
    });
    t.true(stdin.isRaw);
    stdin.type('q');
    t.deepEqual(pressed, [{key: 'text', text: 'q'}]);
    store.press({key: 'down'});
    await until(() => stdout.screen().includes('selected: card NIKON'));
    t.is(stdout.screen().split('\n').at(-1), 'selected: card NIKON Z 8');
    stdout.takeWrites();
    store.press({key: 'up'});
    await session.end();
    const last = stdout.takeWrites().join('');
    t.is(last, 'selected: card EOS_DIGITAL\n');
    t.notRegex(stdout.writes.join(''), /\x1b/);
    t.deepEqual(stdin.modes, [true, false]);
  },
);

test.serial('a run from the first sample to the verdict on the real screens', async (t) => {
  const {stdout, store} = startSession(t, {Screen: SessionScreen});
  store.dispatch({type: 'run-event', event: planned({bytes: 1000})});
  store.dispatch({
    type: 'run-event',
    event: progress({bytes: 1000, read: 500, lanes: [lane({written: 400, proved: 300})]}),
  });
  await until(() => stdout.screen().includes('50 %'));
  t.regex(stdout.screen(), /read .* 50 %/);
  store.dispatch({type: 'run-event', event: verdict()});
  store.dispatch({type: 'run-event', event: {type: 'run-ended', outcome: 'complete', exitCode: 0}});
  await until(() => stdout.screen().includes('SAFE TO FORMAT'));
  t.true(stdout.screen().includes('SAFE TO FORMAT'), stdout.screen());
});
