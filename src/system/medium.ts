import {platform as thisPlatform} from 'node:os';
import {join} from 'node:path';
import type {MediumRead, Volume} from '../core/drive.ts';
import {unreachable} from '../core/unreachable.ts';
import {ALIGNMENT, BlockPool} from './block-pool.ts';
import type {Files} from './files.ts';
import type {RunTool} from './tools.ts';
import {readsPast, removeProbe, writeBlock, writesBlock} from './try-direct.ts';

/**
 * How a volume's files are read so that the bytes come from the medium. Found out by trying, not by the name of the file system: tmpfs takes
 * the direct flag and refuses the transfer; a FUSE file system takes both and still reads its device through the device's cache.
 */
export type MediumMethod =
  | {readonly kind: 'direct'}
  /** `dd iflag=nocache count=0` drops the file's pages (GNU coreutils manual, dd invocation), `fincore` says whether they are gone. */
  | {readonly kind: 'evict-file'}
  /** Direct past the file's cache, after `blockdev --flushbufs` emptied the device's. Needs root. */
  | {readonly kind: 'evict-device'; readonly device: string}
  | {readonly kind: 'cached'; readonly why: string};

export interface MediumAccess {
  /** Writes go past the cache. */
  readonly writesDirect: boolean;
  readonly method: MediumMethod;
  /** `sync -f` flushes the whole file system: one flush for many small files. */
  readonly flushesFileSystem: boolean;
}

/** What a person is told about a method. */
export function mediumReadOf(method: MediumMethod): MediumRead {
  switch (method.kind) {
    case 'direct':
      return 'direct';
    case 'evict-file':
    case 'evict-device':
      return 'evicted';
    case 'cached':
      return 'cached';
    default:
      return unreachable(method);
  }
}

/** True when files of this method are opened with the direct flag. */
export function readsDirect(method: MediumMethod): boolean {
  return method.kind === 'direct' || method.kind === 'evict-device';
}

/**
 * Empties the caches that could answer for a file.
 * @returns how a read right after this call reaches the medium; `cached` when a cache could not be emptied.
 */
export async function evictBeforeRead(
  path: string,
  method: MediumMethod,
  run: RunTool,
): Promise<MediumRead> {
  switch (method.kind) {
    case 'direct':
      return 'direct';
    case 'cached':
      return 'cached';
    case 'evict-device': {
      const flushed = await run('blockdev', ['--flushbufs', method.device]);
      return flushed.ok ? 'evicted' : 'cached';
    }
    case 'evict-file':
      return (await evictFile(path, run)) ? 'evicted' : 'cached';
    default:
      return unreachable(method);
  }
}

async function evictFile(path: string, run: RunTool): Promise<boolean> {
  const dropped = await run('dd', [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none']);
  if (!dropped.ok) return false;
  return (await countCachedPages(path, run)) === 0;
}

/** Pages of a file that lie in memory (fincore(1)); undefined where that cannot be asked. */
async function countCachedPages(path: string, run: RunTool): Promise<number | undefined> {
  const options = ['--bytes', '--noheadings', '--output', 'PAGES', '--', path];
  const answer = await run('fincore', options);
  const pages = answer.ok ? Number.parseInt(answer.value.trim(), 10) : Number.NaN;
  return Number.isNaN(pages) ? undefined : pages;
}

interface Probe {
  readonly files: Files;
  readonly run: RunTool;
  readonly volume: Volume;
  /** `linux`, `darwin`, `win32`; that of this computer if not given. */
  readonly platform?: string;
}

/** `dd`, `fincore`, `blockdev` and `sync` are asked on Linux alone: on Windows and macOS programs of these names mean other things, or nothing, and end well all the same. */
const asksTools = (platform: string) => platform === 'linux';

/** A destination that is about to be written. */
interface DestinationProbe extends Probe {
  /** There are small files, which are worth flushing together. */
  readonly wantsBatches: boolean;
}

/**
 * Finds out how a destination is written and read back, with a small file that is removed again.
 * @param folder an existing folder on the destination.
 * @param name a name in it that nothing has.
 * @throws the system's error when not even an ordinary file can be written there; EEXIST when the name is taken.
 */
export async function probeDestination(
  {files, run, volume, wantsBatches, platform = thisPlatform()}: DestinationProbe,
  folder: string,
  name: string,
): Promise<MediumAccess> {
  const path = join(folder, name);
  const blocks = new BlockPool(1, ALIGNMENT);
  const block = await blocks.take();
  block.fill(0xa5);
  const written = {files, path, block, isCut: platform === 'win32'};
  const writesDirect = files.knowsDirect && (await writesBlock({...written, direct: true}));
  if (!writesDirect) await writeBlock({...written, direct: false});
  // The block is on the medium already: a flush of all other files changes nothing for what is found out about this one.
  const flushing =
    wantsBatches && volume.kind === 'disk' && asksTools(platform)
      ? run('sync', ['-f', folder])
      : undefined;
  try {
    const readsDirectly = await readsPast({files, path, block, platform});
    // A file system may take the flag and go through its cache all the same (ext4 with data=journal): then the page that was read lies there now.
    const pages =
      readsDirectly && asksTools(platform) ? ((await countCachedPages(path, run)) ?? 0) : 0;
    const readsPastCache = readsDirectly && (volume.kind !== 'disk' || pages === 0);
    const method = await chooseMethod({volume, readsPastCache, path, run, platform});
    return {writesDirect, method, flushesFileSystem: (await flushing)?.ok === true};
  } finally {
    await removeProbe(files, path);
  }
}

interface Choice {
  readonly volume: Volume;
  readonly readsPastCache: boolean;
  readonly path: string;
  readonly run: RunTool;
  readonly platform: string;
}

/** Before OpenZFS 2.3 the flag is taken and ignored, and pages of the system's cache say nothing of ZFS's own (zfsprops(7), `direct`). */
const IGNORES_DIRECT = new Set(['zfs']);

/** These read compressed files through the cache although they take the flag (btrfs(5), compression; kernel documentation of f2fs): a probe proves nothing for the next file. */
const MAY_FALL_BACK = new Set(['btrfs', 'f2fs']);

async function chooseMethod({
  volume,
  readsPastCache,
  path,
  run,
  platform,
}: Choice): Promise<MediumMethod> {
  switch (volume.kind) {
    case 'disk': {
      if (IGNORES_DIRECT.has(volume.fileSystem)) {
        return {kind: 'cached', why: `${volume.fileSystem} may read through a cache of its own`};
      }
      if (readsPastCache && !MAY_FALL_BACK.has(volume.fileSystem)) return {kind: 'direct'};
      if (asksTools(platform) && (await evictFile(path, run))) return {kind: 'evict-file'};
      return {
        kind: 'cached',
        why: 'it does not read past the cache, and its cache could not be emptied',
      };
    }
    case 'fuse': {
      const device = volume.device;
      const flushed =
        readsPastCache &&
        asksTools(platform) &&
        (await run('blockdev', ['--flushbufs', device])).ok;
      if (flushed) return {kind: 'evict-device', device};
      return {
        kind: 'cached',
        why: `its file system runs as a program that reads ${device} through a cache, which only root can empty`,
      };
    }
    case 'network':
      return {kind: 'cached', why: 'the server may answer from its own memory'};
    case 'ram':
      return {kind: 'cached', why: 'it lies in memory and has no medium'};
    case 'unknown':
      return {kind: 'cached', why: 'it is not known what it lies on'};
    default:
      return unreachable(volume.kind);
  }
}

/**
 * Finds out how a card is read past the cache, by reading the start of one of its files. Writes nothing.
 * @param sample a file on the card with at least one byte.
 */
export async function probeCard(
  {files, run, volume, platform = thisPlatform()}: Probe,
  sample: string,
): Promise<MediumMethod> {
  const block = await new BlockPool(1, ALIGNMENT).take();
  const readsPastCache = await readsPast({files, path: sample, block, platform});
  return await chooseMethod({volume, readsPastCache, path: sample, run, platform});
}
