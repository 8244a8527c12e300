/** Finds a folder for a sample run on a medium that bytes can be read back from. */
import {constants} from 'node:fs';
import {mkdir, mkdtemp, open, rm, rmdir, statfs} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

export interface WorkFolder {
  /** Absolute, new and empty. */
  readonly path: string;
  /** False when what is read there may come from a cache. */
  readonly readsMedium: boolean;
}

/** Types of Linux file systems as statfs(2) names them. Other systems give other numbers, none of these. */
const IN_MEMORY = new Set([0x01021994 /* tmpfs */, 0x858458f6 /* ramfs */]);
/** They take the direct flag, and another cache may still answer. */
const THROUGH_A_CACHE = new Set([
  0x65735546, // fuse
  0x794c7630, // overlayfs
  0x6969, // nfs
  0xfe534d42, // smb2
  0xff534d42, // cifs
  0x01021997, // 9p
]);

/** libuv's flag for FILE_FLAG_NO_BUFFERING (include/uv/win.h), which node does not name on Windows. */
const DIRECT = process.platform === 'win32' ? 0x02000000 : (constants.O_DIRECT ?? 0);

/**
 * Makes a folder below the system's folder for temporary files, or below `.sample-run` in the working folder where the first lies in
 * memory or behind a cache. A copy in memory is no copy, so such a folder is never given.
 * @returns undefined when neither lies on a disk or can be written to.
 */
export async function makeWorkFolder(): Promise<WorkFolder | undefined> {
  let spare: WorkFolder | undefined;
  for (const [disk, parent] of [
    [tmpdir(), tmpdir()],
    [resolve('.'), resolve('.sample-run')],
  ] as const) {
    const found = await tryFolder(disk, parent);
    if (found === undefined) continue;
    if (found.readsMedium) {
      if (spare) await rmdir(spare.path);
      return found;
    }
    if (spare) await rmdir(found.path);
    else spare = found;
  }
  return spare;
}

/** @param disk a folder that is there, on the file system of `parent`. */
async function tryFolder(disk: string, parent: string): Promise<WorkFolder | undefined> {
  try {
    const {type} = await statfs(disk);
    if (IN_MEMORY.has(type)) return undefined;
    await mkdir(parent, {recursive: true});
    const path = await mkdtemp(join(parent, 'offload-sample-'));
    return {path, readsMedium: !THROUGH_A_CACHE.has(type) && (await transfersDirect(path))};
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

/** Some file systems take the flag and refuse the transfer, so a block is written and read. */
async function transfersDirect(folder: string): Promise<boolean> {
  if (DIRECT === 0) return false;
  const path = join(folder, 'probe');
  // Direct transfers want aligned memory: that of WebAssembly begins on a page.
  const block = Buffer.from(new WebAssembly.Memory({initial: 1}).buffer, 0, 4096);
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | DIRECT;
    await using file = await open(path, flags);
    await file.write(block, 0, block.length, 0);
    const {bytesRead} = await file.read(block, 0, block.length, 0);
    return bytesRead === block.length;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  } finally {
    await rm(path, {force: true});
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}
