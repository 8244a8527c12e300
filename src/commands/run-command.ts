import type {Emit} from '../core/events.ts';
import {unreachable} from '../core/unreachable.ts';
import {check} from './check.ts';
import type {CommandLine} from './command-line.ts';
import {drives} from './drives.ts';
import {makeProgram} from './make-program.ts';
import {offload, type RunEnd} from './offload.ts';
import {verify} from './verify.ts';

type Surroundings = Parameters<typeof makeProgram>[0];

interface Listening {
  readonly emit: Emit;
  readonly signal: AbortSignal;
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
      return await check(program, line, listening);
    case 'verify':
      return await verify(program, line.paths, listening);
    case 'drives':
      return await drives(program, listening.emit);
    default:
      return unreachable(line);
  }
}
