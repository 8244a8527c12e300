/**
 * A second judge, written from section 5 of the design and not from `verify/verdict.ts`, for the test that both agree. It says yes or no and knows no reasons.
 *
 * Three things that the section leaves open are read as strictly as they can be: every file must be proved in as many places as were asked for and every place must have
 * the record, a card without files is not safe, and for a card that is a whole volume no waiver covers a copy that lies on its own drive or may lie there.
 */
import type {PhysicalDrives} from '../../src/core/drive.ts';
import type {DestinationEvidence, Evidence, FileEvidence, Waivers} from '../../verify/evidence.ts';

export function isSafeBySection5(evidence: Evidence, waivers: Waivers): boolean {
  const {card, destinations, files, account, secondRead, interrupted} = evidence;
  const columns = account.copied + account.present + account.leftOut + account.failed;
  const rules = [
    !interrupted,
    files.length > 0,
    // 1: the account closes, speaks of these files, and no file failed.
    account.found === columns,
    account.found === account.leftOut + files.length,
    account.failed === 0,
    card.unreadable === 0,
    !card.isPart,
    files.every(({failed}) => !failed),
    // 2 and 3: two proved copies on two drives, neither of them the card's, past the cache.
    files.every(({mismatched}) => !mismatched),
    files.every((file) => hasTwoGoodCopies(file, evidence, waivers)),
    files.every((file) => countPlaces(file, evidence) >= evidence.copiesAsked),
    // 4: the second listing.
    card.relisting.kind === 'same',
    // 5: the record.
    destinations.every(({manifest, lost}) => manifest && !lost),
    // 6: the card gave the same bytes each time.
    files.every(({sourceMismatch}) => !sourceMismatch),
    secondRead.kind === 'not-asked' || secondRead.matched === files.length,
  ];
  return rules.every(Boolean);
}

function countPlaces({copies}: FileEvidence, {destinations}: Evidence): number {
  const given = new Set(destinations.map(({to}) => to));
  return new Set(copies.map(({to}) => to).filter((to) => given.has(to))).size;
}

/** Tries every two of the destinations, not every two of the copies. */
function hasTwoGoodCopies(file: FileEvidence, evidence: Evidence, waivers: Waivers): boolean {
  const good = evidence.destinations.filter(
    (place) => isGoodPlace(place, evidence, waivers) && isWellRead(file, place.to, waivers),
  );
  return good.some((one) =>
    good.some(
      (two) => one.to !== two.to && (waivers.sameDrive || areApart(one.drives, two.drives)),
    ),
  );
}

function isGoodPlace(place: DestinationEvidence, {card}: Evidence, waivers: Waivers): boolean {
  if (place.kind === 'ram') return false;
  const cardMayBeShared = waivers.sameDrive && !card.wholeVolume;
  return cardMayBeShared || areApart(place.drives, card.drives);
}

function isWellRead({copies}: FileEvidence, place: string, waivers: Waivers): boolean {
  const reads = copies.filter(({to}) => to === place).map(({mediumRead}) => mediumRead);
  return waivers.cached ? reads.length > 0 : reads.some((read) => read !== 'cached');
}

function areApart(one: PhysicalDrives, two: PhysicalDrives): boolean {
  if (!one.known || !two.known) return false;
  const all = new Set([...one.ids, ...two.ids]);
  const counted = new Set(one.ids).size + new Set(two.ids).size;
  return one.ids.length > 0 && two.ids.length > 0 && all.size === counted;
}
