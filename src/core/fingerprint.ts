import type {CardListing} from './card.ts';
import type {HashOfText} from './manifest.ts';

/**
 * A word that is the same exactly when a card has the same files with the same sizes and times, the time of the last change included. What an earlier run proved is
 * believed without reading the card again only when this is unchanged.
 */
export function fingerprintListing({files}: CardListing, hashOfText: HashOfText): string {
  const rows = files.map(({path, size, mtimeNs, changedNs}) =>
    JSON.stringify([path, size, `${mtimeNs}`, `${changedNs}`]),
  );
  return hashOfText(rows.sort().join('\n'));
}
