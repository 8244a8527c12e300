/** One copy is written, and what stands under its name makes room for it. */
import {join} from 'node:path';
import {neverChanges} from '../core/backup/keep-kinds.ts';
import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreeFile, TreePath} from '../core/backup/mirror-tree.ts';
import {folderOf} from '../core/backup/walk-order.ts';
import {causeFrom, errnoOf, ok, type Result} from '../core/cause.ts';
import {unreachable} from '../core/unreachable.ts';
import {archiveFile} from './archive.ts';
import type {MirrorRun} from './mirror-run.ts';
import {recordOf} from './record-of.ts';
import {alarm, stateLost, tellTrouble} from './tell-faults.ts';

export interface Writing {
  readonly file: TreeFile;
  readonly target: TreePath;
  readonly record: MirrorRecord | null;
  readonly standing: TreeFile | null;
  readonly sourceChanged: boolean;
}

/** Copies a file, or patches the old copy; what stands under its name goes to the archive when the new one is proved. */
export async function writeFile(
  {run, free}: {readonly run: MirrorRun; readonly free: () => void},
  writing: Writing,
): Promise<void> {
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
