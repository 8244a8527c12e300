import {join} from 'node:path';
import {causeFrom} from '../core/cause.ts';
import type {Emit} from '../core/events.ts';
import {RECORD_FOLDER} from '../core/place-files.ts';
import type {Files} from '../system/files.ts';
import {readText} from '../system/read-text.ts';
import type {Lane} from './lane.ts';

/** `lock.stale-…` is a lock that was put aside and judged. */
const PART = /^(?:\.offload-.*\.part|lock\.stale-.*)$/;

interface Cleaning {
  readonly files: Files;
  readonly emit: Emit;
  readonly offload: string;
  /** Folders that may hold temporary files, below the shoot folder. */
  readonly folders: Iterable<string>;
  /** Temporary files that are used again, below the shoot folder. */
  readonly keep: ReadonlySet<string>;
}

/**
 * Removes what an interrupted run of the same offload left under temporary names and what is of no use. Nobody else makes these names, and the shoot folder is locked.
 */
export async function cleanTemporaries(lane: Lane, cleaning: Cleaning): Promise<void> {
  const {files, offload, keep, emit} = cleaning;
  for (const folder of new Set(cleaning.folders)) {
    for (const name of await namesIn(cleaning, lane.absolute(folder))) {
      if (!name.startsWith(`.offload-${offload}-`) || !name.endsWith('.part')) continue;
      const target = folder === '' ? name : `${folder}/${name}`;
      if (keep.has(target)) continue;
      try {
        await files.removeFile(lane.absolute(target));
      } catch (error) {
        const cause = causeFrom(
          error,
          'removing a left-over temporary file',
          join(lane.root, target),
        );
        emit({type: 'noticed', level: 'warning', ...cause});
      }
    }
  }
}

/**
 * Removes from a shoot's record folder what runs that died left there: records, probes and locks that were put aside, and journals that were torn before their first line was
 * whole. To be called by who has just locked the shoot, before anything else is written: then nobody uses them.
 * @throws the system's error.
 */
export async function sweepRecords(files: Files, shoot: string): Promise<void> {
  const folder = join(shoot, RECORD_FOLDER);
  for (const name of await files.list(folder)) {
    const path = join(folder, name);
    if (PART.test(name) || (name.endsWith('.journal') && (await isTorn(files, path)))) {
      await files.removeFile(path);
    }
  }
}

/** A journal of a newer version has a first line, and stays. */
async function isTorn(files: Files, journal: string): Promise<boolean> {
  return !(await readText(files, journal)).includes('\n');
}

async function namesIn({files, emit}: Cleaning, folder: string): Promise<readonly string[]> {
  try {
    return await files.list(folder);
  } catch (error) {
    const cause = causeFrom(error, 'looking for left-over temporary files', folder);
    const isNone = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    if (!isNone) emit({type: 'noticed', level: 'warning', ...cause});
    return [];
  }
}
