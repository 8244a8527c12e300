/** Names of files while they are restored, and what restores that died left of them. */
import {join} from 'node:path';
import {errnoOf} from '../core/cause.ts';
import type {Files} from '../system/files.ts';

/** Who restores: a process of a computer. */
export interface Restorer {
  readonly host: string;
  readonly pid: number;
  readonly isRunning: (pid: number) => boolean;
}

const HOST_SIGNS = 32;

/** Letters and digits of the computer's name: enough to tell the few that share a drive. */
const shorten = (host: string): string => host.replace(/[^A-Za-z0-9]/g, '').slice(0, HOST_SIGNS);

/** @param word a word that no other run has. @returns `.offload-restore-<host>-<pid>-<word>-<number>.part`. */
export function nameRestoring({host, pid}: Restorer, word: string, number: number): string {
  return `.offload-restore-${shorten(host)}-${pid}-${word}-${number}.part`;
}

/**
 * Removes what a restore of this computer left in a folder when it died. What a running one writes stays; a number that another program has now keeps the file until a later run.
 * @param isCopy of an absolute path: a card may have files of such names, and their copies stay.
 * @throws the system's error when it cannot be removed.
 */
export async function sweepRestores(
  files: Files,
  folder: string,
  {self, isCopy}: {readonly self: Restorer; readonly isCopy: (path: string) => boolean},
): Promise<void> {
  for (const name of await listNames(files, folder)) {
    const [, host, pid] = /^\.offload-restore-([A-Za-z0-9]*)-(\d+)-\w+-\d+\.part$/.exec(name) ?? [];
    if (host !== shorten(self.host) || pid === undefined || self.isRunning(Number(pid))) continue;
    const path = join(folder, name);
    if (isCopy(path)) continue;
    if ((await files.look(path)).kind === 'file') await files.removeFile(path);
  }
}

async function listNames(files: Files, folder: string): Promise<readonly string[]> {
  try {
    return await files.list(folder);
  } catch (error) {
    // The folder is not made yet, or a file has its name.
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
    return [];
  }
}
