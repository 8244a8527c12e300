/** What hinders one file is told with its name and what to do; a source or a target that is gone ends the run. */
import type {TreeFile, TreePath} from '../core/backup/mirror-tree.ts';
import type {Cause} from '../core/cause.ts';
import type {BackupAction} from '../core/events.ts';
import type {SourceTrouble} from './mirror-hands.ts';
import type {MirrorRun} from './mirror-run.ts';

interface Blamed {
  readonly file: TreeFile;
  readonly action: BackupAction;
}

/** What the source does not give changes nothing on the target. */
export async function tellTrouble(
  run: MirrorRun,
  {file, action}: Blamed,
  trouble: SourceTrouble,
): Promise<void> {
  if (trouble.kind === 'stopped') return;
  run.spared.add(file.size);
  const lost = await run.findSourceLoss();
  if (lost !== undefined) run.lose(lost);
  else run.setting.tally.fail({action, path: file.path, size: file.size, cause: trouble.cause});
}

/** Of the target: a failure hits one file, or all of it is gone. */
export async function failStep(
  run: MirrorRun,
  {file, target, action}: Blamed & {readonly target: TreePath},
  cause: Cause,
): Promise<void> {
  const {hands, tally} = run.setting;
  const lost = await hands.findLoss(Object.assign(new Error(cause.message), {code: cause.code}));
  if (lost !== undefined) run.lose(lost);
  else tally.fail({action, path: file.path, target, size: file.size, cause});
}

export function alarm(run: MirrorRun, {path, size}: TreeFile): void {
  run.spared.add(size);
  run.setting.tally.alarm({path, size, cause: rawChanged(path)});
}

export const rawChanged = (path: TreePath): Cause => ({
  code: 'raw-changed',
  path,
  message:
    'a raw file or a film has other bytes than its copy, and such files never change: the copy stays as it is',
  next: 'Open both. If the source is good, run the job again with --accept-changed; if it is damaged, restore it from the copy.',
});

export const targetChanged = (path: TreePath): Cause => ({
  code: 'target-changed',
  path,
  message: 'it changed on the target since it was looked at',
  next: 'Look who writes there, then run the same job again.',
});

export const sameFile = (path: TreePath): Cause => ({
  code: 'same-file',
  path,
  message:
    'the file of the source and the one on the target are one file with two names (a hard link), and no copy',
  next: 'Remove the name on the target, then run the same job again.',
});

export const stateLost = (path: TreePath): Cause => ({
  code: 'state-lost',
  path,
  message:
    'the state of the mirror, or a part of it, was lost, so nothing is replaced or archived in this run',
  next: 'Run the same job again: what is in step is known by then.',
});
