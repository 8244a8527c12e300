import {isDays} from '../backup/jobs/typed-trigger.ts';
import {failed, ok, type Result} from '../cause.ts';

const DAYS: Readonly<Record<string, number>> = {d: 1, w: 7};

/** @param text `30d`, `6w`; a number alone is days. @returns days, at least one. */
export function parseSwapAfter(text: string): Result<number> {
  const [, number = '', unit = 'd'] = /^(\d{1,5})\s*([dw]?)$/i.exec(text.trim()) ?? [];
  const days = number === '' ? Number.NaN : Number(number) * (DAYS[unit.toLowerCase() || 'd'] ?? 1);
  if (isDays(days, 1)) return ok(days);
  return failed({
    code: 'usage',
    message: `${JSON.stringify(text)} is no time between two swaps`,
    next: 'Write for example --swap-after 30d or --swap-after 6w, in whole days.',
  });
}
