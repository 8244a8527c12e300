import {DEFAULT_ALARM_DAYS} from '../../../core/backup/backup-job.ts';
import {ok, type Result} from '../../../core/cause.ts';
import {parseBandwidth} from '../../../core/offsite/cloud-bandwidth.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import {readRules} from '../../backup/job-words.ts';

/** What `offsite add` and `offsite edit` have of a cloud job, as typed. Undefined: not typed; false: taken away with `--no-…`. */
export interface TypedCloud {
  readonly remote: string | undefined;
  readonly from: string | undefined;
  readonly place: string | undefined;
  readonly every: string | false | undefined;
  readonly onArrival: boolean | undefined;
  readonly quietHours: string | false | undefined;
  readonly bwLimit: string | false | undefined;
  readonly leaveOut: readonly string[] | false | undefined;
  readonly alarmAfter: string | undefined;
  readonly download?: boolean;
  readonly rename: string | undefined;
}

/** The words of a job that name no drive and no remote. */
export type CloudRules = Pick<
  CloudJob,
  'place' | 'leaveOut' | 'trigger' | 'bwLimit' | 'download' | 'alarmDays'
>;

export const NEW_CLOUD: CloudRules = {
  place: null,
  leaveOut: [],
  trigger: {arrival: false, everyHours: null, quiet: null},
  bwLimit: null,
  download: false,
  alarmDays: DEFAULT_ALARM_DAYS,
};

/** @param before what holds where nothing was typed. @returns the rules, or the first word that makes no sense. */
export function readCloudRules(typed: TypedCloud, before: CloudRules): Result<CloudRules> {
  const {from, every, onArrival, quietHours, leaveOut, alarmAfter} = typed;
  const words = {from, every, onArrival, quietHours, leaveOut, alarmAfter};
  const rules = readRules(
    {...words, to: [], grace: undefined, rename: undefined},
    {...before, graceDays: null},
  );
  if (!rules.ok) return rules;
  let {bwLimit} = before;
  if (typed.bwLimit === false) bwLimit = null;
  else if (typed.bwLimit !== undefined) {
    const parsed = parseBandwidth(typed.bwLimit);
    if (!parsed.ok) return parsed;
    bwLimit = parsed.value;
  }
  const {trigger, leaveOut: without, alarmDays} = rules.value;
  const place = typed.place === undefined ? before.place : typed.place.trim() || null;
  const download = typed.download ?? before.download;
  return ok({place, leaveOut: without, trigger, bwLimit, download, alarmDays});
}
