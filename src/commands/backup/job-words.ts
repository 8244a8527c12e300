import type {BackupTrigger} from '../../core/backup/backup-job.ts';
import {parseDays, parseInterval, parseQuietHours} from '../../core/backup/jobs/typed-trigger.ts';
import {ok, type Result} from '../../core/cause.ts';

/** What `backup add` and `backup edit` have of a job, as typed. Undefined: not typed; false: taken away with `--no-…`. */
export interface TypedJob {
  readonly from: string | undefined;
  /** Empty when none was typed. */
  readonly to: readonly string[];
  readonly every: string | false | undefined;
  readonly onArrival: boolean | undefined;
  readonly quietHours: string | false | undefined;
  readonly leaveOut: readonly string[] | false | undefined;
  readonly grace: string | undefined;
  readonly alarmAfter: string | undefined;
  /** Which pictures are kept. */
  readonly select?: string | false | undefined;
  /** The catalog that says which they are. */
  readonly lightroom?: string | false | undefined;
  /** Another name: of `edit` only. */
  readonly rename: string | undefined;
}

/** The words of a job that name no drive. */
export interface JobRules {
  readonly trigger: BackupTrigger;
  readonly leaveOut: readonly string[];
  /** Null when it was not typed. */
  readonly graceDays: number | null;
  readonly alarmDays: number;
}

/** @param before what holds where nothing was typed. @returns the rules, or the first word that makes no sense. */
export function readRules(typed: TypedJob, before: JobRules): Result<JobRules> {
  let {everyHours, quiet} = before.trigger;
  let {graceDays, alarmDays} = before;
  if (typed.every === false) everyHours = null;
  else if (typed.every !== undefined) {
    const every = parseInterval(typed.every);
    if (!every.ok) return every;
    everyHours = every.value;
  }
  if (typed.quietHours === false) quiet = null;
  else if (typed.quietHours !== undefined) {
    const hours = parseQuietHours(typed.quietHours);
    if (!hours.ok) return hours;
    quiet = hours.value;
  }
  if (typed.grace !== undefined) {
    const days = parseDays(typed.grace, '--grace', 0);
    if (!days.ok) return days;
    graceDays = days.value;
  }
  if (typed.alarmAfter !== undefined) {
    const days = parseDays(typed.alarmAfter, '--alarm-after', 1);
    if (!days.ok) return days;
    alarmDays = days.value;
  }
  const leaveOut = typed.leaveOut === false ? [] : (typed.leaveOut ?? before.leaveOut);
  const arrival = typed.onArrival ?? before.trigger.arrival;
  return ok({
    trigger: {...before.trigger, arrival, everyHours, quiet},
    leaveOut: [...new Set(leaveOut)],
    graceDays,
    alarmDays,
  });
}
