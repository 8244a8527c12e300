import {execa} from 'execa';
import type {Result} from '../core/cause.ts';
import {OWN_FOLDER} from './own-folder.ts';

/**
 * Runs a tool of the platform without a shell and without input.
 * @returns its standard output, or why it failed: not installed, not allowed, ended with an error, or took too long.
 */
export type RunTool = (command: string, args: readonly string[]) => Promise<Result<string>>;

/** Long enough to spin a sleeping disk up and to flush a slow drive's cache. */
const TIME_LIMIT_MS = 120_000;

export const runTool: RunTool = async (command, args) => {
  const result = await execa(command, [...args], {
    stdin: 'ignore',
    reject: false,
    cwd: OWN_FOLDER,
    timeout: TIME_LIMIT_MS,
    env: {LC_ALL: 'C'},
  });
  if (!result.failed) return {ok: true, value: result.stdout};
  return {
    ok: false,
    cause: {
      code: result.code ?? `exit-${result.exitCode ?? 'unknown'}`,
      message: `${command} failed: ${result.stderr || result.shortMessage}`,
      next: `Check that ${command} is installed and that this user may run it.`,
    },
  };
};
