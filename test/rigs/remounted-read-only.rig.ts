import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import {basename} from 'node:path';
import {expectEnd} from './checks.ts';
import {FAULT_BYTES, FAULT_FILES} from './fault-card.ts';
import {emptyPlaces, expectSoundFault, finishWell, makeFaultPlaces} from './fault-places.ts';
import type {Lab} from './lab.ts';
import {startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {countMoments, tryMoments} from './trials.ts';

/** ext4 that finds an error in itself goes on for reading only (ext4(5), errors=remount-ro): open files and new ones give EROFS. */
export const remountedReadOnly: Rig = {
  name: 'a destination that becomes read-only while it is written: lost, the other is complete; after a repair the same command ends SAFE',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'e2fsck', 'b3sum'],
  root: true,
  run: turnReadOnly,
};

async function turnReadOnly(lab: Lab): Promise<void> {
  const places = await makeFaultPlaces(lab);
  const {drives, roots, args, witness} = places;
  const [working] = drives;
  const trigger = `/sys/fs/ext4/${basename(working.device)}/trigger_fs_error`;
  await tryMoments(lab, countMoments(3), async ({share, note}) => {
    await emptyPlaces(places);
    await call('mount', ['-o', 'remount,errors=remount-ro', working.mountPoint]);
    // Late proofs leave time for the fault between the last byte and the first name.
    const bytes = Math.floor(share * FAULT_BYTES * 0.9);
    const running = await startOffload(lab, [...args, '--verify-order', 'after']);
    await running.waitFor('the moment', ({read = 0, type}) => {
      return type === 'verdict' || (type === 'progress' && read >= bytes);
    });
    running.signal('SIGSTOP');
    const [isOver] = running.told.filter(({type}) => type === 'verdict');
    await writeFile(trigger, 'rig');
    running.signal('SIGCONT');
    const first = await running.result;
    note(`${bytes} bytes read; ${isOver === undefined ? 'at work' : 'already over'}`);
    if (isOver === undefined) {
      const {copies, account} = expectEnd(first, 1);
      const lost = first.events.filter(({type}) => type === 'destination-lost');
      assert.deepEqual(
        lost.map(({to}) => to),
        [roots[0]],
        'the destination is reported as lost, once',
      );
      assert.equal(copies[0]?.manifest, null, 'it has no record');
      assert.equal(copies[1]?.proved, FAULT_FILES, 'the other has every file');
      assert.ok(copies[1]?.manifest, 'the other has the record');
      assert.equal(account.found, FAULT_FILES);
    }
    await expectSoundFault(places, first);
    await repair(working);
    await expectSoundFault(places, first);
    if (isOver === undefined) await finishWell(places, first);
  });
  await witness.expectSameBytes();
}

/** What a person does: the drive is taken out, checked and put in again. */
async function repair(drive: {
  readonly device: string;
  unmount(): Promise<void>;
  mount(): Promise<void>;
}): Promise<void> {
  await drive.unmount();
  // 1: errors were found and corrected (e2fsck(8), exit code).
  await call('e2fsck', ['-f', '-y', drive.device], {okCodes: [1]});
  await drive.mount();
}
