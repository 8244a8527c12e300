/** Paths of Windows, normal and absolute. */
import {win32} from 'node:path';
import {type Cause, failed, ok, type Result} from './cause.ts';
import {isDeviceName} from './safe-names.ts';

const DRIVE = /^[A-Za-z]:/;
const VOLUME_GUID = /^\\\\\?\\Volume\{[0-9A-Fa-f-]+\}(?=\\|$)/i;
/** A server and a share: the root of a network path. */
const SHARE = /^\\\\[^\\.][^\\]*\\+(?!\.\.?(?:\\|$))[^\\]+/;

/** @param text not empty, without NUL. @param cwd absolute. */
export function parseWindowsPath(text: string, cwd: string): Result<string> {
  const path = dropLongPrefix(text);
  const problem = refusePath(path);
  if (problem !== undefined) return failed({...problem, path: text});
  if (isAbsolute(path)) return ok(normalizeWindowsPath(path));
  const {root, rest} = splitRoot(dropLongPrefix(cwd));
  return ok(joinRoot(root, path.startsWith('\\') ? path : `${rest}\\${path}`));
}

/** Absolute in, absolute and normal out: backslashes, an upper-case letter, no `\\?\`, a backslash at the end of roots only. */
export function normalizeWindowsPath(path: string): string {
  const {root, rest} = splitRoot(dropLongPrefix(path));
  return joinRoot(root, rest);
}

/** `\\?\E:\x` is `E:\x` and `\\?\UNC\server\share` is `\\server\share`; a volume GUID has no other spelling. */
function dropLongPrefix(text: string): string {
  const path = text.replaceAll('/', '\\');
  if (/^\\\\\?\\UNC\\/i.test(path)) return `\\\\${path.slice('\\\\?\\UNC\\'.length)}`;
  return /^\\\\\?\\[A-Za-z]:/.test(path) ? path.slice('\\\\?\\'.length) : path;
}

const isAbsolute = (path: string): boolean =>
  path.startsWith('\\\\') || /^[A-Za-z]:(?:\\|$)/.test(path);

/** The root without a backslash at its end, and what follows it. */
function splitRoot(path: string): {root: string; rest: string} {
  const [root = ''] = VOLUME_GUID.exec(path) ?? SHARE.exec(path) ?? DRIVE.exec(path) ?? [];
  return {root, rest: path.slice(root.length)};
}

function joinRoot(root: string, rest: string): string {
  // The backslash in front keeps `..` from climbing above the root.
  const normal = win32.normalize(`\\${rest.replace(/^\\+/, '')}`).replace(/\\+$/, '');
  const plainRoot = DRIVE.test(root) ? root.toUpperCase() : root.replace(/(?<!^)\\+/g, '\\');
  return normal === '' ? `${plainRoot}\\` : plainRoot + normal;
}

function refusePath(path: string): Cause | undefined {
  if (path.includes('"')) {
    return {
      code: 'path-quote',
      message: 'The path has a double quote in it.',
      next: String.raw`Leave out the backslash before a closing quote: Windows reads "E:\" as E:".`,
    };
  }
  if (/^[A-Za-z]:[^\\]/.test(path)) {
    return {
      code: 'path-drive-relative',
      message:
        'The path means a place below the current folder of that drive, which may be anywhere.',
      next: `Write it from the root of the drive: ${path.slice(0, 2)}\\${path.slice(2)}`,
    };
  }
  if (path.startsWith('\\\\')) {
    if (/^\\\\[.?]\\/.test(path)) return VOLUME_GUID.test(path) ? refuseNames(path) : DEVICE;
    if (!SHARE.test(path)) {
      return {
        code: 'path-share',
        message: 'The network path names no share.',
        next: String.raw`Write it as \\server\share.`,
      };
    }
  }
  return refuseNames(path);
}

const DEVICE: Cause = {
  code: 'path-device',
  message: 'The path names a device, not a folder.',
  next: 'Name a drive or a folder on it.',
};

function refuseNames(path: string): Cause | undefined {
  const names = SHARE.test(path) && !VOLUME_GUID.test(path) ? path : splitRoot(path).rest;
  const [reserved] = /[\x01-\x1F<>:|?*]/.exec(names) ?? [];
  if (reserved !== undefined) {
    return {
      code: 'path-character',
      message: 'The path has a character that no name on Windows can have.',
      next: 'Name the folder without < > : | ? * and control characters.',
    };
  }
  return names.split('\\').some(isDeviceName) ? DEVICE : undefined;
}
