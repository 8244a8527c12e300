import {bad, type Finding, good, look} from './finding.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** This program is not older, and hardly used so much longer: a clock outside of it was never set. */
const FIRST_YEAR = 2026;
const LAST_YEAR = 2100;

/** Clocks of two computers differ by minutes; a summer time that one of them missed is an hour. */
const SLACK_MS = 2 * HOUR_MS;

/** A clock that is corrected in small steps is well. */
const JUMP_MS = 2000;

export interface ClockFacts {
  /** ms since 1970. */
  readonly nowMs: number;
  /** The newest moment in the catalog, the history and the markers, ms since 1970; null when there is none. */
  readonly newestMs: number | null;
  /** How far the clock of the wall went apart from the one that only counts, while the doctor looked; ms. */
  readonly jumpMs: number;
}

/** Due runs, grace times and ages are reckoned by this clock. */
export function judgeClock({nowMs, newestMs, jumpMs}: ClockFacts): Finding {
  const where = {area: 'clock'};
  const year = new Date(nowMs).getUTCFullYear();
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR))
    return bad(where, `the clock of this computer says the year ${year}`, SET);
  const now = new Date(nowMs).toISOString();
  if (newestMs !== null && newestMs > nowMs + SLACK_MS) {
    const hours = Math.round((newestMs - nowMs) / HOUR_MS);
    const days = Math.round((newestMs - nowMs) / DAY_MS);
    const ahead = days > 1 ? `${days} days` : `${hours} hours`;
    return bad(
      where,
      `the clock says ${now}, and something was recorded ${ahead} later: it is behind, or it was ahead then`,
      SET,
    );
  }
  if (Math.abs(jumpMs) > JUMP_MS)
    return look(
      where,
      `the clock jumped by ${Math.round(jumpMs / 1000)} s while it was looked at`,
      'Something sets it in large steps: look at the time settings of this computer.',
    );
  return good(where, `the clock says ${now}, and nothing is recorded after that`);
}

const SET =
  'Set the clock, and let the computer set it from the network. Ages, due runs and grace times are wrong until then.';
