import assert from 'node:assert/strict';
import {readdir, rm} from 'node:fs/promises';
import {fillBigCard} from './card-content.ts';
import {checkCopies, checkSums, expectEnd, expectRefused, expectSafe} from './checks.ts';
import {fillDrive} from './fill-drive.ts';
import type {Lab} from './lab.ts';
import {runOffload, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {makeBigPlaces, makePlaces} from './three-places.ts';
import {listTree} from './trees.ts';

export const tooSmall: Rig = {
  name: 'a destination that is too small is refused before anything is written',
  tools: ['mkfs.ext4', 'mkfs.xfs'],
  root: true,
  async run(lab) {
    const {card, working, backup, args} = await makePlaces(lab, {
      megabytes: 384,
      workingMegabytes: 48,
    });
    await fillBigCard(card.mountPoint, {files: 16, size: 4 * 1024 * 1024});
    expectRefused(await runOffload(lab, args), 'not-enough-space');
    assert.deepEqual(await readdir(working.mountPoint), ['lost+found']);
    assert.deepEqual(await readdir(backup.mountPoint), []);
  },
};

export const filledMeanwhile: Rig = {
  name: 'a destination that somebody else fills meanwhile: the other is complete; with space the same command ends SAFE',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'b3sum'],
  root: true,
  run: fillMeanwhile,
};

async function fillMeanwhile(lab: Lab): Promise<void> {
  const {card, working, args, shoots} = await makeBigPlaces(lab);
  const running = await startOffload(lab, args);
  await running.waitFor('a quarter is read', ({read = 0}) => read > 100e6);
  const filler = await fillDrive(running, working.mountPoint);
  const first = await running.result;
  const {copies, account, reasons} = expectEnd(first, 1);
  assert.ok(account.failed > 0, 'some files failed');
  assert.ok(
    reasons.some(({code}) => code === 'file-failed'),
    `file-failed is among the reasons: ${JSON.stringify(reasons)}`,
  );
  const blamed = first.events.filter(({type}) => type === 'file-failed');
  assert.ok(blamed.length > 0 && blamed.every(({code}) => code === 'ENOSPC'));
  assert.ok(
    blamed.every(({to}) => to === working.mountPoint),
    'only the full drive is blamed',
  );
  assert.equal(copies[1]?.proved, account.found - account.leftOut, 'the other drive has all files');
  await expectSameFiles(card.mountPoint, shoots[1]);
  await rm(filler);
  expectSafe(await runOffload(lab, args));
  for (const shoot of shoots) await checkSums(shoot);
  await checkCopies({card: card.mountPoint, shoots});
}

/** All files of the card stand in the shoot with their bytes, in the card's own tree. */
export async function expectSameFiles(card: string, shoot: string): Promise<void> {
  const arrived = new Set((await listTree(shoot)).map(({hash}) => hash));
  for (const {path, hash} of await listTree(card)) {
    assert.ok(arrived.has(hash), `${path} is not on ${shoot}`);
  }
}
