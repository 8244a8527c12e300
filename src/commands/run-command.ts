import type {Emit} from '../core/events.ts';
import type {CommandLine} from './command-line.ts';
import {makeProgram} from './make-program.ts';
import {offload, type RunEnd} from './offload.ts';

type Surroundings = Parameters<typeof makeProgram>[0];

interface Listening {
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** stdout, for commands whose result is a table or a text. */
  readonly writeResult: (line: string) => void;
}

/** Runs one command on the real machine. */
export async function runCommand(
  line: Exclude<CommandLine, {command: 'text'}>,
  surroundings: Surroundings,
  listening: Listening,
): Promise<RunEnd> {
  const program = await makeProgram(surroundings);
  switch (line.command) {
    case 'offload':
      return await offload(program, line.options, listening);
    case 'check':
    case 'verify':
    case 'drives':
      throw new Error('soon');
  }
}
