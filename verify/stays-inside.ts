import {dirname, isAbsolute, relative, sep} from 'node:path';
import {errnoOf} from '../src/core/cause.ts';
import type {Files} from '../src/system/files.ts';

/**
 * True when a path that a record names really lies below its shoot folder: a link on the way, or on Windows a backslash in a name, could lead anywhere. A folder that is not there leads
 * nowhere.
 * @param shoot without links, absolute.
 */
export async function staysInside(files: Files, shoot: string, path: string): Promise<boolean> {
  if (!isBelow(shoot, path)) return false;
  try {
    const folder = await files.resolve(dirname(path));
    return folder === shoot || isBelow(shoot, folder);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return true;
  }
}

function isBelow(parent: string, path: string): boolean {
  const way = relative(parent, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
