import type {Command} from 'commander';
import type {Cause} from '../core/cause.ts';
import {type PartChoice, readPart} from '../core/verify/slices.ts';
import type {RestoreOptions} from './restore/restore.ts';
import type {ShowOptions} from './show-options.ts';
import {collect, usage} from './typed-words.ts';

/** What is done with copies that lie on drives, as typed. */
export type CopiesLine = CopiesQuestion & {readonly show: ShowOptions};

export type CopiesQuestion =
  | {
      readonly command: 'verify';
      readonly paths: readonly string[];
      /** Null for words that are no slice. */
      readonly part: PartChoice | null | undefined;
      readonly heal: boolean;
    }
  | ({readonly command: 'restore'} & RestoreOptions)
  | {
      readonly command: 'report';
      readonly paths: readonly string[];
      readonly out: string | undefined;
    };

interface Flags {
  readonly json?: true;
  readonly quiet?: true;
}

const REPORT_EXAMPLES = `
Examples
  offload report "W:\\2026-11-24"
      a report for every card of this shoot, beside the records
  offload report W:\\2026-11-24\\_offload\\20261124T174207Z-x3k9ab.json --out D:\\Reports
      the report of one card, elsewhere`;

const RESTORE_EXAMPLES = `
WHAT is the name of a shoot, a camera, a part of a path (the first of these that is known), a date,
or a hash (BLAKE3, 64 digits). "rating>=3 or pick" besides takes those of them that a rule chooses, by XMP.

Examples
  offload restore "2026-11-24 Marta & Jan" --to D:\\Back
      the whole shoot, into D:\\Back\\2026-11-24 Marta & Jan
  offload restore IMG_0412 --to D:\\Back
      every picture with that in its path, raw file and JPEG
  offload restore "2026-11-24 Marta & Jan" "rating>=3" --to D:\\Back
      of the shoot, what has three stars or more
  offload restore IMG_0412 --at 2026-11-01 --to D:\\Back
      as it was that evening, from the archives of backup drives
  offload restore IMG_0412 --versions
      what there is of it, how old, and on which drives; nothing is copied
  offload restore --test 20
      can pictures be had back at all? 20 by chance, proved and removed again

Exit codes: 0 everything was restored and proved; 1 something is missing; 2 refused; 130 stopped.`;

const VERIFY_EXAMPLES = `
Examples
  offload verify W:
      every copy on the drive
  offload verify W: --part next/30
      a thirtieth of it, another one at each run: once a day, and a month proves it all
  offload verify W: --heal
      what the drive lost is brought back from another connected drive; the bad bytes are kept aside

Exit codes: 0 all is as it was proved; 1 something is not; 2 refused; 130 stopped.`;

/** Adds the verbs that read what offloads left. @param choose called with what was typed. */
export function addCopiesCommands(
  program: Command,
  choose: (question: CopiesQuestion, flags: Flags) => void,
): void {
  program
    .command('verify')
    .description('read copies again and compare them with their records')
    .argument('<path...>', 'a shoot, a folder in it, or a whole volume')
    .option('--part <k/n>', 'only this slice of it; next/N takes the one after the last')
    .option('--heal', 'bring back from another drive what this one lost')
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .option('--quiet', 'only failures and the result')
    .addHelpText('after', VERIFY_EXAMPLES)
    .action((paths, flags) =>
      choose(
        {
          command: 'verify',
          paths,
          part: flags.part === undefined ? undefined : (readPart(flags.part) ?? null),
          heal: flags.heal === true,
        },
        flags,
      ),
    );
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
    .option('--at <moment>', 'as it was then: 2026-11-01, or 2026-11-01T12:00')
    .option('--versions', 'copy nothing, list what there is of each file')
    .option('--test <n>', 'restore N files by chance into a temporary folder and remove them again')
    .option('--dry-run', 'write nothing, show where every file would go')
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .option('--quiet', 'only failures and the result')
    .addHelpText('after', RESTORE_EXAMPLES)
    .action((what, flags) =>
      choose(
        {
          command: 'restore',
          what,
          to: flags.to,
          from: flags.from ?? [],
          test: flags.test === undefined ? undefined : Number(flags.test),
          at: flags.at,
          dryRun: flags.dryRun === true,
          ...(flags.versions === true ? {versions: true} : {}),
        },
        flags,
      ),
    );
  program
    .command('report')
    .description('make the page with all pictures and the table later, from records and copies')
    .argument('<path...>', 'a shoot, a manifest in its _offload folder, or a whole volume')
    .option('--out <folder>', 'where to put them (default: beside the records)')
    .option('--json', 'one JSON object a line on stdout, nothing else')
    .option('--quiet', 'only failures')
    .addHelpText('after', REPORT_EXAMPLES)
    .action((paths, flags) => choose({command: 'report', paths, out: flags.out}, flags));
}

/** @returns what the words of a verify contradict. */
export const findVerifyProblem = ({
  part,
}: Pick<Extract<CopiesQuestion, {command: 'verify'}>, 'part'>): Cause | undefined =>
  part === null
    ? usage(
        '--part needs a slice',
        'Write --part 1/30, or --part next/30 for the one after the last.',
      )
    : undefined;

/** @returns what the words of a restore lack or contradict. */
export function findRestoreProblem({
  what,
  to,
  test,
  at,
  dryRun,
  versions,
}: Extract<CopiesQuestion, {command: 'restore'}>): Cause | undefined {
  if (what.some((text) => text.trim() === ''))
    return usage('what to restore is empty', 'Name a shoot, a path, a date, a camera or a hash.');
  if (test !== undefined && !(Number.isSafeInteger(test) && test > 0))
    return usage('--test needs a number of files', 'Write --test 20.');
  if (test !== undefined && dryRun)
    return usage('--test and --dry-run contradict each other', 'Choose one of them.');
  if (test !== undefined && at !== undefined)
    return usage('--test and --at contradict each other', 'Choose one of them.');
  if (versions === true && (to ?? at ?? test) !== undefined)
    return usage('--versions copies nothing', 'Leave --to, --at and --test out.');
  if (versions === true && dryRun)
    return usage('--versions and --dry-run contradict each other', 'Choose one of them.');
  if (test !== undefined) return undefined;
  if (what.length === 0)
    return usage('nothing is named', 'Name a shoot, a path, a date, a camera or a hash.');
  if (versions === true) return undefined;
  return to === undefined ? usage('--to is missing', 'Say where to with --to PATH.') : undefined;
}
