/** The program's only contact with its process: arguments, signals, streams and the exit code. Everything else is given what it needs. */
import {createRequire} from 'node:module';
import process from 'node:process';
import {chooseSymbols} from '../components/theme.ts';
import {parseCommandLine, type ShowOptions} from './commands/command-line.ts';
import type {Emit, RunEnded} from './core/events.ts';
import {jsonLines} from './output/json-lines.ts';
import {plainLines} from './output/plain-lines.ts';
import {fanOutEvents, type Sink} from './output/sink.ts';

const {version}: {version: string} = createRequire(import.meta.url)('../../package.json');

const EXIT_CRASHED = 1;
const EXIT_STOPPED_AT_ONCE = 130;

/** A reader that went away (`| head`) must not end the copying. */
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const writeLine = (stream: NodeJS.WriteStream) => (line: string) => {
  stream.write(`${line}\n`);
};

interface Screen {
  readonly sink: Sink;
  /** Called after the last event and before results are printed. */
  readonly leave: () => Promise<void>;
}

/** Ink on a terminal; plain lines in a pipe, with NO_COLOR's relatives left alone. */
async function openScreen(show: ShowOptions, draws: boolean): Promise<Screen> {
  const now = () => new Date();
  const writeResult = writeLine(process.stdout);
  const writeDiagnostic = writeLine(process.stderr);
  if (show.json) return {sink: jsonLines({write: writeResult, now}), leave: async () => {}};
  const isPlain =
    !draws ||
    show.quiet ||
    !process.stderr.isTTY ||
    process.env.TERM === 'dumb' ||
    process.env.CI !== undefined;
  if (isPlain)
    return {
      sink: plainLines({writeResult, writeDiagnostic, now, quiet: show.quiet}),
      leave: async () => {},
    };
  const [{showProgress}, {createRunStore}] = await Promise.all([
    import('../components/show-progress.tsx'),
    import('./output/store.ts'),
  ]);
  const store = createRunStore({now: () => performance.now()});
  const unicode = /utf-?8/i.test(
    process.env.LC_ALL ?? process.env.LC_CTYPE ?? process.env.LANG ?? 'utf-8',
  );
  const colour = (process.env.NO_COLOR ?? '') === '';
  const screen = showProgress({
    store,
    stream: process.stderr,
    symbols: chooseSymbols({unicode, colour}),
  });
  // Results and failures are printed once the drawing is done: two writers on one terminal would tear each other's lines.
  const later: (() => void)[] = [];
  const held = plainLines({
    writeResult: (line) => later.push(() => writeResult(line)),
    writeDiagnostic: (line) => later.push(() => writeDiagnostic(line)),
    now,
    quiet: true,
  });
  return {
    sink: {
      write(event) {
        store.write(event);
        held.write(event);
      },
      async end() {
        await store.end();
        await held.end();
      },
    },
    async leave() {
      await screen.end();
      for (const write of later) write();
    },
  };
}

/** First signal: finish the block in hand. Second: leave at once; temporary names and the journal make that an ordinary start next time. */
function listenForSignals(emit: Emit): AbortSignal {
  const stop = new AbortController();
  for (const by of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(by, () => {
      if (stop.signal.aborted) process.exit(EXIT_STOPPED_AT_ONCE);
      emit({type: 'cancel-requested', by});
      stop.abort();
    });
  }
  return stop.signal;
}

async function run(): Promise<number> {
  const parsed = parseCommandLine(process.argv.slice(2), version);
  if (parsed.ok && parsed.value.command === 'text') {
    process.stdout.write(parsed.value.text);
    return 0;
  }
  const show =
    parsed.ok && parsed.value.command !== 'text' ? parsed.value.show : showFromArguments();
  const workingFolder = findWorkingFolder();
  const sinks: Sink[] = [];
  const emit: Emit = (event) => {
    for (const sink of sinks) sink.write(event);
  };
  // Before anything is loaded: a signal must find its listener.
  const signal = listenForSignals(emit);
  const screen = await openScreen(show, parsed.ok && DRAWN.has(parsed.value.command));
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
    } else if (parsed.value.command !== 'text') {
      const {runCommand} = await import('./commands/run-command.ts');
      const isRunning = (pid: number) => isAlive(pid);
      const surroundings = {version, workingFolder, pid: process.pid, isRunning};
      end = await runCommand(parsed.value, surroundings, {emit, signal});
    }
  } catch (error) {
    bug = error;
  }
  emit({type: 'run-ended', ...end});
  await sink.end();
  await screen.leave();
  if (bug !== undefined) {
    const stack = bug instanceof Error ? bug.stack : String(bug);
    process.stderr.write(
      `offload has a fault and stopped. Nothing it did not prove is safe.\n${stack}\n`,
    );
  }
  return end.exitCode;
}

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
  return {json, quiet: !json};
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
