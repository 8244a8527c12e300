/** What `offload status` tells of drives besides. */
import type {Cause} from '../../core/cause.ts';
import type {ShootStatus} from '../../core/events.ts';
import {describeCopyAge, findOldest} from '../../core/offsite/offsite-words.ts';
import type {ConnectedVolume, KnownVolume} from '../../core/volumes/known-volumes.ts';
import {volumeOf} from '../../core/volumes/volume-id.ts';
import type {RecordedDestination} from '../../core/volumes/volume-memory.ts';
import {joinWithAnd} from '../../core/words.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days after which a drive that was not connected is told. */
const LONG_DAYS = 30;
/** Days after which a copy at another place is told by itself: half of what drives take turns in. */
const OLD_COPY_DAYS = 14;
/** Names in one sentence. */
const MOST_NAMES = 5;

/** @returns a cause for each volume that nobody has seen for more than 30 days. */
export function notSeen(known: readonly KnownVolume[], now: Date): readonly Cause[] {
  return known.flatMap(({state, name, asOf}) => {
    const days = Math.floor((now.getTime() - Date.parse(asOf)) / DAY_MS);
    if (state !== 'away' || !(now.getTime() - Date.parse(asOf) > LONG_DAYS * DAY_MS)) return [];
    return {
      code: 'volume-not-seen',
      message: `${name} was not seen for ${days} days, since ${asOf.slice(0, 10)}`,
      next: 'Connect it and run offload status; offload verify PATH reads its copies again. If it is lost: offload volumes forget.',
    };
  });
}

/** @returns how old the oldest copy at another place is; undefined when there is none, and for one that is young: the shoots tell it themselves. */
export function oldestOffSite(shoots: readonly ShootStatus[], now: Date): Cause | undefined {
  const oldest = findOldest(shoots);
  if (oldest === null) return undefined;
  const {shoot, copy} = oldest;
  if (!(now.getTime() - Date.parse(copy.lastProof) > OLD_COPY_DAYS * DAY_MS)) return undefined;
  const where = copy.place === null ? copy.name : `${copy.name}, ${copy.place}`;
  return {
    code: 'offsite-oldest',
    message: `the oldest off-site copy is ${describeCopyAge(copy, now.getTime())}: ${shoot} on ${where}`,
    next: 'A copy gets younger when it is read back: offload verify PATH, or offload offsite verify.',
  };
}

/** @returns a cause for each connected volume that lacks records which the catalog knows. */
export function recordsGone(
  connected: readonly ConnectedVolume[],
  uncounted: readonly RecordedDestination[],
): readonly Cause[] {
  return connected.flatMap(({id, name, folder, trust}) => {
    if (trust !== 'fits') return [];
    const gone = uncounted.filter(
      ({destination, lost, lastProof}) =>
        volumeOf(destination) === id && !lost && lastProof !== null,
    );
    if (gone.length === 0) return [];
    const shoots = [...new Set(gone.map(({shoot}) => shoot))];
    const rest = shoots.length - MOST_NAMES;
    const names = [...shoots.slice(0, MOST_NAMES), ...(rest > 0 ? [`${rest} more`] : [])];
    return {
      code: 'records-gone',
      path: folder,
      message: `${name} has no record any more of what was offloaded to it for ${joinWithAnd(names)}, so those copies are not counted`,
      next: 'If the shoot was moved off the drive, nothing is to be done; otherwise offload the card again, or run offload verify on the other drive.',
    };
  });
}
