/** The names of runs, and what they say about the clock and the archive. */

/** `20261123T184207Z-x3k9ab`, as offloads are named. */
const RUN_ID = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z-[a-z0-9]+$/;

/** @param word a word that no other run has, of lower-case letters and digits. @returns a name that sorts by time. */
export function nameRun(at: Date, word: string): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${word}`;
}

/** @returns the moment that a run is named after: not before the newest run that is known. What it archives would lose days of its time otherwise, as soon as the clock is right again. */
export function momentOfNext(now: Date, newestRun: string | null): Date {
  const newest = newestRun === null ? undefined : momentOf(newestRun);
  return newest === undefined || newest <= now.getTime() ? now : new Date(newest);
}

/** @returns ms since 1970 when the run began, or undefined when the name is none of a run: no run began on the 30th of February. */
export function momentOf(id: string): number | undefined {
  const parts = RUN_ID.exec(id)?.slice(1, 7);
  if (parts === undefined) return undefined;
  const [year, month, day, hour, minute, second] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const moment = Date.parse(iso);
  return Number.isNaN(moment) || new Date(moment).toISOString() !== iso ? undefined : moment;
}

export const isRunId = (name: string): boolean => momentOf(name) !== undefined;

const DAY_MS = 24 * 60 * 60 * 1000;

/** A drive that was away longer than this is rarer than a clock that is wrong by years. */
const FAR_AHEAD_DAYS = 400;

export interface PurgeJudgement {
  /** Names of archive folders that are due, oldest first. */
  readonly due: readonly string[];
  /** `set-back`: it is earlier than the newest run. `far-ahead`: so much later that the clock is to be looked at. Nothing is due then. */
  readonly clock: 'good' | 'set-back' | 'far-ahead';
}

/**
 * Which folders of an archive have had their days. Only names of runs are ever due.
 * @param archives names in the archive folder; `newestRun`: of the runs that the state knows, null when it knows none: then nothing is due, because nothing vouches for the clock.
 */
export function judgePurge({
  archives,
  nowMs,
  newestRun,
  graceDays,
}: {
  readonly archives: readonly string[];
  readonly nowMs: number;
  readonly newestRun: string | null;
  readonly graceDays: number;
}): PurgeJudgement {
  const newest = newestRun === null ? undefined : momentOf(newestRun);
  if (newest === undefined) return {due: [], clock: 'good'};
  if (nowMs < newest) return {due: [], clock: 'set-back'};
  if (nowMs - newest > FAR_AHEAD_DAYS * DAY_MS) return {due: [], clock: 'far-ahead'};
  const isDue = (name: string) => {
    const moment = momentOf(name);
    return moment !== undefined && nowMs - moment > graceDays * DAY_MS;
  };
  return {due: archives.filter(isDue).sort(), clock: 'good'};
}
