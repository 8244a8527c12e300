/** Files whose source is gone go to the archive, and folders that nothing is left in are removed. */
import {join} from 'node:path';
import {judgeDeletions} from '../core/backup/judge-deletions.ts';
import type {MirrorPlan, MirrorStep} from '../core/backup/mirror-plan.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {folderOf} from '../core/backup/walk-order.ts';
import {type Cause, causeFrom, errnoOf} from '../core/cause.ts';
import type {Selection} from '../core/selection/choice.ts';
import type {Files} from '../system/files.ts';
import {archiveFile} from './archive.ts';
import type {MirrorRun} from './mirror-run.ts';
import {failStep, stateLost} from './tell-faults.ts';
import {findEmptied, mayBeThere} from './unmounted-folders.ts';

export type VanishStep = Extract<MirrorStep, {kind: 'vanish'}>;

interface Vanishing {
  readonly files: Files;
  /** Absolute. */
  readonly source: string;
  readonly plan: MirrorPlan;
  readonly selection?: Pick<Selection, 'isOut'> | null;
  /** False when records are missing: what is known of the target may be half of it. */
  readonly archives: boolean;
  readonly acceptDeletions: boolean;
  readonly mostDeletions: number | undefined;
}

/** @returns true when somebody said yes to so many. What was shown to nobody is not accepted. */
export const isAccepted = (
  {acceptDeletions, mostDeletions}: Pick<Vanishing, 'acceptDeletions' | 'mostDeletions'>,
  count: number,
): boolean => acceptDeletions && count <= (mostDeletions ?? count);

/** @returns why the copies of vanished files stay; null when they may go. A yes to deletions is a yes to what the source shows: it is none to what it could not show. */
export async function judgeVanishing(
  about: Vanishing,
  steps: readonly VanishStep[],
): Promise<Cause | null> {
  const {files, source, plan, selection} = about;
  const vanishing = steps.filter(({standing}) => standing !== null);
  if (vanishing.length === 0) return null;
  if (!about.archives) return stateLost('');
  if (plan.unreadable.length > 0) return sourceUnreadable(vanishing.length);
  if (isAccepted(about, vanishing.length)) return null;
  const unchosen = vanishing.filter(({record}) => selection?.isOut(record.path)).length;
  const vanished = {records: plan.records, vanishing: vanishing.length, unchosen};
  const many = judgeDeletions(vanished);
  if (many !== null) return many;
  const records = vanishing.map(({record}) => record);
  try {
    const emptied = await findEmptied({files, source}, records);
    return emptied === undefined ? null : sourceEmptied(emptied, vanishing.length);
  } catch (error) {
    return causeFrom(error, 'looking for what is gone from the source', source);
  }
}

/** Their names and records are made durable together. */
const FILES_AT_ONCE = 64;

export async function dropFiles(run: MirrorRun, steps: readonly VanishStep[]): Promise<void> {
  for (let at = 0; at < steps.length && !run.isOver; at += FILES_AT_ONCE) {
    const group = steps.slice(at, at + FILES_AT_ONCE);
    const dropped = await Promise.allSettled(group.map((step) => dropFile(run, step)));
    for (const one of dropped) if (one.status === 'rejected') throw one.reason;
  }
}

async function dropFile(run: MirrorRun, {record, standing}: VanishStep): Promise<void> {
  const {files, target: root, rules, run: id, hands, tally} = run.setting;
  if (run.isOver || !(await isGone(run, record.path))) return;
  if (standing === null) {
    await run.drop(record.path);
    return;
  }
  const moved = await archiveFile({files, root, rules, run: id, hands}, standing);
  if (!moved.ok) {
    const {path, size} = record;
    const file = {path, size, mtimeNs: record.source.mtimeNs, changedNs: record.source.changedNs};
    await failStep(run, {file, target: record.target, action: 'archive'}, moved.cause);
    return;
  }
  if (!(await run.drop(record.path))) return;
  tally.tell({action: 'archive', path: record.path, target: moved.value, size: standing.size});
}

/** Nothing wants it any more. The source is looked at once more: between its listing and now it may have come back, or have been pulled out. */
async function isGone(run: MirrorRun, path: TreePath): Promise<boolean> {
  const {files, source, guard, tally, selection} = run.setting;
  const place = join(source, path);
  try {
    // If it came back, the next run keeps it. What a rule left out is still there.
    const isOut = selection?.isOut(path) === true;
    if (!isOut && (await mayBeThere({files, source}, path))) return false;
  } catch (error) {
    const cause = causeFrom(error, 'looking for it on the source', place);
    const lost = await run.findSourceLoss();
    if (lost !== undefined) run.lose(lost);
    else tally.fail({action: 'archive', path, size: 0, cause});
    return false;
  }
  // An unmounted source has no file either.
  const guarded = await guard();
  if (!guarded.ok) run.lose(guarded.cause);
  return guarded.ok;
}

/** Errors of rmdir(2) that say "not empty" or "not there", not that something is wrong. */
const NOT_NOW = new Set(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EBUSY']);

/** @param folders as target paths, deepest first. */
export async function removeEmptied(run: MirrorRun, folders: readonly TreePath[]): Promise<void> {
  const {files, target: root, hands, tally} = run.setting;
  for (const folder of folders) {
    if (run.isOver) return;
    const path = join(root, folder);
    try {
      await hands.sweep(folder);
      await files.removeFolder(path);
      await hands.flushFolder(folderOf(folder));
    } catch (error) {
      if (NOT_NOW.has(errnoOf(error) ?? '')) continue;
      const lost = await hands.findLoss(error);
      if (lost !== undefined) run.lose(lost);
      else tally.warn(causeFrom(error, 'removing an empty folder', path));
    }
  }
}

/** @returns why deletions wait though they are few: a file that was moved may lie where the source could not be listed. */
const sourceUnreadable = (count: number): Cause => ({
  code: 'source-unreadable',
  message: `parts of the source could not be listed, so ${count} copies whose files are gone stay where they are`,
  next: 'Look at what could not be read, then run the same job again. What nobody may read can be left out: offload backup edit, --leave-out.',
});

const sourceEmptied = (folder: string, count: number): Cause => ({
  code: 'source-emptied',
  path: folder,
  message: `a folder of the source is empty, and nothing was taken out of it since its files were copied: a drive that was mounted there is away, so ${count} copies whose files are gone stay where they are`,
  next: 'Plug that drive in. If the files were deleted on purpose, run the job again with --accept-deletions.',
});
