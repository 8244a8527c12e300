/** Opens what is known of a cloud job. It is a memory: a damaged one is put aside, and everything at the remote is looked at again. */
import {mkdir} from 'node:fs/promises';
import {dirname} from 'node:path';
import {DamagedRow} from '../catalog/rows.ts';
import type {Database, OpenDatabase} from '../catalog/sqlite.ts';
import {faultFrom} from '../catalog/sqlite-faults.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import type {Files} from '../system/files.ts';
import {CloudState} from './cloud-state.ts';
import {DamagedState, prepareState} from './state-tables.ts';

interface Opening {
  readonly files: Files;
  readonly open: OpenDatabase;
  /** Absolute. Its folder is made when it is missing. */
  readonly path: string;
  /** A word that nobody else uses. */
  readonly newWord: () => string;
}

export interface OpenedState {
  readonly state: CloudState;
  /** A damaged one was put aside; null when none was. */
  readonly notice: Cause | null;
}

/** ms for which another process is waited for: only a look at the state meets a run. */
const WAIT_MS = 2000;

/** Beside a database, to be moved before it. */
const PARTS = ['-wal', '-shm', '-journal', ''];

/** @returns the state; or why it cannot be had: the folder cannot be made, the disk fails or is full. */
export async function openState({
  files,
  open,
  path,
  newWord,
}: Opening): Promise<Result<OpenedState>> {
  let notice: Cause | null = null;
  try {
    await mkdir(dirname(path), {recursive: true, mode: 0o700});
    for (let tries = 0; ; tries++) {
      const opened = tryToOpen(open, path);
      if ('state' in opened) return ok({state: opened.state, notice});
      if ('cause' in opened) return failed(opened.cause);
      const aside = `${path}.damaged-${newWord()}`;
      notice = damaged(path, opened.why, aside);
      if (tries > 0) return failed({...notice, message: `${notice.message}, again`});
      await setAside(files, path, aside);
    }
  } catch (error) {
    return failed(causeFrom(error, 'opening what is known of the cloud', path));
  }
}

type Tried = {readonly state: CloudState} | {readonly why: string} | {readonly cause: Cause};

function tryToOpen(open: OpenDatabase, path: string): Tried {
  let db: Database | undefined;
  try {
    db = open(path, {timeout: WAIT_MS});
    prepareState(db);
    return {state: new CloudState(db)};
  } catch (error) {
    db?.close();
    return judge(error, path);
  }
}

function judge(error: unknown, path: string): {readonly why: string} | {readonly cause: Cause} {
  if (error instanceof DamagedState) return {why: error.message};
  const fault = faultFrom(error, path);
  if (fault === undefined) throw error;
  if (fault.kind === 'damaged') return {why: fault.why};
  return {
    cause: stateFault(
      fault.kind === 'locked' ? 'another process writes it' : fault.cause.message,
      path,
    ),
  };
}

/** @returns what an error of the state means for a run; it is thrown again when it is a fault of this program. */
export function stateCause(error: unknown, path: string): Cause {
  const isDamaged = error instanceof DamagedRow || error instanceof DamagedState;
  const fault = isDamaged ? {why: error.message} : faultFrom(error, path);
  if (fault === undefined) throw error;
  if ('why' in fault) return stateFault(`it is damaged: ${fault.why}`, path);
  if ('cause' in fault) return stateFault(fault.cause.message, path);
  return stateFault('another process writes it', path);
}

const stateFault = (why: string, path: string): Cause => ({
  code: 'cloud-state',
  path,
  message: `what is known of the cloud cannot be read or written down (${why})`,
  next: 'Free space on the disk of this computer and check it, then run the same job again. What lies in the cloud is not touched by that.',
});

async function setAside(files: Files, path: string, aside: string): Promise<void> {
  for (const part of PARTS) {
    try {
      await files.publish(path + part, aside + part);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
}

const damaged = (path: string, why: string, aside: string): Cause => ({
  code: 'cloud-state-damaged',
  path: aside,
  message: `what was known of the cloud was damaged (${why}) and is put aside under this name: everything there is looked at again`,
  next: `Nothing is lost: it is made anew by the next run, in ${dirname(path)}.`,
});
