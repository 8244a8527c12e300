import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {fillCard} from './card-content.ts';
import {expectUnsafe} from './checks.ts';
import {unmount} from './mounts.ts';
import {runOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {makeZram} from './zram.ts';

/** Memory is no drive, and no waiver makes it one. */
export const volatileDrive: Rig = {
  name: 'a destination in memory (tmpfs): not safe, whatever is waived',
  tools: ['mkfs.ext4', 'tar'],
  root: true,
  async run(lab) {
    const card = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'CARD'});
    const working = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'W'});
    const memory = join(lab.folder, 'memory');
    await mkdir(memory);
    lab.defer(() => unmount(memory));
    await call('mount', ['-t', 'tmpfs', '-o', 'size=128m', 'tmpfs', memory]);
    await fillCard(lab, card.mountPoint);
    const args = ['--card', card.mountPoint, '--to', working.mountPoint, '--to', memory];
    expectUnsafe(await runOffload(lab, args), ['volatile-drive']);
    const waivers = ['--allow-same-drive', '--accept-cached'];
    expectUnsafe(await runOffload(lab, [...args, ...waivers]), ['volatile-drive']);
  },
};
