import assert from 'node:assert/strict';
import {mkdir, open, readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import {fillBigCard} from './card-content.ts';
import {checkCopies, expectEnd} from './checks.ts';
import type {Lab} from './lab.ts';
import {attach, makeLoop} from './loop.ts';
import type {Drive} from './mounts.ts';
import {runOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {waitUntil} from './wait.ts';
import {makeZram} from './zram.ts';

/** A sector that the card cannot read: EIO from the block device, as from a worn card. */
export const badSector: Rig = {
  name: 'a bad sector on the card: one file fails with EIO, all others are proved on both drives',
  tools: [
    ...(['mkfs.exfat', 'mount.exfat-fuse', 'mkfs.ext4', 'losetup'] as const),
    ...(['nbdkit', 'nbdfuse', 'fusermount3'] as const),
  ],
  root: true,
  run: copyBadCard,
};

/** The file with the hole, of the card that {@link makeBadCard} makes. */
export const BAD = 'DCIM/100RIGGS/IMG_0007.CR3';
/** Where the hole begins in it, in bytes. */
export const HOLE = 1024 * 1024;
export const SECTOR = 4096;

async function copyBadCard(lab: Lab): Promise<void> {
  const working = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 128, fs: 'ext4', label: 'B'});
  const card = await makeBadCard(lab);
  await assert.rejects(readFile(join(card.mountPoint, BAD)), {code: 'EIO'}, 'the rig works');
  const tos = [working.mountPoint, backup.mountPoint];
  const args = ['--card', card.mountPoint, ...tos.flatMap((to) => ['--to', to]), '--shoot', 'rig'];
  const run = await runOffload(lab, args);
  const {account, copies} = expectEnd(run, 1);
  const blamed = run.events.filter(({type}) => type === 'file-failed');
  assert.deepEqual(
    blamed.map(({path, code, to}) => [path, code, to]),
    [[BAD, 'EIO', undefined]],
  );
  assert.equal(account.failed, 1);
  const others = account.found - account.leftOut - 1;
  assert.deepEqual(
    copies.map(({proved}) => proved),
    [others, others],
  );
  await checkCopies({card: card.mountPoint, shoots: copies.map(({shoot}) => shoot), except: [BAD]});
}

/**
 * An exFAT card in an image, with one unreadable sector in the middle of a file, read-only as behind a lock switch.
 * @returns the card, with what the file held before.
 */
export async function makeBadCard(lab: Lab): Promise<Drive & {readonly content: Buffer}> {
  const image = join(lab.folder, 'card.img');
  const good = await makeLoop(lab, {image, megabytes: 96, fs: 'exfat', label: 'WORN'});
  await fillBigCard(good.mountPoint, {files: 20, size: 3 * 1024 * 1024 + 77});
  const content = await readFile(join(good.mountPoint, BAD));
  await good.remove();
  const whole = await readFile(image);
  const start = whole.indexOf(content.subarray(0, SECTOR));
  assert.ok(start >= 0 && start % SECTOR === 0, 'the file is found in the image');
  const served = await serve(lab, image, start + HOLE);
  const card = await attach(lab, {image: served, fs: 'exfat', label: 'WORN', readOnly: true});
  return {...card, content};
}

/** Serves an image in which one sector gives EIO (nbdkit-ddrescue-filter(1)). @returns the file that shows it. */
async function serve(lab: Lab, image: string, bad: number): Promise<string> {
  const {size} = await stat(image);
  const map = join(lab.folder, 'bad.map');
  const end = bad + SECTOR;
  const rows = ['0x0 ? 1', `0x0 ${bad} +`, `${bad} ${SECTOR} -`, `${end} ${size - end} +`, ''];
  await writeFile(map, rows.join('\n'));
  const folder = join(lab.folder, 'served');
  await mkdir(folder);
  const shown = join(folder, 'img');
  const kit = ['nbdkit', '-s', '--exit-with-parent', '--filter=ddrescue'];
  const command = [...kit, 'file', image, `ddrescue-mapfile=${map}`];
  const server = execa('nbdfuse', [shown, '--command', ...command], {
    stdin: 'ignore',
    reject: false,
  });
  lab.defer(async () => {
    await call('fusermount3', ['-u', folder]);
    await server;
  });
  await waitUntil('the image is served', async () => {
    try {
      const file = await open(shown);
      await file.close();
      return true;
    } catch {
      return false;
    }
  });
  return shown;
}
