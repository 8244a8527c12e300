/** What the generations of a history say of a file, and what the next one says. */
import type {ChainLink} from './chain.ts';
import {MHL_FORMATS, type MhlFormat, type MhlValues} from './formats.ts';
import type {MhlHash} from './manifest-model.ts';
import type {ReadManifest} from './read-manifest.ts';

/** A history as its generations tell it. */
export interface History {
  readonly links: readonly ChainLink[];
  /** The first hash of each format, by path. Only files that have an original one. */
  readonly files: ReadonlyMap<string, MhlValues>;
  /** Of the newest generation. */
  readonly ignore: readonly string[];
}

export const NO_HISTORY: History = {links: [], files: new Map(), ignore: []};

/** @param manifests in the order of their generations. */
export function foldHistory(
  links: readonly ChainLink[],
  manifests: readonly ReadManifest[],
): History {
  const first = new Map<string, Partial<Record<MhlFormat, string>>>();
  const originals = new Set<string>();
  for (const {files} of manifests) {
    for (const {path, hashes} of files) {
      const values = first.get(path) ?? {};
      first.set(path, values);
      for (const {format, value, action} of hashes) {
        // A hash that failed is a hash of other bytes: nothing is compared with it.
        if (action !== undefined && action !== 'failed') values[format] ??= value;
        if (action === 'original') originals.add(path);
      }
    }
  }
  const files = new Map([...first].filter(([path]) => originals.has(path)));
  return {links, files, ignore: manifests.at(-1)?.ignore ?? []};
}

/**
 * Which formats are needed to say something of a file: the chosen one, and one that the history has.
 * @param known the first hashes of the file; undefined when the history does not know it.
 */
export function formatsFor(
  known: MhlValues | undefined,
  chosen: MhlFormat,
): ReadonlySet<MhlFormat> {
  const needed = new Set([chosen]);
  if (known === undefined || known[chosen] !== undefined) return needed;
  const other = MHL_FORMATS.findLast((format) => known[format] !== undefined);
  if (other !== undefined) needed.add(other);
  return needed;
}

/** The format that most files of a history have, of several the one that is read fastest; undefined for a history without files. */
export function mainFormat({files}: History): MhlFormat | undefined {
  const counts = new Map<MhlFormat, number>();
  for (const values of files.values()) {
    for (const format of MHL_FORMATS) {
      if (values[format] !== undefined) counts.set(format, (counts.get(format) ?? 0) + 1);
    }
  }
  const most = Math.max(0, ...counts.values());
  return most === 0 ? undefined : MHL_FORMATS.findLast((format) => counts.get(format) === most);
}

interface Weighing {
  readonly known: MhlValues | undefined;
  readonly values: MhlValues;
  readonly chosen: MhlFormat;
  readonly at: string;
}

/**
 * Compares a file's hashes with the first ones of the history. A format that is new to the file is `verified` only beside one that matched; beside one that failed it is left out, because the next reader
 * would take it for the file's.
 * @returns the entry's hashes; one of them is `failed` when the bytes are not those of the history.
 * @throws when a needed value is missing ({@link formatsFor}).
 */
export function weighFile({known, values, chosen, at}: Weighing): readonly MhlHash[] {
  const take = (format: MhlFormat, action: MhlHash['action']): MhlHash => {
    const value = values[format];
    if (value === undefined) throw new Error(`the ${format} of a file is not known`);
    return {format, value, action, at};
  };
  if (known === undefined) return [take(chosen, 'original')];
  const compared = [...formatsFor(known, chosen)]
    .filter((format) => known[format] !== undefined)
    .map((format) => take(format, known[format] === values[format] ? 'verified' : 'failed'));
  if (compared.some(({action}) => action === 'failed')) return compared;
  const isNew = known[chosen] === undefined;
  return isNew ? [...compared, take(chosen, 'verified')] : compared;
}
