/** What stands in the way of a set of off-site drives, and what to do about it. */
import type {Cause} from '../../core/cause.ts';
import {joinWithAnd} from '../../core/words.ts';

export const noOffsite: Cause = {
  code: 'no-offsite',
  message: 'there is no off-site job',
  next: 'Make one for drives that take turns, offload offsite add NAME --to PATH --to PATH --place PLACE, or for a cloud, offload offsite add NAME --remote REMOTE:PATH.',
};

export const unknownOffsite = (name: string, names: readonly string[]): Cause => ({
  code: 'job-unknown',
  message: `there is no off-site job ${JSON.stringify(name)}`,
  next: names.length === 0 ? noOffsite.next : `There are ${joinWithAnd(names)}.`,
});

export const takenName = (name: string): Cause => ({
  code: 'job-exists',
  message: `there is a job ${name} already`,
  next: 'Give another name. offload offsite list and offload backup list show the jobs that there are.',
});

export const hasRole = (path: string, name: string, role: 'working' | 'backup'): Cause => ({
  code: 'target-has-role',
  path,
  message: `${name} has the role ${role}, and a drive that is kept elsewhere cannot have it`,
  next: 'Name another drive; or, when this one is to leave the house from now on: offload volumes role PATH offsite.',
});

export const setIsAway = (name: string): Cause => ({
  code: 'target-away',
  message: `no drive of ${name} is connected`,
  next: 'Connect one, and run the same command again.',
});

export const placeLater = (drives: readonly string[], place: string): Cause => ({
  code: 'offsite-place-later',
  message: `${joinWithAnd(drives)} ${drives.length === 1 ? 'is' : 'are'} away, so the marker there does not say yet that the place is ${place}`,
  next: 'When a drive is connected: offload volumes place PATH PLACE.',
});

export const noPlace = (name: string): Cause => ({
  code: 'offsite-no-place',
  message: `where the drives of ${name} are kept is not known`,
  next: `Say it, so that offload status can tell what lies where: offload offsite edit NAME --place bank.`,
});

export const noSuchDrive = (job: string, drive: string, drives: readonly string[]): Cause => ({
  code: 'volume-unknown',
  message: `no one drive of ${job} is called ${JSON.stringify(drive)}`,
  next: `Its drives are ${joinWithAnd(drives)}; offload volumes has their ids.`,
});

export const lastDrive = (job: string): Cause => ({
  code: 'usage',
  message: `without these ${job} has no drive any more`,
  next: 'Remove the whole set with offload offsite remove, or name other drives with --to.',
});
