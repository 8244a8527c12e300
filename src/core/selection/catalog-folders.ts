/**
 * Where folders of a Lightroom catalog lie below the source of a job. A catalog has the paths of the computer that made it: the drive may have another letter here, another mount point, and names in
 * another Unicode form.
 */

/** The source of a job, as it is connected now. Paths have `/` between their parts on every platform. */
export interface SourcePlace {
  /** Absolute. */
  readonly folder: string;
  /** The same below the root of its volume, and below the folder of its marker where that is another one; empty for all of it. */
  readonly below: readonly string[];
  /** What the volume is called: its label, the name in its marker, the last part of its mount point. */
  readonly names: readonly string[];
}

/**
 * How it is known that a folder of a catalog is one of the source. `path`: it has that very path here. `name`: the volume has that name. `letter`: only a letter of Windows is known of its volume,
 * and what follows is the same.
 */
export type Likeness = 'path' | 'name' | 'letter';

export interface LocatedFolder {
  /** Below the source, in the form of {@link foldPath}; empty for the source itself. */
  readonly key: string;
  readonly likeness: Likeness;
}

/** @returns the form in which paths of two computers are compared. */
export const foldPath = (path: string): string => path.normalize('NFC').toLowerCase();

/** @param path of a folder in the catalog: root and what follows, as Lightroom writes it, with `/` at its end. @returns undefined for a folder that is not below the source. */
export function locateFolder(path: string, source: SourcePlace): LocatedFolder | undefined {
  const plain = trimEnd(path.replaceAll('\\', '/'));
  const here = cutBefore(foldPath(plain), foldPath(trimEnd(source.folder)));
  if (here !== undefined) return {key: here, likeness: 'path'};
  const {volume, rest} = splitVolume(plain);
  if (rest === undefined) return undefined;
  const [key] = source.below.flatMap((one) => cutBefore(foldPath(rest), foldPath(one)) ?? []);
  if (key === undefined) return undefined;
  if (volume === null) return {key, likeness: 'letter'};
  // macOS mounts a second volume of one name as `Name 1`.
  const names = [volume, volume.replace(/ \d+$/, '')].map(foldPath);
  return source.names.some((one) => names.includes(foldPath(one)))
    ? {key, likeness: 'name'}
    : undefined;
}

/** Letters of Windows, /Volumes of macOS, /media, /run/media and /mnt of Linux. */
function splitVolume(path: string): {
  /** Null when only a letter is known. */
  readonly volume: string | null;
  readonly rest: string | undefined;
} {
  const letter = /^[A-Za-z]:(?:\/(.*))?$/su.exec(path);
  if (letter !== null) return {volume: null, rest: letter[1] ?? ''};
  const mounted = /^\/(?:Volumes|mnt|(?:run\/)?media\/[^/]+)\/([^/]+)(?:\/(.*))?$/su.exec(path);
  if (mounted === null) return {volume: null, rest: undefined};
  return {volume: mounted[1] ?? '', rest: mounted[2] ?? ''};
}

/** A root of a file system is empty then, as everything below it begins with a slash. */
const trimEnd = (path: string): string => path.replace(/\/+$/, '');

/** @returns what follows the folder; undefined when the path does not lie in it. */
function cutBefore(path: string, folder: string): string | undefined {
  if (path === folder) return '';
  if (folder === '') return path.replace(/^\//, '');
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

const RANKS: readonly Likeness[] = ['path', 'name', 'letter'];

/** @returns the surest way in which any folder was found; where one is, weaker ones say nothing: they are other drives. */
export const surest = (found: Iterable<Likeness>): Likeness | undefined => {
  const seen = new Set(found);
  return RANKS.find((one) => seen.has(one));
};
