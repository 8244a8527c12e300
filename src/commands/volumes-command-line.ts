import {Argument, type Command} from 'commander';
import {JSON_HELP, type ShowOptions} from './show-options.ts';
import type {VolumeChange} from './volumes/index.ts';

/** What is asked of volumes and of how shoots are kept, as typed. */
export type VolumesLine = VolumesQuestion & {readonly show: ShowOptions};

export type VolumesQuestion =
  | {readonly command: 'volumes'}
  | {readonly command: 'volume-change'; readonly path: string; readonly change: VolumeChange}
  /** An id or a name. */
  | {readonly command: 'volume-forget'; readonly volume: string}
  | {readonly command: 'status'};

interface Flags {
  readonly json?: true;
  readonly csv?: true;
}

const VOLUMES_EXAMPLES = `
Examples
  offload volumes
      every drive that is known, connected or not
  offload volumes name W: "Studio SSD"
  offload volumes place O: bank
      where a drive is kept; offload status counts places
  offload volumes role O: offsite
  offload volumes forget "Old LaCie"
      it is lost or was given away: its copies are not counted any more

Exit codes: 0 done; 1 a drive is in doubt; 2 refused.`;

const STATUS_EXAMPLES = `
Counted are recorded facts: the catalog, and the records on connected drives. No copy is read.

Examples
  offload status
      for each shoot: proved copies, drives, places, and what to do next
  offload status --csv > shoots.csv
      which shoot is on which drive, drives in the drawer included

Exit codes: 0 every shoot has 3-2-1; 1 something is missing; 2 the catalog cannot be read.`;

const ROLES: ReadonlyMap<string, 'working' | 'backup' | 'off-site' | null> = new Map([
  ['working', 'working'],
  ['backup', 'backup'],
  ['offsite', 'off-site'],
  ['none', null],
]);

/** Adds `volumes` with its verbs, and `status`. @param choose called with what was typed. */
export function addVolumesCommands(
  program: Command,
  choose: (question: VolumesQuestion, flags: Flags) => void,
): void {
  const volumes = program
    .command('volumes')
    .description('drives that are known, connected or not; their names, roles and places')
    .option('--json', JSON_HELP)
    .addHelpText('after', VOLUMES_EXAMPLES)
    .action((flags) => choose({command: 'volumes'}, flags));
  const jsonOf = (flags: Flags): Flags => ({...volumes.opts<Flags>(), ...flags});
  const change = (path: string, what: VolumeChange, flags: Flags) =>
    choose({command: 'volume-change', path, change: what}, jsonOf(flags));
  volumes
    .command('name')
    .description('give a connected drive its name')
    .argument('<path>', 'the drive')
    .argument('<name>', 'what you call it')
    .option('--json', JSON_HELP)
    .action((path, name, flags) => change(path, {kind: 'name', name}, flags));
  volumes
    .command('role')
    .description('say what a connected drive is for')
    .argument('<path>', 'the drive')
    .addArgument(new Argument('<role>', 'its role').choices([...ROLES.keys()]))
    .option('--json', JSON_HELP)
    .action((path, role, flags) =>
      change(path, {kind: 'role', role: ROLES.get(role) ?? null}, flags),
    );
  volumes
    .command('place')
    .description('say where a connected drive is kept; an empty place takes it away')
    .argument('<path>', 'the drive')
    .argument('<place>', 'the place in your words: desk, bank')
    .option('--json', JSON_HELP)
    .action((path, place, flags) => change(path, {kind: 'place', place}, flags));
  volumes
    .command('adopt')
    .description('give a clone, or a drive that was formatted anew, an id of its own')
    .argument('<path>', 'the drive')
    .option('--json', JSON_HELP)
    .action((path, flags) => change(path, {kind: 'adopt'}, flags));
  volumes
    .command('forget')
    .description('forget a drive that is lost or was given away; it must not be connected')
    .argument('<volume>', 'its id or its name')
    .option('--json', JSON_HELP)
    .action((volume, flags) => choose({command: 'volume-forget', volume}, jsonOf(flags)));
  program
    .command('status')
    .description('how each shoot is kept: proved copies, drives, places, and what is missing')
    .option('--json', JSON_HELP)
    .option('--csv', 'which shoot is on which drive, as a table for spreadsheets')
    .addHelpText('after', STATUS_EXAMPLES)
    .action((flags) => choose({command: 'status'}, flags));
}
