/** The program's only contact with its process: arguments, signals, streams and the exit code. Everything else is given what it needs. */
import {createRequire} from 'node:module';
import process from 'node:process';
import {chooseSymbols} from '../components/theme.ts';
import {type CommandLine, parseCommandLine} from './commands/command-line.ts';
import type {Command} from './commands/run-command.ts';
import type {Desk} from './commands/session/desk.ts';
import type {ShowOptions} from './commands/show-options.ts';
import {failed, type Result} from './core/cause.ts';
import type {Emit, RunEnded} from './core/events.ts';
import {printable} from './core/printable.ts';
import type {Effect} from './core/session/effects.ts';
import {type CsvEvent, csvLines} from './output/csv-lines.ts';
import {jsonLines} from './output/json-lines.ts';
import {plainLines} from './output/plain-lines.ts';
import {fanOutEvents, type Sink} from './output/sink.ts';

const {version}: {version: string} = createRequire(import.meta.url)('../../package.json');

const EXIT_CRASHED = 1;
const EXIT_STOPPED_AT_ONCE = 130;

/** How long the calls in hand may take when the program is to leave at once, in ms. */
const LAST_CALLS_MS = 400;
const LOOK_MS = 20;

/** A reader that went away (`| head`) must not end the copying. */
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const writeLine = (stream: NodeJS.WriteStream) => (line: string) => {
  stream.write(`${line}\n`);
};

interface Screen {
  readonly sink: Sink;
  /** Called after the last event and before results are printed. */
  readonly leave: () => Promise<void>;
  /** Null unless it is the terminal UI. */
  readonly desk: Desk | null;
}

const now = () => new Date();
const writeResult = writeLine(process.stdout);
const writeDiagnostic = writeLine(process.stderr);
const WITHOUT_SCREEN = {leave: async () => {}, desk: null};

/** JSON and tables for programs, a full screen for a session, drawn progress on a terminal, plain lines in a pipe. */
async function openScreen(line: Command | undefined, show: ShowOptions): Promise<Screen> {
  if (show.json) return {sink: jsonLines({write: writeResult, now}), ...WITHOUT_SCREEN};
  if (show.csv) {
    const rows = line === undefined ? undefined : ROWS.get(line.command);
    const about = rows === undefined ? {} : {rows};
    const sink = csvLines({write: writeResult, writeDiagnostic, ...about});
    return {sink, ...WITHOUT_SCREEN};
  }
  if (line?.command === 'session') return await openSession(line);
  const draws =
    line !== undefined &&
    DRAWN.has(line.command) &&
    !show.quiet &&
    process.stderr.isTTY &&
    process.env.TERM !== 'dumb' &&
    process.env.CI === undefined;
  if (draws) return await openProgress();
  const sink = plainLines({writeResult, writeDiagnostic, now, quiet: show.quiet});
  return {sink, ...WITHOUT_SCREEN};
}

/** What a table has rows of: an empty one has its header too. */
const ROWS: ReadonlyMap<string, CsvEvent['type']> = new Map<string, CsvEvent['type']>([
  ['cards', 'card-known'],
  ['shoots', 'shoot-known'],
  ['find', 'file-found'],
  ['status', 'shoot-status'],
]);

function chooseTerminalSymbols() {
  const unicode = /utf-?8/i.test(
    process.env.LC_ALL ?? process.env.LC_CTYPE ?? process.env.LANG ?? 'utf-8',
  );
  const colour = (process.env.NO_COLOR ?? '') === '';
  return chooseSymbols({unicode, colour});
}

/** Results and failures are printed once the drawing is done: two writers on one terminal would tear each other's lines. */
function holdLines() {
  const later: (() => void)[] = [];
  const sink = plainLines({
    writeResult: (line) => later.push(() => writeResult(line)),
    writeDiagnostic: (line) => later.push(() => writeDiagnostic(line)),
    now,
    quiet: true,
  });
  const print = () => {
    for (const write of later) write();
  };
  return {sink, print};
}

/** Ink on a terminal; it scrolls away with everything else. */
async function openProgress(): Promise<Screen> {
  const [{showProgress}, {createRunStore}] = await Promise.all([
    import('../components/show-progress.tsx'),
    import('./output/store.ts'),
  ]);
  const store = createRunStore({now: () => performance.now()});
  const symbols = chooseTerminalSymbols();
  const screen = showProgress({store, stream: process.stderr, symbols});
  const held = holdLines();
  return {
    sink: {
      write(event) {
        store.write(event);
        held.sink.write(event);
      },
      async end() {
        await store.end();
        await held.sink.end();
      },
    },
    async leave() {
      await screen.end();
      held.print();
    },
    desk: null,
  };
}

/** The terminal UI: takes the whole terminal, and gives it back in every way out. */
async function openSession({options}: Extract<Command, {command: 'session'}>): Promise<Screen> {
  const [
    {showSession},
    {clampScroll},
    {createSessionStore},
    {evolveSession},
    {pressKey},
    {initialSessionState},
  ] = await Promise.all([
    import('../components/show-session.tsx'),
    import('../components/session-scroll.ts'),
    import('./output/session-store.ts'),
    import('./core/session/evolve-session.ts'),
    import('./core/session/press-key.ts'),
    import('./core/session/session-state.ts'),
  ]);
  const symbols = chooseTerminalSymbols();
  const store = createSessionStore({
    now: () => performance.now(),
    evolve: evolveSession,
    press(before, key, atMs) {
      const {state, effects} = pressKey(before, key, atMs);
      const {columns = 80, rows = 24} = process.stdout;
      return {state: clampScroll(state, {columns, rows, symbols}), effects};
    },
    initial: {...initialSessionState, shoot: options.shoot ?? null},
  });
  // Keys are read before the session is loaded: what they ask for waits.
  const early: Effect[] = [];
  let tellEffect = (effect: Effect): void => {
    early.push(effect);
  };
  const screen = showSession({
    store,
    stdin: process.stdin,
    stdout: process.stdout,
    symbols,
    now: () => ({ms: Date.now(), utcOffsetMinutes: -new Date().getTimezoneOffset()}),
    screenReader: process.env.INK_SCREEN_READER === 'true' || process.env.TERM === 'dumb',
    // Windows stops no process, and knows no such signal.
    ...(process.platform === 'win32' ? {} : {suspend: () => process.kill(process.pid, 'SIGTSTP')}),
    onKey(press) {
      for (const effect of store.press(press)) {
        // The listener of `exit` gives the terminal back.
        if (effect.type === 'leave-at-once') leaveAtOnce();
        tellEffect(effect);
      }
    },
  });
  process.on('exit', screen.restoreTerminal);
  process.on('uncaughtExceptionMonitor', screen.restoreTerminal);
  process.once('SIGQUIT', () => {
    screen.restoreTerminal();
    process.kill(process.pid, 'SIGQUIT');
  });
  process.on('SIGCONT', () => {
    // Node hears of a new size of the window only by this signal, which a stopped process misses.
    process.kill(process.pid, 'SIGWINCH');
    screen.resume();
  });
  const held = holdLines();
  return {
    sink: held.sink,
    async leave() {
      store.end();
      await screen.end();
      held.print();
    },
    desk: {
      dispatch: store.dispatch,
      getSnapshot: store.getSnapshot,
      onEffect(listener) {
        tellEffect = listener;
        for (const effect of early.splice(0)) listener(effect);
      },
    },
  };
}

/**
 * Ends the process without waiting for the work in hand. `process.exit` waits for every call into the file system, and a drive that does not answer would hold it for ever: then the process ends as by its
 * first Ctrl-C where nobody listens, which a shell tells as 130 too.
 */
function leaveAtOnce(rest = LAST_CALLS_MS): void {
  // A thread that was asked something and has not answered holds the process through its port.
  const isCalling = process
    .getActiveResourcesInfo()
    .some((name) => name.startsWith('FSReq') || name === 'MessagePort');
  if (!isCalling || process.platform === 'win32') process.exit(EXIT_STOPPED_AT_ONCE);
  if (rest > 0) {
    setTimeout(() => leaveAtOnce(rest - LOOK_MS), LOOK_MS);
    return;
  }
  // Whoever gives the terminal back listens to it.
  process.emit('exit', EXIT_STOPPED_AT_ONCE);
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}

/** First signal: finish the block in hand. Second: leave at once; temporary names and the journal make that an ordinary start next time. */
function listenForSignals(emit: Emit): AbortSignal {
  const stop = new AbortController();
  for (const by of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(by, () => {
      if (stop.signal.aborted) leaveAtOnce();
      emit({type: 'cancel-requested', by});
      stop.abort();
    });
  }
  return stop.signal;
}

async function run(): Promise<number> {
  const parsed = refuseWithoutTerminal(parseCommandLine(process.argv.slice(2), version));
  if (parsed.ok && parsed.value.command === 'text') {
    process.stdout.write(parsed.value.text);
    return 0;
  }
  const line = parsed.ok && parsed.value.command !== 'text' ? parsed.value : undefined;
  const show = line?.show ?? showFromArguments();
  const workingFolder = findWorkingFolder();
  const sinks: Sink[] = [];
  const emit: Emit = (event) => {
    for (const sink of sinks) sink.write(event);
  };
  // Before anything is loaded: a signal must find its listener.
  const signal = listenForSignals(emit);
  const screen = await openScreen(line, show);
  const sink = fanOutEvents([screen.sink], (error) => process.stderr.write(`${String(error)}\n`));
  sinks.push(sink);
  let end: Pick<RunEnded, 'outcome' | 'exitCode'> = {outcome: 'crashed', exitCode: EXIT_CRASHED};
  let bug: unknown;
  try {
    if (!parsed.ok) {
      emit({type: 'refused', ...parsed.cause});
      end = {outcome: 'refused', exitCode: 2};
    } else if (workingFolder === undefined) {
      emit({type: 'refused', ...WORKING_FOLDER_GONE});
      end = {outcome: 'refused', exitCode: 2};
    } else if (line !== undefined) {
      const {runCommand} = await import('./commands/run-command.ts');
      const isRunning = (pid: number) => isAlive(pid);
      const home = process.env.OFFLOAD_HOME;
      const surroundings = {
        version,
        home,
        workingFolder,
        pid: process.pid,
        isRunning,
        command: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
        userId: process.getuid?.() ?? null,
        configHome: process.env.XDG_CONFIG_HOME,
        dataHome: process.env.XDG_DATA_HOME,
      };
      end = await runCommand(line, surroundings, {emit, signal, desk: screen.desk});
    }
  } catch (error) {
    bug = error;
  }
  emit({type: 'run-ended', ...end});
  await sink.end();
  await screen.leave();
  if (bug !== undefined) {
    const stack = (bug instanceof Error ? bug.stack : undefined) ?? String(bug);
    // A name from a card may stand in it.
    const lines = stack.split('\n').map(printable).join('\n');
    process.stderr.write(
      `offload has a fault and stopped. Nothing it did not prove is safe.\n${lines}\n`,
    );
  }
  return end.exitCode;
}

/** The terminal UI wants a terminal that shows it and gives it keys. */
function refuseWithoutTerminal(parsed: Result<CommandLine>): Result<CommandLine> {
  if (!parsed.ok || parsed.value.command !== 'session') return parsed;
  const {show, options} = parsed.value;
  const {json, quiet} = show;
  if (options.dryRun || json || quiet || !process.stdin.isTTY || !process.stdout.isTTY)
    return failed(NO_CARD);
  return parsed;
}

const NO_CARD = {
  code: 'usage',
  message: 'no card is given',
  next: 'Name it with --card, use --watch, or start offload in a terminal.',
};

/** Commands that go over a card, and have something to draw. */
const DRAWN: ReadonlySet<string> = new Set(['offload', 'check']);

const WORKING_FOLDER_GONE = {
  code: 'working-folder-gone',
  message: 'the folder that offload was started in does not exist any more',
  next: 'Change to another folder and run the same command again.',
};

/** Undefined when it was removed, or lay on a drive that was pulled out. */
function findWorkingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** For a usage error the options are not known, but `--json` still promises JSON. */
function showFromArguments(): ShowOptions {
  const json = process.argv.includes('--json');
  return {json, quiet: !json, csv: false};
}

/** Signal 0 asks whether a process is there (kill(2)); EPERM says that it is, and is somebody else's. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

// Until the run has ended in order, every way out is a failure: also when the event loop runs dry on a promise that nobody keeps.
process.exitCode = EXIT_CRASHED;
process.exitCode = await run();
