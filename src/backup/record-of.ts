import type {FileTimes, MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreeFile, TreePath} from '../core/backup/mirror-tree.ts';
import type {MediumRead} from '../core/drive.ts';
import type {MirrorRun} from './mirror-run.ts';

interface Made {
  readonly hash: string;
  readonly source: FileTimes;
  readonly copy: FileTimes;
  readonly mediumRead: MediumRead;
}

/** @returns the record of a copy that was proved now. */
export function recordOf(
  {setting: {clock}}: MirrorRun,
  {
    file: {path, size},
    target,
    made: {hash, source, copy, mediumRead},
  }: {readonly file: TreeFile; readonly target: TreePath; readonly made: Made},
): MirrorRecord {
  const provedAt = clock.now().toISOString();
  return {path, target, size, hash, source, copy, provedAt, mediumRead};
}
