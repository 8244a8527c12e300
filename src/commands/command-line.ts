import {Command, CommanderError} from 'commander';
import {type Cause, failed, ok, type Result} from '../core/cause.ts';
import {addBackupCommands, type BackupLine} from './backup-command-line.ts';
import {addCatalogCommands, type CatalogLine} from './catalog-command-line.ts';
import {addCheckCommand, type CheckLine} from './check-command-line.ts';
import {
  addCopiesCommands,
  type CopiesLine,
  findRestoreProblem,
  findVerifyProblem,
} from './copies-command-line.ts';
import {addDoctorCommand, type DoctorLine} from './doctor-command-line.ts';
import {addLightroomCommands, type LightroomLine} from './lightroom-command-line.ts';
import {addOffloadOptions, findOffloadProblem, type OffloadLine} from './offload-command-line.ts';
import {OFFLOAD_EXAMPLES} from './offload-help.ts';
import {
  addOffsiteCommands,
  findEditProblem,
  findOffsiteProblem,
  type OffsiteLine,
} from './offsite-command-line.ts';
import {type ShowOptions, showFrom} from './show-options.ts';
import {usage} from './typed-words.ts';
import {addVolumesCommands, type VolumesLine} from './volumes-command-line.ts';

export type CommandLine =
  | OffloadLine
  | CatalogLine
  | VolumesLine
  | BackupLine
  | LightroomLine
  | OffsiteLine
  | DoctorLine
  | CheckLine
  | CopiesLine
  | {readonly command: 'drives'; readonly show: ShowOptions}
  /** `--help`, `--version`: a text for stdout. */
  | {readonly command: 'text'; readonly text: string};

/**
 * Reads the arguments.
 * @param args without the program's own name.
 * @returns what to do, or a usage error with what to do next.
 */
export function parseCommandLine(args: readonly string[], version: string): Result<CommandLine> {
  let chosen: CommandLine | undefined;
  let text = '';
  let complaint = '';
  let stray: string | undefined;
  let problem: Cause | undefined;
  const program = new Command('offload')
    .description(
      'Copies camera cards to two drives, proves every copy by reading it back from\nthe medium, and says when a card is safe to format.',
    )
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', OFFLOAD_EXAMPLES)
    .enablePositionalOptions();
  addOffloadOptions(program, (question, given) => {
    problem = findOffloadProblem(question, given);
    chosen = {...question, show: showFrom(given, program)};
  });
  addCheckCommand(program, (question, given) => {
    stray = findStray(program);
    chosen = {...question, show: showFrom(given, program)};
  });
  addCopiesCommands(program, (question, given) => {
    stray = findStray(program);
    chosen = {...question, show: showFrom(given, program)};
  });
  program
    .command('drives')
    .description('cards and drives as the program sees them')
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .action((given) => {
      stray = findStray(program);
      chosen = {command: 'drives', show: {...showFrom(given, program), quiet: false}};
    });
  addCatalogCommands(program, (line, given) => {
    stray = findStray(program);
    chosen = {...line, show: {...showFrom(given, program), quiet: false}};
  });
  addVolumesCommands(program, (line, given) => {
    stray = findStray(program);
    chosen = {...line, show: {...showFrom(given, program), quiet: false}};
  });
  addLightroomCommands(program, (line, given) => {
    stray = findStray(program);
    chosen = {...line, show: showFrom(given, program)};
  });
  addBackupCommands(program, (line, given) => {
    stray = findStray(program);
    chosen = {...line, show: showFrom(given, program)};
  });
  addOffsiteCommands(program, (line, given) => {
    stray = findStray(program);
    chosen = {...line, show: showFrom(given, program)};
  });
  addDoctorCommand(program, (line, given) => {
    stray = findStray(program);
    chosen = {...line, show: {...showFrom(given, program), quiet: false}};
  });
  for (const command of listCommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (out) => {
        text += out;
      },
      writeErr: (out) => {
        complaint += out;
      },
    });
  }
  try {
    program.parse(args, {from: 'user'});
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return ok({command: 'text', text});
    if (error.code === 'commander.excessArguments') {
      const [verb = '', ...more] = program.args;
      const isKnown = program.commands.some((command) => command.name() === verb);
      const unknown = isKnown ? [verb, ...more].join(' ') : verb;
      return failed(usage(`${JSON.stringify(unknown)} is no command of this version`));
    }
    return failed(usage(complaint === '' ? error.message : complaint));
  }
  if (stray !== undefined) {
    return failed(
      usage(
        `${stray} stands before the command, where it has no effect`,
        'Write it behind the command.',
      ),
    );
  }
  if (chosen === undefined) return failed(usage('no command was given'));
  problem ??= findContradiction(chosen);
  return problem === undefined ? ok(chosen) : failed(problem);
}

/** The program's commands and theirs. */
function listCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(listCommands)];
}

function findContradiction(line: CommandLine): Cause | undefined {
  if (line.command === 'text') return undefined;
  if (line.show.csv && line.show.json)
    return usage('--csv and --json contradict each other', 'Choose one of them.');
  if (line.command === 'restore') return findRestoreProblem(line);
  if (line.command === 'verify') return findVerifyProblem(line);
  if (line.command === 'offsite-add') return findOffsiteProblem(line);
  if (line.command === 'offsite-edit') return findEditProblem(line);
  if (line.command === 'offsite-verify') return findVerifyProblem(line);
  return undefined;
}

/** @returns an option of the main job that was written before another command. */
function findStray(program: Command): string | undefined {
  return program.options.find((option) => {
    const name = option.attributeName();
    return name !== 'json' && name !== 'quiet' && program.getOptionValueSource(name) === 'cli';
  })?.long;
}
