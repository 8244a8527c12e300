import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import {lockFolder} from '../../engine/folder-lock.ts';
import {BUSY, type OwnFiles} from '../../system/backup-files.ts';
import type {Program} from '../program.ts';

/** Where jobs and history are, and how they are written. */
export interface BackupHome {
  /** Absolute: the folder of the jobs. */
  readonly config: string;
  /** Absolute: the folder of the history. */
  readonly data: string;
  readonly own: OwnFiles;
}

/** @returns the folders, or why this user has none. */
export function openHome(program: Program): Result<BackupHome> {
  const {files, clock, newWord, configFolder, dataFolder} = program;
  if (!configFolder.ok) return failed(configFolder.cause);
  if (!dataFolder.ok) return failed(dataFolder.cause);
  const own: OwnFiles = {
    files,
    newWord,
    sleep: (ms) => clock.sleep(ms),
    lock: (path) => takeLock(program, path, 'locking the backup jobs'),
  };
  return ok({config: configFolder.value, data: dataFolder.value, own});
}

/** How to let a lock go. */
export interface Turn {
  release(): Promise<void>;
}

interface WantedTurn {
  /** Of the lock file; its folder is there. */
  readonly path: string;
  /** As the start of a sentence. */
  readonly doing: string;
  /** What is told when another process of this computer has it. */
  readonly running: (who: string) => Cause;
}

/** For work that only one process of this computer may do at a time. @returns how to let others do it again; `running` when another one does it. */
export async function takeTurn(
  program: Program,
  {path, doing, running}: WantedTurn,
): Promise<Result<Turn>> {
  const locked = await takeLock(program, path, doing);
  if (locked.ok || locked.cause.code !== BUSY) return locked;
  return failed(running(locked.cause.message.slice(HELD_BY.length)));
}

const HELD_BY = 'it is held by ';

/** @returns how to let the lock go; `file-busy` with who has it in words when another process does. */
function takeLock({files, self, clock, newWord}: Program, path: string, doing: string) {
  return lockFolder(
    {files, self, since: clock.now(), token: newWord()},
    {
      path,
      doing,
      refusal: (who) => ({
        code: BUSY,
        path,
        message: `${HELD_BY}${who}`,
        next: `Wait until it is done. If no offload runs there, remove ${path}.`,
      }),
    },
  );
}
