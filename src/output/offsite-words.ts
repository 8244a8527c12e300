/** Sets of off-site drives, and clouds, in lines for a person. */
import type {OffsiteKnown} from '../core/events.ts';
import {formatBytes} from '../core/format-amounts.ts';
import {describeAge} from '../core/offsite/rotation.ts';
import {printable} from '../core/printable.ts';
import {countFiles} from '../core/words.ts';
import {localTime, padEnd} from './catalog-words.ts';

const NAME_CELLS = 26;

/** A line for the set, one or two for each copy, and what to do next. */
export function describeOffsite(event: OffsiteKnown, at: Date): readonly string[] {
  const {job, kind, place, source, trigger, copies, overdue, swap, next} = event;
  const from = source.folder === '' ? source.name : `${source.name}: ${source.folder}`;
  const unknown = kind === 'cloud' ? [] : ['place unknown'];
  const where = place === null ? unknown : [`place: ${printable(place)}`];
  const way = `${printable(from)} (${source.connected ? 'connected' : 'not connected'})`;
  const loud = overdue ? 'OVERDUE, ' : '';
  return [
    `${padEnd(printable(job), NAME_CELLS)} ${loud}${[way, ...where, printable(trigger)].join(', ')}`,
    ...copies.flatMap((copy) => describeCopy(copy, event, at)),
    ...(next === null ? [] : [`  ${swap ? 'SWAP' : 'next'}: ${printable(next)}`]),
  ];
}

type OffsiteCopy = OffsiteKnown['copies'][number];

function describeCopy(
  copy: OffsiteCopy,
  {kind, place: common}: OffsiteKnown,
  at: Date,
): readonly string[] {
  const {name, folder, place, lastGood, files, bytes, lastResult, message} = copy;
  const goodMs = lastGood === null ? null : Date.parse(lastGood);
  const own = place === null || place === common ? [] : [printable(place)];
  const amount = files === null || bytes === null ? [] : [countFiles(files), formatBytes(bytes)];
  const on = folder === '' ? printable(name) : `${printable(name)}: ${printable(folder)}`;
  const here = kind === 'cloud' ? [] : [describePresence(copy)];
  const parts = [...here, ...own, describeAge(goodMs, at.getTime()), ...amount];
  const trouble =
    lastResult === null || lastResult === 'good'
      ? []
      : [`    last run ${lastResult}${message === null ? '' : `: ${printable(message)}`}`];
  return [`  on ${padEnd(on, NAME_CELLS - 5)}  ${parts.join(', ')}`, ...trouble];
}

function describePresence({connected, lastSeen}: OffsiteCopy): string {
  if (connected) return 'connected';
  return lastSeen === null ? 'away' : `away since ${localTime(lastSeen)}`;
}
