import assert from 'node:assert/strict';
import {open, readFile, truncate} from 'node:fs/promises';
import {join} from 'node:path';
import {realFiles} from '../../src/system/real-files.ts';
import {runTool} from '../../src/system/tools.ts';
import {below, type Call, recordsCalls} from '../helpers/faulty-files.ts';
import {
  type BackupReport,
  type BackupScene,
  buildBackup,
  DAY_MS,
  FIRST_RUN,
  readArchive,
  readMirror,
  runBackup,
} from '../helpers/run-backup.ts';
import {hashOfBytes, readTree} from '../helpers/run-offload.ts';
import type {Lab} from './lab.ts';
import {makeLoop} from './loop.ts';
import type {FileSystem} from './mounts.ts';
import {Random} from './random.ts';
import type {Rig} from './rig.ts';

const BYTES = 256 * 1024 * 1024;
const BLOCK = 4096;
const CATALOG = 'Lightroom/Photos.lrcat';

/** A catalog that changed in places is written in places, where a file can be cloned; elsewhere it is copied whole. */
export const patchedFile: Rig = {
  name: 'backup: 1 % of a 256 MiB file changed: btrfs and xfs write at most 5 % of it, ext4 all of it; the old version is in the archive',
  tools: ['mkfs.btrfs', 'mkfs.xfs', 'mkfs.ext4', 'losetup'],
  root: true,
  async run(lab) {
    for (const fs of ['btrfs', 'xfs', 'ext4'] as const) await patchOn(lab, fs);
  },
};

async function patchOn(lab: Lab, fs: FileSystem): Promise<void> {
  const image = join(lab.folder, `${fs}.img`);
  const drive = await makeLoop(lab, {image, megabytes: 1600, fs, label: `B-${fs}`});
  const folder = join(lab.folder, fs);
  const scene = await buildBackup(folder, {[CATALOG]: BYTES, 'small.txt': 'x'}, drive.mountPoint);
  const run = async (days: number) => await countWrites(scene, fs, days);
  assert.equal((await run(0)).report.end.result, 'good');
  const old = (await readMirror(scene))[CATALOG];
  const catalog = join(scene.source, CATALOG);
  await changeBlocks(catalog, BYTES / BLOCK / 100);
  const patched = await run(1);
  const isClone = fs !== 'ext4';
  assert.deepEqual(
    patched.report.done,
    [`archive ${CATALOG}`, `${isClone ? 'patch' : 'replace'} ${CATALOG}`],
    fs,
  );
  assert.equal(patched.report.end.result, 'good');
  if (isClone) assert.ok(patched.bytes <= BYTES * 0.05, `${fs} wrote ${patched.bytes} bytes`);
  else assert.ok(patched.bytes >= BYTES, `${fs} wrote ${patched.bytes} bytes`);
  assert.deepEqual(await readMirror(scene), await readTree(scene.source));
  assert.equal((await readArchive(scene))[CATALOG], old, 'the old version is as it was');
  // Shorter, then longer than before.
  for (const [days, size] of [
    [2, BYTES - 12_345],
    [3, BYTES + 67_890],
  ] as const) {
    await truncate(catalog, size);
    const {report, bytes} = await run(days);
    assert.equal(report.end.result, 'good');
    assert.equal(report.end.patched, isClone ? 1 : 0);
    if (isClone) assert.ok(bytes < 1_000_000, `${fs} wrote ${bytes} bytes`);
    assert.equal((await readMirror(scene))[CATALOG], hashOfBytes(await readFile(catalog)));
  }
  await drive.remove();
}

/** Writes other bytes into so many blocks, anywhere. */
async function changeBlocks(path: string, count: number): Promise<void> {
  const random = new Random(7);
  const file = await open(path, 'r+');
  try {
    for (let done = 0; done < count; done++) {
      const block = random.below(BYTES / BLOCK);
      await file.write(Buffer.alloc(BLOCK, done + 1), 0, BLOCK, block * BLOCK);
    }
  } finally {
    await file.close();
  }
}

async function countWrites(
  scene: BackupScene,
  fileSystem: string,
  days: number,
): Promise<{readonly report: BackupReport; readonly bytes: number}> {
  const calls: Call[] = [];
  const report = await runBackup(scene, {
    files: recordsCalls(realFiles, calls),
    run: runTool,
    fileSystem,
    atMs: FIRST_RUN + days * DAY_MS,
  });
  const isTarget = below(scene.b);
  const bytes = calls
    .filter(({method, path}) => method === 'write' && isTarget(path))
    .reduce((sum, {length = 0}) => sum + length, 0);
  return {report, bytes};
}
