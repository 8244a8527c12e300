/** Options that backup jobs and off-site copies share, and what they mean as typed. */
import type {Command} from 'commander';
import type {JobsRun} from './backup/run-jobs.ts';
import {collect} from './typed-words.ts';

/** As typed; false: taken away with `--no-…`. */
export interface RuleFlags {
  readonly from?: string;
  readonly to?: readonly string[];
  readonly every?: string | false;
  readonly onArrival?: boolean;
  readonly quietHours?: string | false;
  readonly leaveOut?: readonly string[] | false;
  readonly grace?: string;
  readonly alarmAfter?: string;
  readonly name?: string;
}

export const typedRules = (flags: RuleFlags) => ({
  from: flags.from,
  to: flags.to ?? [],
  every: flags.every,
  onArrival: flags.onArrival,
  quietHours: flags.quietHours,
  leaveOut: flags.leaveOut,
  grace: flags.grace,
  alarmAfter: flags.alarmAfter,
  rename: flags.name,
});

export const withLimits = (command: Command): Command =>
  command
    .option('--quiet-hours <hours>', 'no run begins in them: 22:00-07:00, local time')
    .option('--leave-out <pattern>', 'files or folders to leave out; may be given again', collect)
    .option('--grace <days>', 'how long deleted and replaced files stay in _archive (default: 30)');

/** Takes rules away: of `edit` only. */
export const withoutRules = (command: Command): Command =>
  command
    .option('--no-every', 'not by time any more')
    .option('--no-on-arrival', 'not on arrival any more')
    .option('--no-quiet-hours', 'no quiet hours any more')
    .option('--no-leave-out', 'leave nothing out any more');

interface RunFlags {
  readonly due?: true;
  readonly acceptDeletions?: true;
  readonly acceptChanged?: true;
}

/** @param names empty for all. */
export const typedRun = (names: readonly string[], flags: RunFlags): JobsRun => ({
  names,
  due: flags.due === true,
  preview: false,
  acceptDeletions: flags.acceptDeletions === true,
  acceptChanges: flags.acceptChanged === true,
});

/** @param names empty for all. */
export const typedPreview = (names: readonly string[]): JobsRun => ({
  ...typedRun(names, {}),
  preview: true,
});
