import {pathToFileURL} from 'node:url';

/** @returns how SQLite opens a file without locks and without a log (sqlite.org/uri.html, "immutable"). Only for what nobody has open. */
export function withoutLocks(path: string): string {
  const url = pathToFileURL(path);
  url.search = 'immutable=1';
  return url.href;
}
