import type {Command} from 'commander';
import type {
  LightroomRunOptions,
  TypedLightroom,
  TypedLightroomRestore,
} from './lightroom/index.ts';
import {JSON_HELP, QUIET_HELP, type ShowOptions} from './show-options.ts';
import {collect} from './typed-words.ts';

/** What is asked of Lightroom catalogs, as typed. */
export type LightroomLine = LightroomQuestion & {readonly show: ShowOptions};

export type LightroomQuestion =
  | {readonly command: 'lightroom-add'; readonly typed: TypedLightroom}
  | {readonly command: 'lightroom-list'}
  | {readonly command: 'lightroom-remove'; readonly name: string}
  | ({readonly command: 'lightroom-run'} & LightroomRunOptions)
  | ({readonly command: 'lightroom-restore'} & TypedLightroomRestore);

interface Flags {
  readonly json?: true;
  readonly quiet?: true;
}

const LIGHTROOM_HELP = `
A job keeps snapshots of one Lightroom Classic catalog on other drives: the catalog, as one consistent
state even while Lightroom is open, its smart previews, and .lrcat-data (masks, Denoise) whenever
Lightroom is closed. Each one is proved by reading it back. The newest 10 stay, and of older ones the
last of each month. Nothing is ever written to a catalog.

Examples
  offload lightroom add "D:\\Lightroom\\Main.lrcat"
      to every drive with the role backup or off-site, once a day
  offload lightroom add ~/Pictures/Main.lrcat --to /Volumes/B --to /Volumes/O --every 6h
  offload lightroom list
      how old is the newest snapshot on each drive?
  offload lightroom run
      now; what is due is run by offload backup watch and offload backup install as well
  offload lightroom restore Main --to D:\\Restored
      the newest one, into a new folder

Exit codes: 0 all kept, or nothing due; 1 something is not, or is overdue; 2 refused; 130 stopped.`;

const ADD_HELP = `
Without --to the snapshots go to every drive with the role backup or off-site (offload volumes role),
decided anew at each run, except the drive of the catalog itself.

Examples
  offload lightroom add "D:\\Lightroom\\Main.lrcat"
  offload lightroom add Main.lrcat --name weddings --every 12h --to B:\\`;

const RUN_HELP = `
While Lightroom holds the catalog for itself the run waits for the next time. The lock of a catalog is
never touched. A catalog that SQLite finds damaged gets no snapshot, and no older one is removed.

Examples
  offload lightroom run
  offload lightroom run weddings
  offload lightroom run --due
      what is due now and nothing else: for a scheduler

Exit codes: 0 all kept, or nothing due; 1 something is not kept, waits for Lightroom, is overdue, or
was named and is away; 2 nothing was begun; 130 stopped.`;

const RESTORE_HELP = `
WHAT is a job, a catalog, the name of a snapshot, or the folder of one. The new folder must not be
there, or be empty. Open the catalog in it with Lightroom; the old one stays as it is.

Examples
  offload lightroom restore Main --to D:\\Restored
  offload lightroom restore Main --to D:\\Restored --at 2026-11-01
      as it was that evening, or the last time before it
  offload lightroom restore B:\\_lightroom\\Main\\2026-11-01T09-00-00-x3k9ab --to D:\\Restored

Exit codes: 0 all is there and proved; 1 something is not; 2 refused; 130 stopped.`;

/** Adds `lightroom` with its verbs. @param choose called with what was typed. */
export function addLightroomCommands(
  program: Command,
  choose: (question: LightroomQuestion, flags: Flags) => void,
): void {
  const lightroom = program
    .command('lightroom')
    .description('snapshots of Lightroom Classic catalogs on other drives; alone: list')
    .option('--json', JSON_HELP)
    .addHelpText('after', LIGHTROOM_HELP)
    .action((flags) => choose({command: 'lightroom-list'}, flags));
  const ask = (question: LightroomQuestion, flags: Flags) =>
    choose(question, {...lightroom.opts<Flags>(), ...flags});
  lightroom
    .command('add')
    .description('keep snapshots of a catalog from now on')
    .argument('<catalog>', 'the .lrcat file')
    .option('--to <path>', 'a drive or a folder on it; may be given again', collect)
    .option('--name <name>', 'what you call it (default: the name of the catalog)')
    .option('--every <time>', 'so long after the last good run: 6h, 1d (default: 1d)')
    .option('--json', JSON_HELP)
    .addHelpText('after', ADD_HELP)
    .action((catalog, flags) =>
      ask(
        {
          command: 'lightroom-add',
          typed: {catalog, to: flags.to ?? [], name: flags.name, every: flags.every},
        },
        flags,
      ),
    );
  lightroom
    .command('list')
    .description('all catalogs: how old the newest snapshot on each drive is, what is overdue')
    .option('--json', JSON_HELP)
    .action((flags) => ask({command: 'lightroom-list'}, flags));
  lightroom
    .command('remove')
    .description('take no more snapshots; those that there are stay')
    .argument('<name>', 'the job')
    .option('--json', JSON_HELP)
    .action((name, flags) => ask({command: 'lightroom-remove', name}, flags));
  lightroom
    .command('run')
    .description('take snapshots now')
    .argument('[name...]', 'the jobs (default: all)')
    .option('--due', 'only those that are due')
    .option('--json', JSON_HELP)
    .option('--quiet', QUIET_HELP)
    .addHelpText('after', RUN_HELP)
    .action((names, flags) =>
      ask({command: 'lightroom-run', names, due: flags.due === true}, flags),
    );
  lightroom
    .command('restore')
    .description('bring a catalog back as it was, into a new folder')
    .argument('<what>', 'a job, a catalog, or a snapshot')
    .requiredOption('--to <folder>', 'the new folder')
    .option('--at <moment>', 'as it was then: 2026-11-01, or 2026-11-01T12:00')
    .option('--json', JSON_HELP)
    .option('--quiet', QUIET_HELP)
    .addHelpText('after', RESTORE_HELP)
    .action((what, flags) =>
      ask({command: 'lightroom-restore', what, to: flags.to, at: flags.at}, flags),
    );
}
