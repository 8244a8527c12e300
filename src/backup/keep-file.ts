/** What is done with one file of the source. */
import {join} from 'node:path';
import {neverChanges} from '../core/backup/keep-kinds.ts';
import type {MirrorStep} from '../core/backup/mirror-plan.ts';
import type {TreeFile, TreePath} from '../core/backup/mirror-tree.ts';
import {errnoOf} from '../core/cause.ts';
import type {BackupAction} from '../core/events.ts';
import {unreachable} from '../core/unreachable.ts';
import type {FileFacts} from '../system/files.ts';
import type {SourceHash} from './mirror-hands.ts';
import type {MirrorRun} from './mirror-run.ts';
import {moveFile} from './move-file.ts';
import {recordOf} from './record-of.ts';
import {alarm, failStep, sameFile, targetChanged, tellTrouble} from './tell-faults.ts';
import {writeFile} from './write-file.ts';

export type KeepStep = Exclude<MirrorStep, {kind: 'vanish'}>;

/** A file of the source, and what stands in its way on the target without being known: it is replaced when all are known. */
export interface Stranger {
  readonly file: TreeFile;
  readonly target: TreePath;
  readonly standing: TreeFile;
}

export interface Keeping {
  readonly run: MirrorRun;
  /** Files of the target that no record knows and that are other ones. */
  readonly strangers: Stranger[];
  /** The next file may be read. */
  readonly free: () => void;
}

/** Brings one file of the target in step, and tells what came of it. */
export async function keepFile(keeping: Keeping, step: KeepStep): Promise<void> {
  const {run} = keeping;
  run.setting.tally.start(step.file);
  switch (step.kind) {
    case 'copy': {
      const wanted = {file: step.file, target: step.target};
      if (step.vanished.length > 0 && (await moveFile(run, step, keeping.free)) === 'done') return;
      await writeFile(keeping, {...wanted, record: null, standing: null, sourceChanged: true});
      return;
    }
    case 'adopt': {
      const {file, target, standing} = step;
      const found = await compareBytes(keeping, {file, target, standing, action: 'adopt'});
      if (found !== 'other') return;
      // What camera and mirror both call by one name and one size is no other picture: one of the two is damaged.
      if (neverChanges(file.path) && !run.setting.acceptChanges) alarm(run, file);
      else keeping.strangers.push({file, target, standing});
      return;
    }
    case 'check':
      return await checkFile(keeping, step);
    case 'replace':
      return await replaceFile(keeping, step);
    default:
      return unreachable(step);
  }
}

/** Other times and the same bytes: nothing is copied. */
async function checkFile(
  keeping: Keeping,
  {file, record, standing}: Extract<KeepStep, {kind: 'check'}>,
): Promise<void> {
  const {run} = keeping;
  const {target} = record;
  const reading = await run.setting.hands.hashSource(file);
  keeping.free();
  if (reading.kind !== 'read') return await tellTrouble(run, {file, action: 'retime'}, reading);
  const writing = {file, target, record, standing};
  if (reading.hash !== record.hash) {
    if (neverChanges(file.path) && !run.setting.acceptChanges) return alarm(run, file);
    return await writeFile(keeping, {...writing, sourceChanged: true});
  }
  if (standing !== null && standing.size === record.size) {
    if (standing.mtimeNs === record.copy.mtimeNs) {
      if (!(await run.put({...record, source: reading.times}))) return;
      run.setting.tally.tell({action: 'retime', path: file.path, target, size: file.size});
      return;
    }
    // Its times changed, by a clock or by a hand: its bytes tell.
    const comparing = {file, target, standing, action: 'retime'} as const;
    if ((await compareCopy(run, comparing, reading)) === 'done') return;
  }
  await writeFile(keeping, {...writing, sourceChanged: false});
}

async function replaceFile(
  keeping: Keeping,
  {file, target, record, standing, sourceChanged}: Extract<KeepStep, {kind: 'replace'}>,
): Promise<void> {
  const {run} = keeping;
  const isFixed = neverChanges(file.path) && !run.setting.acceptChanges;
  if (record !== null && sourceChanged && isFixed) return alarm(run, file);
  if (standing !== null && standing.size === file.size) {
    // It may be the copy all the same: of a run that died before it could say so, or touched by somebody.
    const found = await compareBytes(keeping, {file, target, standing, action: 'adopt'});
    if (found !== 'other') return;
  }
  if (record === null && standing !== null) {
    // Nothing says which of the two is whole.
    if (isFixed) alarm(run, file);
    else keeping.strangers.push({file, target, standing});
  } else await writeFile(keeping, {file, target, record, standing, sourceChanged});
}

interface Comparing extends Stranger {
  readonly action: BackupAction;
}

/** @returns `other` when the file that stands there has other bytes; nothing is told then. */
async function compareBytes(
  {run, free}: Keeping,
  {file, target, standing, action}: Comparing,
): Promise<'other' | 'done'> {
  const reading = await run.setting.hands.hashSource(file);
  free();
  if (reading.kind === 'read')
    return await compareCopy(run, {file, target, standing, action}, reading);
  await tellTrouble(run, {file, action}, reading);
  return 'done';
}

async function compareCopy(
  run: MirrorRun,
  {file, target, standing, action}: Comparing,
  reading: Extract<SourceHash, {kind: 'read'}>,
): Promise<'other' | 'done'> {
  const {hands, files, target: root, tally} = run.setting;
  const {path} = standing;
  const copy = await hands.readBack(path);
  if (!copy.ok) {
    if (copy.cause.code !== 'stopped') await failStep(run, {file, target, action}, copy.cause);
    return 'done';
  }
  const {hash, size, mediumRead} = copy.value;
  if (hash !== reading.hash || size !== file.size) return 'other';
  let facts: Awaited<ReturnType<typeof files.look>>;
  try {
    facts = await files.look(join(root, path));
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    await failStep(run, {file, target, action}, targetChanged(path));
    return 'done';
  }
  if (facts.size !== standing.size || facts.mtimeNs !== standing.mtimeNs) {
    await failStep(run, {file, target, action}, targetChanged(path));
    return 'done';
  }
  if (await isSourceItself(run, file, facts)) {
    tally.fail({action, path: file.path, target, size: file.size, cause: sameFile(path)});
    return 'done';
  }
  const {mtimeNs, changedNs} = facts;
  const made = {hash, source: reading.times, copy: {mtimeNs, changedNs}, mediumRead};
  if (!(await run.put(recordOf(run, {file, target: path, made})))) return 'done';
  tally.tell({action, path: file.path, target: path, size: file.size});
  return 'done';
}

/** Two names of one file are one file: what spoils the one spoils the other. */
async function isSourceItself(
  {setting: {files, source}}: MirrorRun,
  {path}: TreeFile,
  copy: FileFacts,
): Promise<boolean> {
  if (copy.inode === 0n) return false;
  try {
    const {device, inode} = await files.look(join(source, path));
    return device === copy.device && inode === copy.inode;
  } catch (error) {
    // It was read a moment ago, and is looked at again by the next run.
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}
