/** Holds every word of SAFE against what lies on the destinations. */
import {type Found, findMissing, type Ground} from './check-copies.ts';
import type {FoundManifest} from './check-records.ts';
import {findLitter} from './read-destination.ts';
import type {Told} from './told.ts';
import type {Violation} from './violation.ts';

/** @returns each way in which the run, or a record that lies there, calls something safe that is not. */
export function checkSafety(
  ground: Ground,
  found: Found,
  {events, end, manifests}: Told & {readonly manifests: readonly FoundManifest[]},
): readonly Violation[] {
  const violations: Violation[] = [];
  const accuse = (what: string) => violations.push({kind: 'false-safe', what});
  const missing = ground.destinations.flatMap((root) =>
    [...findMissing(ground, root, found)].map((path) => `${path} on ${root}`),
  );
  const isWhole = missing.length === 0;
  const fault = `${missing.join(', ')} missing`;
  for (const {root, manifest} of manifests) {
    if (ground.past.has(manifest.offload)) continue;
    if (manifest.verdict.safe && !isWhole) accuse(`the record on ${root} says SAFE: ${fault}`);
  }
  const verdicts = events.filter((event) => event.type === 'verdict');
  const isSafe = verdicts.some(({safe}) => safe);
  if (verdicts.length > 1) accuse('two verdicts on one card');
  if (end !== undefined && (end.exitCode === 0) !== isSafe) {
    accuse(`exit code ${end.exitCode}, and the verdict says ${isSafe ? 'SAFE' : 'NOT SAFE'}`);
  }
  if (!isSafe) return [...violations, ...findBoasts(manifests, {events, end})];
  if (!isWhole) accuse(`the verdict says SAFE: ${fault}`);
  if (ground.destinations.length < 2) accuse('one destination is no two copies');
  for (const root of ground.destinations) {
    if (!manifests.some((one) => one.root === root && one.manifest.verdict.safe)) {
      accuse(`no record on ${root} says SAFE`);
    }
  }
  return violations;
}

/**
 * A run that ended without a SAFE leaves no record of itself that says SAFE. One that was killed or stopped before it wrote its own may find one that was true, and from a drive that went
 * right behind the naming nothing can be taken back: then the run has told so.
 */
function findBoasts(
  manifests: readonly FoundManifest[],
  {events, end}: Told,
): readonly Violation[] {
  const planned = events.find((event) => event.type === 'run-planned');
  if (end?.outcome !== 'complete' || planned === undefined) return [];
  const lost = new Set(
    events.flatMap((event) => (event.type === 'destination-lost' ? [event.to] : [])),
  );
  const told = events.flatMap((event) =>
    event.type === 'noticed' && event.code === 'record-stands' ? [event.path ?? ''] : [],
  );
  return manifests
    .filter(({root}) => !lost.has(root) && !told.some((path) => path.startsWith(`${root}/`)))
    .filter(({manifest}) => manifest.offload === planned.offload && manifest.verdict.safe)
    .map(({root}) => ({
      kind: 'false-safe',
      what: `the record on ${root} says SAFE, the verdict not`,
    }));
}

/** A run that ended SAFE leaves nothing but copies and records. @param told absolute paths that an earlier run said it could not clear. */
export function checkTidy(found: Found, told: readonly string[]): readonly Violation[] {
  const isTold = (place: string) =>
    told.some((path) => place === path || place.startsWith(`${path}/`));
  return [...found].flatMap(([root, files]) =>
    findLitter(files)
      .map((path) => `${root}/${path}`)
      .filter((place) => !isTold(place))
      .map((place): Violation => ({kind: 'litter', what: `${place} is left`})),
  );
}
