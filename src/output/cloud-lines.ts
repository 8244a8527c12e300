/** Cloud copies in lines for a person. */
import type {
  CloudFinished,
  CloudProgress,
  CloudStarted,
  CloudStep,
  CloudVerified,
} from '../core/events.ts';
import {perCentOf} from '../core/figures.ts';
import {formatBytes, formatCount, formatRate, formatTimeLeft} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';
import {unreachable} from '../core/unreachable.ts';
import {countFiles} from '../core/words.ts';
import type {BackupLines} from './backup-lines.ts';
import {localTime} from './catalog-words.ts';

export type CloudEvent = CloudStarted | CloudStep | CloudProgress | CloudFinished | CloudVerified;

const NOTHING: BackupLines = {results: [], diagnostics: [], chatter: []};
const ACTION_CELLS = 8;

interface Pace {
  readonly toldAtMs: number;
  /** The first sample of the upload: a rate is reckoned from it. */
  readonly from: {readonly atMs: number; readonly sent: number} | null;
}

/** @param everyMs the shortest time between two progress lines of one job. @returns what to say of each event. */
export function cloudLines(everyMs: number): (event: CloudEvent, at: Date) => BackupLines {
  const paces = new Map<string, Pace>();

  const tellProgress = (event: CloudProgress, atMs: number): BackupLines => {
    const {job, phase, sent} = event;
    const before = paces.get(job) ?? {toldAtMs: Number.NEGATIVE_INFINITY, from: null};
    const from = before.from ?? (phase === 'upload' ? {atMs, sent} : null);
    const sinceMs = atMs - before.toldAtMs;
    // A clock that was set back must not silence the lines.
    const isEarly = sinceMs >= 0 && sinceMs < everyMs;
    paces.set(job, {toldAtMs: isEarly ? before.toldAtMs : atMs, from});
    if (isEarly) return NOTHING;
    return {...NOTHING, chatter: [describeProgress(event, rateSince(event, from, atMs))]};
  };

  return (event, at) => {
    switch (event.type) {
      case 'cloud-started':
        paces.delete(event.job);
        return {...NOTHING, chatter: [describeStart(event)]};
      case 'cloud-step':
        return describeStep(event);
      case 'cloud-progress':
        return tellProgress(event, at.getTime());
      case 'cloud-finished':
        paces.delete(event.job);
        return {...NOTHING, results: describeFinish(event)};
      case 'cloud-verified':
        return {...NOTHING, results: describeVerified(event)};
      default:
        return unreachable(event);
    }
  };
}

/** Bytes a second; null while there is nothing to reckon with. */
function rateSince({sent}: CloudProgress, from: Pace['from'], atMs: number): number | null {
  if (from === null) return null;
  const ms = atMs - from.atMs;
  return ms < 1000 || sent <= from.sent ? null : ((sent - from.sent) * 1000) / ms;
}

function describeStart({job, source, from, remote, preview}: CloudStarted): string {
  const what = preview ? 'preview of ' : '';
  return `${what}${printable(job)}: ${printable(source)} (${printable(from)}) to ${printable(remote)}`;
}

function describeProgress(event: CloudProgress, rate: number | null): string {
  const {job, remote, phase, looked, steps, done, bytes, sent} = event;
  const about = `${printable(job)} to ${printable(remote)}:`;
  const count = `${formatCount(done)} of ${formatCount(steps)} files proved`;
  switch (phase) {
    case 'scan':
      return `${about} looking, ${countFiles(looked)} so far`;
    case 'read':
      return `${about} reading files here, ${count}`;
    case 'upload': {
      const left = rate === null ? null : ((bytes - sent) / rate) * 1000;
      const speed = rate === null ? '' : ` ${formatRate(rate)}`;
      return `${about} ${perCentOf(sent, bytes)} %${speed} ${formatTimeLeft(left)}, ${count}`;
    }
    case 'prove':
      return `${about} comparing what lies there, ${count}`;
    default:
      return unreachable(phase);
  }
}

/** Of what is done in order nothing is said: the end counts it. */
function describeStep(event: CloudStep): BackupLines {
  const {job, remote, action, state, path, size, message, next} = event;
  const why = printable(`${message ?? ''}. ${next ?? ''}`.trim());
  const about = `${printable(job)} at ${printable(remote)}: ${printable(path)}`;
  if (state === 'failed') return {...NOTHING, diagnostics: [`FAILED ${about}: ${why}`]};
  if (state === 'planned') {
    const held = message === undefined ? '' : `: ${why}`;
    const line = `  ${action.padEnd(ACTION_CELLS)} ${printable(path)} (${formatBytes(size)})${held}`;
    return {...NOTHING, results: [line]};
  }
  if (action === 'hold') return {...NOTHING, diagnostics: [`HELD BACK ${about}: ${why}`]};
  if (action === 'heal') return {...NOTHING, diagnostics: [`HEALED ${about}`]};
  return NOTHING;
}

const RESULTS: Readonly<Record<CloudFinished['result'], string>> = {
  good: 'PROVED',
  incomplete: 'NOT PROVED',
  waiting: 'WAITS',
  stopped: 'STOPPED',
  refused: 'REFUSED',
  away: 'AWAY',
};

/** The result first. A preview of what would go well promises nothing. */
function describeFinish(event: CloudFinished): readonly string[] {
  const {job, remote, preview, result, files, bytes, proved, message, next} = event;
  const name = preview
    ? result === 'good'
      ? 'PREVIEW'
      : `PREVIEW, ${RESULTS[result]}`
    : RESULTS[result];
  const why = message === undefined ? [] : [`  ${printable(`${message}. ${next ?? ''}`.trim())}`];
  const first = `${name}: ${printable(job)} at ${printable(remote)}`;
  if (result === 'refused' || result === 'away') return [first, ...why];
  const counted = `${formatCount(proved)} of ${countFiles(files)} proved there, ${formatBytes(bytes)}`;
  const lines = [`${first}: ${counted}`, `  ${countDone(event)}`];
  if (preview) lines.push('  nothing was written');
  return [...lines, ...why];
}

function countDone(event: CloudFinished): string {
  const {unchanged, preview, bytesSent} = event;
  const counts: ReadonlyArray<readonly [count: number, words: string]> = [
    [event.uploaded, 'uploaded'],
    [event.replaced, 'replaced, the old ones are in _archive there'],
    [event.adopted, 'found there already'],
    [event.healed, 'uploaded again, because they were damaged there'],
    [event.retimed, 'with another time only'],
    [event.sizeOnly, 'NOT PROVED: the remote tells no hash of them, only their sizes agree'],
    [event.kept, 'deleted here and kept there'],
    [event.alarms, 'ALARMS: raw files or films that changed, not uploaded'],
    [event.failed, 'FAILED'],
  ];
  const told = counts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${formatCount(count)} ${words}`);
  const sent = preview || bytesSent === 0 ? [] : [`${formatBytes(bytesSent)} sent`];
  return [`${formatCount(unchanged)} unchanged`, ...told, ...sent].join(', ');
}

const VERIFIED: Readonly<Record<CloudVerified['result'], string>> = {
  good: 'GOOD',
  bad: 'NOT GOOD',
  stopped: 'STOPPED',
  refused: 'REFUSED',
};

function describeVerified(event: CloudVerified): readonly string[] {
  const {job, remote, result, files, bytes, proved, sizeOnly, missing, damaged, since} = event;
  const {message, next} = event;
  const why = message === undefined ? [] : [`  ${printable(`${message}. ${next ?? ''}`.trim())}`];
  const first = `${VERIFIED[result]}: ${printable(job)} at ${printable(remote)}`;
  if (result === 'refused') return [first, ...why];
  const counts: ReadonlyArray<readonly [count: number, words: string]> = [
    [missing, 'MISSING'],
    [damaged, 'DAMAGED'],
    [sizeOnly, 'not proved: the remote tells no hash of them'],
  ];
  const told = counts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${formatCount(count)} ${words}`);
  const counted = [`${formatCount(proved)} of ${countFiles(files)} proved, ${formatBytes(bytes)}`];
  const whole = since === null ? [] : [`  all of it was proved since ${localTime(since)}`];
  return [`${first}: ${[...counted, ...told].join(', ')}`, ...whole, ...why];
}
