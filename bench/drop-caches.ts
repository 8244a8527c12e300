/** Empties the page cache, so that the next read comes from the medium. Linux only. */
import {constants} from 'node:fs';
import {access, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';

/** The whole cache at once (Linux Documentation/admin-guide/sysctl/vm.rst, drop_caches): root only. */
const DROP_CACHES = '/proc/sys/vm/drop_caches';
/** Page cache (1) and the dentries and inodes (2). */
const EVERYTHING = '3';

/** `dropped` by the kernel for all files, or `evicted` file by file with dd, which needs no rights. */
export type CacheMethod = 'dropped' | 'evicted';

export async function findCacheMethod(): Promise<CacheMethod> {
  try {
    await access(DROP_CACHES, constants.W_OK);
    return 'dropped';
  } catch {
    return 'evicted';
  }
}

/** Writes all dirty pages of the machine: only clean pages can leave the cache. */
export async function flushAll(): Promise<void> {
  await execa('sync', {stdin: 'ignore'});
}

/** Empties the cache; `folders` are those whose files matter when it can only be done file by file. */
export async function dropCaches(method: CacheMethod, folders: readonly string[]): Promise<void> {
  await flushAll();
  if (method === 'dropped') return writeFile(DROP_CACHES, EVERYTHING);
  for (const folder of folders) await evictFolder(folder);
}

/** `oflag=nocache` with `count=0` asks the kernel to forget the whole file (GNU coreutils manual, dd invocation). */
async function evictFolder(folder: string): Promise<void> {
  const entries = await readdir(folder, {withFileTypes: true, recursive: true});
  for (const entry of entries.filter((each) => each.isFile())) {
    const target = `of=${path.join(entry.path, entry.name)}`;
    const flags = ['oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none'];
    await execa('dd', ['if=/dev/null', target, ...flags], {stdin: 'ignore'});
  }
}
