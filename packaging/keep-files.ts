/** Which files of a package go into an archive: those that the program may read on that system, and every licence. */
import type {Target} from './targets.ts';

/** Handed on as they are: their licence wants the source, and it is what lies there. */
const UNCHANGED = /^exiftool-vendored\.(?:pl|exe)$/;

/** For people who write programs, and for compilers. */
const FOR_DEVELOPERS = /\.d\.[cm]?ts$|\.map$/;

/** A licence, its notices, or the list of versions that its source is found by. */
const LEGAL = /^(?:licen[cs]e|copying|notice|third-party|authors|versions\.json)/i;

/**
 * @param name the package.
 * @param path the file, from the package's folder.
 */
export function isKept(name: string, path: string, {os, cpu}: Pick<Target, 'os' | 'cpu'>): boolean {
  if (UNCHANGED.test(name) || LEGAL.test(path)) return true;
  if (FOR_DEVELOPERS.test(path)) return false;
  if (name === '@photostructure/sqlite') {
    // SQLite's own source, and one binary for each system and C library.
    return /^dist\/|^package\.json$/.test(path) || path === sqliteBinary(os, cpu);
  }
  if (name.startsWith('@img/sharp-libvips-')) return !path.includes('/include/');
  return true;
}

/** The package names its binaries for the C library of Linux on every system. */
const sqliteBinary = (os: string, cpu: string) =>
  `prebuilds/${os}-${cpu}/@photostructure+sqlite.glibc.node`;
