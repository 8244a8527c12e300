/** Why a file is not at the remote as it should be. */
import type {Cause} from '../core/cause.ts';

const AGAIN = 'Run the same job again: what is proved stays, the rest goes on.';

export const notArrived = (path: string, told: string | undefined): Cause => ({
  code: 'cloud-not-there',
  path,
  message: `it is not there after the upload${told === undefined ? ', and rclone told nothing of it' : ` (rclone: ${told})`}`,
  next: AGAIN,
});

export const arrivedOtherwise = (path: string, why: string): Cause => ({
  code: 'cloud-mismatch',
  path,
  message: `what arrived is not what was read here: ${why}`,
  next: `${AGAIN} If it stays so, look at the remote.`,
});

export const appeared = (path: string): Cause => ({
  code: 'cloud-differs',
  path,
  message: 'another file of that name appeared in the cloud meanwhile',
  next: 'Nothing was replaced. Look at both, then run the same job again.',
});

export const noArchive = (path: string): Cause => ({
  code: 'cloud-no-archive',
  path,
  message:
    'the old version could not be copied to _archive within the remote, so it is not replaced',
  next: 'Use a remote that copies by itself, or remove the old version there by hand.',
});

export const noRename = (path: string): Cause => ({
  code: 'cloud-no-rename',
  path,
  message:
    'this remote gives no other names to its files, so nothing can be proved before it has its name',
  next: 'Use another kind of remote.',
});
