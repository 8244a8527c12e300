import {platform} from 'node:os';
import {toLongPath} from '../core/drive-paths.ts';
import {encodeName, isWellFormedName} from '../core/file-names.ts';

const onWindows = platform() === 'win32';

/** @returns the path in the form that the platform's calls take: bytes where it is not UTF-8, the long form on Windows. */
export function systemPath(path: string): string | Buffer {
  if (onWindows) return toLongPath(path);
  return isWellFormedName(path) ? path : Buffer.from(encodeName(path));
}
