/** `offload backup install|uninstall`: lets the system of this computer run what is due, and takes that away again. */
import {mkdir} from 'node:fs/promises';
import {dirname} from 'node:path';
import {EVERY_MINUTES, MADE_BY, type StartFile} from '../../core/backup/jobs/install/launch.ts';
import {type StartPlan, startPlan} from '../../core/backup/jobs/install/start-plan.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {joinWithAnd} from '../../core/words.ts';
import {readStartText, writeStartFile} from '../../system/start-files.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';

interface Commands {
  readonly emit: Emit;
  /** The user wants it for the administrator, and said so. */
  readonly asRoot: boolean;
}

/** @returns 0 when it was registered, 1 when the files are there and the system could not be told, 2 when nothing was written. */
export async function installJobs(program: Program, {emit, asRoot}: Commands): Promise<RunEnd> {
  const planned = planStart(program, asRoot);
  if (!planned.ok) return refuse(emit, planned.cause);
  const plan = planned.value;
  for (const file of plan.files) {
    const written = await writeOwn(program, file);
    if (!written.ok) return refuse(emit, written.cause);
  }
  tell(
    emit,
    'start-files-written',
    `written: ${joinWithAnd(plan.files.map(({path}) => path))}`,
    '',
  );
  const isRoot = program.launch.userId === 0;
  if (isRoot) emit({type: 'noticed', level: 'warning', ...AS_ROOT});
  for (const warning of plan.warnings) emit({type: 'noticed', level: 'warning', ...warning});
  const told = await tellSystem(program, plan, 'register', emit);
  if (!told) return {outcome: 'complete', exitCode: 1};
  const every = `every ${EVERY_MINUTES} minutes, and once for what was missed while the computer was off`;
  const message = `the system looks ${every}, whether a job is due, and runs it. ${plan.when}`;
  tell(emit, 'backup-installed', message, 'To take it away again: offload backup uninstall');
  return {outcome: 'complete', exitCode: 0};
}

/** Removes only what {@link installJobs} made. @returns 0 also when there was nothing. */
export async function uninstallJobs(
  program: Program,
  {emit}: Pick<Commands, 'emit'>,
): Promise<RunEnd> {
  const planned = planStart(program, true);
  if (!planned.ok) return refuse(emit, planned.cause);
  const {files} = program;
  const own: string[] = [];
  for (const file of planned.value.files) {
    const text = await readStartText(files, file);
    if (!text.ok) return refuse(emit, text.cause);
    if (text.value === null) continue;
    if (!text.value.includes(MADE_BY)) return refuse(emit, foreign(file.path));
    own.push(file.path);
  }
  if (own.length === 0) {
    tell(emit, 'backup-not-installed', 'nothing was installed for this user', '');
    return {outcome: 'complete', exitCode: 0};
  }
  const told = await tellSystem(program, planned.value, 'unregister', emit);
  try {
    for (const path of own) await files.removeFile(path);
  } catch (error) {
    return refuse(emit, causeFrom(error, 'removing it', own[0] ?? ''));
  }
  await runAll(program, planned.value.afterRemoval);
  tell(
    emit,
    'backup-uninstalled',
    `removed: ${joinWithAnd(own)}`,
    'The jobs stay: offload backup list shows them, offload backup run and watch run them.',
  );
  return {outcome: 'complete', exitCode: told ? 0 : 1};
}

function tell(emit: Emit, code: string, message: string, next: string): void {
  emit({type: 'noticed', level: 'info', code, message, next});
}

function planStart({launch, dataFolder}: Program, asRoot: boolean): Result<StartPlan> {
  if (launch.userId === 0 && !asRoot) return failed(IS_ROOT);
  if (!dataFolder.ok) return failed(dataFolder.cause);
  return startPlan(launch, dataFolder.value);
}

/** Another program's file, or a user's, is never replaced. */
async function writeOwn({files, newWord}: Program, file: StartFile): Promise<Result<null>> {
  const before = await readStartText(files, file);
  if (!before.ok) return before;
  if (before.value !== null && !before.value.includes(MADE_BY)) return failed(foreign(file.path));
  try {
    await mkdir(dirname(file.path), {recursive: true});
    await writeStartFile(files, file, newWord());
    return ok(null);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return failed(causeFrom(error, 'writing it', file.path));
  }
}

/** @returns false when the system has no such tool or it failed; what to type by hand is told then. */
async function tellSystem(
  program: Program,
  plan: StartPlan,
  what: 'register' | 'unregister',
  emit: Emit,
): Promise<boolean> {
  await runAll(program, plan.before[what]);
  const steps = plan[what];
  for (const [index, [command = '', ...args]] of steps.entries()) {
    const done = await program.run(command, args);
    if (done.ok) {
      tell(emit, 'start-tool-done', `done: ${[command, ...args].join(' ')}`, '');
      continue;
    }
    const rest = steps.slice(index).map((step) => step.join(' '));
    emit({
      type: 'noticed',
      level: 'warning',
      code: 'start-tool-failed',
      message: `the system could not be told: ${done.cause.message}`,
      next: `Type it where you are logged in: ${rest.join('; then ')}`,
    });
    return false;
  }
  return true;
}

/** What may fail: there was nothing before, or there is nothing any more. */
async function runAll({run}: Program, steps: readonly (readonly string[])[]): Promise<void> {
  for (const [command = '', ...args] of steps) await run(command, args);
}

const foreign = (path: string): Cause => ({
  code: 'start-file-foreign',
  path,
  message: 'a file of that name is there that offload did not make, and stays as it is',
  next: 'Look at it, and rename it when it is not needed.',
});

const IS_ROOT: Cause = {
  code: 'install-as-root',
  message:
    'this is the administrator (root): backups would run with all rights, on drives that are root’s to see, and copies would belong to root',
  next: 'Run it as the user whose drives these are, or say --as-root.',
};

const AS_ROOT: Cause = {
  code: 'installed-as-root',
  message: 'the jobs of root are run with all rights of the administrator, as you asked',
  next: 'To take it away again: offload backup uninstall',
};
