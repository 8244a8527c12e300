/** Compares the source with what is known: what is open is planned, in the order of the walk. */
import {join} from 'node:path';
import {setImmediate as giveWay} from 'node:timers/promises';
import type {LeaveOut} from '../core/backup/mirror-leave-out.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {type Cause, errnoOf} from '../core/cause.ts';
import {isWellFormedName} from '../core/file-names.ts';
import {isOpen, isSameFile} from '../core/offsite/cloud-decide.ts';
import type {CloudRecord} from '../core/offsite/cloud-record.ts';
import type {Files} from '../system/files.ts';
import type {CloudState} from './cloud-state.ts';
import type {CloudTally} from './cloud-tally.ts';
import {isUnknown, listSource} from './list-source.ts';

interface Scan {
  readonly files: Files;
  /** Absolute. */
  readonly source: string;
  readonly leaveOut: LeaveOut;
  readonly state: CloudState;
  readonly download: boolean;
  readonly tally: CloudTally;
  readonly signal: AbortSignal;
  /** A file that had gone is there again, and its copy too. */
  readonly onReturn: (record: CloudRecord) => void;
  /** Nothing is written down. */
  readonly preview: boolean;
}

export interface Scanned {
  /** Files of the source and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Steps and their bytes. */
  readonly steps: number;
  readonly stepBytes: number;
  readonly unreadable: readonly TreePath[];
}

/** Files between two pauses in which the program does other things. */
const FILES_AT_A_STRETCH = 2000;

export async function scanSource(scan: Scan): Promise<Scanned> {
  const {files: system, source, leaveOut, state, download, tally, signal, onReturn, preview} = scan;
  state.beginWork();
  let [files, bytes, steps, stepBytes, links] = [0, 0, 0, 0, 0];
  const unreadable: TreePath[] = [];
  for await (const entry of listSource({files: system, source, leaveOut, signal})) {
    if (entry.kind === 'unreadable') {
      unreadable.push(entry.path);
      tally.fail('upload', {path: entry.path, size: 0}, entry.cause);
      continue;
    }
    if (entry.kind === 'left-out') {
      if (entry.rule === 'link' || entry.rule === 'special') links += 1;
      continue;
    }
    const {file} = entry;
    files += 1;
    bytes += file.size;
    if (files % FILES_AT_A_STRETCH === 0) await giveWay();
    state.see(file.path);
    if (!isSendable(file.path)) {
      tally.fail('upload', file, oddName(file.path));
      continue;
    }
    const record = state.get(file.path);
    const open = isOpen(file, record, {download});
    if (!preview && record?.goneAt != null && isSameFile(file, record)) {
      const back = {...record, goneAt: null};
      state.put(back);
      onReturn(back);
    }
    tally.look(!open);
    if (!open) continue;
    state.plan(file);
    steps += 1;
    stepBytes += file.size;
  }
  if (links > 0) tally.warn(linksLeftOut(links));
  tally.plan(steps, stepBytes);
  return {files, bytes, steps, stepBytes, unreadable};
}

/**
 * Notes what the source has no more. Its copies stay.
 * @returns how many. What lies in folders that could not be listed is not known to be gone.
 */
export async function noteGone(
  {files, source, state, tally}: Pick<Scan, 'files' | 'source' | 'state' | 'tally'>,
  {
    unreadable,
    at,
    onGone,
  }: {
    readonly unreadable: readonly TreePath[];
    /** ISO 8601, UTC. */
    readonly at: string;
    readonly onGone: (record: CloudRecord) => void;
  },
): Promise<void> {
  let after = '';
  for (;;) {
    const records = state.unseen(after, 500);
    const last = records.at(-1);
    if (last === undefined) return;
    after = last.path;
    const gone: CloudRecord[] = [];
    for (const record of records) {
      // What a filter leaves out is there all the same.
      if (isUnknown(record.path, unreadable) || (await mayBeThere(files, source, record.path)))
        continue;
      gone.push(record);
    }
    state.write(() => {
      for (const record of gone) {
        if (record.state === 'read') {
          state.forget(record.path);
          continue;
        }
        const after = {...record, goneAt: at};
        state.put(after);
        onGone(after);
        tally.done('keep', record);
      }
    });
  }
}

async function mayBeThere(files: Files, source: string, path: TreePath): Promise<boolean> {
  try {
    await files.look(join(source, ...path.split('/')));
    return true;
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

/**
 * The list of paths for rclone has one a line, in UTF-8. Control characters, and the sign by which rclone quotes its own replacements, are told by it under other names (rclone.org/overview, "Restricted characters"; 1.60.1 passes over them).
 */
const isSendable = (path: TreePath): boolean =>
  isWellFormedName(path) && !/[\p{Cc}\u{201B}]/u.test(path);

const oddName = (path: TreePath): Cause => ({
  code: 'name-not-for-cloud',
  path,
  message:
    'its name is no UTF-8, or holds a control character or the sign U+201B: rclone cannot be given it',
  next: 'Give it another name, then run the same job again.',
});

const linksLeftOut = (count: number): Cause => ({
  code: 'links-left-out',
  message: `${count} links and special files are left out: only files are copied`,
  next: 'Put the files themselves into the source if they are wanted.',
});
