/** A cloud job on temporary folders, with an rclone of tests. */
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {RunEnd} from '../../../src/commands/offload.ts';
import {
  addCloud,
  runCloud,
  type TypedCloud,
  verifyCloud,
} from '../../../src/commands/offsite/cloud/index.ts';
import type {Program} from '../../../src/commands/program.ts';
import type {
  CloudFinished,
  CloudStep,
  CloudVerified,
  OffloadEvent,
} from '../../../src/core/events.ts';
import {type FakeRclone, type FakeRemote, fakeRclone} from '../../helpers/fake-rclone.ts';
import {makeTree, type Tree} from '../../helpers/run-offload.ts';
import {type BackupTrial, makeBackupTrial, programOf} from '../backup/backup-trial.ts';

export interface CloudTrial extends BackupTrial {
  readonly rclone: FakeRclone;
  /** The folder that is copied. */
  readonly source: string;
}

export const PICTURES: Tree = {
  'Shoot/IMG_1.CR3': 9000,
  'Shoot/IMG_1.xmp': 'rating 1',
  'Shoot/IMG_2.JPG': 4000,
  'notes.txt': 'notes',
};

export async function makeCloudTrial(
  t: ExecutionContext,
  {remote = {}, tree = PICTURES}: {readonly remote?: FakeRemote; readonly tree?: Tree} = {},
): Promise<CloudTrial> {
  const trial = await makeBackupTrial(t);
  const source = join(trial.w, 'Photos');
  await makeTree(source, tree);
  const root = join(trial.folder, 'far');
  await mkdir(root);
  return {...trial, source, rclone: fakeRclone(root, remote)};
}

export const typedCloud = (change: Partial<TypedCloud> = {}): TypedCloud => ({
  remote: 'far:bucket',
  from: undefined,
  place: undefined,
  every: undefined,
  onArrival: undefined,
  quietHours: undefined,
  bwLimit: undefined,
  leaveOut: undefined,
  alarmAfter: undefined,
  rename: undefined,
  ...change,
});

export const programFor = (trial: CloudTrial, change: Partial<Program> = {}): Program =>
  programOf(trial, {rclone: trial.rclone.run, ...change});

export interface CloudTold {
  readonly end: RunEnd;
  readonly events: readonly OffloadEvent[];
  /** `action state path`, sorted. */
  readonly steps: readonly string[];
  readonly finished: CloudFinished | undefined;
  readonly verified: CloudVerified | undefined;
  readonly codes: readonly string[];
}

async function hear(
  run: (emit: (event: OffloadEvent) => void) => Promise<RunEnd>,
): Promise<CloudTold> {
  const events: OffloadEvent[] = [];
  const end = await run((event) => events.push(event));
  const steps = events.filter((event): event is CloudStep => event.type === 'cloud-step');
  return {
    end,
    events,
    steps: steps.map(({action, state, path}) => `${action} ${state} ${path}`).sort(),
    finished: events.findLast((event) => event.type === 'cloud-finished'),
    verified: events.findLast((event) => event.type === 'cloud-verified'),
    codes: events.flatMap((event) =>
      'code' in event && event.code !== undefined ? [event.code] : [],
    ),
  };
}

export const add = (trial: CloudTrial, change: Partial<TypedCloud> = {}, name = 'cloud') =>
  hear((emit) =>
    addCloud(programFor(trial), {name, typed: typedCloud({from: trial.source, ...change})}, emit),
  );

export interface RunSetting {
  readonly preview?: boolean;
  readonly due?: boolean;
  readonly acceptChanges?: boolean;
  readonly stop?: AbortController;
  readonly program?: Partial<Program>;
}

export const run = (trial: CloudTrial, setting: RunSetting = {}) =>
  hear((emit) => {
    const {preview = false, due = false, acceptChanges = false} = setting;
    const names = due ? [] : ['cloud'];
    const {signal} = setting.stop ?? new AbortController();
    const program = programFor(trial, setting.program);
    return runCloud(program, {names, due, preview, acceptChanges}, {emit, signal});
  });

export const verify = (
  trial: CloudTrial,
  {
    download = false,
    program = {},
  }: {readonly download?: boolean; readonly program?: Partial<Program>} = {},
) =>
  hear((emit) => {
    const {signal} = new AbortController();
    return verifyCloud(programFor(trial, program), {names: ['cloud'], download}, {emit, signal});
  });

/** Files of the remote with their texts; names of runs in the archive are a star, the folder of a job in `_offload-incoming` too. */
export async function readFar({
  rclone: {root},
}: CloudTrial): Promise<Readonly<Record<string, string>>> {
  const folder = join(root, 'bucket');
  const names = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []);
  const rows: [string, string][] = [];
  for (const one of names) {
    if (!one.isFile()) continue;
    const path = join(one.parentPath, one.name);
    const name = path.slice(folder.length + 1);
    const star = name.replace(/^(_archive|_offload-incoming)\/[^/]+/, '$1/*');
    rows.push([star, (await readFile(path)).toString('latin1')]);
  }
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const write = (trial: CloudTrial, path: string, text: string): Promise<void> =>
  writeFile(join(trial.source, path), text);

export const textOf = async (trial: CloudTrial, path: string): Promise<string> =>
  (await readFile(join(trial.source, path))).toString('latin1');
