/** What is done with one file of the source. */
import {join} from 'node:path';
import {neverChanges} from '../core/backup/keep-kinds.ts';
import type {MirrorStep} from '../core/backup/mirror-plan.ts';
import type {FileTimes, MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreeFile, TreePath} from '../core/backup/mirror-tree.ts';
import {folderOf} from '../core/backup/walk-order.ts';
import {type Cause, causeFrom, errnoOf, ok, type Result} from '../core/cause.ts';
import type {MediumRead} from '../core/drive.ts';
import type {BackupAction} from '../core/events.ts';
import {unreachable} from '../core/unreachable.ts';
import type {FileFacts} from '../system/files.ts';
import {archiveFile} from './archive.ts';
import type {SourceHash, SourceTrouble} from './mirror-hands.ts';
import type {MirrorRun} from './mirror-run.ts';
import {moveFile} from './move-file.ts';

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

export interface Writing {
  readonly file: TreeFile;
  readonly target: TreePath;
  readonly record: MirrorRecord | null;
  readonly standing: TreeFile | null;
  readonly sourceChanged: boolean;
}

/** Copies a file, or patches the old copy; what stands under its name goes to the archive when the new one is proved. */
export async function writeFile(keeping: Keeping, writing: Writing): Promise<void> {
  const {run, free} = keeping;
  const {hands, tally, acceptChanges} = run.setting;
  const {file, target, record, standing, sourceChanged} = writing;
  // The source says that nothing changed: other bytes are damage, and must not become the only copy.
  const isFixed = record !== null && !sourceChanged && neverChanges(file.path) && !acceptChanges;
  const isKnown = record !== null && standing !== null && sourceChanged;
  const archived: {path: TreePath; target: TreePath; size: number}[] = [];
  const outcome = await hands.copy({
    file,
    target,
    expected: isFixed ? record.hash : undefined,
    old: isKnown && !neverChanges(file.path) ? standing.path : undefined,
    onWritten: free,
    makeRoom: async () => {
      const room = await makeRoom(run, writing);
      if (!room.ok) return room;
      if (room.value !== undefined) archived.push(room.value);
      return ok(undefined);
    },
  });
  if (outcome.kind === 'failed' && outcome.lost === undefined) await putBack(run, archived);
  for (const one of archived) tally.tell({action: 'archive', ...one});
  const replaces = archived.length > 0 || (record !== null && standing !== null);
  const action = replaces ? 'replace' : 'copy';
  switch (outcome.kind) {
    case 'made': {
      if (!(await run.put(recordOf(run, {file, target, made: outcome})))) return;
      const done = outcome.patched ? 'patch' : action;
      tally.tell({action: done, path: file.path, target, size: file.size});
      return;
    }
    case 'other-bytes':
      return alarm(run, file);
    case 'failed':
      run.spared.add(file.size);
      if (outcome.lost !== undefined) run.lose(outcome.lost);
      else tally.fail({action, path: file.path, target, size: file.size, cause: outcome.cause});
      return;
    case 'source-failed':
    case 'stopped':
      return await tellTrouble(run, {file, action}, outcome);
    default:
      return unreachable(outcome);
  }
}

/** @returns what went to the archive; undefined when the name is free. */
async function makeRoom(
  run: MirrorRun,
  {target, record, standing}: Writing,
): Promise<Result<{path: TreePath; target: TreePath; size: number} | undefined>> {
  const {files, target: root, rules, run: id, hands, archives} = run.setting;
  let there = standing;
  if (there === null && record !== null) there = await findAltered(run, target);
  if (there === null) return ok(undefined);
  if (!archives) return {ok: false, cause: stateLost(there.path)};
  const guarded = await run.setting.guard();
  if (!guarded.ok) return guarded;
  const moved = await archiveFile({files, root, rules, run: id, hands}, there);
  if (!moved.ok) return moved;
  return ok({path: there.path, target: moved.value, size: there.size});
}

/** The new copy got no name: the old one takes its own again, so that the only good copy does not grow old in the archive. Where that fails it lies there, and is told. */
async function putBack(
  {setting: {files, target: root, hands}}: MirrorRun,
  archived: {path: TreePath; target: TreePath; size: number}[],
): Promise<void> {
  const [one] = archived;
  if (one === undefined) return;
  try {
    await files.publish(join(root, one.target), join(root, one.path));
    archived.length = 0;
    await hands.flushFolder(folderOf(one.path));
  } catch (error) {
    causeFrom(error, 'taking it out of the archive again', one.target);
  }
}

/** A copy that is not as it was recorded stands there still. */
async function findAltered(run: MirrorRun, target: TreePath): Promise<TreeFile | null> {
  const {files, target: root} = run.setting;
  try {
    const {kind, size, mtimeNs, changedNs} = await files.look(join(root, target));
    return kind === 'file' ? {path: target, size, mtimeNs, changedNs} : null;
  } catch (error) {
    // It is gone; anything else is told when the name is given.
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

interface Made {
  readonly hash: string;
  readonly source: FileTimes;
  readonly copy: FileTimes;
  readonly mediumRead: MediumRead;
}

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

const targetChanged = (path: TreePath): Cause => ({
  code: 'target-changed',
  path,
  message: 'it changed on the target since it was looked at',
  next: 'Look who writes there, then run the same job again.',
});

const sameFile = (path: TreePath): Cause => ({
  code: 'same-file',
  path,
  message:
    'the file of the source and the one on the target are one file with two names (a hard link), and no copy',
  next: 'Remove the name on the target, then run the same job again.',
});

export const stateLost = (path: TreePath): Cause => ({
  code: 'state-lost',
  path,
  message: 'the state of the mirror was lost, so nothing is replaced in this run',
  next: 'Run the same job again: what is in step is known by then.',
});
