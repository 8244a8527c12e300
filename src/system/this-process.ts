import {errnoOf} from '../core/cause.ts';
import type {Files} from './files.ts';

/** What this process can say of itself and of others on this computer. */
export interface ThisProcess {
  readonly host: string;
  readonly pid: number;
  readonly isRunning: (pid: number) => boolean;
  /** What tells a process from a later one with the same number; empty where the platform does not say. */
  readonly markOf: (pid: number) => Promise<string>;
}

/**
 * Start time of a process in clock ticks since boot: field 22 of /proc/PID/stat (proc(5)); the fields before it may hold blanks only inside the brackets of the name.
 * @returns empty where there is no /proc.
 */
export async function readStartMark(files: Files, pid: number): Promise<string> {
  try {
    const file = await files.openToRead(`/proc/${pid}/stat`, {direct: false});
    try {
      const block = Buffer.alloc(4096);
      const bytes = await file.read(block, block.length, 0);
      const stat = block.toString('latin1', 0, bytes);
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return '';
  }
}
