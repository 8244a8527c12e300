import type {Command} from 'commander';
import type {ShowOptions} from './show-options.ts';

/** What is asked of the doctor, as typed. */
export type DoctorLine = DoctorQuestion & {readonly show: ShowOptions};

export interface DoctorQuestion {
  readonly command: 'doctor';
}

interface Flags {
  readonly json?: true;
}

const HELP = `
Looks at this computer, the drives that are connected, the catalog and the jobs. Writes nothing.
Each line is good, LOOK (it works, and could be better) or BAD, with what to do.

Examples
  offload doctor
  offload doctor --json

Exit codes: 0 nothing is bad; 1 something is; 130 stopped.`;

/** Adds `doctor`. @param choose called with what was typed. */
export function addDoctorCommand(
  program: Command,
  choose: (question: DoctorQuestion, flags: Flags) => void,
): void {
  program
    .command('doctor')
    .description('is everything that offload needs there and well?')
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .addHelpText('after', HELP)
    .action((flags) => choose({command: 'doctor'}, flags));
}
