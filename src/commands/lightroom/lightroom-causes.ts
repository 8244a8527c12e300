/** What stands in the way of a snapshot, and what to do about it. */
import {quoteName} from '../../core/backup/jobs/job-faults.ts';
import type {Cause} from '../../core/cause.ts';
import {printable} from '../../core/printable.ts';
import {joinWithAnd} from '../../core/words.ts';

export const noLightroomJobs: Cause = {
  code: 'no-lightroom-jobs',
  message: 'there is no Lightroom job',
  next: 'Make one: offload lightroom add CATALOG.lrcat',
};

export const unknownLightroomJob = (name: string, names: readonly string[]): Cause => ({
  code: 'lightroom-unknown',
  message: `there is no Lightroom job ${JSON.stringify(name)}`,
  next: names.length === 0 ? noLightroomJobs.next : `There are ${joinWithAnd(names)}.`,
});

export const lightroomNameFault = (name: string): Cause => ({
  code: 'job-name',
  message: `${JSON.stringify(name)} cannot be the name of a job`,
  next: 'Give one with --name: up to 60 letters, digits, blanks and . _ & + -, beginning with a letter or digit.',
});

export const lightroomExists = (name: string): Cause => ({
  code: 'job-exists',
  message: `there is a Lightroom job ${name} already`,
  next: `Give another name with --name, or remove it first with offload lightroom remove ${quoteName(name)}: its snapshots stay.`,
});

export const notALrcat = (path: string): Cause => ({
  code: 'lrcat-missing',
  path,
  message: 'this is no .lrcat file',
  next: 'Name the catalog itself: offload lightroom add "…/Lightroom Catalog.lrcat". Lightroom shows where it is under Catalog Settings.',
});

export const catalogAway = (path: string, name: string): Cause => ({
  code: 'lrcat-away',
  path,
  message: `the catalog lies on ${printable(name)}, which is not connected`,
  next: 'Connect it, then run the job again.',
});

export const noTargets: Cause = {
  code: 'lightroom-no-targets',
  message: 'no drive is known that could hold snapshots: none has the role backup or off-site',
  next: 'Give one a role with offload volumes role PATH backup, or name a drive with --to.',
};

export const lightroomRunning = (who: string): Cause => ({
  code: 'lightroom-running',
  message: `snapshots are being taken by ${who}`,
  next: 'Wait until it is done.',
});

export const lightroomOverdue = (job: string, target: string, days: number | null): Cause => ({
  code: 'lightroom-overdue',
  message:
    days === null
      ? `OVERDUE: there is no snapshot of ${job} on ${target} yet`
      : `OVERDUE: the last good run of ${job} on ${target} was ${days === 1 ? '1 day' : `${days} days`} ago`,
  next: `Connect the drive, quit Lightroom and run offload lightroom run ${quoteName(job)}.`,
});

export const sickCatalog = (path: string, faults: readonly string[]): Cause => ({
  code: 'lrcat-sick',
  path,
  message: `THE CATALOG IS DAMAGED: SQLite says ${printable(faults[0] ?? 'so')}. No snapshot of it was kept, and no older one was removed`,
  next: 'Do not go on working in it. Open it in Lightroom, which offers to repair it, or bring the newest snapshot back with offload lightroom restore.',
});

export const noRoomHere = (path: string): Cause => ({
  code: 'ENOSPC',
  path,
  message: 'the disk of this computer has no room for the copy that a snapshot is made from',
  next: 'Free as much space as the catalog takes, then run the same command again.',
});

export const placeLocked = (who: string, path: string): Cause => ({
  code: 'target-locked',
  path,
  message: `another process writes snapshots there: ${who}`,
  next: `Wait until it is done. If none does, remove ${path}.`,
});

export const dataLeftOut = (path: string): Cause => ({
  code: 'lrcat-data-left-out',
  path,
  message:
    'the snapshot is without .lrcat-data (masks, Denoise), because Lightroom has the catalog open',
  next: 'Quit Lightroom; the next snapshot has it.',
});

export const previewLeftOut = (path: string, count: number): Cause => ({
  code: 'lrcat-previews-left-out',
  path,
  message: `${count === 1 ? 'a smart preview' : `${count} smart previews`} changed while being copied and ${count === 1 ? 'is' : 'are'} not in the snapshot`,
  next: 'The next snapshot has them.',
});

export const strangersIn = (path: string): Cause => ({
  code: 'snapshot-not-removed',
  path,
  message: 'an old snapshot is kept, because something lies in it that is not of it',
  next: 'Look at it, and remove it by hand when it is of no use.',
});

export const noSnapshot = (what: string, at: string | null): Cause => ({
  code: 'snapshot-missing',
  message: `no connected drive has a snapshot of ${printable(what)}${at === null ? '' : ` from ${at} or before`}`,
  next: 'Connect a drive that has one; offload lightroom list shows which. Or name the folder of a snapshot.',
});

export const notEmpty = (path: string): Cause => ({
  code: 'destination-not-empty',
  path,
  message: 'the folder is not empty, and nothing is ever restored over something else',
  next: 'Name a new folder.',
});

export const notAMoment = (text: string): Cause => ({
  code: 'usage',
  message: `${JSON.stringify(text)} is no moment`,
  next: 'Write --at 2026-11-01, or --at 2026-11-01T12:00.',
});
