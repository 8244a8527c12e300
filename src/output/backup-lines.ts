/** Backups in lines for a person: what is done now, what came of it, and which jobs there are. */

import {countSteps} from '../core/backup-words.ts';
import type {
  BackupFinished,
  BackupProgress,
  BackupStarted,
  BackupStep,
  JobKnown,
} from '../core/events.ts';
import {perCentOf} from '../core/figures.ts';
import {formatBytes, formatCount, formatRate, formatTimeLeft} from '../core/format-amounts.ts';
import {formatAgo} from '../core/format-dates.ts';
import {printable} from '../core/printable.ts';
import {unreachable} from '../core/unreachable.ts';
import {countFiles} from '../core/words.ts';
import {localTime, padEnd} from './catalog-words.ts';

const NAME_CELLS = 26;
const ACTION_CELLS = 8;

export interface BackupLines {
  readonly results: readonly string[];
  readonly diagnostics: readonly string[];
  /** Progress and its like: not told with `--quiet`. */
  readonly chatter: readonly string[];
}

const NOTHING: BackupLines = {results: [], diagnostics: [], chatter: []};

export type BackupEvent = BackupStarted | BackupStep | BackupProgress | BackupFinished | JobKnown;

interface Pace {
  readonly toldAtMs: number;
  /** The first sample with bytes: a rate is reckoned from it. */
  readonly from: {readonly atMs: number; readonly read: number} | null;
}

/** @param everyMs the shortest time between two progress lines of one target. @returns what to say of each event. */
export function backupLines(everyMs: number): (event: BackupEvent, at: Date) => BackupLines {
  const paces = new Map<string, Pace>();
  const keyOf = (event: {readonly job: string; readonly to: string}) =>
    JSON.stringify([event.job, event.to]);

  const tellProgress = (event: BackupProgress, atMs: number): BackupLines => {
    const key = keyOf(event);
    const before = paces.get(key) ?? {toldAtMs: Number.NEGATIVE_INFINITY, from: null};
    const from = before.from ?? (event.phase === 'copy' ? {atMs, read: event.read} : null);
    const sinceMs = atMs - before.toldAtMs;
    // A clock that was set back must not silence the lines.
    const isEarly = sinceMs >= 0 && sinceMs < everyMs;
    paces.set(key, {toldAtMs: isEarly ? before.toldAtMs : atMs, from});
    if (isEarly) return NOTHING;
    const rate = from === null ? null : rateSince(event, from, atMs);
    return {...NOTHING, chatter: [describeProgress(event, rate)]};
  };

  return (event, at) => {
    switch (event.type) {
      case 'backup-started':
        paces.delete(keyOf(event));
        return {...NOTHING, chatter: [describeStart(event)]};
      case 'backup-step':
        return describeStep(event);
      case 'backup-progress':
        return tellProgress(event, at.getTime());
      case 'backup-finished':
        paces.delete(keyOf(event));
        return {...NOTHING, results: describeFinish(event)};
      case 'job-known':
        return {...NOTHING, results: describeJob(event, at)};
      default:
        return unreachable(event);
    }
  };
}

/** Bytes a second; null while there is nothing to reckon with. */
function rateSince(
  {read}: BackupProgress,
  from: {readonly atMs: number; readonly read: number},
  atMs: number,
): number | null {
  const ms = atMs - from.atMs;
  return ms < 1000 || read <= from.read ? null : ((read - from.read) * 1000) / ms;
}

function describeStart({job, source, from, target, to, preview}: BackupStarted): string {
  const what = preview ? 'preview of ' : '';
  return `${what}${printable(job)}: ${nameAt(source, from)} to ${nameAt(target, to)}`;
}

const nameAt = (name: string, path: string): string => `${printable(name)} (${printable(path)})`;

function describeProgress(event: BackupProgress, rate: number | null): string {
  const {job, to, phase, looked, steps, done, bytes, read} = event;
  const about = `${printable(job)} on ${printable(to)}:`;
  switch (phase) {
    case 'scan':
      return `${about} looking, ${countFiles(looked)} so far`;
    case 'copy': {
      const left = rate === null ? null : ((bytes - read) / rate) * 1000;
      const speed = rate === null ? '' : ` ${formatRate(rate)}`;
      const count = `${formatCount(done)} of ${formatCount(steps)} steps`;
      return `${about} ${perCentOf(read, bytes)} %${speed} ${formatTimeLeft(left)}, ${count}`;
    }
    case 'archive':
      return `${about} moving what was deleted into the archive, ${formatCount(done)} of ${formatCount(steps)} steps`;
    case 'purge':
      return `${about} removing what is old in the archive`;
    case 'seal':
      return `${about} writing the record`;
    default:
      return unreachable(phase);
  }
}

/** Of what is done in order nothing is said: the end counts it. */
function describeStep(event: BackupStep): BackupLines {
  const {job, to, action, state, path, target, size, message, next} = event;
  const why = printable(`${message ?? ''}. ${next ?? ''}`.trim());
  const about = `${printable(job)} on ${printable(to)}: ${printable(path)}`;
  if (state === 'failed') return {...NOTHING, diagnostics: [`FAILED ${about}: ${why}`]};
  if (state === 'planned') {
    const where = target === undefined || target === path ? '' : ` -> ${printable(target)}`;
    const held = action === 'hold' && message !== undefined ? `: ${why}` : '';
    const line = `  ${action.padEnd(ACTION_CELLS)} ${printable(path)}${where} (${formatBytes(size)})${held}`;
    return {...NOTHING, results: [line]};
  }
  if (action === 'hold') return {...NOTHING, diagnostics: [`HELD BACK ${about}: ${why}`]};
  return NOTHING;
}

const RESULTS: Readonly<Record<BackupFinished['result'], string>> = {
  good: 'IN STEP',
  incomplete: 'NOT IN STEP',
  waiting: 'WAITS FOR A YES',
  stopped: 'STOPPED',
  refused: 'REFUSED',
  away: 'AWAY',
};

/** A preview of what would go well promises nothing. */
function nameResult(result: BackupFinished['result'], preview: boolean): string {
  if (!preview) return RESULTS[result];
  return result === 'good' ? 'PREVIEW' : `PREVIEW, ${RESULTS[result]}`;
}

/** The result first. */
function describeFinish(event: BackupFinished): readonly string[] {
  const {job, target, to, preview, result, files, bytes, message, next, cached} = event;
  const where = to === '' ? printable(target) : nameAt(target, to);
  const why = message === undefined ? [] : [`  ${printable(`${message}. ${next ?? ''}`.trim())}`];
  const isBegun = result !== 'refused' && result !== 'away';
  const first = `${nameResult(result, preview)}: ${printable(job)} on ${where}`;
  if (!isBegun) return [first, ...why];
  const lines = [`${first}: ${countFiles(files)}, ${formatBytes(bytes)}`, `  ${countDone(event)}`];
  if (cached > 0)
    lines.push(
      `  ${countFiles(cached)} may have been read back from the computer's memory and not from the drive`,
    );
  if (preview) lines.push('  nothing was written');
  return [...lines, ...why];
}

function countDone(event: BackupFinished): string {
  const {unchanged, alarms, held, failed, strangers, bytesWritten} = event;
  const counts: ReadonlyArray<readonly [count: number, words: string]> = [
    ...countSteps(event),
    [failed, 'FAILED'],
    [alarms, 'ALARMS: raw files or films that changed, old copies kept'],
    [held, 'held back'],
    [strangers, 'on the target that are not of this job, left alone'],
  ];
  const written = event.preview ? '' : `${formatBytes(bytesWritten)} written`;
  const told = counts.filter(([count]) => count > 0);
  const would = event.preview && told.length > 0 ? 'to do: ' : '';
  return joinNonEmpty([
    `${formatCount(unchanged)} unchanged`,
    ...told.map(
      ([count, words], index) => `${index === 0 ? would : ''}${formatCount(count)} ${words}`,
    ),
    written,
  ]);
}

/** A line for the job, and two for each target. */
function describeJob(event: JobKnown, at: Date): readonly string[] {
  const {job, source, leaveOut, selection, trigger, offsite, targets} = event;
  const lines = [
    `${padEnd(printable(job), NAME_CELLS)} ${describePlace(source)}, ${printable(trigger)}${describeOffsite(offsite)}`,
  ];
  if (selection !== undefined) {
    const from = selection.catalog === null ? '' : `, by ${printable(selection.catalog)}`;
    lines.push(`  keeps ${printable(selection.rule)}${from}`);
  }
  if (leaveOut.length > 0) lines.push(`  leaves out ${leaveOut.map(printable).join(' ')}`);
  return [...lines, ...targets.flatMap((target) => describeTarget(target, at))];
}

function describeOffsite(offsite: JobKnown['offsite']): string {
  if (offsite === null) return '';
  const {place, swap} = offsite;
  const words = place === null ? ', off-site' : `, off-site: ${printable(place)}`;
  return swap === null ? words : `${words}, SWAP: ${printable(swap)}`;
}

function describePlace({name, folder, connected}: JobKnown['source']): string {
  const where = folder === '' ? printable(name) : `${printable(name)}: ${printable(folder)}`;
  return `${where} (${connected ? 'connected' : 'not connected'})`;
}

type Target = JobKnown['targets'][number];

function describeTarget(target: Target, at: Date): readonly string[] {
  const {lastGood, overdue, graceDays} = target;
  const now = {ms: at.getTime(), utcOffsetMinutes: -at.getTimezoneOffset()};
  const age = lastGood === null ? 'no good run yet' : `last good run ${formatAgo(lastGood, now)}`;
  const loud = overdue ? 'OVERDUE: ' : '';
  const grace = `archive kept ${graceDays === 1 ? '1 day' : `${formatCount(graceDays)} days`}`;
  const second = joinNonEmpty([describeLast(target), describeNext(target), grace]);
  return [`  to ${describePlace(target)}: ${loud}${age}`, `    ${second}`];
}

function describeLast({lastRun, lastGood, lastResult, message}: Target): string {
  if (lastRun === null || lastResult === null) return '';
  const when = localTime(lastRun);
  if (lastResult === 'good' && lastRun === lastGood) return `in step since ${when}`;
  const why = message === null ? '' : ` (${printable(message)})`;
  return `last run ${when} ${RESULTS[lastResult]}${why}`;
}

function describeNext({due, nextRun, connected}: Target): string {
  if (due) return connected ? 'due now' : 'due as soon as it is connected';
  return nextRun === null ? '' : `next run ${localTime(nextRun)}`;
}

const joinNonEmpty = (parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join(', ');
