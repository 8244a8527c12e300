import assert from 'node:assert/strict';
import {mkdir, readdir, rm, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {watchCard} from './card-witness.ts';
import {checkCopies, checkSums, expectEnd, expectNoTemporaries, expectSafe} from './checks.ts';
import {expectSameFiles} from './disk-full.rig.ts';
import {fillDrive} from './fill-drive.ts';
import type {Lab} from './lab.ts';
import {runOffload, startOffload} from './offload-run.ts';
import {Random} from './random.ts';
import type {Rig} from './rig.ts';
import {makePlaces, type Places} from './three-places.ts';
import {call} from './tools.ts';

/** Far more than make a card one of small files, and more than are flushed together. */
const FILES = 1500;
/** Kills of a run at work. */
const KILLS = 4;

/** What the card holds, in bytes: from nothing to just not small, most of the size of a sidecar or a preview. */
const SIZES = [0, 1, 4095, 4096, 4097, 20_000, 33_333, 65_536, 100_001, 7];
const LARGER = [1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 3_000_001];

/** Small files in several folders, and a few larger ones among them. No two are alike. */
async function fillSmallCard(card: string): Promise<void> {
  const random = new Random(61);
  const files = [...Array.from({length: FILES}, (_, n) => SIZES[n % SIZES.length] ?? 0), ...LARGER];
  for (const [n, size] of files.entries()) {
    const folder = join(card, `DCIM/${100 + (n % 7)}SMALL`);
    await mkdir(folder, {recursive: true});
    const bytes = Buffer.alloc(size);
    for (let at = 0; at < size; at += 512) {
      bytes.fill(`file ${n} at ${at}, ${random.below(1e9)}, `, at, Math.min(at + 512, size));
    }
    const path = join(folder, `IMG_${String(n).padStart(5, '0')}.JPG`);
    await writeFile(path, bytes, {flag: 'wx'});
    const seconds = Date.UTC(2026, 3, 6, 10, 0, n) / 1000 + 0.25;
    await utimes(path, seconds, seconds);
  }
}

async function makeSmallPlaces(lab: Lab): Promise<Places> {
  const places = await makePlaces(lab, {megabytes: 384});
  await fillSmallCard(places.card.mountPoint);
  await call('sync', ['-f', places.card.mountPoint]);
  return places;
}

const ALL = FILES + LARGER.length;

/** Threads copy the small files: `kill -9` at any moment, and at last everything is there. */
export const smallFiles: Rig = {
  name: `a card of ${FILES} small files: SAFE, and killed with -9 at ${KILLS} moments the same command ends SAFE with nothing left`,
  tools: ['mkfs.ext4', 'mkfs.xfs', 'b3sum'],
  root: true,
  run: copyAndKill,
};

async function copyAndKill(lab: Lab): Promise<void> {
  const {card, args, shoots} = await makeSmallPlaces(lab);
  const witness = await watchCard(card.mountPoint);
  const start = performance.now();
  const verdict = expectSafe(await runOffload(lab, args));
  const wholeMs = performance.now() - start;
  assert.deepEqual([verdict.account.copied, verdict.account.failed], [ALL, 0]);
  assert.deepEqual(
    verdict.copies.map(({proved, mediumRead}) => [proved, mediumRead]),
    [
      [ALL, 'direct'],
      [ALL, 'direct'],
    ],
  );
  await expectWhole({card: card.mountPoint, shoots});
  const told: string[] = [];
  let midway = 0;
  for (let time = 0; time < KILLS; time++) {
    for (const shoot of shoots) await rm(shoot, {recursive: true, force: true});
    const afterMs = Math.round(((time + Math.random()) / KILLS) * wholeMs);
    const running = await startOffload(lab, args);
    await Promise.race([sleep(afterMs), running.result]);
    running.signal('SIGKILL');
    const {exitCode} = await running.result;
    const parts = await countParts(shoots);
    told.push(`killed at ${afterMs} of ${Math.round(wholeMs)} ms, ${parts} parts`);
    if (exitCode === undefined && parts > 0) midway += 1;
    try {
      const again = expectSafe(await runOffload(lab, args));
      assert.equal(again.account.failed, 0);
      for (const shoot of shoots) await expectNoTemporaries(shoot);
      if (again.account.copied > 0) await expectWhole({card: card.mountPoint, shoots});
    } catch (error) {
      throw new Error(`${told.at(-1)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  assert.ok(midway >= 1, `no kill hit a run that was copying: ${told.join('; ')}`);
  await witness.expectSameBytes();
}

async function expectWhole(about: Parameters<typeof checkCopies>[0]): Promise<void> {
  for (const shoot of about.shoots) await checkSums(shoot);
  await checkCopies(about);
}

/** Copies that have no name yet. */
async function countParts(shoots: readonly string[]): Promise<number> {
  let parts = 0;
  for (const shoot of shoots) {
    try {
      const names = await readdir(shoot, {recursive: true});
      parts += names.filter((name) => /\.offload-[^/]*\.part$/.test(name)).length;
    } catch {
      // It was killed before it had made its folder.
    }
  }
  return parts;
}

/** Somebody else fills a drive before the small files are there. */
export const smallFilesFull: Rig = {
  name: 'many small files and a destination that somebody else fills: NOT SAFE, the other is complete; with space the same command ends SAFE',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'b3sum'],
  root: true,
  run: fillUp,
};

async function fillUp(lab: Lab): Promise<void> {
  const {card, working, args, shoots} = await makeSmallPlaces(lab);
  const running = await startOffload(lab, args);
  // The plan is made, and has found space.
  await running.waitFor(
    'it begins to copy',
    ({type, phase}) => type === 'phase-started' && phase === 'copy',
  );
  const filler = await fillDrive(running, working.mountPoint);
  const first = await running.result;
  const {copies, account, reasons} = expectEnd(first, 1);
  assert.ok(account.failed > 0, 'some files failed');
  assert.ok(
    reasons.some(({code}) => code === 'file-failed'),
    JSON.stringify(reasons),
  );
  const blamed = first.events.filter(({type}) => type === 'file-failed');
  assert.ok(blamed.length > 0);
  for (const {code, to, message, path} of blamed) {
    assert.deepEqual([code, to], ['ENOSPC', working.mountPoint], `${path}: ${message}`);
  }
  assert.equal(copies[1]?.proved, ALL, 'the other drive has all files');
  await expectSameFiles(card.mountPoint, shoots[1]);
  for (const shoot of shoots) await expectNoTemporaries(shoot);
  await rm(filler);
  expectSafe(await runOffload(lab, args));
  await expectWhole({card: card.mountPoint, shoots});
}
