/** Runs the built program as a user would, and holds it to its promise about the JSON lines. */
import assert from 'node:assert/strict';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import {type Event, eventForm, type Verdict, verdictForm} from './event-forms.ts';
import {type Lab, PROJECT} from './lab.ts';

export interface RunOptions {
  /** Node and the program's file; this Node and this project's build if not given. */
  readonly program?: readonly [string, ...string[]];
  /** Environment besides OFFLOAD_HOME. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** It is killed when it takes longer. */
  readonly timeoutMs?: number;
}

export interface RunResult {
  /** Undefined when it was killed. */
  readonly exitCode: number | undefined;
  readonly events: readonly Event[];
  readonly verdicts: readonly Verdict[];
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  /** What it has said so far. */
  readonly told: readonly Event[];
  /** Resolves with the first event that fits. @throws Error when the program ends before. */
  waitFor(what: string, fits: (event: Event) => boolean): Promise<Event>;
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL' | 'SIGINT'): void;
  readonly result: Promise<RunResult>;
}

interface Waiter {
  readonly what: string;
  readonly fits: (event: Event) => boolean;
  readonly resolve: (event: Event) => void;
  readonly reject: (error: Error) => void;
}

const BUILT: readonly [string, ...string[]] = [process.execPath, join(PROJECT, 'bin/offload.cjs')];
const TIMEOUT_MS = 120_000;

/** Starts the program with `--json`. It ends with the lab at the latest. */
export async function startOffload(
  lab: Lab,
  args: readonly string[],
  {program = BUILT, env = {}, cwd = lab.folder, timeoutMs = TIMEOUT_MS}: RunOptions = {},
): Promise<Running> {
  lab.signal.throwIfAborted();
  const home = join(lab.folder, 'offload-home');
  await mkdir(home, {recursive: true, mode: 0o777});
  const [node, ...before] = program;
  const child = execa(node, [...before, ...args, '--json'], {
    stdin: 'ignore',
    reject: false,
    cwd,
    env: {OFFLOAD_HOME: home, ...env},
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    cancelSignal: lab.signal,
    // Its lines are read as they come.
    buffer: {stdout: false},
  });
  const {pid} = child;
  if (pid === undefined) throw new Error(`${node} could not be started`);
  lab.defer(async () => {
    child.kill('SIGKILL');
    await child;
  });
  const events: Event[] = [];
  const faults: string[] = [];
  const waiters = new Set<Waiter>();
  const take = (line: string) => {
    const event = readEvent(line);
    if (event === undefined) {
      faults.push(line);
      return;
    }
    events.push(event);
    for (const waiter of [...waiters].filter(({fits}) => fits(event))) {
      waiters.delete(waiter);
      waiter.resolve(event);
    }
  };
  const result = (async (): Promise<RunResult> => {
    // A process that is killed may leave half a line: it is dropped.
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
    const {exitCode, stderr} = await child;
    for (const {what, reject} of waiters) reject(new Error(`it ended before ${what}\n${stderr}`));
    waiters.clear();
    assert.deepEqual(faults, [], 'only JSON objects stand on stdout');
    if (exitCode !== undefined) checkStream(events, exitCode, stderr);
    return {exitCode, events, verdicts: findVerdicts(events), stderr};
  })();
  // Whoever waits for the result hears of it; nobody may be waiting yet.
  result.catch(() => {});
  return {
    pid,
    told: events,
    result,
    waitFor: (what, fits) =>
      new Promise((resolve, reject) => {
        const known = events.find(fits);
        if (known === undefined) waiters.add({what, fits, resolve, reject});
        else resolve(known);
      }),
    signal: (name) => {
      child.kill(name);
    },
  };
}

/** Runs the program to its end. */
export async function runOffload(
  lab: Lab,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return (await startOffload(lab, args, options)).result;
}

/** What a run that has ended printed, held to the same promise. @param printed its stdout. */
export function readRun({
  printed,
  exitCode,
  stderr,
}: {
  readonly printed: string;
  readonly exitCode: number;
  readonly stderr: string;
}): RunResult {
  const lines = printed.split(/\r?\n/).filter((line) => line !== '');
  const events = lines.map((line) => {
    const event = readEvent(line);
    assert.ok(event, `only JSON objects stand on stdout: ${line}\n${stderr}`);
    return event;
  });
  checkStream(events, exitCode, stderr);
  return {exitCode, events, verdicts: findVerdicts(events), stderr};
}

const findVerdicts = (events: readonly Event[]): readonly Verdict[] =>
  events.flatMap((event) => (event.type === 'verdict' ? verdictForm.parse(event) : []));

function readEvent(line: string): Event | undefined {
  try {
    return eventForm.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Numbers without gaps, and one `run-ended`, last, with the exit code. */
function checkStream(events: readonly Event[], exitCode: number, stderr: string): void {
  const gap = events.findIndex(({seq}, index) => seq !== index + 1);
  assert.equal(gap, -1, `the events are numbered without gaps, up to number ${gap + 1}`);
  const ends = events.filter(({type}) => type === 'run-ended');
  const last = JSON.stringify(events.at(-1));
  assert.equal(
    ends.length,
    1,
    `run-ended comes once (exit code ${exitCode}); last: ${last}\n${stderr}`,
  );
  assert.equal(events.at(-1), ends[0], 'run-ended comes last');
  assert.equal(ends[0]?.exitCode, exitCode, `run-ended carries the exit code\n${stderr}`);
}

/** Runs the program without `--json`, and takes what a person would read. */
export async function runPlain(
  lab: Lab,
  args: readonly string[],
): Promise<{
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}> {
  const [node, ...before] = BUILT;
  const {exitCode, stdout, stderr} = await execa(node, [...before, ...args], {
    stdin: 'ignore',
    reject: false,
    cwd: lab.folder,
    env: {OFFLOAD_HOME: join(lab.folder, 'offload-home')},
    timeout: TIMEOUT_MS,
    cancelSignal: lab.signal,
  });
  return {exitCode, stdout, stderr};
}
