import {Command, CommanderError, Option} from 'commander';
import {type Cause, failed, ok, type Result} from '../core/cause.ts';
import {DEFAULT_LAYOUT} from '../core/layout.ts';
import {CHOSEN_FORMATS} from '../core/mhl/formats.ts';
import {addBackupCommands, type BackupLine} from './backup-command-line.ts';
import {addCatalogCommands, type CatalogLine} from './catalog-command-line.ts';
import {
  addCopiesCommands,
  type CopiesLine,
  findRestoreProblem,
  findVerifyProblem,
} from './copies-command-line.ts';
import {addDoctorCommand, type DoctorLine} from './doctor-command-line.ts';
import {addLightroomCommands, type LightroomLine} from './lightroom-command-line.ts';
import type {OffloadOptions} from './offload/options.ts';
import {
  addOffsiteCommands,
  findEditProblem,
  findOffsiteProblem,
  type OffsiteLine,
} from './offsite-command-line.ts';
import {collect, usage} from './typed-words.ts';
import {addVolumesCommands, type VolumesLine} from './volumes-command-line.ts';

/** How results and progress are shown. */
export interface ShowOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Only where the catalog answers. */
  readonly csv: boolean;
}

/** The options of an offload as typed: what was not typed is up to the settings. */
export interface TypedOptions
  extends Omit<OffloadOptions, 'layout' | 'verify' | 'order' | 'eject'> {
  readonly layout: OffloadOptions['layout'] | undefined;
  readonly verify: OffloadOptions['verify'] | undefined;
  readonly order: OffloadOptions['order'] | undefined;
  readonly eject: boolean | undefined;
  /** Name of a preset in the settings. */
  readonly preset?: string | undefined;
}

export type CommandLine =
  | {readonly command: 'offload'; readonly options: TypedOptions; readonly show: ShowOptions}
  /** Without cards: the terminal UI. */
  | {readonly command: 'session'; readonly options: TypedOptions; readonly show: ShowOptions}
  | {
      readonly command: 'watch';
      readonly auto: boolean;
      readonly options: TypedOptions;
      readonly show: ShowOptions;
    }
  | CatalogLine
  | VolumesLine
  | BackupLine
  | LightroomLine
  | OffsiteLine
  | DoctorLine
  | {
      readonly command: 'check';
      readonly card: string;
      readonly destinations: readonly string[];
      readonly allowSameDrive: boolean;
      readonly acceptCached: boolean;
      readonly show: ShowOptions;
    }
  | CopiesLine
  | {readonly command: 'drives'; readonly show: ShowOptions}
  /** `--help`, `--version`: a text for stdout. */
  | {readonly command: 'text'; readonly text: string};

const EXAMPLES = `
Examples
  offload
      the terminal UI: waits for cards; give drives their roles with w and b,
      press Enter
  offload --card E: --to W: --to B:
      copy the card E: to the working drive W: and to the backup B:, prove every
      copy, and say whether the card is safe to format
  offload --card /media/EOS --to /media/W --to /media/B --shoot "Marta & Jan"
  offload --card E: --to W: --to B: --dry-run
      only show where every file would go
  offload check --card E: --to W: --to B:
      weeks later: is every file on this card proved on two drives now?
  offload verify W:
      read all copies on W: again and compare them with their records
  offload --watch --auto
      no screen, no questions: each new card goes to the connected drives that
      have roles
  offload --card E: --to W: --to B: --report
      and make a page with all pictures, to look at and to print
  offload find IMG_0412
      on which drives, in which shoots?
  offload status
      how many proved copies has each shoot, on which drives, in which places?
  offload restore IMG_0412 --to D:\\Back
      bring it back from whichever drive has a good copy
  offload backup add photos --from W: --to B: --on-arrival
      keep the backup in step with the working drive from now on
  offload offsite add bank --to O: --to P: --place bank
      two drives take turns elsewhere; it says when to swap them
  offload doctor
      is everything that offload needs there and well?
  offload lightroom add "D:\\Lightroom\\Main.lrcat"
      and snapshots of the Lightroom catalog on every backup drive

Words of a layout (docs/layout.md)
  {shoot} {card} {path} {name} {stem} {ext}  from the card: {path} with folders
  {yyyy} {mm} {dd} {date} {time}             when taken: 2026-11-24, 140211
  {camera} {serial} {lens}                   what took it
  {seq:4}                                    counted in each folder: 0001, 0002
  --layout "{shoot}/{date}/{camera}/{date}_{seq:4}.{ext}"
      2026-11-24 Marta & Jan/2026-11-24/Canon EOS R6/2026-11-24_0001.CR3
  A picture's raw file, JPEG and sidecars get one name; folders of films stay
  whole.

Exit codes: 0 every card is safe; 1 finished, not safe; 2 refused before
copying; 130 stopped.
A card is SAFE TO FORMAT only when every file on it was read back from two
different physical drives and matched. After an interruption run the same
command again: it goes on.`;

const SAME_DRIVE =
  'waive the rule that two copies must be on two physical drives; the verdict says so';
const CACHED = 'waive the rule that copies must be read back from the medium; the verdict says so';

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
  let auto = false;
  let lacksMhl = false;
  const program = new Command('offload')
    .description(
      'Copies camera cards to two drives, proves every copy by reading it back from\nthe medium, and says when a card is safe to format.',
    )
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .enablePositionalOptions()
    .option('--card <path>', 'a card: its drive, volume or folder; may be given again', collect)
    .option('--to <path>', 'a destination: first the working drive, then the backups', collect)
    .option('--shoot <name>', "name of the shoot's folder (default: date of the first picture)")
    .option(
      '--layout <template>',
      `where files go (default: "${DEFAULT_LAYOUT}"); its words are below`,
    )
    .option('--preset <name>', 'the layout and other choices that the settings have by this name')
    .addOption(
      new Option(
        '--verify <what>',
        'copies: read every copy back (default); full: read the card a second time as well',
      ).choices(['copies', 'full']),
    )
    .addOption(
      new Option('--verify-order <when>', 'when copies are read back (default: auto)').choices([
        'auto',
        'after',
        'overlap',
      ]),
    )
    .option('--eject', 'eject each card that is safe to format')
    .option('--no-eject', 'leave the cards in, whatever the settings say')
    .option('--watch', 'wait for cards and drives, a line for each that comes or goes')
    .option('--auto', 'with --watch: offload each new card to the drives that have roles')
    .option('--salvage', 'keep the readable parts of files that cannot be read whole')
    .option(
      '--from-copy',
      'read what a drive lacks from a proved copy of an earlier run, not the card',
    )
    .option('--mhl', 'write an ASC MHL v2 history beside the copies')
    .addOption(
      new Option('--mhl-hash <format>', 'with --mhl: its hash format (default: xxh64)').choices(
        CHOSEN_FORMATS,
      ),
    )
    .option('--report', 'a page with all pictures and a table, beside the records')
    .option(
      '--only-new',
      'copy only what is not proved on two connected drives already, whatever its name',
    )
    .option('--dry-run', 'write nothing, show where every file would go')
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .option('--quiet', 'only failures and the verdict')
    .option('--allow-same-drive', SAME_DRIVE)
    .option('--accept-cached', CACHED)
    .action((given) => {
      const options = {
        cards: given.card ?? [],
        destinations: given.to ?? [],
        shoot: given.shoot,
        layout: given.layout,
        verify: given.verify,
        order: given.verifyOrder,
        eject: given.eject,
        ...(given.preset === undefined ? {} : {preset: given.preset}),
        dryRun: given.dryRun === true,
        salvage: given.salvage === true,
        fromCopy: given.fromCopy === true,
        onlyNew: given.onlyNew === true,
        report: given.report === true,
        allowSameDrive: given.allowSameDrive === true,
        acceptCached: given.acceptCached === true,
        ...(given.mhl === true ? {mhl: given.mhlHash ?? CHOSEN_FORMATS[0]} : {}),
      };
      const show = showFrom(given, program);
      auto = given.auto === true;
      lacksMhl = given.mhlHash !== undefined && given.mhl !== true;
      chosen =
        given.watch === true
          ? {command: 'watch', auto, options, show}
          : {command: options.cards.length === 0 ? 'session' : 'offload', options, show};
    });
  program
    .command('check')
    .description('is every file on a card proved on two drives now? Reads the card, copies nothing')
    .requiredOption('--card <path>', 'the card')
    .option(
      '--to <path>',
      'where copies may be (default: every connected drive that offload knows)',
      collect,
    )
    .option('--allow-same-drive', SAME_DRIVE)
    .option('--accept-cached', CACHED)
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .option('--quiet', 'only failures and the verdict')
    .action((given) => {
      stray = findStray(program);
      chosen = {
        command: 'check',
        card: given.card,
        destinations: given.to ?? [],
        allowSameDrive: given.allowSameDrive === true,
        acceptCached: given.acceptCached === true,
        show: showFrom(given, program),
      };
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
  if (lacksMhl)
    return failed(usage('--mhl-hash does nothing without --mhl', 'Write --mhl besides.'));
  const contradiction = findContradiction(chosen, auto);
  return contradiction === undefined ? ok(chosen) : failed(contradiction);
}

/** The program's commands and theirs. */
function listCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(listCommands)];
}

function findContradiction(line: CommandLine, auto: boolean): Cause | undefined {
  if (line.command === 'text') return undefined;
  if (line.show.csv && line.show.json)
    return usage('--csv and --json contradict each other', 'Choose one of them.');
  if (line.command === 'restore') return findRestoreProblem(line);
  if (line.command === 'verify') return findVerifyProblem(line);
  if (line.command === 'offsite-add') return findOffsiteProblem(line);
  if (line.command === 'offsite-edit') return findEditProblem(line);
  if (line.command === 'offsite-verify') return findVerifyProblem(line);
  if (!('options' in line)) return undefined;
  const {cards, destinations, shoot, dryRun} = line.options;
  if (shoot?.trim() === '')
    return usage('--shoot is empty', 'Give the shoot a name, or leave the option out.');
  if (auto && line.command !== 'watch')
    return usage('--auto does nothing without --watch', 'Write --watch --auto.');
  if (line.command !== 'watch') return undefined;
  if (cards.length > 0 || destinations.length > 0)
    return usage(
      '--watch takes the cards that come and the drives that have roles',
      'Leave --card and --to out; give drives their roles in the terminal UI.',
    );
  if (dryRun) return usage('--watch and --dry-run contradict each other', 'Choose one of them.');
  return undefined;
}

/** `--json` and `--quiet` may stand before a command or behind it. */
function showFrom(given: ShowFlags, program: Command): ShowOptions {
  const {json, quiet} = program.opts<ShowFlags>();
  return {
    json: (given.json ?? json) === true,
    quiet: (given.quiet ?? quiet) === true,
    csv: given.csv === true,
  };
}

interface ShowFlags {
  readonly json?: true;
  readonly quiet?: true;
  readonly csv?: true;
}

/** @returns an option of the main job that was written before another command. */
function findStray(program: Command): string | undefined {
  return program.options.find((option) => {
    const name = option.attributeName();
    return name !== 'json' && name !== 'quiet' && program.getOptionValueSource(name) === 'cli';
  })?.long;
}
