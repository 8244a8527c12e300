import assert from 'node:assert/strict';
import {FAULT_FILES, pageStart} from './fault-card.ts';
import {expectGoodEnd, remount} from './fault-checks.ts';
import {
  describePlaces,
  emptyPlaces,
  expectSoundFault,
  type FaultPlaces,
  finishWell,
  makeFaultCard,
} from './fault-places.ts';
import type {Lab} from './lab.ts';
import type {MemoryDisk} from './memory-disk.ts';
import {MEMORY_DRIVE_TOOLS, type MemoryDrive, makeMemoryDrive} from './memory-drive.ts';
import {type RunResult, runOffload} from './offload-run.ts';
import type {Random} from './random.ts';
import type {Rig} from './rig.ts';
import {countMoments, type Trial, tryMoments} from './trials.ts';

/** One bit of one file changes on the medium, right behind the flush or when all is over, whatever the file system. */
export const flippedBit: Rig = {
  name: 'one bit flipped on the medium (ext4, xfs, btrfs): found before the copy has its name, and by `offload verify` afterwards, with the name of the file',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs', 'b3sum', ...MEMORY_DRIVE_TOOLS],
  root: true,
  run: flipBits,
};

async function flipBits(lab: Lab): Promise<void> {
  const card = await makeFaultCard(lab);
  const backup = await makeMemoryDrive(lab, {megabytes: 320, fs: 'xfs', label: 'B'});
  for (const fs of ['ext4', 'xfs', 'btrfs'] as const) {
    const working = await makeMemoryDrive(lab, {megabytes: 320, fs, label: `W-${fs}`});
    const places = await describePlaces(lab, card, [working, backup]);
    await tryMoments(lab, countMoments(1), async (trial) => {
      for (const victim of chooseVictims(trial.random)) {
        await flipBehindFlush(places, victim, trial);
        await flipWhenOver(places, victim, trial);
      }
    });
    await places.witness.expectSameBytes();
    await working.remove();
  }
}

/** A page of a file. */
interface Victim {
  readonly path: string;
  readonly page: number;
}

/** A file that is flushed by itself, and one that is flushed with others. */
function chooseVictims(random: Random): readonly Victim[] {
  const large = `DCIM/100RIGGS/IMG_000${1 + random.below(5)}.CR3`;
  const small = `DCIM/100RIGGS/IMG_${String(1 + random.below(14)).padStart(4, '0')}.JPG`;
  return [
    {path: large, page: random.below(256)},
    {path: small, page: random.below(2)},
  ];
}

/** Also in blocks that are free again: nobody reads them. @returns whether it was there. */
function flip(disk: MemoryDisk, {path, page}: Victim, byte: number): boolean {
  const places = disk.findPages(pageStart(path, page));
  for (const place of places) disk.flipBit(place, byte);
  return places.length > 0;
}

/** Behind the head of a page, by which it is found. */
const chooseByte = (random: Random) => 64 + random.below(4096 - 64);

async function flipBehindFlush(
  places: FaultPlaces<MemoryDrive>,
  victim: Victim,
  {random, note}: Trial,
): Promise<void> {
  const {lab, args, drives, roots, witness, card, shoots} = places;
  const [{disk, fs}] = drives;
  await emptyPlaces(places);
  // What earlier trials left is not to be found instead of the copy that is written now.
  disk.forget(pageStart(victim.path, victim.page));
  const byte = chooseByte(random);
  let isFlipped = false;
  disk.onFlush = () => {
    isFlipped ||= flip(disk, victim, byte);
  };
  const first = await runOffload(lab, [...args, '--verify-order', 'after']);
  disk.onFlush = () => {};
  note(`${fs}: bit of page ${victim.page} of ${victim.path}, exit code ${first.exitCode}`);
  assert.ok(isFlipped, 'the page was written and flushed');
  expectNamed(first, victim, roots[0]);
  await remount(...drives);
  await expectSoundFault(places, first);
  if (first.exitCode === 0) {
    const before = {events: []};
    const ends = {witness, card: card.mountPoint, shoots, roots};
    await expectGoodEnd({first: before, second: first, ...ends});
  } else {
    assert.equal(first.verdicts[0]?.safe, false);
    await finishWell(places, first);
  }
}

/** The changed copy is named, and no other. btrfs knows itself that its bytes are wrong, and does not give them. */
function expectNamed({events}: RunResult, {path}: Victim, to: string): void {
  const found = events.filter(({type, code}) => {
    return (
      type === 'file-mismatched' || type === 'file-failed' || (type === 'noticed' && code === 'EIO')
    );
  });
  assert.ok(
    found.some((event) => event.path === path && event.to === to),
    `${path} on ${to} is named: ${JSON.stringify(found)}`,
  );
  assert.ok(
    found.every((event) => event.path === path || event.path?.endsWith(`/${path}`)),
    `no other file is named: ${JSON.stringify(found)}`,
  );
}

/** Both drives hold a whole offload. */
async function flipWhenOver(
  {lab, drives, shoots}: FaultPlaces<MemoryDrive>,
  victim: Victim,
  {random}: Trial,
): Promise<void> {
  const [working] = drives;
  const byte = chooseByte(random);
  assert.equal(await verify(lab, shoots[0], []), 0, 'a sound shoot is good');
  assert.ok(flip(working.disk, victim, byte));
  assert.equal(await verify(lab, shoots[0], [victim.path]), 1, 'a bit that flipped is found');
  assert.ok(flip(working.disk, victim, byte));
  assert.equal(await verify(lab, shoots[0], []), 0, 'it was that bit');
}

/** @param bad the only files that may be bad, by their paths on the card. @returns the exit code. */
async function verify(
  lab: Lab,
  shoot: string,
  bad: readonly string[],
): Promise<number | undefined> {
  const {exitCode, events} = await runOffload(lab, ['verify', shoot]);
  const checked = events.filter(({type}) => type === 'copy-checked');
  assert.equal(checked.length, FAULT_FILES, 'every copy is read');
  const found = checked.filter(({state}) => state !== 'good').map(({cardPath}) => cardPath);
  assert.deepEqual(found, bad);
  return exitCode;
}
