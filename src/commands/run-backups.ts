/** `offload backup run`, apart from the other commands: it starts every few minutes and on many files, and loads nothing that it does not need. */
import {ALSO_DUE} from './also-due.ts';
import {type RunOptions, runJobs} from './backup/run-jobs.ts';
import {runTarget} from './backup/run-target.ts';
import type {Listening, RunEnd} from './offload.ts';
import type {Program} from './program.ts';

export async function runBackups(
  program: Program,
  options: RunOptions,
  listening: Listening,
): Promise<RunEnd> {
  return await runJobs(program, options, {...listening, runTarget, alsoDue: ALSO_DUE});
}
