/** What a remote is made of: those that it wraps, down to the services or folders in which the bytes lie. */
import {parseRemote, type Remote} from './cloud-remote.ts';

/** Where bytes lie in the end. */
export interface RemoteEnd {
  /** As rclone calls it; null where that cannot be seen: it may be anything, also a folder of this computer. */
  readonly type: string | null;
  /** In rclone's configuration. */
  readonly name: string;
  /** Of a folder of this computer, as it was typed; null for anything else, and for a server on it. */
  readonly folder: string | null;
}

export interface RemoteChain {
  /** The outermost first: `crypt`, `b2`. */
  readonly types: readonly string[];
  readonly ends: readonly RemoteEnd[];
}

/** Remotes that only stand in front of others (rclone.org/overview, "virtual" backends). One whose inside is not seen may lie anywhere. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'alias',
  'archive',
  'cache',
  'chunker',
  'combine',
  'compress',
  'crypt',
  'hasher',
  'union',
]);

/** They tell hashes that rclone made on this computer while it uploaded, from notes of its own: the same for bytes that rotted since (rclone.org/hasher, /chunker, /compress; hasher was tried with 1.60.1). */
const REMEMBERS: ReadonlySet<string> = new Set(['cache', 'chunker', 'compress', 'hasher']);

/** @returns true when hashes of such a remote prove nothing. */
export const remembersHashes = (types: readonly string[]): boolean =>
  types.some((type) => REMEMBERS.has(type));

/** The outermost one that is more than another name. */
export const isCryptRemote = (types: readonly string[]): boolean =>
  types.find((type) => type !== 'alias') === 'crypt';

export const endOf = (type: string, {name, path}: Remote): RemoteEnd => ({
  type: WRAPPERS.has(type) ? null : type,
  name,
  folder: type === 'local' ? path : null,
});

/** True when bytes lie, or may lie, on a drive of this computer. */
export const mayBeHere = ({ends}: Pick<RemoteChain, 'ends'>): boolean =>
  ends.length === 0 || ends.some(({type}) => type === null || type === 'local');

/**
 * @param text as the configuration has it: `b2:bucket`, `:sftp,host=x:path`, or a path of this computer. It may hold secrets: of one with options only its type is taken.
 * @returns null for an empty one.
 */
export function readWrapped(text: string): Remote | null {
  if (text === '') return null;
  const parsed = parseRemote(text);
  if (parsed.ok) return parsed.value;
  const flying = /^:([a-z][\w-]*)/.exec(text)?.[1];
  if (flying !== undefined) return {text: '', name: flying, path: '', type: flying};
  // A path without a remote is a folder of this computer.
  const isPath = !/^[^/\\]*:/.test(text) || /^[A-Za-z]:[\\/]/.test(text);
  return isPath ? {text, name: 'local', path: text, type: 'local'} : null;
}

/** @param text of `upstreams`: remotes with blanks between them, in quotes where they hold blanks. Union has a mode behind each, combine a folder in front (rclone.org/union, /combine). */
export function readUpstreams(text: string, type: string): readonly string[] {
  const words = [...text.matchAll(/"((?:[^"]|"")*)"|(\S+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );
  return type === 'combine'
    ? words.map((word) => word.replace(/^[^=]*=/, ''))
    : words.map((word) => word.replace(/:(?:ro|nc|writeback)$/, ''));
}
