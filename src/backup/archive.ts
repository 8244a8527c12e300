/** What is deleted or replaced moves into the archive of its run, on the same volume: nothing of it is copied, and nothing is lost. */
import {join} from 'node:path';
import {ARCHIVE_FOLDER, type TreeFile, type TreePath} from '../core/backup/mirror-tree.ts';
import {folderOf} from '../core/backup/walk-order.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import {type NamingRules, numberedName} from '../core/safe-names.ts';
import type {Files} from '../system/files.ts';
import type {MirrorHands} from './mirror-hands.ts';

export interface Archive {
  readonly files: Files;
  /** Target folder, absolute. */
  readonly root: string;
  readonly rules: NamingRules;
  /** Id of the run. */
  readonly run: string;
  readonly hands: Pick<MirrorHands, 'makeFolder' | 'flushFolder'>;
}

/** So many files of one name in the archive of one run are no accident any more. */
const MOST_NUMBERS = 100;

/**
 * Moves a file into the archive.
 * @param standing the file as it was looked at: one that changed since stays where it is.
 * @returns where it lies now, below the target folder.
 */
export async function archiveFile(
  {files, root, rules, run, hands}: Archive,
  standing: Pick<TreeFile, 'path' | 'size' | 'mtimeNs'>,
): Promise<Result<TreePath>> {
  const {path} = standing;
  const from = join(root, path);
  try {
    const facts = await files.look(from);
    const isSame =
      facts.kind === 'file' && facts.size === standing.size && facts.mtimeNs === standing.mtimeNs;
    if (!isSame) return failed(changed(from));
    const wanted = `${ARCHIVE_FOLDER}/${run}/${path}`;
    await hands.makeFolder(folderOf(wanted));
    const place = await moveToFreeName(files, {root, from, wanted, rules});
    await hands.flushFolder(folderOf(place));
    await hands.flushFolder(folderOf(path));
    return ok(place);
  } catch (error) {
    return failed(causeFrom(error, 'moving it to the archive', from));
  }
}

async function moveToFreeName(
  files: Files,
  {
    root,
    from,
    wanted,
    rules,
  }: {
    readonly root: string;
    readonly from: string;
    readonly wanted: TreePath;
    readonly rules: NamingRules;
  },
): Promise<TreePath> {
  const cut = wanted.lastIndexOf('/') + 1;
  const name = wanted.slice(cut);
  for (let n = 1; ; n++) {
    const place = n === 1 ? wanted : wanted.slice(0, cut) + numberedName({name, n, rules});
    try {
      await files.publish(from, join(root, place));
      return place;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST' || n === MOST_NUMBERS) throw error;
    }
  }
}

const changed = (path: string): Cause => ({
  code: 'target-changed',
  path,
  message: 'it changed on the target since it was looked at',
  next: 'Look who writes there, then run the same job again.',
});
