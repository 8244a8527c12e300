/** Whether the cards fit on a drive, and what the ready screen says of it. */
import type {MediumRead} from './drive.ts';
import {formatBytes, formatCount} from './format-amounts.ts';
import type {Phrase} from './phrase.ts';
import type {SessionCard, SessionDrive} from './session/session-state.ts';
import {isWaiting} from './session/waiting-cards.ts';

/** What is to be put on a drive. */
export interface Load {
  readonly cards: number;
  /** Bytes. */
  readonly bytes: number;
  /** True when some of it may be there already: it may need less. */
  readonly partly: boolean;
}

/** @returns the load of one card; null while it is not known, and when it is ejected. */
export function weighCard(card: SessionCard | undefined): Load | null {
  if (card === undefined || card.survey === null || card.ejected !== 'no') return null;
  const partly = card.history !== null && !['new', 'unknown'].includes(card.history.state);
  return {cards: 1, bytes: card.survey.bytes, partly};
}

/** @returns the load of all cards that `all` would offload; null while one of them is still being read. */
export function weighWaiting(cards: readonly SessionCard[]): Load | null {
  const loads = cards.filter(isWaiting).map(weighCard);
  let sum: Load = {cards: 0, bytes: 0, partly: false};
  for (const load of loads) {
    if (load === null) return null;
    sum = {
      cards: sum.cards + 1,
      bytes: sum.bytes + load.bytes,
      partly: sum.partly || load.partly,
    };
  }
  return sum.cards === 0 ? null : sum;
}

/** @returns bytes for each of the destinations that lie on the drive's volume; null when it does not tell. */
export function shareFree(drive: SessionDrive, drives: readonly SessionDrive[]): number | null {
  if (drive.free === null) return null;
  const sharing = drives.filter(
    ({letter, volume}) => letter !== null && volume.mountPoint === drive.volume.mountPoint,
  );
  return Math.floor(drive.free / Math.max(1, sharing.length));
}

export interface Fit extends Phrase {
  readonly fits: boolean;
}

/**
 * @param selected the load of the selected card. @param waiting that of all that wait. @param free bytes.
 * @returns `fits`, `all 3 fit`, `18.4 GB do not fit: 2.1 GB short`, `all 3 do not fit: 13 GB short`; null when it cannot be told.
 */
export function describeFit(
  selected: Load | null,
  waiting: Load | null,
  free: number | null,
): Fit | null {
  if (free === null) return null;
  if (selected !== null && selected.bytes > free) {
    return describeShort(formatBytes(selected.bytes), '', selected, free);
  }
  if (waiting === null || waiting.cards < 2) {
    return selected === null ? null : {fits: true, tone: 'quiet', forms: ['fits']};
  }
  const all = `all ${formatCount(waiting.cards)}`;
  if (waiting.bytes <= free) return {fits: true, tone: 'quiet', forms: [`${all} fit`]};
  return describeShort(all, `${all}: `, waiting, free);
}

function describeShort(what: string, whose: string, {bytes, partly}: Load, free: number): Fit {
  const short = `${formatBytes(bytes - free)} short`;
  const forms = partly
    ? [`${what} may not fit: ${short}`, `${what} may not fit`]
    : [`${what} do not fit: ${short}`, `${whose}${short}`];
  return {fits: false, tone: 'decision', forms};
}

/** @returns how the proofs of all destinations are read; null when that is not known of every one, or a cache may answer. */
export function describeProofs(drives: readonly SessionDrive[]): string | null {
  const used = drives.filter(({letter}) => letter !== null);
  const past: readonly (MediumRead | null)[] = ['direct', 'evicted'];
  const isPast = used.length > 0 && used.every(({mediumRead}) => past.includes(mediumRead));
  return isPast ? 'proofs are read from the drives themselves' : null;
}
