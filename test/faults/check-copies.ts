/** Looks at every final name on every destination: what stands there must be the card's, or what stood there before. */
import {join} from 'node:path';
import type {CardTruth} from './card-truth.ts';
import type {FoundFile} from './read-destination.ts';
import type {Violation} from './violation.ts';

/** A card, where it goes, and what is known of that from before. */
export interface Ground {
  readonly truth: CardTruth;
  readonly destinations: readonly string[];
  /** Name of the shoot folder. */
  readonly shoot: string;
  /** Where the card's files belong, below the shoot folder. */
  readonly folder: string;
  /** Files of somebody else, by their absolute paths, with their SHA-256: they stay as they are. */
  readonly strangers: ReadonlyMap<string, string>;
  /** Those among them that were the program's own copies, and were changed on the disk after they were proved. */
  readonly rotten: ReadonlySet<string>;
  /** Offloads that had ended SAFE before that: what their records say was so at its time. */
  readonly past: ReadonlySet<string>;
  /** Files of which the card gave wrong bytes before any hash was taken: nothing but a second reading can tell. */
  readonly misread: ReadonlySet<string>;
  /** Where copies of those lie whose names were changed, absolute. */
  readonly misreadPlaces?: ReadonlySet<string>;
}

/** What lies on each destination. */
export type Found = ReadonlyMap<string, ReadonlyMap<string, FoundFile>>;

/** @returns final names with wrong bytes, and files of others that were changed. */
export function checkCopies(ground: Ground, found: Found): readonly Violation[] {
  const violations: Violation[] = [];
  const {truth, strangers} = ground;
  const contents = new Set([...truth.files.values()].map(({sha256}) => sha256));
  for (const [root, files] of found) {
    for (const file of files.values()) {
      const place = join(root, file.path);
      if (file.kind === 'odd') violations.push({kind: 'wrong-name', what: `${place} is no file`});
      if (file.kind !== 'copy' || strangers.has(place)) continue;
      const meant = meantBy(ground, file.path);
      if (meant !== undefined && ground.misread.has(meant)) continue;
      if (ground.misreadPlaces?.has(place) === true) continue;
      const wanted = meant === undefined ? undefined : truth.files.get(meant)?.sha256;
      if (wanted === undefined ? contents.has(file.sha256) : wanted === file.sha256) continue;
      violations.push({kind: 'wrong-name', what: `${place} holds other bytes than the card`});
    }
  }
  for (const [place, sha256] of strangers) {
    const root = ground.destinations.find((one) => place.startsWith(`${one}/`)) ?? '';
    const now = found.get(root)?.get(place.slice(root.length + 1));
    if (now?.sha256 === sha256) continue;
    violations.push({kind: 'file-lost', what: `${place}, which was there before, was changed`});
  }
  return violations;
}

/** @returns the card's path that a copy has the name of, with or without a number; undefined when the name was changed in another way. */
function meantBy({truth, shoot, folder}: Ground, path: string): string | undefined {
  const base = join(shoot, folder);
  if (!path.startsWith(`${base}/`)) return undefined;
  const below = path.slice(base.length + 1);
  if (truth.files.has(below)) return below;
  const unnumbered = below.replace(/-\d+(?=(?:\.[^./]*)?$)/, '');
  return truth.files.has(unnumbered) ? unnumbered : undefined;
}

/** @returns the files of the card of which no good copy stands under a final name on a destination. */
export function findMissing({truth}: Ground, root: string, found: Found): Set<string> {
  const missing = new Set<string>();
  const standing = new Map<string, number>();
  for (const {kind, sha256} of found.get(root)?.values() ?? []) {
    if (kind === 'copy') standing.set(sha256, (standing.get(sha256) ?? 0) + 1);
  }
  // Two files of one content need two copies.
  for (const [path, {sha256}] of truth.files) {
    const left = standing.get(sha256) ?? 0;
    if (left === 0) missing.add(path);
    else standing.set(sha256, left - 1);
  }
  return missing;
}
