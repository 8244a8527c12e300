/** What the catalog remembers of connected drives: where to look, and never evidence. Whatever it names is read before it counts. */
import {join} from 'node:path';
import type {ListedCopy} from '../../catalog/list-copies.ts';
import type {Cause} from '../../core/cause.ts';
import {isInside, type PathPlatform} from '../../core/drive-paths.ts';
import {findMarker} from '../../system/volume-marker.ts';
import type {Program} from '../program.ts';
import {chooseReadMethod} from '../read-method.ts';
import {findConnected} from '../volumes/find-connected.ts';
import {type KnownRoot, mediumOf} from './collect-copies.ts';

export interface Recalled<T> {
  readonly found: T;
  /** Why the catalog cannot be asked, or that a damaged one was set aside; undefined when all is well with it. */
  readonly trouble: Cause | undefined;
}

/**
 * Finds folders that carry offload's marker where no list of volumes shows it: on a computer's own disk the marker lies in the destination.
 * @returns their absolute paths.
 */
export async function recallFolders(program: Program): Promise<readonly string[]> {
  const catalog = await program.openCatalog();
  const shoots = catalog.ok ? await catalog.value.listShoots() : catalog;
  // That the catalog does not answer is told when it is asked for the copies.
  if (!shoots.ok) return [];
  const paths = shoots.value.flatMap(({volumes}) => volumes.map(({path}) => path));
  return (await findConnected(program, paths)).map(({folder}) => folder);
}

/**
 * Adds the places that the catalog knows of files of some sizes to the drives that are connected now. A drive that is mounted elsewhere than it was then is known by its marker.
 * @param sizes bytes; files of other sizes are not asked for.
 */
export async function recallCopies(
  program: Program,
  roots: readonly KnownRoot[],
  sizes: ReadonlySet<number>,
): Promise<Recalled<readonly KnownRoot[]>> {
  const catalog = await program.openCatalog();
  const listed = catalog.ok
    ? await catalog.value.listCopies({
        timeZone: program.timeZone,
        wants: ({size}) => sizes.has(size),
        among: {sizes},
      })
    : catalog;
  if (!listed.ok) return {found: roots, trouble: listed.cause};
  const found: KnownRoot[] = [];
  for (const root of roots) found.push(await addRecalled(program, root, listed.value));
  return {found, trouble: (catalog.ok ? catalog.value.notice : null) ?? undefined};
}

async function addRecalled(
  program: Program,
  root: KnownRoot,
  listed: readonly ListedCopy[],
): Promise<KnownRoot> {
  const {folder} = root;
  const marked = await findMarker(program.files, folder.real, folder.volume);
  if (marked === undefined) return root;
  const found = new Map<string, Set<string>>();
  const recorded = new Map([...root.copies].map(([hash, places]) => [hash, new Set(places)]));
  const sizes = new Set(root.sizes);
  for (const {file, drive, place} of listed) {
    // A clone has a sign behind the id.
    if (!drive.volume.startsWith(marked.marker.id)) continue;
    const places = placesBelow(folder.real, place, program.pathPlatform);
    const others = places.filter((one) => recorded.get(file.hash)?.has(one) !== true);
    if (others.length === 0) continue;
    const recalled = found.get(file.hash) ?? new Set<string>();
    found.set(file.hash, recalled);
    for (const one of others) recalled.add(one);
    sizes.add(file.size);
  }
  if (found.size === 0) return root;
  const recalled = new Map([...found].map(([hash, places]) => [hash, [...places]]));
  const samples = [...root.copies.values(), ...recalled.values()].flat();
  const method = await chooseReadMethod(program, folder.volume, samples);
  return {...root, ...mediumOf(method), recalled, sizes};
}

/** The shoot folder and a name are at the end of every place: shorter ends of it are none. */
const SHORTEST_END = 2;

/** @returns the place itself where it is below the folder, else below it all ends of the place: `/media/me/W/Day/EOS/A.JPG` may be `Day/EOS/A.JPG` of a drive that is now elsewhere. */
function placesBelow(folder: string, place: string, platform: PathPlatform): readonly string[] {
  if (isInside({parent: folder, child: place, platform}) === 'inside') return [place];
  const isOfWindows = /^(?:[A-Za-z]:[\\/]|\\\\)/.test(place);
  const parts = place.split(isOfWindows ? /[\\/]/ : '/').filter((part) => part !== '');
  if (parts.includes('..')) return [];
  const ends = parts.slice(1, 1 - SHORTEST_END).map((_, index) => parts.slice(index + 1));
  return ends.map((end) => join(folder, ...end));
}
