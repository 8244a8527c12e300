import {localInZone} from '../zone-time.ts';

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?(Z)?)?$/;

/**
 * @param text `2026-11-01`: the end of that day; `2026-11-01T12:00`, with seconds or without: that moment, on this computer's clock; with a `Z`: in UTC.
 * @param timeZone IANA name.
 * @returns ms since 1970; undefined for anything else, and for days that no calendar has.
 */
export function readMoment(text: string, timeZone: string): number | undefined {
  const [, day, time = '23:59', seconds = time === '23:59' ? '59' : '00', zulu] =
    MOMENT.exec(text) ?? [];
  if (day === undefined) return undefined;
  const local = `${day}T${time}:${seconds}`;
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 19) !== local) return undefined;
  if (zulu !== undefined) return asUtc;
  // The offset of the zone at that time, found by looking twice: once may fall on the other side of a change of clocks.
  const offsetAt = (utcMs: number) => Date.parse(`${localInZone(utcMs, timeZone)}Z`) - utcMs;
  return asUtc - offsetAt(asUtc - offsetAt(asUtc));
}
