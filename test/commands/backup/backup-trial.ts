/** Backup jobs on temporary folders that are drives with markers; the mirror itself is a double that says what it was asked. */
import {mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {addJob} from '../../../src/commands/backup/index.ts';
import type {TypedJob} from '../../../src/commands/backup/job-words.ts';
import type {RunTarget} from '../../../src/commands/backup/run-jobs.ts';
import type {RunEnd} from '../../../src/commands/offload.ts';
import type {Program} from '../../../src/commands/program.ts';
import {NO_COUNTS} from '../../../src/core/backup/no-counts.ts';
import {ok} from '../../../src/core/cause.ts';
import type {Volume} from '../../../src/core/drive.ts';
import type {BackupFinished, OffloadEvent} from '../../../src/core/events.ts';
import type {Clock} from '../../../src/system/clock.ts';
import type {Files} from '../../../src/system/files.ts';
import {makeMarker} from '../../../src/system/volume-marker.ts';
import {diskOf, diskVolume, testFiles, testProgram} from '../../helpers/run-offload.ts';

export interface BackupTrial {
  readonly folder: string;
  /** Settings and history. */
  readonly home: string;
  readonly w: string;
  readonly b: string;
  readonly o: string;
  readonly clock: SetClock;
  /** Drives that are plugged in, with what differs from a disk of their own. */
  readonly plugged: Map<string, Partial<Volume>>;
}

/** Time stands still until it is set. */
export interface SetClock extends Clock {
  set(ms: number): void;
}

function setClock(start: number): SetClock {
  let at = start;
  let ms = 0;
  return {
    now: () => new Date(at),
    monotonic: () => {
      ms += 1;
      return ms;
    },
    sleep: () => new Promise((resolve) => setTimeout(resolve, 2)),
    set(next) {
      at = next;
    },
  };
}

export const NOON = Date.UTC(2026, 10, 23, 11);
export const HOUR = 3_600_000;

export const idOf = (folder: string): string =>
  `00000000-0000-4000-8000-0000000000${diskOf(folder).charCodeAt(0).toString(16)}`;

export async function markVolume(folder: string): Promise<void> {
  await makeMarker(testFiles, folder, {
    id: idOf(folder),
    name: diskOf(folder).toUpperCase(),
    role: null,
    createdAt: '2026-11-20T12:00:00.000Z',
    fsUuid: null,
    sizeBytes: 64_000_000_000,
  });
}

/** W, B and O, each with a marker, and all of them plugged in. */
export async function makeBackupTrial(t: ExecutionContext): Promise<BackupTrial> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'offload-backup-')));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  const [w, b, o] = ['W', 'B', 'O'].map((name) => join(folder, name));
  if (w === undefined || b === undefined || o === undefined) throw new Error('no folders');
  for (const drive of [w, b, o]) {
    await mkdir(join(drive, 'Photos'), {recursive: true});
    await markVolume(drive);
  }
  const plugged = new Map([w, b, o].map((drive) => [drive, {}]));
  return {folder, home: join(folder, 'home'), w, b, o, clock: setClock(NOON), plugged};
}

/** Nothing is at its place any more. */
export async function pull(trial: BackupTrial, drive: string): Promise<void> {
  await rename(drive, `${drive}-away`);
  trial.plugged.delete(drive);
}

export async function plug(trial: BackupTrial, drive: string): Promise<void> {
  await rename(`${drive}-away`, drive);
  trial.plugged.set(drive, {});
}

export function programOf(
  trial: BackupTrial,
  change: Partial<Program> = {},
  files: Files = testFiles,
): Program {
  const volumes = () =>
    [...trial.plugged].map(([root, about]) => diskVolume(root, diskOf(root), about));
  return testProgram(
    {
      cards: [],
      to: [],
      program: {
        clock: trial.clock,
        configFolder: ok(trial.home),
        dataFolder: ok(trial.home),
        listVolumes: async () => volumes(),
        describeVolume: async (path) =>
          volumes().find(
            ({mountPoint}) => path === mountPoint || path.startsWith(`${mountPoint}/`),
          ) ?? diskVolume('/', 'sys'),
        timeZone: 'UTC',
        ...change,
      },
    },
    files,
  );
}

export const typed = (change: Partial<TypedJob> = {}): TypedJob => ({
  from: undefined,
  to: [],
  every: undefined,
  onArrival: undefined,
  quietHours: undefined,
  leaveOut: undefined,
  grace: undefined,
  alarmAfter: undefined,
  rename: undefined,
  ...change,
});

export interface Told {
  readonly end: RunEnd;
  readonly events: readonly OffloadEvent[];
  readonly codes: readonly string[];
  readonly finished: readonly BackupFinished[];
}

export async function listen(
  run: (emit: (event: OffloadEvent) => void) => Promise<RunEnd>,
): Promise<Told> {
  const events: OffloadEvent[] = [];
  const end = await run((event) => events.push(event));
  const codes = events.flatMap((event) =>
    'code' in event && event.code !== undefined ? [event.code] : [],
  );
  const finished = events.filter((event) => event.type === 'backup-finished');
  return {end, events, codes, finished};
}

/** Adds a job. @throws when it is refused. */
export async function putJob(
  trial: BackupTrial,
  name: string,
  change: Partial<TypedJob>,
): Promise<void> {
  const told = await listen((emit) => addJob(programOf(trial), {name, typed: typed(change)}, emit));
  if (told.end.exitCode !== 0) throw new Error(told.codes.join());
}

/** What a target was run with, in the order of the runs. */
export interface FakeMirror {
  readonly runTarget: RunTarget;
  readonly runs: string[];
  /** What the next runs come to; `good` when nothing is said. */
  readonly results: BackupFinished['result'][];
  /** Called in the middle of a run. */
  during: () => Promise<void> | void;
}

export function fakeMirror(): FakeMirror {
  const mirror: FakeMirror = {
    runs: [],
    results: [],
    during: () => {},
    async runTarget(_program, {job, target, source, on, preview, ...accepts}, {emit, signal}) {
      const flags = Object.entries({preview, ...accepts}).flatMap(([name, on]) =>
        on ? [name] : [],
      );
      mirror.runs.push(
        [`${job.name}: ${source.name}>${on.name}/${target.folder}`, ...flags].join(' '),
      );
      await mirror.during();
      const finished: BackupFinished = {
        type: 'backup-finished',
        job: job.name,
        target: on.name,
        to: on.folder,
        preview,
        result: signal.aborted ? 'stopped' : (mirror.results.shift() ?? 'good'),
        files: 1,
        bytes: 1,
        unchanged: 1,
        ...NO_COUNTS,
        strangers: 0,
        bytesWritten: 0,
      };
      emit(finished);
      return finished;
    },
  };
  return mirror;
}

export const readOwn = async (
  {home}: BackupTrial,
  name: string,
): Promise<Record<string, unknown>> => JSON.parse(await readFile(join(home, name), 'utf8'));

export const writeOwn = async ({home}: BackupTrial, name: string, text: string): Promise<void> => {
  await mkdir(home, {recursive: true});
  await writeFile(join(home, name), text);
};
