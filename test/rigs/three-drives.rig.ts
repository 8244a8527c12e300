import assert from 'node:assert/strict';
import {join} from 'node:path';
import {fillCard} from './card-content.ts';
import {checkCopies, checkSums, expectSafe} from './checks.ts';
import type {Lab} from './lab.ts';
import {runOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {listTree, type TreeFile} from './trees.ts';
import {makeZram} from './zram.ts';

/** The promise in one piece: a card, a working drive and a backup, each on a disk and a file system of its own. */
export const threeDrives: Rig = {
  name: 'exFAT card, ext4 working drive, xfs backup: SAFE; a second run finds all present',
  tools: ['mkfs.exfat', 'mount.exfat-fuse', 'mkfs.ext4', 'mkfs.xfs', 'tar', 'b3sum'],
  root: true,
  run: offloadTwice,
};

async function offloadTwice(lab: Lab): Promise<void> {
  const card = await makeZram(lab, {megabytes: 128, fs: 'exfat', label: 'EOS_DIGITAL'});
  const working = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 384, fs: 'xfs', label: 'B'});
  await fillCard(lab, card.mountPoint);
  await card.unmount();
  await card.mount();
  await listTree(card.mountPoint);
  const before = await listTree(card.mountPoint);
  const tos = [working.mountPoint, backup.mountPoint];
  const args = ['--card', card.mountPoint, ...tos.flatMap((to) => ['--to', to])];

  const first = expectSafe(await runOffload(lab, args));
  const shoots = first.copies.map(({shoot}) => shoot);
  assert.deepEqual(
    first.copies.map(({mediumRead}) => mediumRead),
    ['direct', 'direct'],
  );
  assert.equal(new Set(first.copies.map(({drive}) => drive)).size, 2, 'the drives are two');
  for (const shoot of shoots) await checkSums(shoot);
  await checkCopies({card: card.mountPoint, shoots});
  assert.deepEqual(
    withoutAccess(await listTree(card.mountPoint)),
    withoutAccess(before),
    'the card is as it was',
  );

  const standing = await listCopies(shoots);
  const second = expectSafe(await runOffload(lab, args));
  const {account} = second;
  assert.deepEqual(
    [account.copied, account.present, account.failed],
    [0, first.account.copied, 0],
    'the second run finds every file present',
  );
  assert.deepEqual(await listCopies(shoots), standing, 'the second run writes no file again');
  await card.unmount();
  await card.mount();
  assert.deepEqual(withoutAccess(await listTree(card.mountPoint)), withoutAccess(before));
  assert.equal(second.copies[0]?.shoot, join(working.mountPoint, basename(shoots)));
}

const basename = (shoots: readonly string[]) => shoots[0]?.split('/').at(-1) ?? '';

/** All files but the records, with inode numbers and times. */
async function listCopies(shoots: readonly string[]): Promise<readonly TreeFile[]> {
  const trees = await Promise.all(shoots.map((shoot) => listTree(shoot, {hashes: false})));
  return withoutAccess(trees.flat()).filter(({path}) => !path.startsWith('_offload/'));
}

/** Reading for the comparison changes access times itself, and inode numbers of a FUSE file system are made up. */
function withoutAccess(tree: readonly TreeFile[]): readonly TreeFile[] {
  return tree.map((file) => ({...file, atimeMs: 0, inode: file.hash === '' ? file.inode : 0}));
}
