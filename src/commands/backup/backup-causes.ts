/** What stands in the way of a backup, and what to do about it. */
import {quoteName} from '../../core/backup/jobs/job-faults.ts';
import type {Cause} from '../../core/cause.ts';
import {joinWithAnd} from '../../core/words.ts';

export const noJobs: Cause = {
  code: 'no-jobs',
  message: 'there is no backup job',
  next: 'Make one: offload backup add NAME --from PATH --to PATH',
};

export const acceptsNothing: Cause = {
  code: 'usage',
  message: '--accept-deletions and --accept-changed are a yes to one job that was looked at',
  next: 'Name the job, and leave --due away: offload backup preview NAME, then offload backup run NAME --accept-deletions.',
};

export const unknownJob = (name: string, names: readonly string[]): Cause => ({
  code: 'job-unknown',
  message: `there is no backup job ${JSON.stringify(name)}`,
  next: names.length === 0 ? noJobs.next : `There are ${joinWithAnd(names)}.`,
});

export const unmarked = (path: string, what: 'source' | 'target'): Cause => ({
  code: 'volume-unmarked',
  path,
  message: `the drive of the ${what} is not known: no marker of offload lies on it`,
  next: 'Give it a name or a role first, with offload volumes name PATH NAME or offload volumes role PATH working (or backup). The marker is how a drive is known on any letter, and what guards against a folder that is not mounted.',
});

export const awayCause = (what: string, name: string, lastSeen: string | null): Cause => ({
  code: `${what}-away`,
  message: `${name} (the ${what}) is not connected${lastSeen === null ? '' : `, was at ${lastSeen}`}`,
  next: 'Connect it, then run the job again.',
});

export const overlapCause = (one: string, other: string): Cause => ({
  code: 'source-target-overlap',
  path: other,
  message: `it and ${one} are one folder now, or one lies in the other`,
  next: 'Look where the drives are mounted, or name another target.',
});

export const foreignTarget = (path: string, job: string): Cause => ({
  code: 'targets-overlap',
  path,
  message: `the job ${job} writes there too: each would take the other's files for deleted`,
  next: 'Give each job a target folder of its own.',
});

export const alreadyRunning = (who: string): Cause => ({
  code: 'backup-running',
  message: `backups are being run by ${who}`,
  next: 'Wait until it is done. What is due then is run by the next offload backup run.',
});

export const overdueCause = (job: string, target: string, days: number | null): Cause => ({
  code: 'backup-overdue',
  message:
    days === null
      ? `OVERDUE: ${job} was never in step on ${target}`
      : `OVERDUE: ${job} was last in step on ${target} ${days === 1 ? '1 day' : `${days} days`} ago`,
  next: `Connect the drives and run offload backup run ${quoteName(job)}.`,
});

export const overdueSet = (job: string, days: number | null): Cause => ({
  code: 'backup-overdue',
  message:
    days === null
      ? `OVERDUE: ${job} was never in step on any of its drives`
      : `OVERDUE: no drive of ${job} was in step for ${days === 1 ? '1 day' : `${days} days`}`,
  next: `Connect one of its drives and run offload offsite run ${quoteName(job)}.`,
});

export const oneDrive = (source: string, target: string): Cause => ({
  code: 'backup-same-drive',
  message: `${source} and ${target} are on one physical drive: when it fails, both are gone`,
  next: 'Keep a target on another drive besides.',
});

export const waitsForDrives = (job: string, target: string): Cause => ({
  code: 'backup-away',
  message: `${job} is due on ${target} and waits for its drives`,
  next: 'Connect them; it is run then.',
});

export const neverStarts = (job: string): Cause => ({
  code: 'backup-by-hand',
  message: `nothing starts ${job} by itself`,
  next: `Give it --every 6h or --on-arrival with offload backup edit ${quoteName(job)}, and let offload backup watch or offload backup install run what is due.`,
});
