/** A folder with the facts of all its entries, by calls that wait: for a thread of its own, never for the one that answers the user. */
import {lstatSync, readdirSync} from 'node:fs';
import {platform} from 'node:os';
import {sep} from 'node:path';
import {errnoOf} from '../core/cause.ts';
import {decodeName} from '../core/file-names.ts';
import {isEntryName} from './entry-name.ts';
import {factsFrom} from './file-facts.ts';
import type {ListedEntry} from './files.ts';
import {systemPath} from './system-path.ts';

const onWindows = platform() === 'win32';

/** What node writes for bytes that are not UTF-8. */
const REPLACED = '\uFFFD';

/** @throws the system's error when the folder cannot be listed. */
export function lookAtFolder(folder: string): readonly ListedEntry[] {
  const start = folder.endsWith(sep) ? folder : folder + sep;
  return readNames(folder).map((name): ListedEntry => {
    if (!isEntryName(name)) return {name, facts: null, errno: 'EINVAL'};
    try {
      const facts = factsFrom(lstatSync(systemPath(start + name), {bigint: true}));
      return {name, facts, errno: null};
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === undefined) throw error;
      return {name, facts: null, errno};
    }
  });
}

/** As text at first, which is faster; as bytes where text cannot hold a name. */
function readNames(folder: string): readonly string[] {
  const names = readdirSync(systemPath(folder));
  if (onWindows || !names.some((name) => name.includes(REPLACED))) return names;
  return readdirSync(systemPath(folder), {encoding: 'buffer'}).map((name) => decodeName(name));
}
