/** Snapshots of Lightroom catalogs in lines for a person. */
import type {
  LightroomFinished,
  LightroomKnown,
  LightroomRestored,
  LightroomSnapshot,
  LightroomStarted,
} from '../core/events.ts';
import {formatBytes, formatCount} from '../core/format-amounts.ts';
import {formatAgo, formatSince} from '../core/format-dates.ts';
import {printable} from '../core/printable.ts';
import {unreachable} from '../core/unreachable.ts';
import {countFiles} from '../core/words.ts';
import type {BackupLines} from './backup-lines.ts';
import {localTime, padEnd} from './catalog-words.ts';

export type LightroomEvent =
  | LightroomStarted
  | LightroomSnapshot
  | LightroomFinished
  | LightroomKnown
  | LightroomRestored;

const NOTHING: BackupLines = {results: [], diagnostics: [], chatter: []};
const NAME_CELLS = 26;

/** @returns what to say of an event. */
export function lightroomLines(event: LightroomEvent, at: Date): BackupLines {
  switch (event.type) {
    case 'lightroom-started': {
      const {job, catalog, open, targets} = event;
      const where = targets.length === 0 ? 'no drive' : targets.map(printable).join(', ');
      const state = open ? ', which Lightroom has open' : '';
      const line = `${printable(job)}: ${printable(catalog)}${state}, to ${where}`;
      return {...NOTHING, chatter: [line]};
    }
    case 'lightroom-snapshot':
      return describeSnapshot(event, at);
    case 'lightroom-finished':
      return {...NOTHING, results: describeFinish(event)};
    case 'lightroom-known':
      return {...NOTHING, results: describeJob(event, at)};
    case 'lightroom-restored':
      return {...NOTHING, results: describeRestore(event)};
    default:
      return unreachable(event);
  }
}

function describeSnapshot(event: LightroomSnapshot, at: Date): BackupLines {
  const {job, target, to, result, snapshot, files, bytes, shared, removed, kept} = event;
  const about = `${printable(job)} on ${printable(target)}:`;
  const why = withNext(event);
  switch (result) {
    case 'taken': {
      const again =
        shared === 0 ? '' : `, ${formatCount(shared)} of them unchanged and proved again`;
      const lines = [
        `SNAPSHOT ${about} ${printable(snapshot ?? '')}, ${countFiles(files)}, ${formatBytes(bytes)}, read back and proved${again}`,
        `  ${describeContent(event)}, in ${printable(to)}`,
        `  ${countSnapshots(kept)}${removed.length === 0 ? '' : `, ${formatCount(removed.length)} old removed`}`,
      ];
      if (event.cached > 0)
        lines.push(
          `  ${countFiles(event.cached)} may have come from the computer's memory and not from the drive`,
        );
      return {...NOTHING, results: lines};
    }
    case 'unchanged':
      return {...NOTHING, results: [`unchanged ${about} ${ageOf(event, at)}`]};
    case 'away':
      return {...NOTHING, results: [`away ${about} ${ageOf(event, at)}`]};
    case 'deferred':
      return {...NOTHING, results: [`WAITS ${about} ${why}`, `  ${ageOf(event, at)}`]};
    case 'sick':
    case 'failed':
    case 'refused':
    case 'stopped':
      return {
        ...NOTHING,
        diagnostics: [`${result.toUpperCase()} ${about} ${why} (${ageOf(event, at)})`],
      };
    default:
      return unreachable(result);
  }
}

const countSnapshots = (kept: number): string =>
  kept === 1 ? '1 snapshot is there' : `${formatCount(kept)} snapshots are there`;

const ageOf = ({newest}: {readonly newest: string | null}, at: Date): string =>
  newest === null ? 'no snapshot known' : `newest snapshot ${formatAgo(newest, nowOf(at))}`;

const nowOf = (at: Date) => ({ms: at.getTime(), utcOffsetMinutes: -at.getTimezoneOffset()});

function describeContent({pictures, version, data}: LightroomSnapshot): string {
  const parts = [
    `${formatCount(pictures ?? 0)} pictures and virtual copies`,
    ...(version === null ? [] : [`catalog version ${printable(version)}`]),
    ...(data === 'copied' ? ['with .lrcat-data'] : []),
    ...(data === 'left-out' ? ['WITHOUT .lrcat-data: Lightroom has it open'] : []),
  ];
  return parts.join(', ');
}

const withNext = ({message, next}: {readonly message?: string; readonly next?: string}): string =>
  printable([message, next].filter(Boolean).join('. '));

function describeFinish(event: LightroomFinished): readonly string[] {
  const {job, result, taken, unchanged, away, message} = event;
  const name = printable(job);
  const counts = [
    ...(taken > 0 ? [`${formatCount(taken)} taken`] : []),
    ...(unchanged > 0 ? [`${formatCount(unchanged)} unchanged`] : []),
    ...(away > 0 ? [`${formatCount(away)} away`] : []),
  ].join(', ');
  const told = counts === '' ? '' : `: ${counts}`;
  switch (result) {
    case 'good':
      return [`${name} is kept${told}`];
    case 'deferred':
      return [`${name} WAITS for Lightroom${told}`];
    case 'stopped':
      return [`${name} was STOPPED${told}`];
    case 'incomplete':
      // Each drive said why.
      return [`${name} is NOT kept everywhere${told}`];
    case 'refused': {
      const why = message === undefined ? '' : `: ${withNext(event)}`;
      return [`${name} is NOT kept${told}${why}`];
    }
    default:
      return unreachable(result);
  }
}

function describeJob(event: LightroomKnown, at: Date): readonly string[] {
  const {job, catalog, connected, everyHours, byRole, targets} = event;
  const away = connected ? '' : ' (not connected)';
  const every = everyHours % 24 === 0 ? `${everyHours / 24} d` : `${everyHours} h`;
  const where = byRole ? ', to every drive with the role backup or off-site' : '';
  return [
    `${padEnd(printable(job), NAME_CELLS)} ${printable(catalog)}${away}, every ${every}${where}`,
    ...(targets.length === 0 ? ['  no drive is known that could hold snapshots'] : []),
    ...targets.flatMap((target) => describeTarget(target, at)),
  ];
}

function describeTarget(target: LightroomKnown['targets'][number], at: Date): readonly string[] {
  const {name, folder, connected, lastRun, lastResult, message, deferredSince, due, overdue} =
    target;
  const where = folder === '' ? printable(name) : `${printable(name)}: ${printable(folder)}`;
  const loud = overdue ? 'OVERDUE: ' : '';
  const here = connected ? 'connected' : 'not connected';
  const last =
    lastRun === null || lastResult === null
      ? []
      : [
          `last run ${localTime(lastRun)}: ${lastResult}${message === null ? '' : ` (${printable(message)})`}`,
        ];
  const more = [
    ...last,
    ...(deferredSince === null
      ? []
      : [`waits for Lightroom since ${formatSince(deferredSince, nowOf(at))}`]),
    ...(due ? [connected ? 'due now' : 'due as soon as it is connected'] : []),
  ];
  const head = `  to ${where} (${here}): ${loud}${ageOf(target, at)}`;
  return more.length === 0 ? [head] : [head, `    ${more.join(', ')}`];
}

function describeRestore(event: LightroomRestored): readonly string[] {
  const {catalog, snapshot, takenAt, from, to, files, restored, bytes, data, cached, good} = event;
  const what = `${printable(catalog)} as it was at ${localTime(takenAt)}`;
  const lines = [
    good
      ? `ALL RESTORED: ${what}, ${countFiles(files)}, ${formatBytes(bytes)}, in ${printable(to)}, read back and proved`
      : `NOT ALL RESTORED: ${what}, ${formatCount(restored)} of ${countFiles(files)} in ${printable(to)}: ${withNext(event)}`,
    `  from the snapshot ${printable(snapshot)} in ${printable(from)}`,
  ];
  if (data === 'left-out')
    lines.push('  the snapshot has no .lrcat-data: masks and Denoise of that time are not in it');
  if (cached > 0)
    lines.push(
      `  ${countFiles(cached)} may have come from the computer's memory and not from the drive`,
    );
  return lines;
}
