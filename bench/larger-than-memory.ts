/** One offload of a card that is several times as large as all memory that it and the page cache may use (Linux Documentation/admin-guide/cgroup-v1/memory.rst). */
import {mkdir, readdir, readFile, rmdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {dropCaches, findCacheMethod} from './drop-caches.ts';
import {cardBytes, makeCard} from './make-bench-card.ts';

/** 9.99 GB in a room of 2 GB. */
const PAIRS = 270;
const MEMORY = 2 * 1024 ** 3;
const GROUP = '/sys/fs/cgroup/memory/offload-bench';
const SECTOR = 512;

type Row = readonly [what: string, measured: string, wanted?: string];

interface Setting {
  readonly dir: string;
  readonly program: string;
}

/** @returns lines of a table. @throws Error where the kernel has no such group, or the card is not SAFE. */
export async function benchLargerThanMemory({dir, program}: Setting): Promise<readonly Row[]> {
  const card = path.join(dir, 'card');
  const bytes = cardBytes(PAIRS);
  await makeCard(card, PAIRS);
  const to = ['W', 'B'].map((name) => path.join(dir, name));
  for (const folder of to) await mkdir(folder);
  await dropCaches(await findCacheMethod(), [card]);
  const disk = await findDisk(dir);
  await mkdir(GROUP);
  try {
    await writeFile(path.join(GROUP, 'memory.limit_in_bytes'), String(MEMORY));
    const before = await readDisk(disk);
    const start = performance.now();
    // It goes into the group itself and starts the program from there.
    const starter = path.join(import.meta.dirname, 'start-in-group.mjs');
    const args = ['--card', card, ...to.flatMap((folder) => ['--to', folder])];
    const run = await execa(
      process.execPath,
      [starter, GROUP, program, ...args, '--shoot', 'large', '--allow-same-drive', '--json'],
      {stdin: 'ignore', env: {OFFLOAD_HOME: path.join(dir, 'home')}, maxBuffer: 1024 ** 3},
    );
    const seconds = (performance.now() - start) / 1000;
    const after = await readDisk(disk);
    const verdict = run.stdout.split('\n').find((line) => line.includes('"type":"verdict"'));
    if (verdict?.includes('"safe":true') !== true) throw new Error('the card is not SAFE');
    const usage = JSON.parse(run.stderr.trim().split('\n').at(-1) ?? '{}');
    const peak = Number(await readFile(path.join(GROUP, 'memory.max_usage_in_bytes'), 'utf8'));
    const resident = await countResident(to);
    const read = after.read - before.read;
    const own = await readAlone(path.join(to[0] ?? '', 'large'));
    return [
      [
        `${gb(bytes)} card in a memory group of 2.15 GB`,
        `${seconds.toFixed(1)} s, ${(bytes / 1e6 / seconds).toFixed(0)} MB/s of card, ${((3 * bytes) / 1e6 / seconds).toFixed(0)} MB/s read, two copies proved`,
      ],
      [
        'its memory with all page cache of it',
        `${(peak / 1e6).toFixed(0)} MB at most; the program itself ${(usage.maxRSS / 1e3).toFixed(0)} MB`,
      ],
      [
        'its CPU time',
        `${((usage.userCPUTime + usage.systemCPUTime) / 1e6).toFixed(1)} s: ${((usage.userCPUTime + usage.systemCPUTime) / 1e6 / (bytes / 1e9)).toFixed(2)} s a GB`,
      ],
      [
        'read from the disk meanwhile',
        `${gb(read)}, the card and both copies are ${gb(3 * bytes)}`,
        'not less',
      ],
      [
        'of the copies in the page cache afterwards (fincore): their heads, which are looked at for damage',
        `${(resident / 1e6).toFixed(0)} MB`,
      ],
      ['the disk alone, reading a copy past the cache (dd iflag=direct)', `${own.toFixed(0)} MB/s`],
    ];
  } finally {
    await rmdir(GROUP);
  }
}

const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;

async function findDisk(dir: string): Promise<string> {
  const {stdout: source} = await execa('findmnt', ['-n', '-o', 'SOURCE', '-T', dir]);
  const {stdout: parent} = await execa('lsblk', ['-n', '-o', 'PKNAME', source]);
  return parent.trim() === '' ? path.basename(source) : parent.trim();
}

/** Bytes: the third field counts sectors of 512 that were read (Linux Documentation/block/stat.rst). */
async function readDisk(disk: string): Promise<{readonly read: number}> {
  const fields = (await readFile(`/sys/block/${disk}/stat`, 'utf8')).trim().split(/\s+/);
  return {read: Number(fields[2]) * SECTOR};
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => entry.isFile() && /\.(?:CR3|JPG)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Bytes of files that lie in the page cache (fincore(1)). */
async function countResident(folders: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const folder of folders) {
    const {stdout} = await execa('fincore', [
      '--bytes',
      '--noheadings',
      '--output',
      'RES',
      ...(await listFiles(folder)),
    ]);
    for (const line of stdout.split('\n')) bytes += Number(line.trim());
  }
  return bytes;
}

/** MB/s of the disk for a few of the same files, one after the other. */
async function readAlone(shoot: string): Promise<number> {
  const files = (await listFiles(shoot)).filter((file) => file.endsWith('.CR3')).slice(0, 60);
  const start = performance.now();
  for (const file of files)
    await execa('dd', [`if=${file}`, 'of=/dev/null', 'iflag=direct', 'bs=4M', 'status=none']);
  return (files.length * 30) / ((performance.now() - start) / 1000);
}
