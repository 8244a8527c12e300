import assert from 'node:assert/strict';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {hasArchive, unpackCards} from './card-content.ts';
import {checkCopies, checkSums, expectSafe} from './checks.ts';
import type {Lab} from './lab.ts';
import {runOffload} from './offload-run.ts';
import {CannotRun, type Rig} from './rig.ts';
import {makeZram} from './zram.ts';

export const allCards: Rig = {
  name: 'every card of the archive: SAFE, the account closes, b3sum agrees',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'tar', 'b3sum'],
  root: true,
  run: offloadAll,
};

async function offloadAll(lab: Lab): Promise<void> {
  if (!(await hasArchive())) throw new CannotRun('there is no archive of cards beside the project');
  const disk = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'CARDS'});
  const working = await makeZram(lab, {megabytes: 192, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 384, fs: 'xfs', label: 'B'});
  await unpackCards(disk.mountPoint);
  const entries = await readdir(disk.mountPoint, {withFileTypes: true});
  const cards = entries.filter((entry) => entry.isDirectory() && entry.name !== 'lost+found');
  assert.equal(cards.length, 14, 'the archive has fourteen cards');
  const tos = [working.mountPoint, backup.mountPoint].flatMap((to) => ['--to', to]);
  for (const {name} of cards) {
    const card = join(disk.mountPoint, name);
    const run = await runOffload(lab, ['--card', card, ...tos, '--shoot', `shoot ${name}`]);
    const {copies} = expectSafe(run);
    const shoots = copies.map(({shoot}) => shoot);
    for (const shoot of shoots) {
      const {account, files} = await checkSums(shoot);
      assert.equal(account.found, files.length + account.leftOut, `${name}: the account closes`);
      assert.equal(account.failed, 0);
    }
    await checkCopies({card, shoots});
  }
}
