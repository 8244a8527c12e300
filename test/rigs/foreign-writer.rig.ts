import assert from 'node:assert/strict';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {checkSums, expectEnd, expectRefused, expectSafe} from './checks.ts';
import {expectAllPresent, expectTidy} from './fault-checks.ts';
import {
  emptyPlaces,
  expectSoundFault,
  type FaultPlaces,
  finishWell,
  makeFaultPlaces,
} from './fault-places.ts';
import type {Lab} from './lab.ts';
import {type RunResult, startOffload} from './offload-run.ts';
import type {Random} from './random.ts';
import type {Rig} from './rig.ts';
import {hashFile} from './trees.ts';
import {countMoments, type Trial, tryMoments} from './trials.ts';

/** Somebody else writes into the same folder and takes names that copies are to have, before they have them. */
export const foreignWriter: Rig = {
  name: 'somebody else takes the names of copies at random moments: his files stay as they are, copies get other names, SAFE',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'mkfs.exfat', 'mount.exfat-fuse', 'b3sum'],
  root: true,
  run: writeBeside,
};

/** Two offloads that begin at the same moment: the lock is taken by one of them. */
export const startedAtOnce: Rig = {
  name: 'two offloads of one card that begin at the same moment: one is refused or finds all present, the other ends SAFE',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'b3sum'],
  root: true,
  run: startAtOnce,
};

async function writeBeside(lab: Lab): Promise<void> {
  for (const pair of [['ext4', 'xfs'] as const, ['exfat', 'ext4'] as const]) {
    const places = await makeFaultPlaces(lab, pair);
    // Without hard links there is a gap between the look at a name and the renaming, which only an offload keeps out of: there the names go before the first copy is named.
    const hasLinks = !pair.some((fs) => fs === 'exfat');
    await tryMoments(lab, countMoments(2), async (trial) => {
      await emptyPlaces(places);
      await offloadBeside(places, hasLinks, trial);
    });
    await places.witness.expectSameBytes();
  }
}

/** So many names at once take less time than the first copy. */
const HASTY = 12;

/** A file of the foreign program. */
interface Foreign {
  readonly path: string;
  readonly text: string;
}

async function offloadBeside(
  places: FaultPlaces,
  hasLinks: boolean,
  {random, note}: Trial,
): Promise<void> {
  const {lab, args, roots, shoots, witness} = places;
  const wanted = [...witness.hashes.keys()].flatMap((path) =>
    shoots.map((shoot) => `${shoot}/CARD/${path}`),
  );
  const running = await startOffload(lab, args);
  const foreign: Foreign[] = [];
  let isOver = false;
  const ended = running.result.finally(() => {
    isOver = true;
  });
  await running.waitFor('the copying has begun', ({type}) => type === 'run-planned');
  while (!isOver && wanted.length > 0 && (hasLinks || foreign.length < HASTY)) {
    if (hasLinks) await sleep(random.below(8));
    const [path = ''] = wanted.splice(random.below(wanted.length), 1);
    const made = await takeName(path, random);
    if (made !== undefined) foreign.push(made);
  }
  const run = await ended;
  note(`${foreign.length} names were taken; exit code ${run.exitCode}`);
  assert.ok(foreign.length > 3, `the foreign program came in time: ${foreign.length} files`);
  expectSafe(run);
  for (const {path, text} of foreign) {
    assert.ok((await readFile(path, 'utf8')) === text, `${path} is as somebody else wrote it`);
  }
  await expectAllApart(places, run, foreign);
  for (const shoot of shoots) await checkSums(shoot);
  for (const root of roots) await expectTidy(root);
  await witness.expectUntouched();
}

/** @returns the file, or undefined when the name was taken already. */
async function takeName(path: string, random: Random): Promise<Foreign | undefined> {
  const text = `somebody else's ${random.below(1e9)} ${'.'.repeat(random.below(3) * 4096)}`;
  try {
    await mkdir(dirname(path), {recursive: true});
    await writeFile(path, text, {flag: 'wx'});
    return {path, text};
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw error;
  }
}

/** Each file of the card is proved at both destinations, under a name that is not the foreign program's. */
async function expectAllApart(
  {roots, witness}: FaultPlaces,
  {events}: RunResult,
  foreign: readonly Foreign[],
): Promise<void> {
  const taken = new Set(foreign.map(({path}) => path));
  for (const root of roots) {
    const proofs = events.filter(({type, to}) => type === 'file-proved' && to === root);
    assert.equal(proofs.length, witness.hashes.size, `every file is proved on ${root}`);
    for (const {path = '', target = ''} of proofs) {
      const place = join(root, 'rig', target);
      assert.ok(!taken.has(place), `${place} is not the foreign program's`);
      assert.equal(
        await hashFile(place),
        witness.hashes.get(path),
        `${place} has the card's bytes`,
      );
    }
  }
}

async function startAtOnce(lab: Lab): Promise<void> {
  const places = await makeFaultPlaces(lab);
  const {args, shoots, roots} = places;
  const turned = [...args.slice(0, 2), ...args.slice(4, 6), ...args.slice(2, 4), ...args.slice(6)];
  await tryMoments(lab, countMoments(3), async ({random, note}) => {
    await emptyPlaces(places);
    const one = await startOffload(lab, args);
    await sleep(random.below(60));
    // Nobody may come in by another order of the drives.
    const other = await startOffload(lab, random.chance(0.5) ? args : turned);
    const runs = await Promise.all([one.result, other.result]);
    const codes = runs.map(({exitCode}) => exitCode);
    note(`exit codes ${codes.join(' and ')}`);
    for (const run of runs) await expectSoundFault(places, run);
    const safe = runs.filter(({exitCode}) => exitCode === 0);
    const refused = runs.filter(({exitCode}) => exitCode === 2);
    assert.equal(safe.length + refused.length, 2, 'each is SAFE or refused');
    for (const run of refused) expectRefused(run, 'shoot-locked');
    // With drives in another order both may find one locked by the other; nothing was written then.
    const [first] = safe.sort((a, b) => copied(b) - copied(a));
    if (first === undefined) {
      await finishWell(places, {events: []});
      return;
    }
    expectEnd(first, 0);
    if (safe.length === 2) {
      const [, second] = safe;
      assert.ok(second);
      expectAllPresent(first, second);
    } else for (const shoot of shoots) await checkSums(shoot);
    for (const root of roots) await expectTidy(root);
  });
  await places.witness.expectSameBytes();
}

const copied = ({verdicts}: RunResult) => verdicts[0]?.account.copied ?? 0;
