import assert from 'node:assert/strict';
import {access, open} from 'node:fs/promises';
import {join} from 'node:path';
import {fillBigCard} from './card-content.ts';
import {checkCopies, checkSums, expectSafe} from './checks.ts';
import type {Lab} from './lab.ts';
import {makeLoop} from './loop.ts';
import type {Drive} from './mounts.ts';
import {runOffload, runPlain, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {listTree} from './trees.ts';
import {makeZram} from './zram.ts';

const TOOLS = ['mkfs.ext4', 'losetup', 'filefrag', 'b3sum'] as const;

/** A bit changes on the medium between the flush and the medium read. */
export const rotBeforeProof: Rig = {
  name: 'a bit that changes on the medium before it is read back is found; the copy is written again and ends SAFE',
  tools: TOOLS,
  root: true,
  run: flipBeforeProof,
};

/** A bit changes on the medium after all was proved. */
export const rotAfterwards: Rig = {
  name: 'a bit that changes on the medium afterwards is found by `offload verify`, with the name of the file',
  tools: TOOLS,
  root: true,
  run: flipAfterwards,
};

interface Places {
  readonly card: Drive;
  /** An image file on a disk of its own: its medium can be written behind the back of its file system. */
  readonly working: Drive & {readonly image: string};
  readonly args: readonly string[];
  readonly shoots: readonly [string, string];
}

async function makeRottingPlaces(lab: Lab, files: number): Promise<Places> {
  const card = await makeZram(lab, {megabytes: 512, fs: 'ext4', label: 'CARD'});
  const disk = await makeZram(lab, {megabytes: 640, fs: 'ext4', label: 'DISK'});
  const backup = await makeZram(lab, {megabytes: 512, fs: 'ext4', label: 'B'});
  const image = join(disk.mountPoint, 'disk.img');
  const working = await makeLoop(lab, {image, megabytes: 512, fs: 'ext4', label: 'W'});
  await fillBigCard(card.mountPoint, {files, size: 4 * 1024 * 1024});
  const [w, b] = [working.mountPoint, backup.mountPoint];
  const args = ['--card', card.mountPoint, '--to', w, '--to', b, '--shoot', 'rig'];
  return {card, working, args, shoots: [`${w}/rig`, `${b}/rig`]};
}

async function flipBeforeProof(lab: Lab): Promise<void> {
  const {card, working, args, shoots} = await makeRottingPlaces(lab, 80);
  const running = await startOffload(lab, [...args, '--verify-order', 'after']);
  await running.waitFor('a quarter is read', ({read = 0}) => read > 80e6);
  running.signal('SIGSTOP');
  const temporary = await findFinished(shoots[0]);
  await flipByte(working.image, join(shoots[0], temporary));
  running.signal('SIGCONT');
  const first = await running.result;
  const {account} = expectSafe(first);
  assert.equal(account.failed, 0, 'no file failed');
  const copied = first.events.find(
    (event) => event.temporary === temporary && event.to === working.mountPoint,
  );
  assert.ok(copied?.path !== undefined && copied.target !== undefined);
  const found = first.events.filter(({type}) => type === 'file-mismatched');
  assert.deepEqual(
    found.map((event) => [event.path, event.to]),
    [[copied.path, working.mountPoint]],
  );
  const evidence = found[0]?.evidence;
  assert.ok(typeof evidence === 'string', 'the changed bytes were kept');
  await assert.rejects(access(join(shoots[0], evidence)), 'and removed when the copy was proved');
  for (const shoot of shoots) await checkSums(shoot);
  await checkCopies({card: card.mountPoint, shoots});
}

/** A copy that waits for its proof: it has the card's time already, which is set behind the last byte. */
async function findFinished(shoot: string): Promise<string> {
  const tree = await listTree(shoot, {hashes: false});
  const hourAgo = Date.now() - 3_600_000;
  const finished = tree.find(({path, mtimeMs}) => path.endsWith('.part') && mtimeMs < hourAgo);
  assert.ok(finished, 'a copy waits for its proof');
  return finished.path;
}

async function flipAfterwards(lab: Lab): Promise<void> {
  const {working, args, shoots} = await makeRottingPlaces(lab, 8);
  expectSafe(await runOffload(lab, args));
  const [shoot] = shoots;
  const sound = await runPlain(lab, ['verify', shoot]);
  assert.equal(sound.exitCode, 0, `a sound shoot: ${sound.stdout}${sound.stderr}`);
  const {folder} = await checkSums(shoot);
  const rotten = join(shoot, folder, 'DCIM/100RIGGS/IMG_0005.CR3');
  await flipByte(working.image, rotten);
  const verified = await runPlain(lab, ['verify', shoot]);
  const said = `${verified.stdout}${verified.stderr}`;
  assert.equal(verified.exitCode, 1, `exit code ${verified.exitCode} instead of 1: ${said}`);
  assert.ok(said.includes('DCIM/100RIGGS/IMG_0005.CR3'), `the file is named: ${said}`);
  assert.ok(!said.includes('IMG_0004.CR3'), `no other file is named: ${said}`);
}

const BLOCK = 4096;

/** Changes one bit of a file in the image below its file system, two blocks behind the file's start. */
async function flipByte(image: string, file: string): Promise<void> {
  const extents = await call('filefrag', ['-v', `-b${BLOCK}`, file]);
  const physical = /^\s*0:\s+0\.\.\s*\d+:\s+(\d+)\.\./m.exec(extents)?.[1];
  assert.ok(physical, `filefrag tells where the file lies: ${extents}`);
  const at = (Number(physical) + 2) * BLOCK + 17;
  const medium = await open(image, 'r+');
  const byte = Buffer.alloc(1);
  await medium.read(byte, 0, 1, at);
  byte.writeUInt8(byte.readUInt8() ^ 0b100);
  await medium.write(byte, 0, 1, at);
  await medium.sync();
  await medium.close();
}
