/** Paths of drives and folders as people type them. */
import {posix} from 'node:path';
import {failed, ok, type Result} from './cause.ts';
import {foldCase} from './safe-names.ts';
import {normalizeWindowsPath, parseWindowsPath} from './windows-paths.ts';

export type PathPlatform = 'win32' | 'posix';

/**
 * Makes a typed path absolute and normal: no `.`, no `..`, no slash at the end but that of a root. On `win32` a drive letter alone means
 * the root of that drive (design, section 7), letters are upper case, and the `\\?\` prefix goes, except before a volume GUID, which has
 * no other spelling. `~` is a name here: shells replace it.
 * @param cwd absolute.
 * @returns the path, or a cause whose code starts with `path-`. Nothing is looked up on a disk.
 */
export function parseUserPath({
  text,
  cwd,
  platform,
}: {
  text: string;
  cwd: string;
  platform: PathPlatform;
}): Result<string> {
  if (text === '') {
    return failed({
      code: 'path-empty',
      path: text,
      message: 'The path is empty.',
      next: 'Name a drive or a folder.',
    });
  }
  if (text.includes('\0')) {
    return failed({
      code: 'path-nul',
      path: text,
      message: 'The path has a NUL character in it, which no name can have.',
      next: 'Leave it out.',
    });
  }
  return platform === 'win32' ? parseWindowsPath(text, cwd) : ok(posix.resolve(cwd, text));
}

/**
 * CreateDirectory stops at 248 without the prefix: MAX_PATH (260) less room for an 8.3 name, the NUL at the end included ("Maximum Path
 * Length Limitation", Microsoft Learn).
 */
const LONGEST_PLAIN_PATH = 247;

/**
 * @param path absolute and normal, as {@link parseUserPath} gives it.
 * @returns the path for a call of Windows: with `\\?\` or `\\?\UNC\` when it is longer than 247 UTF-16 units.
 */
export function toLongPath(path: string): string {
  if (path.length <= LONGEST_PLAIN_PATH || path.startsWith('\\\\?\\')) return path;
  if (path.startsWith('\\\\')) return `\\\\?\\UNC\\${path.slice(2)}`;
  return /^[A-Za-z]:\\/.test(path) ? `\\\\?\\${path}` : path;
}

/**
 * Compares two absolute paths by their names alone; links and mounts are not followed. On `win32` without case, and rather inside than
 * outside where Windows might tell two letters apart (`ß` and `ss`).
 */
export function isInside({
  parent,
  child,
  platform,
}: {
  parent: string;
  child: string;
  platform: PathPlatform;
}): 'same' | 'inside' | 'outside' {
  const toKey = platform === 'win32' ? toWindowsKey : toPosixKey;
  const above = toKey(parent);
  const below = toKey(child);
  if (above === below) return 'same';
  return below.startsWith(above) ? 'inside' : 'outside';
}

const toPosixKey = (path: string): string => endWith(posix.normalize(path), '/');
/** Win32 drops dots and blanks at the end of a name: `E:\x.` is `E:\x`. */
const toWindowsKey = (path: string): string =>
  endWith(foldCase(normalizeWindowsPath(path)).replace(/[. ]+(?=\\|$)/g, ''), '\\');

const endWith = (path: string, separator: string): string =>
  path.endsWith(separator) ? path : path + separator;
