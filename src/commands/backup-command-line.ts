import type {Command} from 'commander';
import type {TypedJob} from './backup/index.ts';
import type {JobsRun} from './backup/run-jobs.ts';
import {
  type RuleFlags,
  typedPreview,
  typedRules,
  typedRun,
  withLimits,
  withoutRules,
} from './job-options.ts';
import {JSON_HELP, type ShowOptions, withShow} from './show-options.ts';
import {collect} from './typed-words.ts';

/** What is asked of backups, as typed. */
export type BackupLine = BackupQuestion & {readonly show: ShowOptions};

export type BackupQuestion =
  | {readonly command: 'backup-add'; readonly name: string; readonly typed: TypedJob}
  | {readonly command: 'backup-edit'; readonly name: string; readonly typed: TypedJob}
  | {readonly command: 'backup-list'}
  | {readonly command: 'backup-remove'; readonly name: string}
  | ({readonly command: 'backup-run'} & JobsRun)
  | {
      readonly command: 'backup-explain';
      readonly names: readonly string[];
      readonly paths: readonly string[];
    }
  | {readonly command: 'backup-watch'}
  | {readonly command: 'backup-install'; readonly asRoot: boolean}
  | {readonly command: 'backup-uninstall'};

interface Flags {
  readonly json?: true;
  readonly quiet?: true;
}

interface JobFlags extends Flags, RuleFlags {
  readonly select?: string | false;
  readonly lightroom?: string | false;
}

const BACKUP_HELP = `
A job keeps a folder of one drive in step on others: new and changed files are copied and proved like
those of a card, and what was deleted or replaced moves to _archive on the target and stays there for
the days of --grace. Drives are known by their markers: on any letter, and never an empty folder.

Examples
  offload backup add photos --from W:\\Photos --to B:\\Photos --on-arrival --every 6h
      W: to B:, when both are plugged in and every 6 hours
  offload backup preview photos
      what would be done; writes nothing, anywhere
  offload backup run photos
  offload backup list
      how old is each copy, and when is the next run?
  offload backup watch
      keep this running: runs what is due, as drives come and as time goes by
  offload backup install
      or let the system look every 15 minutes

Exit codes: 0 all in step, or nothing due; 1 something is not, or is overdue; 2 refused; 130 stopped.`;

const ADD_HELP = `
The drives must be connected, and have markers: offload volumes name W: "Studio SSD" gives one.
Filters: "*.tmp" is a name in any folder, "Cache/" a folder of that name, a pattern with a / inside
begins at the source folder: "Exports/**/draft*". *, ?, **, [a-z] and {a,b} stand for what they do elsewhere.

Examples
  offload backup add photos --from W: --to B: --every 1d --quiet-hours 22:00-07:00
  offload backup add archive --from /mnt/W/2026 --to /mnt/B/2026 --to /mnt/O/2026 --on-arrival
      one source, two targets
  offload backup add edits --from W:\\Edits --to B:\\Edits --leave-out "*.tmp" --leave-out "Cache/"
  offload backup add portfolio --from W: --to O:\\Best --select "rating >= 4 or pick" --lightroom W:\\Cat.lrcat
      only these pictures, with their pairs and sidecars, in the folders that they lie in

A rule has rating, pick, reject, label = red, keyword = "Wedding/Portfolio", and, or, not, parentheses.`;

const EDIT_HELP = `
Only what is typed changes. --to and --leave-out replace all that there were.

Examples
  offload backup edit photos --every 12h
  offload backup edit photos --no-quiet-hours --no-leave-out
  offload backup edit portfolio --select "rating >= 5 and not reject"
  offload backup edit photos --name pictures`;

const RUN_HELP = `
Deletions of more than a tenth of the files, or of more than 200, wait for --accept-deletions. A raw file
or a film that changed keeps its old copy and is an alarm, unless --accept-changed is given.

Examples
  offload backup run
      all jobs whose drives are connected
  offload backup run photos --accept-deletions
  offload backup run --due
      what is due now and nothing else: for a scheduler

Exit codes: 0 all in step, or nothing due; 1 something is not in step, waits for a yes, is overdue, or
was named and is away; 2 nothing was begun; 130 stopped: run it again, it goes on.`;

const PREVIEW_HELP = `
Examples
  offload backup preview
  offload backup preview portfolio --explain 2026/IMG_0412.CR3
      is it in, who says so, and which part of the rule decided?`;

/** Adds `backup` with its verbs. @param choose called with what was typed. */
export function addBackupCommands(
  program: Command,
  choose: (question: BackupQuestion, flags: Flags) => void,
): void {
  const backup = program
    .command('backup')
    .description('keep drives in step: jobs that mirror one drive to others; alone: list')
    .option('--json', JSON_HELP)
    .addHelpText('after', BACKUP_HELP)
    .action((flags) => choose({command: 'backup-list'}, flags));
  const ask = (question: BackupQuestion, flags: Flags) =>
    choose(question, {...backup.opts<Flags>(), ...flags});
  const withRules = (command: Command, targets: string) =>
    withLimits(
      command
        .option('--to <path>', targets, collect)
        .option('--every <time>', 'run so long after the last good run: 30m, 6h, 1d')
        .option('--on-arrival', 'run when the drives are plugged in'),
    )
      .option('--alarm-after <days>', 'tell loudly after so long without a good run (default: 7)')
      .option('--select <rule>', 'keep only the pictures that a rule wants: "rating >= 3 or pick"')
      .option('--lightroom <catalog>', 'the .lrcat that is asked for ratings before the files are')
      .option('--json', JSON_HELP);
  withRules(
    backup
      .command('add')
      .description('make a job')
      .argument('<name>', 'what you call it')
      .requiredOption('--from <path>', 'the source: a drive or a folder on it'),
    'a target: a drive or a folder on it; may be given again',
  )
    .addHelpText('after', ADD_HELP)
    .action((name: string, flags: JobFlags) =>
      ask({command: 'backup-add', name, typed: typedFrom(flags)}, flags),
    );
  withoutRules(
    withRules(
      backup
        .command('edit')
        .description('change a job')
        .argument('<name>', 'the job')
        .option('--name <name>', 'call it so from now on')
        .option('--from <path>', 'another source'),
      'other targets; may be given again',
    ),
  )
    .option('--no-select', 'keep everything again')
    .option('--no-lightroom', 'ask sidecars and pictures only')
    .addHelpText('after', EDIT_HELP)
    .action((name: string, flags: JobFlags) =>
      ask({command: 'backup-edit', name, typed: typedFrom(flags)}, flags),
    );
  backup
    .command('list')
    .description('all jobs: how old the last good run is, the next run, what is overdue')
    .option('--json', JSON_HELP)
    .action((flags) => ask({command: 'backup-list'}, flags));
  backup
    .command('remove')
    .description('remove a job; what lies on its targets stays')
    .argument('<name>', 'the job')
    .option('--json', JSON_HELP)
    .action((name, flags) => ask({command: 'backup-remove', name}, flags));
  withShow(
    backup
      .command('run')
      .description('run jobs now')
      .argument('[name...]', 'the jobs (default: all)')
      .option('--due', 'only those that are due')
      .option('--accept-deletions', 'carry out deletions that were held back')
      .option('--accept-changed', 'take over raw files and films that changed'),
  )
    .addHelpText('after', RUN_HELP)
    .action((names, flags) => ask({command: 'backup-run', ...typedRun(names, flags)}, flags));
  withShow(
    backup
      .command('preview')
      .description('say what a run would do; writes nothing')
      .argument('[name...]', 'the jobs (default: all)')
      .option(
        '--explain <path>',
        'say why a picture is in or out of a job with --select; may be given again',
        collect,
      ),
  )
    .addHelpText('after', PREVIEW_HELP)
    .action((names, flags) =>
      ask(
        flags.explain === undefined
          ? {command: 'backup-run', ...typedPreview(names)}
          : {command: 'backup-explain', names, paths: flags.explain},
        flags,
      ),
    );
  withShow(
    backup
      .command('watch')
      .description('run what is due as drives come and as time goes by, until it is stopped'),
  ).action((flags) => ask({command: 'backup-watch'}, flags));
  backup
    .command('install')
    .description('let the system run what is due: systemd, launchd or the Task Scheduler')
    .option('--as-root', 'install it for the administrator')
    .option('--json', JSON_HELP)
    .action((flags) => ask({command: 'backup-install', asRoot: flags.asRoot === true}, flags));
  backup
    .command('uninstall')
    .description('take away what install made; the jobs stay')
    .option('--json', JSON_HELP)
    .action((flags) => ask({command: 'backup-uninstall'}, flags));
}

const typedFrom = (flags: JobFlags): TypedJob => ({
  ...typedRules(flags),
  select: flags.select,
  lightroom: flags.lightroom,
});
