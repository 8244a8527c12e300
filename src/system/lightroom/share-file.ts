/** A file of the last snapshot that is in the next one too, without its bytes being written again. */
import {link} from 'node:fs/promises';
import {errnoOf} from '../../core/cause.ts';
import {cloneWith} from '../clone-file.ts';
import type {Files} from '../files.ts';
import {systemPath} from '../system-path.ts';
import type {RunTool} from '../tools.ts';

/** @returns true when the file has a second name now. Both paths are absolute and on one file system. */
export type ShareFile = (from: string, to: string) => Promise<boolean>;

/**
 * A clone where the file system has them (APFS, btrfs, XFS): it stays as it is when somebody writes in the other one. Otherwise a hard link (ext4, NTFS, HFS+). exFAT has neither.
 * What a file system did not do once is not asked of it again.
 */
export function shareWith(run: RunTool, files: Files): ShareFile {
  const clone = cloneWith(run);
  let clones = true;
  let links = true;
  return async (from, to) => {
    if (clones) {
      if (await clone(from, to)) return true;
      clones = false;
      await removeBegun(files, to);
    }
    if (!links) return false;
    try {
      await link(systemPath(from), systemPath(to));
      return true;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      links = false;
      return false;
    }
  };
}

async function removeBegun(files: Files, path: string): Promise<void> {
  try {
    await files.removeFile(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}
