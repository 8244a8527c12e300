import type {Cause} from '../../core/cause.ts';
import type {AwayDrive} from '../../core/events.ts';
import type {KnownDrive} from '../../core/restore/known-file.ts';

/** @returns the drives that hold a copy, as far as is known, and are not connected. */
export function findAway(
  drives: Iterable<KnownDrive>,
  connected: ReadonlySet<string>,
): readonly AwayDrive[] {
  return [...drives]
    .filter(({volume}) => !connected.has(volume))
    .map(({name, seenAt}) => ({name, lastSeen: seenAt}));
}

/** @param named only the folders of `--from` were looked at. */
export function missingCause(away: readonly AwayDrive[], named: boolean): Omit<Cause, 'path'> {
  const where = named ? 'none of the folders of --from' : 'no connected drive';
  const message = `${where} has a copy with its bytes`;
  const drives = away.map(({name, lastSeen}) => `${name} (last seen ${lastSeen.slice(0, 10)})`);
  const next =
    drives.length === 0
      ? 'No other drive is known to hold it. Read drives of other computers with offload catalog rebuild PATH…'
      : `Plug in ${drives.join(' or ')}${named ? ' and leave --from out' : ''}, then run the same command again.`;
  return {code: 'copy-missing', message, next};
}
