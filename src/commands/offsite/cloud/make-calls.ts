import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import type {Remote} from '../../../core/offsite/cloud-remote.ts';
import {RemoteCalls} from '../../../offsite/remote-calls.ts';
import {STALL_LIMITS} from '../../../offsite/stall-watch.ts';
import type {Program} from '../../program.ts';
import type {OpenedRemote} from './look-at-rclone.ts';

interface Calling {
  readonly job: Pick<CloudJob, 'bwLimit'>;
  readonly remote: Remote;
  readonly opened: Pick<OpenedRemote, 'features' | 'isCrypt'>;
  /** Ends the call in hand. */
  readonly signal: AbortSignal;
}

/** @returns the calls of rclone that a job makes to its remote. */
export const makeCalls = (
  {rclone}: Pick<Program, 'rclone'>,
  {job: {bwLimit}, remote, opened: {features, isCrypt}, signal}: Calling,
): RemoteCalls =>
  new RemoteCalls({
    rclone,
    remote,
    features,
    isCrypt,
    bwLimit,
    stallLimits: STALL_LIMITS,
    signal,
  });
