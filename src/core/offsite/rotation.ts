/** A set of drives that take turns at another place: how old each copy is, and when which drive is to be carried where. */
import type {BackupJob, BackupTarget, OffsiteRules} from '../backup/backup-job.ts';
import {type BackupHistory, historyOf} from '../backup/jobs/backup-history.ts';
import {quoteName} from '../backup/jobs/job-faults.ts';
import {believe} from '../backup/jobs/schedule.ts';
import {formatCount} from '../format-amounts.ts';
import {joinWithAnd} from '../words.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A month: what is taken to a bank is taken there as often as rent is paid. */
export const DEFAULT_SWAP_DAYS = 30;

/** A set is no fault before its swap is: so many days more until no good run at all is told loudly. */
const ALARM_DAYS_MORE = 15;

/** Days that all drives of a set may be here: carrying one away takes a while. */
const HOME_DAYS = 3;

/** @returns days without a good run on any drive of a set after which it is told loudly, where nobody said. */
export const alarmFor = (swapAfterDays: number): number => swapAfterDays + ALARM_DAYS_MORE;

/** A job that is a set. */
export type OffsiteJob = BackupJob & {readonly offsite: OffsiteRules};

export const isSet = (job: BackupJob): job is OffsiteJob => job.offsite !== null;

export interface RotationView {
  readonly history: BackupHistory;
  /** Ids of the volumes that are connected and are what their markers say. */
  readonly present: ReadonlySet<string>;
  /** What a person calls a volume. */
  readonly nameOf: (volume: string) => string;
  /** ms since 1970. */
  readonly nowMs: number;
}

export interface Rotation {
  /** No drive of the set had a good run for longer than the job allows. That one of them is away is no fault. */
  readonly overdue: boolean;
  /** It is time to take one drive away and to bring another. */
  readonly swap: boolean;
  /** What to do next, one sentence with names as they were given; null when nothing is to be done. */
  readonly next: string | null;
}

interface Drive {
  readonly name: string;
  readonly isHere: boolean;
  /** When its last good run began, ms since 1970. */
  readonly goodMs: number | null;
  /** Nothing is known that it lacks: its last run was good, and that was today. */
  readonly isFresh: boolean;
  /** When it was last looked for in vain, ms since 1970. */
  readonly awayMs: number | null;
}

/** @returns what is to be done with the drives of a set. A moment in the future (a clock was wrong) is not believed. */
export function judgeRotation(job: OffsiteJob, view: RotationView): Rotation {
  const drives = job.targets.map((target) => lookAtDrive(job, target, view));
  const [here, away] = [drives.filter(({isHere}) => isHere), drives.filter(({isHere}) => !isHere)];
  const stalest = away.toSorted((a, b) => ageOf(a) - ageOf(b))[0];
  const newest = here.toSorted(compareHere)[0];
  const overdue = isSetOverdue(job, view);
  if (stalest === undefined) {
    const swap = view.nowMs - homeSince(job, view) > HOME_DAYS * DAY_MS;
    return {overdue, swap, next: newest === undefined ? null : sendAway(job, newest, here)};
  }
  const since = stalest.goodMs ?? believe(job.createdAt, view.nowMs) ?? view.nowMs;
  const swap = view.nowMs - since > job.offsite.swapAfterDays * DAY_MS;
  const next = swap ? exchange(job, {newest, stalest, view}) : bringInStep(job, newest);
  return {overdue, swap, next};
}

function lookAtDrive(job: BackupJob, target: BackupTarget, view: RotationView): Drive {
  const {lastGood, lastRun, targetAway} = historyOf(view.history, job, target);
  const goodMs = believe(lastGood, view.nowMs);
  const isFresh = goodMs !== null && view.nowMs - goodMs < DAY_MS && lastRun?.result === 'good';
  const isHere = view.present.has(target.volume);
  const awayMs = believe(targetAway, view.nowMs);
  return {name: view.nameOf(target.volume), isHere, goodMs, isFresh, awayMs};
}

/** The newest first; of those that are all fresh the one that was not away for longest: it is its turn. */
function compareHere(a: Drive, b: Drive): number {
  if (a.isFresh !== b.isFresh) return a.isFresh ? -1 : 1;
  const [since, other] = [a.awayMs ?? 0, b.awayMs ?? 0];
  return a.isFresh ? since - other || ageOf(b) - ageOf(a) : ageOf(b) - ageOf(a);
}

/** Smaller is older; one that never had a good run is the oldest. */
const ageOf = ({goodMs}: Drive): number => goodMs ?? Number.NEGATIVE_INFINITY;

/** True when no drive of the set had a good run for more days than the job allows; without any, the days since the job was made count. */
export function isSetOverdue(
  job: BackupJob,
  {history, nowMs}: Pick<RotationView, 'history' | 'nowMs'>,
): boolean {
  const since = newestGood(job, {history, nowMs}) ?? believe(job.createdAt, nowMs);
  return since === null || nowMs - since > job.alarmDays * DAY_MS;
}

/** @returns when the newest good run on any of its drives began, ms since 1970; null when there was none. */
export function newestGood(
  job: BackupJob,
  {history, nowMs}: Pick<RotationView, 'history' | 'nowMs'>,
): number | null {
  const times = job.targets.flatMap(
    (target) => believe(historyOf(history, job, target).lastGood, nowMs) ?? [],
  );
  return times.length === 0 ? null : Math.max(...times);
}

/** The last moment at which one of the drives is known to have been away. */
function homeSince(job: BackupJob, {history, nowMs}: RotationView): number {
  const gone = job.targets.flatMap(
    (target) => believe(historyOf(history, job, target).targetAway, nowMs) ?? [],
  );
  return Math.max(believe(job.createdAt, nowMs) ?? nowMs, ...gone);
}

function sendAway(job: OffsiteJob, newest: Drive, here: readonly Drive[]): string {
  const why =
    here.length === 1
      ? 'the set has no other drive'
      : `${joinWithAnd(here.map(({name}) => name))} are ${here.length === 2 ? 'both' : 'all'} here`;
  const go = `take ${newest.name} ${toPlace(job.offsite.place)}: ${why}, so no copy is elsewhere.`;
  return newest.isFresh ? capital(go) : `${runFirst(job)}, then ${go}`;
}

function exchange(
  job: OffsiteJob,
  {
    newest,
    stalest,
    view,
  }: {
    readonly newest: Drive | undefined;
    readonly stalest: Drive;
    readonly view: RotationView;
  },
): string {
  const old = `${stalest.name} (${describeAge(stalest.goodMs, view.nowMs)})`;
  if (newest === undefined) return `Bring ${old} and connect it.`;
  const place = toPlace(job.offsite.place);
  if (newest.isFresh) return `${newest.name} is up to date: take it ${place} and bring ${old}.`;
  return `${runFirst(job)}, then take ${newest.name} ${place} and bring ${old}.`;
}

const bringInStep = (job: OffsiteJob, newest: Drive | undefined): string | null =>
  newest === undefined || newest.isFresh ? null : `${runFirst(job)}.`;

const runFirst = ({name}: BackupJob): string => `Run offload offsite run ${quoteName(name)}`;

/** @returns `41 days old`, `1 day old`, `in step today`, `never in step`. @param goodMs ms since 1970. */
export function describeAge(goodMs: number | null, nowMs: number): string {
  if (goodMs === null) return 'never in step';
  const days = Math.max(0, Math.floor((nowMs - goodMs) / DAY_MS));
  if (days === 0) return 'in step today';
  return days === 1 ? '1 day old' : `${formatCount(days)} days old`;
}

/** Words that stand without an article. */
const BARE = new Set(['home', 'work', 'school', 'church', 'mum', 'mom', 'dad']);

/** @returns `to the bank`, `to Anna's house`; `off-site` where nobody said where. */
export function toPlace(place: string | null): string {
  if (place === null) return 'off-site';
  return /^[a-z]+$/.test(place) && !BARE.has(place) ? `to the ${place}` : `to ${place}`;
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
