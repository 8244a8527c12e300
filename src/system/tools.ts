import {execa} from 'execa';
import type {Cause, Result} from '../core/cause.ts';
import {isMissing} from './missing-program.ts';
import {OWN_FOLDER} from './own-folder.ts';

/**
 * Runs a tool of the platform without a shell and without input.
 * @returns its standard output, or why it failed: not installed, not allowed, ended with an error, or took too long.
 */
export type RunTool = (command: string, args: readonly string[]) => Promise<Result<string>>;

/** Long enough to spin a sleeping disk up and to flush a slow drive's cache. */
const TIME_LIMIT_MS = 120_000;

/** A program that was stopped (Ctrl-Z, a sleeping laptop) hears of the end of its time before it hears that the tool ended long ago: it listens so long before it believes the first. */
const LISTEN_MS = 1000;

/** @param limitMs after this many ms the tool is ended. */
export function limitTools(limitMs: number): RunTool {
  return async (command, args) => {
    const running = execa(command, [...args], {
      stdin: 'ignore',
      reject: false,
      cwd: OWN_FOLDER,
      env: {LC_ALL: 'C'},
    });
    let isLate = false;
    let timer = setTimeout(() => {
      timer = setTimeout(() => {
        isLate = true;
        running.kill();
      }, LISTEN_MS);
    }, limitMs);
    const result = await running;
    clearTimeout(timer);
    if (isMissing(command, running.spawnfile)) return {ok: false, cause: notInstalled(command)};
    if (!result.failed) return {ok: true, value: result.stdout};
    const why = isLate ? `it took longer than ${limitMs / 1000} s` : '';
    return {
      ok: false,
      cause: {
        code: isLate ? 'ETIMEDOUT' : (result.code ?? `exit-${result.exitCode ?? 'unknown'}`),
        message: `${command} failed: ${why || result.stderr || result.shortMessage}`,
        next: nextFor(command),
      },
    };
  };
}

const nextFor = (command: string) =>
  `Check that ${command} is installed and that this user may run it.`;

const notInstalled = (command: string): Cause => ({
  code: 'ENOENT',
  message: `${command} is not installed`,
  next: nextFor(command),
});

export const runTool: RunTool = limitTools(TIME_LIMIT_MS);
