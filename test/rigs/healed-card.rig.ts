import assert from 'node:assert/strict';
import {expectEnd} from './checks.ts';
import {FAULT_FILES, fillFaultCard, pageStart} from './fault-card.ts';
import {wentOn} from './fault-checks.ts';
import {describePlaces, emptyPlaces, expectSoundFault, finishWell} from './fault-places.ts';
import type {Lab} from './lab.ts';
import {MEMORY_DRIVE_TOOLS, makeMemoryDrive} from './memory-drive.ts';
import {startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {countMoments, tryMoments} from './trials.ts';
import {makeZram} from './zram.ts';

/** A bad sector that another reader, or another day, can read: only its file is copied then. */
export const healedCard: Rig = {
  name: 'a bad sector that can be read again later: one file fails, and only that one is copied by the next run, which ends SAFE; no byte of the card changes',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'b3sum', ...MEMORY_DRIVE_TOOLS],
  root: true,
  run: healCard,
};

const PAGE = 4096;

async function healCard(lab: Lab): Promise<void> {
  const card = await makeMemoryDrive(lab, {megabytes: 64, fs: 'ext4', label: 'CARD'});
  await fillFaultCard(card.mountPoint);
  const working = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 320, fs: 'xfs', label: 'B'});
  // Read-only, as behind a lock switch: then the whole disk can be compared.
  card.readOnly = true;
  await card.unmount();
  const medium = card.disk.cutPower(() => true);
  await card.replace(medium);
  const places = await describePlaces(lab, card, [working, backup]);
  await tryMoments(lab, countMoments(1), async ({random, note}) => {
    await emptyPlaces(places);
    await card.replace(medium);
    const victim = `DCIM/100RIGGS/IMG_000${1 + random.below(5)}.CR3`;
    const page = random.below(256);
    const [bad] = card.disk.findPages(pageStart(victim, page));
    assert.ok(bad !== undefined, 'the page is on the card');
    note(`page ${page} of ${victim} cannot be read`);
    card.disk.fails = ({kind, offset, length}) =>
      kind === 'read' && offset <= bad * PAGE && bad * PAGE < offset + length;
    // Bad places are fought for, and a card's driver may take its time.
    const running = await startOffload(lab, places.args, {timeoutMs: 400_000});
    const first = await running.result;
    const {account, copies} = expectEnd(first, 1);
    assert.equal(account.failed, 1, 'one file failed');
    const blamed = first.events.filter(({type}) => type === 'file-failed');
    assert.deepEqual(
      blamed.map(({path, code, to}) => [path, code, to]),
      [[victim, 'EIO', undefined]],
    );
    for (const {proved} of copies) assert.equal(proved, FAULT_FILES - 1, 'all others are proved');
    await expectSoundFault(places, first);
    card.disk.fails = () => false;
    await card.replace(medium);
    const second = await finishWell(places, first);
    assert.ok(wentOn(second));
    const again = second.events.filter(({type}) => type === 'file-copied');
    assert.deepEqual(
      [...new Set(again.map(({path}) => path))],
      [victim],
      'nothing else is copied by the second run',
    );
  });
  await places.witness.expectSameBytes();
  assert.deepEqual(
    card.disk.cutPower(() => true),
    medium,
    'no byte of the card has changed',
  );
}
