import {Command, CommanderError, Option} from 'commander';
import {type Cause, failed, ok, type Result} from '../core/cause.ts';
import {DEFAULT_LAYOUT} from '../core/layout.ts';
import {CHOSEN_FORMATS} from '../core/mhl/formats.ts';
import {addCatalogCommands, type CatalogLine} from './catalog-command-line.ts';
import type {OffloadOptions} from './offload/options.ts';
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
  | {
      readonly command: 'check';
      readonly card: string;
      readonly destinations: readonly string[];
      readonly allowSameDrive: boolean;
      readonly acceptCached: boolean;
      readonly show: ShowOptions;
    }
  | {
      readonly command: 'report';
      readonly paths: readonly string[];
      readonly out: string | undefined;
      readonly show: ShowOptions;
    }
  | {
      readonly command: 'restore';
      readonly what: readonly string[];
      readonly to: string | undefined;
      readonly from: readonly string[];
      readonly test: number | undefined;
      readonly dryRun: boolean;
      readonly show: ShowOptions;
    }
  | {readonly command: 'verify'; readonly paths: readonly string[]; readonly show: ShowOptions}
  | {readonly command: 'drives'; readonly show: ShowOptions}
  /** `--help`, `--version`: a text for stdout. */
  | {readonly command: 'text'; readonly text: string};

const collect = (value: string, before: readonly string[] = []) => [...before, value];

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

const REPORT_EXAMPLES = `
Examples
  offload report "W:\\2026-11-24"
      a report for every card of this shoot, beside the records
  offload report W:\\2026-11-24\\_offload\\20261124T174207Z-x3k9ab.json --out D:\\Reports
      the report of one card, elsewhere`;

const RESTORE_EXAMPLES = `
WHAT is the name of a shoot, a camera, a part of a path (the first of these that is known), a date,
or a hash (BLAKE3, 64 digits).

Examples
  offload restore "2026-11-24 Marta & Jan" --to D:\\Back
      the whole shoot, into D:\\Back\\2026-11-24 Marta & Jan
  offload restore IMG_0412 --to D:\\Back
      every picture with that in its path, raw file and JPEG
  offload restore --test 20
      can pictures be had back at all? 20 by chance, proved and removed again

Exit codes: 0 everything was restored and proved; 1 something is missing; 2 refused; 130 stopped.`;

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
  program
    .command('verify')
    .description('read copies again and compare them with their records')
    .argument('<path...>', 'a shoot, a folder in it, or a whole volume')
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .option('--quiet', 'only failures and the result')
    .action((paths, given) => {
      stray = findStray(program);
      chosen = {command: 'verify', paths, show: showFrom(given, program)};
    });
  program
    .command('restore')
    .description('bring files back from whichever drive has a good copy, and prove them')
    .argument('[what...]', 'a shoot, a camera, a part of a path, a date, or a hash')
    .option('--to <path>', 'where they go, in a folder for each shoot')
    .option(
      '--from <path>',
      'look on this drive or folder only; may be given again (default: every connected drive)',
      collect,
    )
    .option('--test <n>', 'restore N files by chance into a temporary folder and remove them again')
    .option('--dry-run', 'write nothing, show where every file would go')
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .option('--quiet', 'only failures and the result')
    .addHelpText('after', RESTORE_EXAMPLES)
    .action((what, given) => {
      stray = findStray(program);
      chosen = {
        command: 'restore',
        what,
        to: given.to,
        from: given.from ?? [],
        test: given.test === undefined ? undefined : Number(given.test),
        dryRun: given.dryRun === true,
        show: showFrom(given, program),
      };
    });
  program
    .command('report')
    .description('make the page with all pictures and the table later, from records and copies')
    .argument('<path...>', 'a shoot, a manifest in its _offload folder, or a whole volume')
    .option('--out <folder>', 'where to put them (default: beside the records)')
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .option('--quiet', 'only failures')
    .addHelpText('after', REPORT_EXAMPLES)
    .action((paths, given) => {
      stray = findStray(program);
      chosen = {command: 'report', paths, out: given.out, show: showFrom(given, program)};
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

function findRestoreProblem({
  what,
  to,
  test,
  dryRun,
}: Extract<CommandLine, {command: 'restore'}>): Cause | undefined {
  if (what.some((text) => text.trim() === ''))
    return usage('what to restore is empty', 'Name a shoot, a path, a date, a camera or a hash.');
  if (test !== undefined && !(Number.isSafeInteger(test) && test > 0))
    return usage('--test needs a number of files', 'Write --test 20.');
  if (test !== undefined && dryRun)
    return usage('--test and --dry-run contradict each other', 'Choose one of them.');
  if (test !== undefined) return undefined;
  if (what.length === 0)
    return usage('nothing is named', 'Name a shoot, a path, a date, a camera or a hash.');
  return to === undefined ? usage('--to is missing', 'Say where to with --to PATH.') : undefined;
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

function usage(message: string, next = 'See offload --help.'): Cause {
  return {code: 'usage', message: message.replace(/^error: /, '').trim(), next};
}
