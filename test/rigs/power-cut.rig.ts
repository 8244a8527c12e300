import assert from 'node:assert/strict';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {expectSafe} from './checks.ts';
import {
  expectAllPresent,
  expectGoodEnd,
  expectTidy,
  hasEnded,
  remount,
  wentOn,
} from './fault-checks.ts';
import {describePlaces, expectSoundFault, type FaultPlaces, makeFaultCard} from './fault-places.ts';
import type {Lab} from './lab.ts';
import type {Pages} from './memory-disk.ts';
import {MEMORY_DRIVE_TOOLS, type MemoryDrive, makeMemoryDrive} from './memory-drive.ts';
import type {Drive, FileSystem} from './mounts.ts';
import {type RunResult, runOffload, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {countMoments, type Trial, tryMoments} from './trials.ts';

/**
 * The power goes for computer and drives at once. What the drives had in their write caches is gone, or a random part of it, or nothing; then they are mounted again, which repairs
 * the file systems.
 */
export const powerCut: Rig = {
  name: 'the power cut at any write (ext4, xfs, btrfs; what no flush followed is lost): what was told to be proved stands, the same command ends SAFE',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs', 'b3sum', ...MEMORY_DRIVE_TOOLS],
  root: true,
  run: cutAnywhere,
};

const PAIRS: readonly (readonly [FileSystem, FileSystem])[] = [
  ['ext4', 'xfs'],
  ['btrfs', 'ext4'],
];

type Told = Pick<RunResult, 'events'>;

interface Setting {
  readonly places: FaultPlaces<MemoryDrive>;
  /** Both drives formatted, and nothing on them. */
  readonly empty: readonly Pages[];
  /** Writes and flushes of both drives in a run whose power stays. */
  readonly changes: number;
}

async function cutAnywhere(lab: Lab): Promise<void> {
  const card = await makeFaultCard(lab);
  const settings: Setting[] = [];
  for (const pair of PAIRS) settings.push(await prepare(lab, card, pair));
  let resumed = 0;
  const count = countMoments();
  await tryMoments(lab, count, async (trial) => {
    const setting = settings[trial.seed % settings.length];
    assert.ok(setting);
    const first = await cut(setting, trial);
    if (await finish(setting, first)) resumed++;
  });
  if (count >= 10) {
    assert.ok(
      resumed >= count * 0.3,
      `only ${resumed} of ${count} runs went on with an earlier one`,
    );
  }
  await settings[0]?.places.witness.expectSameBytes();
}

async function prepare(
  lab: Lab,
  card: Drive,
  [w, b]: readonly [FileSystem, FileSystem],
): Promise<Setting> {
  const working = await makeMemoryDrive(lab, {megabytes: 400, fs: w, label: `W-${w}`});
  const backup = await makeMemoryDrive(lab, {megabytes: 400, fs: b, label: `B-${b}`});
  const drives = [working, backup] as const;
  const places = await describePlaces(lab, card, drives);
  for (const drive of drives) await drive.unmount();
  const empty = drives.map(({disk}) => disk.cutPower(() => true));
  await putIn(places, empty);
  expectSafe(await runOffload(lab, places.args));
  return {places, empty, changes: countChanges(places)};
}

/** Both drives with this content, mounted. */
async function putIn({drives}: Setting['places'], content: readonly Pages[]): Promise<void> {
  for (const [index, drive] of drives.entries()) {
    const pages = content[index];
    assert.ok(pages);
    await drive.replace(pages);
  }
  for (const {disk} of drives) disk.changes = 0;
}

const countChanges = ({drives}: Setting['places']) =>
  drives.reduce((sum, {disk}) => sum + disk.changes, 0);

/** Runs until the drives have seen so many writes and flushes; the power goes with the last of them. @returns what was said before. */
async function cut({places, empty, changes}: Setting, {share, random, note}: Trial): Promise<Told> {
  const {lab, drives, args} = places;
  await putIn(places, empty);
  const odds = random.choose([0, 0.5, 0.9, 1]);
  const survives = () => random.chance(odds);
  // A little more than there are, so that the time behind the verdict has its share.
  const at = 1 + Math.floor(share * changes * 1.02);
  const systems = drives.map(({fs}) => fs).join(' and ');
  note(
    `${systems}: cut at write ${at} of about ${changes}, a page that no flush followed is left with odds ${odds}`,
  );
  const running = await startOffload(lab, args);
  let cutOff: {readonly left: readonly Pages[]; readonly events: Told['events']} | undefined;
  const pullPlug = () => {
    cutOff ??= {left: drives.map(({disk}) => disk.cutPower(survives)), events: [...running.told]};
    running.signal('SIGKILL');
  };
  for (const {disk} of drives) {
    disk.onChange = () => {
      if (countChanges(places) >= at) pullPlug();
    };
  }
  await running.result;
  pullPlug();
  const {left = [], events = []} = cutOff ?? {};
  await putIn(places, left);
  return {events};
}

/** @returns whether the second run went on with the first. */
async function finish({places}: Setting, first: Told): Promise<boolean> {
  const {lab, card, witness, drives, args, shoots, roots} = places;
  await expectSoundFault(places, first);
  const isOver = await hasEnded(shoots);
  if (first.events.some(({type, safe}) => type === 'verdict' && safe === true)) {
    for (const shoot of shoots) await expectSealed(shoot);
  }
  const second = await runOffload(lab, args);
  await remount(...drives);
  if (isOver) {
    expectAllPresent(first, second);
    for (const root of roots) await expectTidy(root);
    return false;
  }
  await expectGoodEnd({first, second, witness, card: card.mountPoint, shoots, roots});
  return wentOn(second);
}

/** What SAFE stands on was durable before it was said. That its files are there is seen with all other records. */
async function expectSealed(shoot: string): Promise<void> {
  const names = await readdir(join(shoot, '_offload'));
  for (const end of ['.json', '.b3']) {
    assert.ok(
      names.some((name) => /^[^.]/.test(name) && name.endsWith(end)),
      `${end} in ${shoot}`,
    );
  }
}
