import assert from 'node:assert/strict';
import {basename} from 'node:path';
import {expectEnd, expectSafe} from './checks.ts';
import {FAULT_FILES, pageStart} from './fault-card.ts';
import {remount} from './fault-checks.ts';
import {
  describePlaces,
  emptyPlaces,
  expectSoundFault,
  type FaultPlaces,
  finishWell,
  makeFaultCard,
  makeFaultPlaces,
} from './fault-places.ts';
import type {Lab} from './lab.ts';
import {MEMORY_DRIVE_TOOLS, makeMemoryDrive} from './memory-drive.ts';
import type {FileSystem} from './mounts.ts';
import {type RunResult, runOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {makeShim} from './shim.ts';
import {countMoments, type Trial, tryMoments} from './trials.ts';

/** Linux tells of a write error once for each open file; a second flush says that all is well, and the bytes are nowhere. */
export const flushFailsOnce: Rig = {
  name: 'any flush that fails once: what it was for is not proved, the rest is; the same command ends SAFE',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'b3sum', 'gcc'],
  root: true,
  run: failAnyFlush,
};

export const writeRefusedOnce: Rig = {
  name: 'a drive that refuses one write from the cache (ext4, xfs, btrfs): the copy is not proved; the same command ends SAFE',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs', 'b3sum', ...MEMORY_DRIVE_TOOLS],
  root: true,
  run: refuseOneWrite,
};

async function failAnyFlush(lab: Lab): Promise<void> {
  const places = await makeFaultPlaces(lab);
  const {roots, args} = places;
  const shim = await makeShim(lab, roots);
  expectSafe(await runOffload(lab, args, {env: shim.env}));
  const syncs = await shim.countSyncs();
  assert.ok(syncs > 20, `the shim sees the flushes: ${syncs}`);
  await tryMoments(lab, countMoments(6), async ({share, note}) => {
    await emptyPlaces(places);
    await shim.reset();
    const at = 1 + Math.floor(share * syncs);
    await shim.failSyncAt(at);
    const first = await runOffload(lab, args, {env: shim.env});
    const failed = await shim.findFailedSync();
    note(`flush ${at} of ${syncs} fails: ${failed}, exit code ${first.exitCode}`);
    expectFailure(places, first, {failed, at});
    await expectSoundFault(places, first);
    if (first.exitCode !== 0) await finishWell(places, first);
  });
  await places.witness.expectSameBytes();
}

/** So many flushes come before the journals are open. */
const EARLY = 15;

/** A probe that cannot be flushed says that the drive is to be written in another way: `sync -f` of the record folder is tried before anything is copied. */
const isProbe = (failed: string, at: number) =>
  basename(failed).startsWith('.offload-probe-') || (basename(failed) === '_offload' && at < EARLY);

/** What a flush that failed must have led to. */
function expectFailure(
  {roots}: FaultPlaces,
  first: RunResult,
  {failed, at}: {readonly failed: string; readonly at: number},
): void {
  if (failed === '' || isProbe(failed, at)) return;
  if (first.exitCode === 0) {
    assert.ok(
      first.events.every(({type}) => type !== 'destination-lost'),
      'no destination is lost in a run that ends SAFE',
    );
    // The verdict's own line comes last, behind all that it stands on; that it is not durable is told.
    if (failed.endsWith('.journal')) {
      const told = first.events.some(({type, code}) => type === 'noticed' && code === 'EIO');
      assert.ok(told, 'the journal that failed is told');
      return;
    }
    // Only the name of an empty folder may be missing, and that is told.
    const [noticed] = first.events.filter(({type, code}) => type === 'noticed' && code === 'EIO');
    const empty = ['DCIM/102RIGGS', 'lost+found'].filter((folder) =>
      noticed?.path?.endsWith(folder),
    );
    assert.equal(empty.length, 1, 'a run whose flush failed is not SAFE');
    return;
  }
  if (first.exitCode === 2) return;
  const {account, copies} = expectEnd(first, 1);
  const to = roots.find((root) => failed === root || failed.startsWith(`${root}/`));
  const blamed = first.events.filter(({type}) =>
    ['file-failed', 'destination-lost'].includes(type),
  );
  // Only records were hit when nothing is blamed; the verdict names them then.
  assert.ok(
    blamed.every((event) => event.to === to),
    'the other destination is not blamed',
  );
  const other = copies.find((copy) => copy.to !== to);
  assert.equal(other?.proved, FAULT_FILES, 'the other destination has every file');
  const isCopy = /\/DCIM\/.*\.part$|\/PRIVATE\/.*\.part$|\/MISC\/.*\.part$/.test(failed);
  if (!isCopy) return;
  assert.deepEqual(
    blamed.map(({type, code}) => [type, code]),
    [['file-failed', 'EIO']],
    'one copy has failed, and nothing else',
  );
  assert.equal(account.failed, 1);
}

async function refuseOneWrite(lab: Lab): Promise<void> {
  const card = await makeFaultCard(lab);
  const backup = await makeMemoryDrive(lab, {megabytes: 320, fs: 'xfs', label: 'B'});
  for (const fs of ['ext4', 'xfs', 'btrfs'] as const) {
    const working = await makeMemoryDrive(lab, {megabytes: 320, fs, label: `W-${fs}`});
    const places = await describePlaces(lab, card, [working, backup]);
    await tryMoments(lab, countMoments(1), (trial) => refuseOne(places, fs, trial));
    await working.remove();
  }
}

type MemoryPlaces = Awaited<
  ReturnType<typeof describePlaces<Awaited<ReturnType<typeof makeMemoryDrive>>>>
>;

async function refuseOne(
  places: MemoryPlaces,
  fs: FileSystem,
  {random, note}: Trial,
): Promise<void> {
  const {lab, drives, args, roots} = places;
  const [{disk}] = drives;
  await emptyPlaces(places);
  await remount(...drives);
  // Small files go through the cache: only their flush can tell of it.
  const victim = `DCIM/100RIGGS/IMG_${String(1 + random.below(14)).padStart(4, '0')}.JPG`;
  const start = pageStart(victim, 0);
  note(`${fs}: a write of ${victim} is refused`);
  let refused = 0;
  disk.fails = ({kind, bytes}) => {
    if (kind !== 'write' || refused > 0 || bytes === undefined || !bytes.includes(start))
      return false;
    refused++;
    return true;
  };
  const first = await runOffload(lab, args);
  assert.equal(refused, 1, 'the write came by and was refused');
  const verdict = expectEnd(first, 1);
  const blamed = first.events.filter(({type}) =>
    ['file-failed', 'destination-lost'].includes(type),
  );
  assert.ok(
    blamed.some(({path, type}) => path === victim || type === 'destination-lost'),
    `${victim} is named: ${JSON.stringify(blamed)}`,
  );
  assert.ok(
    blamed.every(({to}) => to === roots[0]),
    'only the drive that refused is blamed',
  );
  assert.equal(verdict.copies[1]?.proved, FAULT_FILES, 'the other drive has every file');
  await remount(...drives);
  await expectSoundFault(places, first);
  await finishWell(places, first);
}
