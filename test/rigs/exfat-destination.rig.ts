import assert from 'node:assert/strict';
import {fillCard} from './card-content.ts';
import {checkCopies, checkSums, expectSafe} from './checks.ts';
import {runOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {makeZram} from './zram.ts';

/** A file system that runs as a program reads its device through a cache: root can empty it, and must. */
export const exfatDestination: Rig = {
  name: 'exFAT backup: read back behind an emptied cache, SAFE',
  tools: ['mkfs.exfat', 'mount.exfat-fuse', 'mkfs.ext4', 'tar', 'b3sum'],
  root: true,
  async run(lab) {
    const card = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'CARD'});
    const working = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'W'});
    const backup = await makeZram(lab, {megabytes: 128, fs: 'exfat', label: 'TRAVEL'});
    await fillCard(lab, card.mountPoint);
    const tos = [working.mountPoint, backup.mountPoint];
    const args = ['--card', card.mountPoint, ...tos.flatMap((to) => ['--to', to])];
    const verdict = expectSafe(await runOffload(lab, args));
    assert.deepEqual(
      verdict.copies.map(({mediumRead}) => mediumRead),
      ['direct', 'evicted'],
    );
    await backup.unmount();
    await backup.mount();
    const shoots = verdict.copies.map(({shoot}) => shoot);
    for (const shoot of shoots) await checkSums(shoot);
    await checkCopies({card: card.mountPoint, shoots});
  },
};
