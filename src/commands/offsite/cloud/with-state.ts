/** What is known of a cloud job, in the hands of one command. */
import {join} from 'node:path';
import {type Cause, failed, ok, type Result} from '../../../core/cause.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import type {CloudState} from '../../../offsite/cloud-state.ts';
import {stateCause} from '../../../offsite/open-state.ts';
import {makeOwnFolder} from '../../../system/backup-files.ts';
import {takeTurn} from '../../backup/own-files.ts';
import type {Program} from '../../program.ts';
import {cloudRunning} from './cloud-causes.ts';
import {type CloudHome, cloudFolder, openCloudState, statePath} from './cloud-desk.ts';

interface Using {
  readonly program: Program;
  readonly home: CloudHome;
  readonly job: CloudJob;
  /** A look needs no turn. */
  readonly isLook: boolean;
  /** A damaged one is put aside, and told. */
  readonly onNotice: (cause: Cause) => void;
}

/** Alone with it. @returns what `act` returns; or why it cannot be had, `cloud-running` when another process has it. */
export async function withState<T>(
  {program, home: {home}, job, isLook, onNotice}: Using,
  act: (state: CloudState) => Promise<T>,
): Promise<Result<T>> {
  const folder = cloudFolder(home, job);
  const made = await makeOwnFolder(folder);
  if (!made.ok) return made;
  const turn = isLook
    ? null
    : await takeTurn(program, {
        path: join(folder, 'run.lock'),
        doing: 'locking the cloud job',
        running: (who) => cloudRunning(job.name, who),
      });
  if (turn?.ok === false) return turn;
  try {
    const opened = await openCloudState(program, home, job);
    if (!opened.ok) return opened;
    const {state, notice} = opened.value;
    if (notice !== null) onNotice(notice);
    try {
      return ok(await act(state));
    } catch (error) {
      return failed(stateCause(error, statePath(home, job)));
    } finally {
      state.close();
    }
  } finally {
    await turn?.value.release();
  }
}
