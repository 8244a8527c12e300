/** Backup jobs in words for the screens. */
import type {BackupFinished, JobKnown} from './events.ts';
import {formatCount} from './format-amounts.ts';
import {
  formatAgo,
  formatDate,
  isThisWeek,
  type Now,
  nameWeekday,
  toWallTime,
} from './format-dates.ts';
import {printable} from './printable.ts';
import {joinWithAnd} from './words.ts';

export type JobTarget = JobKnown['targets'][number];

/** A sentence about a job, and whether it needs a person. */
export interface JobSentence {
  readonly words: string;
  readonly warns: boolean;
}

/** @returns `T7 Shield/Photos`. */
function nameFolder({name, folder}: {readonly name: string; readonly folder: string}): string {
  return folder === '' ? printable(name) : `${printable(name)}/${printable(folder)}`;
}

/** @param arrow stands between the source and the targets. */
export function describeWay({source, targets}: JobKnown, arrow: string): string {
  const away = source.connected ? '' : ' (away)';
  return `${nameFolder(source)}${away} ${arrow} ${joinWithAnd(targets.map(nameFolder))}`;
}

/** @returns where the drives of a set are kept, and when it is time what to carry where. */
export function describeSet({
  place,
  swap,
}: NonNullable<JobKnown['offsite']>): readonly JobSentence[] {
  const where = place === null ? '' : `, kept at ${printable(place)}`;
  return [
    {words: `drives that take turns${where}`, warns: false},
    ...(swap === null ? [] : [{words: `swap: ${printable(swap)}`, warns: true}]),
  ];
}

/** @returns one sentence for each target, and one more where its last run needs a person. */
export function describeTarget(
  target: JobTarget,
  {source}: Pick<JobKnown, 'source'>,
  now: Now,
): readonly JobSentence[] {
  const {connected, lastGood, overdue} = target;
  const good = lastGood === null ? 'no good run yet' : `good run ${formatAgo(lastGood, now)}`;
  const here = connected ? 'connected' : 'away';
  const parts = [here, ...(overdue ? [] : [good]), ...describeNext(target, source.connected, now)];
  return [
    {words: `${nameFolder(target)}: ${parts.join(', ')}`, warns: false},
    ...(overdue ? [{words: `overdue: ${describeOverdue(target, now)}`, warns: true}] : []),
    ...describeLast(target),
  ];
}

const DAY_MS = 24 * 60 * 60 * 1000;

function describeOverdue({lastGood}: JobTarget, now: Now): string {
  if (lastGood === null) return 'no good run yet';
  const days = Math.floor((now.ms - Date.parse(lastGood)) / DAY_MS);
  if (!(days > 1)) return `last good run ${formatAgo(lastGood, now)}`;
  return `no good run for ${formatCount(days)} days`;
}

function describeNext(
  {due, connected, nextRun}: JobTarget,
  isSourceThere: boolean,
  now: Now,
): readonly string[] {
  if (isDue({due, nextRun}, now)) {
    return [connected && isSourceThere ? 'due now' : 'due when its drives are here'];
  }
  return nextRun === null ? [] : [`next run ${formatNext(nextRun, now)}`];
}

/** The clock goes on while nobody asks for the jobs. */
const isDue = ({due, nextRun}: Pick<JobTarget, 'due' | 'nextRun'>, now: Now): boolean =>
  due || (nextRun !== null && Date.parse(nextRun) <= now.ms);

/** @param at ISO 8601 with a zone. @returns `18:00` for today, `tomorrow 07:00`, `Friday 07:00`, `2026-12-24`. */
export function formatNext(at: string, now: Now): string {
  const wall = toWallTime({...now, ms: Date.parse(at)});
  const today = toWallTime(now);
  if (wall === null || today === null) return 'some time';
  const {day, time} = wall;
  if (day === today.day) return time;
  if (day === today.day + 1) return `tomorrow ${time}`;
  return isThisWeek(today.day, day) ? `${nameWeekday(day)} ${time}` : formatDate(day);
}

const LAST: Readonly<Record<BackupFinished['result'], string>> = {
  good: 'good',
  incomplete: 'the last run is not complete',
  waiting: 'deletions wait for your yes (y)',
  stopped: 'the last run was stopped',
  refused: 'the last run was refused',
  away: 'the last run found a drive away',
};

function describeLast({lastResult, message}: JobTarget): readonly JobSentence[] {
  if (lastResult === null || lastResult === 'good') return [];
  const why = message === null ? '' : `: ${printable(message)}`;
  const warns = lastResult !== 'away' && lastResult !== 'stopped';
  return [{words: `${LAST[lastResult]}${why}`, warns}];
}

/** @returns the state of a job in a few words: the worst of its targets. */
export function describeJob(job: JobKnown, now: Now): JobSentence & {readonly short: string} {
  const {targets} = job;
  const late = targets.find(({overdue}) => overdue);
  if (late !== undefined) {
    return {words: `overdue: ${describeOverdue(late, now)}`, short: 'overdue', warns: true};
  }
  const waits = targets.find(({lastResult}) => lastResult === 'waiting');
  if (waits !== undefined) return {words: LAST.waiting, short: 'deletions wait', warns: true};
  const bad = targets.find(
    ({lastResult}) => lastResult === 'incomplete' || lastResult === 'refused',
  );
  if (bad?.lastResult !== undefined && bad.lastResult !== null) {
    return {words: LAST[bad.lastResult], short: bad.lastResult, warns: true};
  }
  if (job.offsite !== null && job.offsite.swap !== null) {
    return {words: `swap: ${printable(job.offsite.swap)}`, short: 'swap', warns: true};
  }
  if (targets.some(({due}) => due)) return {words: 'due', short: 'due', warns: false};
  const ages = targets
    .map(({lastGood}) => lastGood)
    .sort(
      (a, b) =>
        Number(a !== null) - Number(b !== null) || Date.parse(a ?? '') - Date.parse(b ?? ''),
    );
  const oldest = ages[0] ?? null;
  const words = oldest === null ? 'no good run yet' : `good ${formatAgo(oldest, now)}`;
  return {words, short: words, warns: false};
}

/** @returns what the ready screen says of all jobs; null when they are in order. */
export function describeJobsShort(jobs: readonly JobKnown[], now: Now): JobSentence | null {
  const late = jobs.filter(({targets}) => targets.some(({overdue}) => overdue));
  const [first] = late;
  if (first !== undefined) {
    const which =
      late.length === 1
        ? `The backup ${printable(first.job)} is`
        : `${formatCount(late.length)} backups are`;
    return {words: `${which} overdue: press u.`, warns: true};
  }
  const swap = jobs.find(({offsite}) => offsite !== null && offsite.swap !== null);
  if (swap !== undefined) {
    return {words: `Swap the off-site drives of ${printable(swap.job)}: press u.`, warns: true};
  }
  const due = jobs.filter(
    ({source, targets}) =>
      source.connected && targets.some((target) => target.connected && isDue(target, now)),
  );
  const [next] = due;
  if (next === undefined) return null;
  const what =
    due.length === 1
      ? `The backup ${printable(next.job)} of ${printable(next.source.name)} is due: press u.`
      : `${formatCount(due.length)} backups are due: press u.`;
  return {words: what, warns: false};
}
