import assert from 'node:assert/strict';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {checkCopies, checkSums, expectEnd, expectSafe} from './checks.ts';
import {expectSameFiles} from './disk-full.rig.ts';
import type {Lab} from './lab.ts';
import type {Drive} from './mounts.ts';
import {runOffload, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {makeBigPlaces, type Places} from './three-places.ts';
import {call} from './tools.ts';
import {listTree} from './trees.ts';

const TOOLS = ['mkfs.ext4', 'mkfs.xfs', 'xfs_io', 'b3sum'] as const;

/** The mount goes away under open files: new ones would land in the folder below, on the computer's own disk. */
export const unmountedMeanwhile: Rig = {
  name: 'a destination unmounted while it is written: the other is complete, nothing lands below; remounted, the same command ends SAFE',
  tools: TOOLS,
  root: true,
  run: (lab) =>
    pull(lab, {
      choose: ({working}) => working,
      pullOut: ({mountPoint}) => call('umount', ['-l', mountPoint]),
    }),
};

/** Every call fails from one moment to the next, as when a cable is pulled. */
export const shutDownMeanwhile: Rig = {
  name: 'a destination that fails from one moment to the next: the other is complete; after a repair the same command ends SAFE',
  tools: TOOLS,
  root: true,
  run: (lab) =>
    pull(lab, {
      choose: ({backup}) => backup,
      pullOut: ({mountPoint}) => call('xfs_io', ['-x', '-c', 'shutdown', mountPoint]),
    }),
};

interface Pulling {
  readonly choose: (places: Places) => Drive;
  readonly pullOut: (drive: Drive) => Promise<unknown>;
}

async function pull(lab: Lab, {choose, pullOut}: Pulling): Promise<void> {
  const places = await makeBigPlaces(lab);
  const {card, args, shoots} = places;
  const gone = choose(places);
  const [stayed] = shoots.filter((shoot) => !shoot.startsWith(`${gone.mountPoint}/`));
  assert.ok(stayed);
  // Folders of the same names below, as an accident like this one leaves them: files must not go there.
  await gone.unmount();
  await mkdir(join(gone.mountPoint, 'rig/CARD/DCIM/100RIGGS'), {recursive: true});
  await mkdir(join(gone.mountPoint, 'rig/_offload'));
  await gone.mount();
  // Late proofs: nobody reads back for a while, and only the writing itself can notice.
  const running = await startOffload(lab, [...args, '--verify-order', 'after']);
  await running.waitFor('a quarter is read', ({read = 0}) => read > 100e6);
  await pullOut(gone);
  const first = await running.result;
  const {copies, account} = expectEnd(first, 1);
  assert.ok(
    first.events.some(({type, to}) => type === 'destination-lost' && to === gone.mountPoint),
    'the destination is reported as lost',
  );
  const stays = copies.find(({shoot}) => shoot === stayed);
  assert.equal(stays?.proved, account.found - account.leftOut, 'the other has every file');
  assert.ok(stays?.manifest, 'the other has the record');
  assert.equal(copies.find(({shoot}) => shoot !== stayed)?.manifest, null);
  await expectSameFiles(card.mountPoint, stayed);
  await gone.unmount();
  assert.deepEqual(await listTree(gone.mountPoint), [], 'no file lies in the mount folder below');
  await gone.mount();
  expectSafe(await runOffload(lab, args));
  for (const shoot of shoots) await checkSums(shoot);
  await checkCopies({card: card.mountPoint, shoots});
}
