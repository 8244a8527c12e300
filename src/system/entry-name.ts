import {sep} from 'node:path';

/** False for what a broken file system may give as a name in a folder and that leads out of it: it is not to be looked at. */
export function isEntryName(name: string): boolean {
  return !/^\.{0,2}$|[/\0]/.test(name) && (sep === '/' || !name.includes(sep));
}
