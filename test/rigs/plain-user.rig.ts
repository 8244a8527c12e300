import assert from 'node:assert/strict';
import {chmod, chown, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fillCard} from './card-content.ts';
import {checkCopies, checkSums, expectEnd, expectSafe, expectUnsafe} from './checks.ts';
import {type Lab, PROJECT} from './lab.ts';
import {unmount} from './mounts.ts';
import {type RunOptions, runOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {makeZram} from './zram.ts';

/** `nobody`, as Linux systems number it. */
const NOBODY = 65_534;

/** A photographer is not root: direct reads need no rights, an exFAT program's cache does. */
export const plainUser: Rig = {
  name: 'without root: SAFE on ext4 and xfs; on exFAT the cache is not ruled out, and can be accepted',
  tools: [
    ...(['mkfs.exfat', 'mount.exfat-fuse', 'mkfs.ext4', 'mkfs.xfs'] as const),
    ...(['setpriv', 'tar', 'b3sum'] as const),
  ],
  root: true,
  run: offloadAsNobody,
};

async function offloadAsNobody(lab: Lab): Promise<void> {
  const card = await makeZram(lab, {megabytes: 96, fs: 'exfat', label: 'EOS_DIGITAL'});
  const working = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 320, fs: 'xfs', label: 'B'});
  const travel = await makeZram(lab, {
    megabytes: 96,
    fs: 'exfat',
    label: 'TRAVEL',
    options: {owner: NOBODY},
  });
  await fillCard(lab, card.mountPoint);
  for (const drive of [working, backup]) await chown(drive.mountPoint, NOBODY, NOBODY);
  const asNobody = await becomeNobody(lab);
  const from = ['--card', card.mountPoint, '--to', working.mountPoint];

  const onDisks = [...from, '--to', backup.mountPoint, '--shoot', 'disks'];
  const disks = expectSafe(await runOffload(lab, onDisks, asNobody));
  assert.deepEqual(
    disks.copies.map(({mediumRead}) => mediumRead),
    ['direct', 'direct'],
  );
  const shoots = disks.copies.map(({shoot}) => shoot);
  for (const shoot of shoots) await checkSums(shoot);
  await checkCopies({card: card.mountPoint, shoots});

  const onTravel = [...from, '--to', travel.mountPoint, '--shoot', 'travel'];
  const doubted = expectUnsafe(await runOffload(lab, onTravel, asNobody), ['cache-possible']);
  assert.equal(doubted.copies[1]?.mediumRead, 'cached');
  const accepted = await runOffload(lab, [...onTravel, '--accept-cached'], asNobody);
  assert.deepEqual(expectEnd(accepted, 0).waived, ['cached']);
}

/** The program where that user can read it, whoever owns the folders above: seen through a second mount, which cannot be written. */
async function becomeNobody(lab: Lab): Promise<RunOptions> {
  await chmod(lab.folder, 0o755);
  const project = join(lab.folder, 'project');
  const node = join(lab.folder, 'node');
  await mkdir(project);
  await writeFile(node, '', {mode: 0o755});
  await bind(lab, PROJECT, project);
  await bind(lab, process.execPath, node);
  const home = join(lab.folder, 'home');
  await mkdir(home);
  await chown(home, NOBODY, NOBODY);
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs'];
  return {
    program: ['setpriv', ...user, node, join(project, 'bin/offload.cjs')],
    env: {HOME: home, OFFLOAD_HOME: join(home, 'offload')},
    cwd: home,
  };
}

async function bind(lab: Lab, from: string, to: string): Promise<void> {
  lab.defer(() => unmount(to));
  await call('mount', ['--bind', '-o', 'ro', from, to]);
}
