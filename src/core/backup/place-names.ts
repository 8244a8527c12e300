/** Names on the target for what the source has in one folder: stable from run to run, none of them taken from anybody. */
import {foldName, type NamingRules, numberedName, safeName} from '../safe-names.ts';

export type StandingKind = 'file' | 'folder' | 'other';

interface Standing {
  readonly name: string;
  readonly kind: StandingKind;
}

export interface NamesInFolder {
  readonly rules: NamingRules;
  /** Folders and files of the source that have no name on the target yet, each sorted by code units. */
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** Names on the target that belong to others. */
  readonly taken: Iterable<string>;
  /** What lies in the folder on the target; `other` is what no file and no folder of the source may become. */
  readonly standing: Iterable<Standing>;
}

export interface PlacedNames {
  /** Names on the target by the names of the source. */
  readonly folders: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, string>;
}

interface Wanted {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly wanted: string;
  readonly key: string;
}

/**
 * Gives every new name of a folder its name on the target. A name that the target can hold stays; what stands there already under that very name keeps it, then the first by code
 * units, folders before files; the others get a number. What stands under a name and is of the same kind becomes its copy (the bytes decide later); of another kind, it keeps the name to itself.
 */
export function placeNames({rules, folders, files, taken, standing}: NamesInFolder): PlacedNames {
  const placed = {folders: new Map<string, string>(), files: new Map<string, string>()};
  const keyOf = (name: string) => foldName(name, rules);
  const want =
    (kind: Wanted['kind']) =>
    (name: string): Wanted => {
      const wanted = safeName(name, rules);
      return {name, kind, wanted, key: keyOf(wanted)};
    };
  const wishes = [...folders.map(want('folder')), ...files.map(want('file'))];
  const claimed = new Set(Array.from(taken, keyOf));
  const wantedKeys = new Set(wishes.map(({key}) => key));
  const there = new Map<string, Standing>();
  const byKey = new Map<string, Standing>();
  for (const one of standing) {
    there.set(one.name, one);
    const key = keyOf(one.name);
    if (!byKey.has(key)) byKey.set(key, one);
  }
  const claim = ({name, kind}: Wanted, target: string, key: string): true => {
    claimed.add(key);
    placed[kind === 'file' ? 'files' : 'folders'].set(name, target);
    return true;
  };
  const claimExact = (wish: Wanted) =>
    !claimed.has(wish.key) &&
    there.get(wish.wanted)?.kind === wish.kind &&
    claim(wish, wish.wanted, wish.key);
  const claimFree = (wish: Wanted) => {
    if (claimed.has(wish.key)) return false;
    const one = byKey.get(wish.key);
    if (one === undefined) return claim(wish, wish.wanted, wish.key);
    return one.kind === wish.kind && claim(wish, one.name, wish.key);
  };
  const claimNumber = (wish: Wanted) => {
    for (let n = 2; ; n += 1) {
      const target = numberedName({name: wish.name, n, rules});
      const key = keyOf(target);
      if (claimed.has(key) || wantedKeys.has(key)) continue;
      const one = byKey.get(key);
      // A numbered name that stands there was given by a run that died before it could write that down.
      if (one === undefined) return claim(wish, target, key);
      if (one.kind === wish.kind) return claim(wish, one.name, key);
    }
  };
  const rest = wishes.filter((wish) => !claimExact(wish)).filter((wish) => !claimFree(wish));
  for (const wish of rest) claimNumber(wish);
  return placed;
}
