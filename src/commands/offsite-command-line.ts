import type {Command} from 'commander';
import type {Cause} from '../core/cause.ts';
import {type PartChoice, readPart} from '../core/verify/slices.ts';
import type {JobsRun} from './backup/run-jobs.ts';
import {
  type RuleFlags,
  typedPreview,
  typedRules,
  typedRun,
  withLimits,
  withoutRules,
} from './job-options.ts';
import {findCloudWord, findSetWord, type TypedOffsite} from './offsite/typed-offsite.ts';
import {ADD_HELP, EDIT_HELP, OFFSITE_HELP, RUN_HELP, VERIFY_HELP} from './offsite-help.ts';
import {JSON_HELP, type ShowOptions, withShow} from './show-options.ts';
import {collect, usage} from './typed-words.ts';

/** What is asked of off-site copies, as typed. */
export type OffsiteLine = OffsiteQuestion & {readonly show: ShowOptions};

export type OffsiteQuestion =
  | {readonly command: 'offsite-add'; readonly name: string; readonly typed: TypedOffsite}
  | {readonly command: 'offsite-edit'; readonly name: string; readonly typed: TypedOffsite}
  | {readonly command: 'offsite-remove'; readonly name: string}
  /** Empty for all. */
  | {readonly command: 'offsite-status'; readonly names: readonly string[]}
  | ({readonly command: 'offsite-run'} & JobsRun)
  | {
      readonly command: 'offsite-verify';
      readonly names: readonly string[];
      /** Null for words that are no slice. */
      readonly part: PartChoice | null | undefined;
      readonly heal: boolean;
      readonly download: boolean;
    };

interface Flags {
  readonly json?: true;
  readonly quiet?: true;
}

interface JobFlags extends Flags, RuleFlags {
  readonly remote?: string;
  readonly place?: string;
  readonly swapAfter?: string;
  readonly bwlimit?: string | false;
  readonly download?: boolean;
  readonly add?: readonly string[];
  readonly drop?: readonly string[];
}

/** Adds `offsite` with its verbs. @param choose called with what was typed. */
export function addOffsiteCommands(
  program: Command,
  choose: (question: OffsiteQuestion, flags: Flags) => void,
): void {
  const offsite = program
    .command('offsite')
    .description(
      'the copy that is kept elsewhere: drives that take turns, or a cloud; alone: status',
    )
    .option('--json', JSON_HELP)
    .addHelpText('after', OFFSITE_HELP)
    .action((flags) => choose({command: 'offsite-status', names: []}, flags));
  const ask = (question: OffsiteQuestion, flags: Flags) =>
    choose(question, {...offsite.opts<Flags>(), ...flags});
  const withRules = (command: Command) =>
    withLimits(
      command
        .option('--to <path>', 'a drive of the set, or a folder on it; may be given again', collect)
        .option('--from <path>', 'the source: a drive or a folder on it')
        .option('--place <place>', 'where the copies are kept, in your words: bank')
        .option('--swap-after <days>', 'swap the drives so often (default: 30d)')
        .option('--every <time>', 'run so long after the last good run: 30m, 6h, 1d'),
    )
      .option('--alarm-after <days>', 'tell loudly after so long without a good run of any drive')
      .option('--bwlimit <rate>', 'of a cloud: bytes a second at the most: 2M, 500k')
      .option('--download', 'of a cloud: prove by downloading what it has no hash of')
      .option('--no-download', 'of a cloud: ask for hashes only')
      .option('--json', JSON_HELP);
  withRules(
    offsite
      .command('add')
      .description('make a set of drives, or a cloud')
      .argument('<name>', 'what you call it')
      .option('--remote <remote>', 'a cloud: a remote of rclone and a path in it: b2:bucket/path')
      .option('--on-arrival', 'run when the drives are plugged in (sets do so by themselves)'),
  )
    .option('--no-on-arrival', 'of a set: do not run when drives are plugged in')
    .addHelpText('after', ADD_HELP)
    .action((name: string, flags: JobFlags) =>
      ask({command: 'offsite-add', name, typed: typedFrom(flags)}, flags),
    );
  withoutRules(
    withRules(
      offsite
        .command('edit')
        .description('change a set or a cloud')
        .argument('<name>', 'the set or the cloud')
        .option('--name <name>', 'call it so from now on')
        .option('--add <path>', 'of a set: one more drive; may be given again', collect)
        .option('--drop <drive>', 'of a set: a drive that was lost, by its name or id', collect)
        .option('--on-arrival', 'run when the drives are plugged in'),
    ),
  )
    .option('--no-bwlimit', 'of a cloud: as fast as it goes')
    .addHelpText('after', EDIT_HELP)
    .action((name: string, flags: JobFlags) =>
      ask({command: 'offsite-edit', name, typed: typedFrom(flags)}, flags),
    );
  offsite
    .command('list')
    .description('all sets and clouds: which drive is where, how old each copy is')
    .option('--json', JSON_HELP)
    .action((flags) => ask({command: 'offsite-status', names: []}, flags));
  offsite
    .command('status')
    .description('the same of some of them, and what to do next')
    .argument('[name...]', 'sets and clouds (default: all)')
    .option('--json', JSON_HELP)
    .action((names, flags) => ask({command: 'offsite-status', names}, flags));
  offsite
    .command('remove')
    .description('remove a set or a cloud; what lies there stays')
    .argument('<name>', 'the set or the cloud')
    .option('--json', JSON_HELP)
    .action((name, flags) => ask({command: 'offsite-remove', name}, flags));
  withShow(
    offsite
      .command('run')
      .description('bring copies up to date now')
      .argument('[name...]', 'sets and clouds (default: all)')
      .option('--due', 'only those that are due')
      .option('--accept-deletions', 'of a set: carry out deletions that were held back')
      .option('--accept-changed', 'take over raw files and films that changed'),
  )
    .addHelpText('after', RUN_HELP)
    .action((names, flags) => ask({command: 'offsite-run', ...typedRun(names, flags)}, flags));
  withShow(
    offsite
      .command('preview')
      .description('say what a run would do; writes nothing')
      .argument('[name...]', 'sets and clouds (default: all)'),
  ).action((names, flags) => ask({command: 'offsite-run', ...typedPreview(names)}, flags));
  withShow(
    offsite
      .command('verify')
      .description('are the copies still what was copied?')
      .argument('[name...]', 'sets and clouds (default: all)')
      .option('--part <k/n>', 'of a set: only this slice; next/N takes the one after the last')
      .option('--heal', 'of a set: bring back from another drive what this one lost')
      .option('--download', 'of a cloud: download and compare what it has no hash of'),
  )
    .addHelpText('after', VERIFY_HELP)
    .action((names, flags) =>
      ask(
        {
          command: 'offsite-verify',
          names,
          part: flags.part === undefined ? undefined : (readPart(flags.part) ?? null),
          heal: flags.heal === true,
          download: flags.download === true,
        },
        flags,
      ),
    );
}

const typedFrom = (flags: JobFlags): TypedOffsite => ({
  ...typedRules(flags),
  remote: flags.remote,
  place: flags.place,
  swapAfter: flags.swapAfter,
  add: flags.add ?? [],
  drop: flags.drop ?? [],
  bwLimit: flags.bwlimit,
  download: flags.download,
});

type OffsiteAdd = Extract<OffsiteQuestion, {command: 'offsite-add'}>;

/** @returns what the words of a change contradict. */
export function findEditProblem({typed}: Pick<OffsiteAdd, 'typed'>): Cause | undefined {
  const isBoth = typed.to.length > 0 && typed.add.length + typed.drop.length > 0;
  return isBoth
    ? usage(
        '--to replaces all drives, and contradicts --add and --drop',
        'Write --to for all of them, or --add and --drop for one.',
      )
    : undefined;
}

/** @returns what the words of a new set or cloud lack or contradict. */
export function findOffsiteProblem({typed}: Pick<OffsiteAdd, 'typed'>): Cause | undefined {
  const isCloud = typed.remote !== undefined;
  const stray = isCloud ? findSetWord(typed) : findCloudWord(typed);
  if (isCloud && stray !== undefined)
    return usage(
      `${stray} and --remote contradict each other`,
      'Make a cloud with --remote, or a set of drives with --to.',
    );
  if (!isCloud && typed.to.length === 0)
    return usage(
      'where the copy is kept is not said',
      'Write --to PATH for each drive of a set, or --remote REMOTE:PATH for a cloud.',
    );
  return stray === undefined
    ? undefined
    : usage(`${stray} is for a cloud`, 'Leave it out, or write --remote REMOTE:PATH.');
}
