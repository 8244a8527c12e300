/** A file that was moved or renamed on the source is renamed on the target: its bytes are known and proved there. */
import {join} from 'node:path';
import type {MirrorStep} from '../core/backup/mirror-plan.ts';
import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {folderOf} from '../core/backup/walk-order.ts';
import {causeFrom, errnoOf} from '../core/cause.ts';
import type {MirrorRun} from './mirror-run.ts';
import {failStep, tellTrouble} from './tell-faults.ts';

type CopyStep = Extract<MirrorStep, {kind: 'copy'}>;

/**
 * Hashes the source and looks for a vanished file of the same bytes.
 * @param free called when the file is read and need not be read again.
 * @returns `copy` when there is none: then it is copied like any other file.
 */
export async function moveFile(
  run: MirrorRun,
  step: CopyStep,
  free: () => void,
): Promise<'done' | 'copy'> {
  const {file} = step;
  const reading = await run.setting.hands.hashSource(file);
  if (reading.kind !== 'read') {
    await tellTrouble(run, {file, action: 'move'}, reading);
    return 'done';
  }
  for (const {path: old} of step.vanished) {
    const record = takeCandidate(run, old, reading.hash);
    if (record === undefined) continue;
    free();
    const moved = await rename(run, step, record);
    if (moved === 'failed') return 'done';
    if (moved === 'unfit') continue;
    const {mtimeNs, changedNs} = moved.copy;
    const copy = {mtimeNs, changedNs};
    const {path} = file;
    const made = {...record, path, target: moved.target, source: reading.times, copy};
    if (!(await run.put(made)) || !(await run.drop(record.path))) return 'done';
    run.setting.tally.tell({action: 'move', path, target: moved.target, size: file.size});
    return 'done';
  }
  return 'copy';
}

/** No two files get the same one: it is taken in the step in which it is found. One that does not fit is left as it is until the next run. */
function takeCandidate(run: MirrorRun, path: TreePath, hash: string): MirrorRecord | undefined {
  const vanished = run.vanished.get(path);
  if (vanished?.standing == null || vanished.record.hash !== hash) return undefined;
  run.vanished.delete(path);
  return vanished.record;
}

interface Renamed {
  readonly target: TreePath;
  readonly copy: MirrorRecord['copy'];
}

async function rename(
  run: MirrorRun,
  {file, target}: CopyStep,
  record: MirrorRecord,
): Promise<Renamed | 'unfit' | 'failed'> {
  const {files, target: root, hands} = run.setting;
  const from = join(root, record.target);
  const to = join(root, target);
  try {
    const before = await files.look(from);
    const isAsRecorded =
      before.kind === 'file' &&
      before.size === record.size &&
      before.mtimeNs === record.copy.mtimeNs;
    if (!isAsRecorded) return 'unfit';
    await hands.makeFolder(folderOf(target));
    let place = target;
    try {
      await files.publish(from, to);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      // Another spelling of the same name, where capitals do not count: the copy lies there already.
      const there = await files.look(to);
      const isSame = there.inode !== 0n && there.inode === before.inode;
      if (!isSame || there.device !== before.device) return 'unfit';
      place = record.target;
    }
    await hands.flushFolder(folderOf(place));
    await hands.flushFolder(folderOf(record.target));
    return {target: place, copy: await files.look(join(root, place))};
  } catch (error) {
    const cause = causeFrom(error, 'moving it', to);
    await failStep(run, {file, target, action: 'move'}, cause);
    return 'failed';
  }
}
