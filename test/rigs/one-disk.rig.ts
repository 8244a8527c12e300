import assert from 'node:assert/strict';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {fillCard} from './card-content.ts';
import {checkSums, expectEnd, expectUnsafe} from './checks.ts';
import type {Lab} from './lab.ts';
import {makeLoop} from './loop.ts';
import {runOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {makeZram} from './zram.ts';

/** Two copies on one disk are one copy, however the disk is dressed up. */
export const oneDiskFolders: Rig = {
  name: 'two folders of one disk: not safe, unless waived',
  tools: ['mkfs.ext4', 'tar', 'b3sum'],
  root: true,
  async run(lab) {
    const disk = await makeZram(lab, {megabytes: 192, fs: 'ext4', label: 'ONE'});
    const tos = ['W', 'B'].map((name) => join(disk.mountPoint, name));
    for (const to of tos) await mkdir(to);
    await offloadOntoOne(lab, tos);
  },
};

export const oneDiskImages: Rig = {
  name: 'two disk images on one disk: not safe, unless waived',
  tools: ['mkfs.ext4', 'losetup', 'tar', 'b3sum'],
  root: true,
  async run(lab) {
    const disk = await makeZram(lab, {megabytes: 256, fs: 'ext4', label: 'ONE'});
    const tos: string[] = [];
    for (const label of ['W', 'B']) {
      const image = join(disk.mountPoint, `${label}.img`);
      const drive = await makeLoop(lab, {image, megabytes: 96, fs: 'ext4', label});
      tos.push(drive.mountPoint);
    }
    await offloadOntoOne(lab, tos);
  },
};

async function offloadOntoOne(lab: Lab, tos: readonly string[]): Promise<void> {
  const card = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'CARD'});
  await fillCard(lab, card.mountPoint);
  const args = ['--card', card.mountPoint, ...tos.flatMap((to) => ['--to', to])];
  expectUnsafe(await runOffload(lab, args), ['same-drive']);
  const waived = expectEnd(await runOffload(lab, [...args, '--allow-same-drive']), 0);
  assert.deepEqual(waived.waived, ['same-drive']);
  for (const {shoot} of waived.copies) {
    const manifest = await checkSums(shoot);
    assert.deepEqual(manifest.verdict, {safe: true, reasons: [], waived: ['same-drive']});
  }
}
