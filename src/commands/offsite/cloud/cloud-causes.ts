/** What stands in the way of a cloud job, and what to do about it. */
import {quoteName} from '../../../core/backup/jobs/job-faults.ts';
import type {Cause} from '../../../core/cause.ts';
import {joinWithAnd} from '../../../core/words.ts';

export const noClouds: Cause = {
  code: 'no-clouds',
  message: 'there is no cloud job',
  next: 'Make one: offload offsite add cloud --remote REMOTE:PATH',
};

export const unknownCloud = (name: string, names: readonly string[]): Cause => ({
  code: 'cloud-unknown',
  message: `there is no cloud job ${JSON.stringify(name)}`,
  next: names.length === 0 ? noClouds.next : `There are ${joinWithAnd(names)}.`,
});

export const noRemote: Cause = {
  code: 'usage',
  message: 'no remote is given',
  next: 'Name it: --remote REMOTE:PATH, as rclone listremotes has it.',
};

export const takenName = (name: string): Cause => ({
  code: 'job-exists',
  message: `there is a job ${name} already`,
  next: `Give another name, or change it with offload offsite edit ${quoteName(name)}.`,
});

export const remotesOverlap = (job: string): Cause => ({
  code: 'remotes-overlap',
  message: `the job ${job} writes there already: each would find the other's files`,
  next: 'Give each job a path of its own on the remote.',
});

export const sourceIsRemote: Cause = {
  code: 'source-target-overlap',
  message: 'the remote is a folder of this computer that lies in the source, or the source in it',
  next: 'Name a remote elsewhere.',
};

export const cloudOverdue = (job: string, days: number | null): Cause => ({
  code: 'backup-overdue',
  message:
    days === null
      ? `OVERDUE: ${job} was never whole in the cloud`
      : `OVERDUE: ${job} was last whole in the cloud ${days === 1 ? '1 day' : `${days} days`} ago`,
  next: `Run offload offsite run ${quoteName(job)}.`,
});

export const cloudRunning = (job: string, who: string): Cause => ({
  code: 'cloud-running',
  message: `${job} is being run by ${who}`,
  next: 'Wait until it is done.',
});

export const localRemote: Cause = {
  code: 'remote-local',
  message:
    'the remote lies on this computer, in a folder or behind a server: on which drive is not known, so its copies count as no third drive',
  next: 'For drives make a backup job or a set: offload offsite add NAME --to PATH.',
};

export const unseenRemote: Cause = {
  code: 'remote-unseen',
  message:
    "where the remote lies in the end is not seen in rclone's configuration, so its copies count as no third drive",
  next: 'Define what it wraps in the configuration of rclone (rclone config), and not in the environment.',
};

export const sizeOnlyRemote: Cause = {
  code: 'remote-without-hashes',
  message:
    'this remote tells no hashes of its files: without a download nothing can be proved there',
  next: 'Add --download: each file is downloaded once after its upload and compared.',
};
