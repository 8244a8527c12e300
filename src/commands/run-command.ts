import {readHistory} from '../system/backup-files.ts';
import type {MatchingFiles} from '../system/files.ts';
import type {CommandLine} from './command-line.ts';
import {makeProgram, type Surroundings} from './make-program.ts';
import type {RunEnd} from './offload.ts';
import type {Program} from './program.ts';
import type {VerbListening} from './run-verb.ts';

export type Command = Exclude<CommandLine, {command: 'text'}>;

/** Runs one command on the real machine. */
export async function runCommand(
  line: Command,
  surroundings: Surroundings,
  listening: VerbListening,
): Promise<RunEnd> {
  const program = await makeProgram(surroundings);
  try {
    return await runWith(program, line, listening);
  } finally {
    await program.close();
  }
}

/** Loads the command that is asked for: all of them together take 40 ms (measured). */
async function runWith(program: Program, line: Command, listening: VerbListening): Promise<RunEnd> {
  if (line.command === 'backup-run') {
    getReady(program, line);
    const {runBackups} = await import('./run-backups.ts');
    return await runBackups(program, line, listening);
  }
  const {runVerb} = await import('./run-verb.ts');
  return await runVerb(program, line, listening);
}

/**
 * Starts what takes a while, so that it goes on while the code is loaded: the platform is asked for its drives, whose answers are remembered for those who ask next, and what compares many files gets
 * ready. All of it is a hint: what fails here is done again and told where it counts.
 */
function getReady(program: Program, {due}: {readonly due: boolean}): void {
  program.listVolumes().catch(() => {});
  // Whether something is due shows later.
  if (!due) expectFiles(program).catch(() => {});
}

/** By the largest job that was run on this computer. */
async function expectFiles({files, dataFolder}: Program): Promise<void> {
  const matching: MatchingFiles = files;
  const history = dataFolder.ok ? await readHistory(files, dataFolder.value) : dataFolder;
  if (!history.ok) return;
  const counts = history.value.targets.map(({lastRun}) => lastRun?.counts.files ?? 0);
  matching.expectMatch?.(Math.max(0, ...counts));
}
