import assert from 'node:assert/strict';
import {stat, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {watchCard} from './card-witness.ts';
import {expectSafe} from './checks.ts';
import type {Event} from './event-forms.ts';
import {fillFaultCard, makeFaultBytes} from './fault-card.ts';
import {remount, wentOn} from './fault-checks.ts';
import {
  describePlaces,
  emptyPlaces,
  expectSoundFault,
  type FaultPlaces,
  finishWell,
} from './fault-places.ts';
import type {Lab} from './lab.ts';
import {MEMORY_DRIVE_TOOLS, type MemoryDrive, makeMemoryDrive} from './memory-drive.ts';
import {type Drive, mount, unmount} from './mounts.ts';
import {type RunResult, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {countMoments, tryMoments} from './trials.ts';
import {makeZram} from './zram.ts';

/** Somebody takes the card out while it is read, in each of the ways in which that shows. */
export const pulledCard: Rig = {
  name: 'a card that is pulled out or exchanged while it is read: NOT SAFE, what was written is proved; put in again, the same command ends SAFE',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'b3sum', ...MEMORY_DRIVE_TOOLS],
  root: true,
  run: pullCard,
};

/** What happens to the card; the program stands still. @returns how to put it in again. */
type Pull = (card: MemoryDrive, other: Drive) => Promise<() => Promise<void>>;

const WAYS: readonly (readonly [string, Pull])[] = [
  [
    'every read gives EIO',
    async (card) => {
      card.disk.fails = () => true;
      return async () => {
        card.disk.fails = () => false;
        await remount(card);
      };
    },
  ],
  [
    'its mount folder is empty',
    async (card) => {
      await call('umount', ['-l', card.mountPoint]);
      return () => card.mount();
    },
  ],
  [
    'another card is mounted there, with files of the same names, sizes and times',
    async (card, other) => {
      await call('umount', ['-l', card.mountPoint]);
      await mount({...other, mountPoint: card.mountPoint});
      return async () => {
        await unmount(card.mountPoint);
        await card.mount();
      };
    },
  ],
];

async function pullCard(lab: Lab): Promise<void> {
  const card = await makeMemoryDrive(lab, {megabytes: 64, fs: 'ext4', label: 'CARD'});
  await fillFaultCard(card.mountPoint);
  const other = await makeOtherCard(lab);
  const working = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 320, fs: 'xfs', label: 'B'});
  const before = await watchCard(card.mountPoint);
  // Read-only, as many card readers have it: then no time of reading moves either, and the whole disk can be compared.
  card.readOnly = true;
  await remount(card);
  const medium = card.disk.cutPower(() => true);
  const places = await describePlaces(lab, card, [working, backup]);
  await card.replace(medium);
  const reads = await countReads(places, card);
  for (const [way, pull] of WAYS) {
    await tryMoments(lab, countMoments(1), async ({share, note}) => {
      await emptyPlaces(places);
      await card.replace(medium);
      const at = 1 + Math.floor(share * 0.6 * reads);
      const {first, putIn} = await pullAt({...places, card}, at, () => pull(card, other));
      const codes = first.verdicts.flatMap(({reasons}) => reasons.map(({code}) => code));
      note(
        `${way}, from read ${at} of about ${reads} on: exit code ${first.exitCode}, ${codes.join(' ')}`,
      );
      expectNotSafe(first);
      card.disk.fails = () => false;
      await putIn();
      await expectSoundFault(places, first);
      const second = await finishWell(places, first);
      assert.equal(wentOn(second), first.exitCode !== 2, 'it goes on with what it had');
    });
  }
  await before.expectSameBytes();
  assert.deepEqual(
    card.disk.cutPower(() => true),
    medium,
    'no byte of the card has changed',
  );
}

/** @returns how many reads reach the card in a run that nothing happens to, from its listing on. */
async function countReads({lab, args}: FaultPlaces, card: MemoryDrive): Promise<number> {
  const running = await startOffload(lab, args);
  await running.waitFor('the card is listed', isListing);
  let reads = 0;
  card.disk.fails = ({kind}) => {
    if (kind === 'read') reads++;
    return false;
  };
  expectSafe(await running.result);
  card.disk.fails = () => false;
  assert.ok(reads > 50, `the card is read: ${reads} reads`);
  return reads;
}

/** From here on the card is known by its id. */
const isListing = ({type, phase}: Event) => type === 'phase-started' && phase === 'scan';

/** A card that is there and gives nothing is given up by then. Each try of a block takes the kernel a while. */
const PATIENCE_MS = 40_000;

/** Runs, holds the program at one of the card's reads, and lets it go on when the card is pulled. */
async function pullAt(
  {lab, args, card}: FaultPlaces & {readonly card: MemoryDrive},
  at: number,
  pull: () => Promise<() => Promise<void>>,
): Promise<{first: RunResult; putIn: () => Promise<void>}> {
  const running = await startOffload(lab, args);
  await running.waitFor('the card is listed', isListing);
  let reads = 0;
  const isThere = new Promise<void>((resolve) => {
    card.disk.fails = ({kind}) => {
      if (kind !== 'read' || ++reads !== at) return false;
      running.signal('SIGSTOP');
      resolve();
      return false;
    };
  });
  await Promise.race([isThere, running.result]);
  const putIn = await pull();
  running.signal('SIGCONT');
  const isOver = running.result.then(() => true);
  assert.ok(
    await Promise.race([isOver, sleep(PATIENCE_MS, false, {ref: false})]),
    `a card that gives nothing is given up in ${PATIENCE_MS / 1000} s`,
  );
  return {first: await running.result, putIn};
}

/** Refused when the card went before anything was copied. A file that was not come to has no fact, so the account need not close. */
function expectNotSafe({exitCode, verdicts, stderr}: RunResult): void {
  const [verdict] = verdicts;
  if (exitCode === 2 && verdict === undefined) return;
  assert.ok(exitCode === 1 || exitCode === 130, `exit code ${exitCode}: ${stderr}`);
  assert.equal(verdict?.safe, false, 'NOT SAFE');
  assert.ok(verdict.reasons.length > 0, 'with a reason');
  const {found, copied, present, leftOut, failed} = verdict.account;
  const codes = verdict.reasons.map(({code}) => code);
  const isWhole = found === copied + present + leftOut + failed;
  const saysWhy = codes.includes('account-open') || codes.includes('interrupted');
  assert.ok(isWhole || saysWhy, `the account closes, or the verdict says why: ${codes.join(' ')}`);
}

/** Looks like the card and has other bytes. It is not mounted. */
async function makeOtherCard(lab: Lab): Promise<Drive> {
  const other = await makeZram(lab, {megabytes: 64, fs: 'ext4', label: 'OTHER'});
  await fillFaultCard(other.mountPoint);
  const known = await watchCard(other.mountPoint);
  for (const path of known.hashes.keys()) {
    const place = join(other.mountPoint, path);
    const {size, mtime} = await stat(place);
    await writeFile(place, makeFaultBytes(`other ${path}`, size));
    await utimes(place, mtime, mtime);
  }
  await other.unmount();
  return other;
}
