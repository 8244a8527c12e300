/** Does what a plan says: folders, copies and moves, replacements, deletions, the purge of the archive. */
import {judgeReplacements, judgeSource} from '../core/backup/judge-deletions.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {type Cause, causeFrom} from '../core/cause.ts';
import type {BackupFinished} from '../core/events.ts';
import {formatBytes} from '../core/format-amounts.ts';
import {deservesWarning} from '../core/leave-out.ts';
import {dropFiles, isAccepted, judgeVanishing, removeEmptied} from './drop-files.ts';
import {type KeepStep, keepFile, type Stranger} from './keep-file.ts';
import {MirrorFlow} from './mirror-flow.ts';
import {MirrorRun, type MirrorSetting} from './mirror-run.ts';
import {findDue, type Purge, removeArchive} from './purge.ts';
import {stateLost} from './tell-faults.ts';
import {writeFile} from './write-file.ts';

export interface MirrorEnd {
  readonly result: BackupFinished['result'];
  /** Why it is not good. */
  readonly cause: Cause | undefined;
  /** Source or target is gone: nothing more can be written. */
  readonly isLost?: boolean;
}

/** Runs a mirror to its end. The state is to be concluded by the caller, unless it was refused or the target is gone. */
export async function runMirror(setting: MirrorSetting): Promise<MirrorEnd> {
  const {plan, guard, tally} = setting;
  const empty = judgeSource({files: plan.files, records: plan.records});
  if (empty !== null) return {result: 'refused', cause: empty};
  const guarded = await guard();
  if (!guarded.ok) return {result: 'refused', cause: guarded.cause};
  const run = new MirrorRun(setting);
  tellListing(setting);
  await purgeDue(run);
  const keeps = plan.steps.filter((step): step is KeepStep => step.kind !== 'vanish');
  const bytes = keeps.reduce((sum, {file}) => sum + file.size, 0);
  tally.begin({steps: plan.steps.length, bytes});
  tally.enter('copy');
  await sweepUnfinished(run);
  await makeFolders(run, plan.folders);
  const strangers: Stranger[] = [];
  await keepAll(run, keeps, strangers);
  tally.enter('archive');
  const heldStrangers = await replaceStrangers(run, strangers);
  const heldDeletions = await dropVanished(run);
  if (!run.isOver) await removeEmptied(run, plan.emptied);
  tally.enter('seal');
  return judgeEnd(run, [heldStrangers, heldDeletions]);
}

/** What the listing could not see, or left out though somebody may have meant it. */
export function tellListing({plan, tally}: Pick<MirrorSetting, 'plan' | 'tally'>): void {
  for (const cause of plan.unreadable) tally.warn(cause, {fails: true});
  for (const {path, rule} of plan.leftOut) {
    if (rule !== 'link' && rule !== 'special') continue;
    if (deservesWarning(rule)) tally.warn(leftOut(path, rule));
  }
}

const leftOut = (path: TreePath, rule: 'link' | 'special'): Cause => ({
  code: 'left-out',
  path,
  message: `it is a ${rule === 'link' ? 'link' : 'special file'} and is not backed up`,
  next: 'If it is to be kept, put the file itself there.',
});

/** Where nothing is copied any more nobody else would. */
async function sweepUnfinished(run: MirrorRun): Promise<void> {
  const {hands, plan, tally} = run.setting;
  for (const folder of plan.unfinished) {
    if (run.isOver) return;
    try {
      await hands.sweep(folder);
    } catch (error) {
      const cause = causeFrom(error, 'removing what an earlier run left', folder);
      const lost = await hands.findLoss(error);
      if (lost !== undefined) run.lose(lost);
      else tally.warn(cause);
    }
  }
}

async function makeFolders(run: MirrorRun, folders: readonly TreePath[]): Promise<void> {
  const {hands, tally} = run.setting;
  for (const folder of folders) {
    if (run.isOver) return;
    try {
      await hands.makeFolder(folder);
    } catch (error) {
      const cause = causeFrom(error, 'making a folder', folder);
      const lost = await hands.findLoss(error);
      if (lost !== undefined) run.lose(lost);
      else tally.warn(cause, {fails: true});
    }
  }
}

async function keepAll(
  run: MirrorRun,
  steps: readonly KeepStep[],
  strangers: Stranger[],
): Promise<void> {
  const {hands, plan, tally} = run.setting;
  const flow = new MirrorFlow(hands, plan);
  for (const step of steps) {
    if (run.isOver || flow.isBroken) break;
    await flow.add(async (free) => {
      if (run.isOver || flow.isBroken) return;
      await keepFile({run, strangers, free}, step);
      tally.finishStep();
    });
  }
  await flow.drain();
}

/** Files that nobody recorded are replaced when all of them are known: many of them look like a wrong folder. */
async function replaceStrangers(
  run: MirrorRun,
  strangers: readonly Stranger[],
): Promise<Cause | null> {
  const {hands, plan, tally, archives} = run.setting;
  if (strangers.length === 0) return null;
  const held = archives
    ? judgeReplacements({files: plan.files, replacing: strangers.length})
    : stateLost('');
  if (held !== null && !(archives && isAccepted(run.setting, strangers.length))) {
    for (const {file, target} of strangers)
      tally.tell({action: 'hold', path: file.path, target, size: file.size, cause: held});
    return held;
  }
  const flow = new MirrorFlow(hands, plan);
  for (const stranger of strangers) {
    if (run.isOver || flow.isBroken) break;
    await flow.add(async (free) => {
      if (run.isOver || flow.isBroken) return;
      await writeFile({run, free}, {...stranger, record: null, sourceChanged: true});
    });
  }
  await flow.drain();
  return null;
}

async function dropVanished(run: MirrorRun): Promise<Cause | null> {
  if (run.isOver) return null;
  const left = [...run.vanished.values()].filter(({record}) => !run.spared.has(record.size));
  const held = await judgeVanishing(run.setting, left);
  if (held !== null) {
    run.setting.tally.hold(left.filter(({standing}) => standing !== null).length);
    return held;
  }
  await dropFiles(run, left);
  return null;
}

async function purgeDue(run: MirrorRun): Promise<void> {
  const {setting} = run;
  const {tally, hands} = setting;
  const purge = purgeOf(setting);
  const {due, problem} = await findDue(purge);
  if (problem !== undefined) tally.warn(problem);
  if (due.length > 0) tally.enter('purge');
  for (const place of due) {
    if (run.isOver) return;
    const removed = await removeArchive(purge, place);
    if (removed.ok) {
      tally.tell({action: 'purge', path: place, size: removed.value});
      continue;
    }
    if (setting.signal.aborted) return;
    const {code, message} = removed.cause;
    const lost = await hands.findLoss(Object.assign(new Error(message), {code}));
    if (lost !== undefined) run.lose(lost);
    else tally.warn(removed.cause);
  }
}

export const purgeOf = (
  setting: Pick<
    MirrorSetting,
    'files' | 'target' | 'targetDevice' | 'clock' | 'newestRun' | 'graceDays' | 'signal'
  >,
): Purge => ({
  files: setting.files,
  root: setting.target,
  device: setting.targetDevice,
  nowMs: setting.clock.now().getTime(),
  newestRun: setting.newestRun,
  graceDays: setting.graceDays,
  signal: setting.signal,
});

function judgeEnd(run: MirrorRun, held: readonly (Cause | null)[]): MirrorEnd {
  const {tally, signal} = run.setting;
  const {counts, missing, firstFailure} = tally;
  const waits = held.find((cause) => cause !== null) ?? undefined;
  if (run.gone !== undefined) return {result: 'incomplete', cause: run.gone, isLost: true};
  if (signal.aborted) return {result: 'stopped', cause: undefined};
  if (missing > 0) return {result: 'incomplete', cause: targetFull(missing)};
  if (counts.failed > 0 || counts.alarms > 0)
    return {result: 'incomplete', cause: firstFailure ?? waits};
  return waits === undefined
    ? {result: 'good', cause: undefined}
    : {result: waits.code === 'state-lost' ? 'incomplete' : 'waiting', cause: waits};
}

const targetFull = (bytes: number): Cause => ({
  code: 'target-full',
  message: `the target is full: ${formatBytes(bytes)} did not fit`,
  next: `Free ${formatBytes(bytes)} there or take a larger drive, then run the same job again. What went to the archive stays there until its days are over.`,
});
