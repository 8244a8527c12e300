/** Moments as a clock of the offload's time zone showed them, in one fixed form. */

/**
 * @param instant ISO 8601 with a zone.
 * @param timeZone IANA name; one that does not exist is taken for UTC.
 * @returns `2026-11-22 21:40:07`; the text itself when it is no moment.
 */
export function formatInZone(instant: string, timeZone: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const parts = new Map(
    formatterFor(timeZone)
      .formatToParts(date)
      .map((p) => [p.type, p.value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}:${of('second')}`;
}

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const options = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    calendar: 'gregory',
    numberingSystem: 'latn',
  } as const;
  try {
    return new Intl.DateTimeFormat('en', {...options, timeZone});
  } catch {
    return new Intl.DateTimeFormat('en', {...options, timeZone: 'UTC'});
  }
}
