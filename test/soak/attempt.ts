/** One run of the program in the soak: in this process, or in one of its own that is killed. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {execa} from 'execa';
import type {OffloadOptions} from '../../src/commands/offload/options.ts';
import type {Volume} from '../../src/core/drive.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import type {Files} from '../../src/system/files.ts';
import {sha256Of} from '../faults/card-truth.ts';
import type {Told} from '../faults/told.ts';
import type {AnyCall, FaultName} from '../helpers/fault-names.ts';
import {interceptCalls, tellsAtCall} from '../helpers/faulty-files.ts';
import {fewTools, runningPids, runOffload, testFiles} from '../helpers/run-offload.ts';
import {toBytes} from '../rigs/trees.ts';
import {applyFaults, type CallFault, type StandingFault} from './soak-fault.ts';

/** All that a run needs, as data. */
export interface Attempt {
  readonly card: string;
  readonly destinations: readonly string[];
  readonly options: Partial<OffloadOptions>;
  readonly volumes: Readonly<Record<string, Partial<Volume>>>;
  readonly standing: readonly StandingFault[];
  readonly calls: readonly CallFault[];
  /** The user stops it at this call. */
  readonly stopAt: number | null;
  /** Somebody takes the name of a copy just before this naming, if it runs in this process. */
  readonly takenAt: number | null;
  /** It runs in a process of its own and is killed after so many events; null when it is not. */
  readonly killAfter: number | null;
}

export interface AttemptReport extends Told {
  readonly thrown: unknown;
  readonly hits: readonly {readonly fault: FaultName; readonly call: AnyCall}[];
  readonly ended: 'by-itself' | 'died' | 'killed';
  /** Files of somebody else that came meanwhile, with their SHA-256. */
  readonly appeared: ReadonlyMap<string, string>;
}

export interface Children {
  /** A folder for what a child is told. */
  readonly folder: string;
  /** The bundled child program. */
  readonly program: string;
}

export function runAttempt(attempt: Attempt, children: Children): Promise<AttemptReport> {
  return attempt.killAfter === null ? runHere(attempt) : runInChild(attempt, children);
}

let nextPid = 2_000_000;

/** What an attempt sets; a child process takes the same. */
export function settingOf(attempt: Attempt) {
  const {card, destinations, options, volumes, standing, calls} = attempt;
  const faulty = applyFaults({files: testFiles, run: fewTools}, standing, calls, [
    card,
    ...destinations,
  ]);
  return {faulty, setting: {cards: [card], to: destinations, options, volumes, run: faulty.run}};
}

async function runHere(attempt: Attempt): Promise<AttemptReport> {
  const {faulty, setting} = settingOf(attempt);
  const {faults} = faulty;
  const events: OffloadEvent[] = [];
  const stop = new AbortController();
  const {stopAt, takenAt} = attempt;
  const appeared = new Map<string, string>();
  const taking = takenAt === null ? faulty.files : takesName(faulty.files, takenAt, appeared);
  const files = stopAt === null ? taking : tellsAtCall(taking, stopAt, () => stop.abort());
  const pid = nextPid++;
  const running = runOffload({
    ...setting,
    files,
    stop,
    pid,
    onEvent: (event) => events.push(event),
  });
  const ended = running.then(
    ({end}) => ({end, thrown: undefined}),
    (thrown: unknown) => ({end: undefined, thrown}),
  );
  const deaths = faults.map(({died}) => died.then(() => undefined));
  const outcome = await Promise.race([ended, ...deaths]);
  if (outcome === undefined) {
    await faults.at(-1)?.bury();
    for (const fault of faults) await fault.bury();
    runningPids.delete(pid);
  }
  const hits = faults.flatMap(({fault, hit}) => (hit === undefined ? [] : [{fault, call: hit}]));
  const how = outcome === undefined ? 'died' : 'by-itself';
  return {events, hits, end: outcome?.end, thrown: outcome?.thrown, ended: how, appeared};
}

/** Somebody else's file has the name of a copy, a moment before the copy gets it: at the n-th naming of a copy. */
function takesName(files: Files, n: number, appeared: Map<string, string>): Files {
  let seen = 0;
  return interceptCalls(files, async (call, proceed) => {
    const {method, to = ''} = call;
    if (method === 'publish' && /\/EOS\/.*(?<!\.mismatch)$/.test(to) && ++seen === n) {
      const bytes = Buffer.from(`somebody's ${to}`);
      await writeFile(toBytes(to), bytes, {flag: 'wx'});
      appeared.set(to, sha256Of(bytes));
    }
    return await proceed();
  });
}

/** What the child program prints, one line each. */
export type ChildLine =
  | {readonly event: OffloadEvent}
  | {readonly end: NonNullable<Told['end']>}
  | {readonly thrown: string}
  | {readonly hit: AttemptReport['hits'][number]};

async function runInChild(attempt: Attempt, {folder, program}: Children): Promise<AttemptReport> {
  const told = join(folder, `attempt-${nextPid++}.json`);
  await writeFile(told, JSON.stringify(attempt));
  const child = execa(process.execPath, [program, told], {
    reject: false,
    buffer: false,
    stdin: 'ignore',
  });
  const events: OffloadEvent[] = [];
  const hits: AttemptReport['hits'][number][] = [];
  let end: Told['end'];
  let thrown: unknown;
  let seen = 0;
  for await (const text of createInterface({input: child.stdout})) {
    if (++seen === attempt.killAfter) child.kill('SIGKILL');
    const line = readLine(text);
    if (line === undefined) continue;
    if ('event' in line) events.push(line.event);
    else if ('end' in line) end = line.end;
    else if ('hit' in line) hits.push(line.hit);
    else thrown = new Error(line.thrown);
  }
  const {isTerminated, exitCode} = await child;
  if (!isTerminated && end === undefined && thrown === undefined) {
    thrown = new Error(`the child ended with ${exitCode} and without a word`);
  }
  const ended = isTerminated ? 'killed' : 'by-itself';
  return {events, hits, end, thrown, ended, appeared: new Map()};
}

/** The last line of a program that is killed may be cut. */
function readLine(text: string): ChildLine | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
