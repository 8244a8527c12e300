import assert from 'node:assert/strict';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {watchCard} from './card-witness.ts';
import {expectEnd} from './checks.ts';
import {expectSameFiles} from './disk-full.rig.ts';
import {expectGoodEnd, expectNothingWrong, expectProvedStands} from './fault-checks.ts';
import type {Lab} from './lab.ts';
import {type Drive, mount, unmount} from './mounts.ts';
import {runOffload, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {BIG_BYTES, makeBigPlaces, type Places} from './three-places.ts';
import {call} from './tools.ts';
import {listPaths, listTree} from './trees.ts';
import {countMoments, tryMoments} from './trials.ts';
import {makeZram} from './zram.ts';

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

/** The same, and another drive with folders of the same names is there at once. */
export const exchangedMeanwhile: Rig = {
  name: 'a destination exchanged for another drive while it is written: the other is complete, nothing lands on the wrong one; put back, the same command ends SAFE',
  tools: TOOLS,
  root: true,
  run: exchange,
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

async function exchange(lab: Lab): Promise<void> {
  const wrong = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'WRONG'});
  await makeFoldersOf(wrong.mountPoint);
  const before = await listPaths(wrong.mountPoint, '');
  await wrong.unmount();
  await pull(lab, {
    choose: ({working}) => working,
    async pullOut({mountPoint}) {
      await call('umount', ['-l', mountPoint]);
      await mount({...wrong, mountPoint});
    },
  });
  await wrong.mount();
  assert.deepEqual(
    await listPaths(wrong.mountPoint, ''),
    before,
    'nothing lies on the wrong drive',
  );
}

/** Folders of the names that copies go to: they must not go there. */
async function makeFoldersOf(root: string): Promise<void> {
  await mkdir(join(root, 'rig/CARD/DCIM/100RIGGS'), {recursive: true});
  await mkdir(join(root, 'rig/_offload'));
}

interface Pulling {
  readonly choose: (places: Places) => Drive;
  readonly pullOut: (drive: Drive) => Promise<unknown>;
}

async function pull(lab: Lab, {choose, pullOut}: Pulling): Promise<void> {
  const places = await makeBigPlaces(lab);
  const {card, working, backup, args, shoots} = places;
  const witness = await watchCard(card.mountPoint);
  const roots = [working.mountPoint, backup.mountPoint];
  const gone = choose(places);
  const [stayed] = shoots.filter((shoot) => !shoot.startsWith(`${gone.mountPoint}/`));
  assert.ok(stayed);
  await gone.unmount();
  await makeFoldersOf(gone.mountPoint);
  await gone.mount();
  await tryMoments(lab, countMoments(1), async ({share, note}) => {
    for (const root of roots) await call('rm', ['-rf', join(root, 'rig')]);
    // Late proofs: nobody reads back for a while, and only the writing itself can notice.
    const running = await startOffload(lab, [...args, '--verify-order', 'after']);
    const bytes = Math.floor((0.05 + share * 0.7) * BIG_BYTES);
    note(`pulled when ${bytes} bytes were read`);
    await running.waitFor('the moment', ({read = 0}) => read > bytes);
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
    await unmount(gone.mountPoint);
    assert.deepEqual(await listTree(gone.mountPoint), [], 'no file lies in the mount folder below');
    await gone.mount();
    await expectNothingWrong(shoots, witness);
    await expectProvedStands(first, {witness, to: roots});
    const second = await runOffload(lab, args);
    await expectGoodEnd({first, second, witness, card: card.mountPoint, shoots, roots});
  });
  await witness.expectSameBytes();
}
