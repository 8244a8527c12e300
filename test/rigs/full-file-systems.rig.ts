import assert from 'node:assert/strict';
import {open, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {FAULT_BYTES, FAULT_FILES} from './fault-card.ts';
import {expectGoodEnd} from './fault-checks.ts';
import {
  describePlaces,
  emptyPlaces,
  expectSoundFault,
  type FaultPlaces,
  finishWell,
  makeFaultCard,
} from './fault-places.ts';
import type {Lab} from './lab.ts';
import type {FileSystem} from './mounts.ts';
import {type RunResult, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {countMoments, type Trial, tryMoments} from './trials.ts';
import {makeZram} from './zram.ts';

/** Each file system is full in its own way: some still take small files, some not even a byte, some tell of it only at the flush. */
export const fullFileSystems: Rig = {
  name: 'a destination that is full from a random moment on (ext4, xfs, btrfs, exFAT): the other is complete; with space the same command ends SAFE',
  tools: [
    ...(['mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs', 'mkfs.exfat'] as const),
    ...(['mount.exfat-fuse', 'b3sum'] as const),
  ],
  root: true,
  run: fillEach,
};

/** Megabytes that each file system wants at least, with room for the card. */
const SIZES: readonly (readonly [FileSystem, number])[] = [
  ['ext4', 64],
  ['xfs', 320],
  ['btrfs', 160],
  ['exfat', 64],
];

/** What is left of the space, in bytes. */
const LEFT = [0, 0, 4096, 100_000, 1_500_000, 6_000_000];

async function fillEach(lab: Lab): Promise<void> {
  const card = await makeFaultCard(lab);
  const backup = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'B'});
  for (const [fs, megabytes] of SIZES) {
    const working = await makeZram(lab, {megabytes, fs, label: `W-${fs}`});
    const places = await describePlaces(lab, card, [working, backup]);
    await tryMoments(lab, countMoments(2), (trial) => fillOne(places, trial));
    await places.witness.expectSameBytes();
    await working.remove();
  }
}

async function fillOne(places: FaultPlaces, {share, random, note}: Trial): Promise<void> {
  const {lab, args, roots, drives, card, witness, shoots} = places;
  const [root] = roots;
  await emptyPlaces(places);
  const left = random.choose(LEFT);
  const order = random.choose(['after', 'overlap']);
  const bytes = Math.floor(share * FAULT_BYTES);
  const running = await startOffload(lab, [...args, '--verify-order', order]);
  await running.waitFor('the moment', ({type, read = 0}) => {
    return type === 'phase-started' ? bytes === 0 : type === 'progress' && read >= bytes;
  });
  running.signal('SIGSTOP');
  const fillers = await fill(root, left);
  running.signal('SIGCONT');
  const first = await running.result;
  const told = first.events.filter(({type}) => ['file-failed', 'destination-lost'].includes(type));
  note(
    `${drives[0].fs}: ${left} bytes left when ${bytes} were read, proofs ${order}, exit code ${first.exitCode}, ${told.length} faults`,
  );
  await expectSoundFault(places, first);
  if (first.exitCode === 0) {
    await expectGoodEnd({
      first: {events: []},
      second: first,
      witness,
      card: card.mountPoint,
      shoots,
      roots,
    });
  } else expectOtherComplete(places, first);
  for (const filler of fillers) await rm(filler, {force: true});
  await call('sync', ['-f', root]);
  if (first.exitCode !== 0) await finishWell(places, first);
}

function expectOtherComplete({roots}: FaultPlaces, first: RunResult): void {
  assert.equal(first.exitCode, 1, first.stderr);
  const [verdict] = first.verdicts;
  assert.equal(verdict?.safe, false);
  const told = first.events.filter(({type}) => ['file-failed', 'destination-lost'].includes(type));
  assert.ok(
    told.every(({to}) => to === roots[0]),
    'only the full drive is blamed',
  );
  assert.equal(verdict?.copies[1]?.proved, FAULT_FILES, 'the other drive has all files');
  assert.ok(verdict?.copies[1]?.manifest, 'and the record');
}

/** Writes until nothing more fits, and frees so many bytes again. @returns the files that stay. */
async function fill(root: string, left: number): Promise<readonly string[]> {
  const spare = join(root, 'spare.bin');
  if (left > 0) await writeUntilFull(spare, left);
  const files: string[] = [];
  // Large pieces first: what is left between them is filled by small ones.
  for (const [name, piece] of [['large', 1024 * 1024] as const, ['small', 4096] as const]) {
    const path = join(root, `somebody-else-${name}.bin`);
    await writeUntilFull(path, Number.POSITIVE_INFINITY, piece);
    files.push(path);
  }
  if (left > 0) await rm(spare);
  return files;
}

async function writeUntilFull(path: string, most: number, piece = 4096): Promise<void> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    if (isFull(error)) return;
    throw error;
  }
  const bytes = Buffer.alloc(piece, 0x5a);
  try {
    for (let done = 0; done < most; done += piece) await file.write(bytes);
    await file.sync();
  } catch (error) {
    if (!isFull(error)) throw error;
  } finally {
    await file.close().catch(() => {});
  }
}

const isFull = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOSPC';
