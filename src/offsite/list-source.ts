/** The files of a source folder, as a cloud job sees them: what a mirror leaves out is left out here too. */
import {join} from 'node:path';
import {entryRule} from '../core/backup/entry-rule.ts';
import type {LeaveOut} from '../core/backup/mirror-leave-out.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {compareNames, isWithin, joinPath} from '../core/backup/walk-order.ts';
import {adviseOn, type Cause, causeFrom} from '../core/cause.ts';
import type {ListedSource} from '../core/offsite/cloud-record.ts';
import type {Files, ListedEntry} from '../system/files.ts';

export type SourceEntry =
  | {readonly kind: 'file'; readonly file: ListedSource}
  /** It may have been a file once, or a folder with files: nothing is known of what lies below. */
  | {readonly kind: 'unreadable'; readonly path: TreePath; readonly cause: Cause}
  /** Links and special files. */
  | {readonly kind: 'left-out'; readonly path: TreePath; readonly rule: string};

interface Listing {
  readonly files: Files;
  /** Absolute. */
  readonly source: string;
  readonly leaveOut: LeaveOut;
  readonly signal: AbortSignal;
}

/** Files before folders, each by code units. Ends when the signal is given. */
export async function* listSource(
  listing: Listing,
  folder: TreePath = '',
): AsyncGenerator<SourceEntry> {
  const {files, source, leaveOut, signal} = listing;
  if (signal.aborted) return;
  const place = folder === '' ? source : join(source, ...folder.split('/'));
  let entries: readonly ListedEntry[];
  try {
    entries = await files.lookAll(place);
  } catch (error) {
    const cause = causeFrom(error, 'listing the folder', place);
    yield {kind: 'unreadable', path: folder, cause};
    return;
  }
  const folders: TreePath[] = [];
  for (const {name, facts, errno} of entries.toSorted((a, b) => compareNames(a.name, b.name))) {
    const path = joinPath(folder, name);
    if (facts === null) {
      yield {kind: 'unreadable', path, cause: notSeen(errno ?? 'EIO', join(place, name))};
      continue;
    }
    const {kind, size, mtimeNs} = facts;
    const rule = entryRule({name, kind}, folder) ?? ownRule(name, folder);
    if (rule !== undefined) yield {kind: 'left-out', path, rule};
    else if (leaveOut(path, kind === 'folder')) continue;
    else if (kind === 'folder') folders.push(path);
    else yield {kind: 'file', file: {path, size, mtimeNs}};
  }
  for (const path of folders) yield* listSource(listing, path);
}

/** @returns true for a path that lies in, or is, one of those of which nothing is known. */
export const isUnknown = (path: TreePath, unreadable: readonly TreePath[]): boolean =>
  unreadable.some((one) => isWithin(path, one));

/** At the remote a folder of this name is where files lie until they are proved. */
const ownRule = (name: string, folder: TreePath): string | undefined =>
  folder === '' && name.toLowerCase() === '_offload-incoming' ? '_offload-incoming' : undefined;

const notSeen = (errno: string, path: string): Cause => ({
  code: errno,
  path,
  message: `looking at it failed (${errno})`,
  next: adviseOn(errno),
});
