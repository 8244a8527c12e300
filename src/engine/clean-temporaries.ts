import {join} from 'node:path';
import {causeFrom, errnoOf} from '../core/cause.ts';
import type {Emit} from '../core/events.ts';
import type {Files} from '../system/files.ts';
import type {Lane} from './lane.ts';

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
    for (const name of await namesIn(files, lane.absolute(folder))) {
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

async function namesIn(files: Files, folder: string): Promise<readonly string[]> {
  try {
    return await files.list(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
