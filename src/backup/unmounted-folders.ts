/** Files that are not where they were, and were not deleted: what was mounted or linked there is away. */
import {join} from 'node:path';
import {fileRule} from '../core/backup/mirror-leave-out.ts';
import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {folderOf, foldersAbove} from '../core/backup/walk-order.ts';
import {errnoOf} from '../core/cause.ts';
import type {FileFacts, Files} from '../system/files.ts';

interface Source {
  readonly files: Files;
  /** Absolute. */
  readonly source: string;
}

/**
 * Looks for a folder that is empty though its files were there when their copies were proved, and out of which nothing was taken since: it is the one below a mount.
 * The source folder itself is not looked at: it has its drive's marker above it.
 * @param records of files that are gone. @returns the folder of a file that was in it, below the source; or undefined. @throws the system's error.
 */
export async function findEmptied(
  about: Source,
  records: readonly MirrorRecord[],
): Promise<TreePath | undefined> {
  const looks = new Map<TreePath, Promise<bigint | undefined>>();
  for (const {path, provedAt} of records) {
    const folder = folderOf(path);
    const look = looks.get(folder) ?? findChange(about, folder);
    looks.set(folder, look);
    const changedNs = await look;
    if (changedNs !== undefined && changedNs < nsOf(provedAt)) return folder;
  }
  return undefined;
}

const nsOf = (instant: string): bigint => BigInt(Date.parse(instant) || 0) * 1_000_000n;

/** @returns when the nearest folder that is there was last changed, ns since 1970; undefined when it holds something or is the source itself. */
async function findChange({files, source}: Source, folder: TreePath): Promise<bigint | undefined> {
  for (let at = folder; at !== ''; at = folderOf(at)) {
    const place = join(source, at);
    const facts = await lookIfThere(files, place);
    if (facts === undefined) continue;
    if (facts.kind !== 'folder') return undefined;
    const names = await files.list(place);
    if (names.some((name) => fileRule(name, at) === undefined)) return undefined;
    // Taking a file out sets both; a program may set the one back, and a file system may not keep the other.
    return facts.changedNs > facts.mtimeNs ? facts.changedNs : facts.mtimeNs;
  }
  return undefined;
}

/** @returns false when it was deleted: it is not there, and no folder on the way to it is a link by now, behind which it may lie on a drive that is away. @throws the system's error. */
export async function mayBeThere({files, source}: Source, path: TreePath): Promise<boolean> {
  if ((await lookIfThere(files, join(source, path))) !== undefined) return true;
  for (const folder of foldersAbove(path)) {
    const facts = await lookIfThere(files, join(source, folder));
    if (facts === undefined) return false;
    if (facts.kind === 'link') return true;
  }
  return false;
}

async function lookIfThere(files: Files, path: string): Promise<FileFacts | undefined> {
  try {
    return await files.look(path);
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    return undefined;
  }
}
