/** Cloud copies with the rclone that is installed, against its own servers. */
import assert from 'node:assert/strict';
import {mkdir, readdir, readFile, rm, truncate, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';
import {z} from 'zod';
import {fillCard} from './card-content.ts';
import {CloudServer} from './cloud-server.ts';
import type {Lab} from './lab.ts';
import {type RunResult, runOffload, startOffload} from './offload-run.ts';
import {Random} from './random.ts';
import type {Rig} from './rig.ts';
import {listTree} from './trees.ts';
import {makeZram} from './zram.ts';

export const cloudEverywhere: Rig = {
  name: 'cloud copies over SFTP, WebDAV, a folder and crypt: first run, nothing to do, edits and deletions; truncated, spoiled and lost objects are found and healed',
  tools: ['rclone', 'mkfs.ext4'],
  root: true,
  run: copyToEach,
};

export const cloudCut: Rig = {
  name: 'cloud copies with the server killed, the program killed, a full cloud, a wrong password; what was proved stays, the rest goes on',
  tools: ['rclone', 'mkfs.ext4'],
  root: true,
  run: cutInTheMiddle,
};

export const cloudRestore: Rig = {
  name: 'a shoot whose drives are gone comes back from the cloud, proved',
  tools: ['rclone', 'mkfs.ext4', 'tar'],
  root: true,
  run: restoreFromCloud,
};

interface Cloud {
  readonly server: CloudServer;
  readonly source: string;
}

async function openCloud(lab: Lab, folder = join(lab.folder, 'served')): Promise<Cloud> {
  const drive = await makeZram(lab, {megabytes: 160, fs: 'ext4', label: 'W'});
  const server = await CloudServer.open(lab, folder);
  const source = join(drive.mountPoint, 'Photos');
  await mkdir(source);
  await offload(lab, server, ['volumes', 'role', drive.mountPoint, 'working']);
  return {server, source};
}

const offload = async (lab: Lab, {env}: CloudServer, args: readonly string[], expected = 0) => {
  const run = await runOffload(lab, args, {env});
  const told = run.events
    .filter(({type}) => ['refused', 'cloud-step', 'cloud-finished', 'noticed'].includes(type))
    .map((event) => JSON.stringify(event))
    .slice(-6);
  assert.equal(run.exitCode, expected, `${args.join(' ')}\n${told.join('\n')}\n${run.stderr}`);
  assert.ok(!JSON.stringify(run.events).includes('geheim'), 'no password stands in an event');
  return run;
};

/** Pairs with sidecars. */
async function growPhotos(root: string, files = 6, size = 300_000): Promise<void> {
  const random = new Random(11);
  await mkdir(join(root, 'Day 1 Ålesund'), {recursive: true});
  for (let n = 1; n <= files; n++) {
    const bytes = Buffer.alloc(size);
    for (let at = 0; at + 4 <= size; at += 256) bytes.writeUInt32LE(random.below(2 ** 32), at);
    const stem = join(root, 'Day 1 Ålesund', `IMG_000${n}`);
    await writeFile(`${stem}.CR3`, bytes);
    await writeFile(`${stem}.xmp`, `rating ${n}`);
  }
}

const finishedForm = z.looseObject({type: z.enum(['cloud-finished', 'cloud-verified'])});

function expectCounts(
  run: RunResult,
  expected: Readonly<Record<string, unknown>>,
  what: string,
): void {
  const event = run.events.findLast(({type}) => /^cloud-(?:finished|verified)$/.test(type));
  const finished = finishedForm.parse(event);
  const found = Object.fromEntries(Object.keys(expected).map((name) => [name, finished[name]]));
  assert.deepEqual(found, expected, `${what}: ${JSON.stringify(event)}`);
}

const KINDS = ['sftp', 'webdav', 'local', 'crypt'] as const;

async function copyToEach(lab: Lab): Promise<void> {
  const {server, source} = await openCloud(lab);
  await server.start('sftp');
  await server.start('webdav');
  for (const kind of KINDS) await copyTo(lab, {server, source}, kind);
  for (const kind of ['cryptdav', 'memo']) await copyUnproved(lab, {server, source}, kind);
}

/** WebDAV has no hashes, and what rclone remembers of them is none: only a download proves anything. */
async function copyUnproved(lab: Lab, {server, source}: Cloud, kind: string): Promise<void> {
  await rm(source, {recursive: true});
  await growPhotos(source);
  const call = (args: readonly string[], expected = 0) => offload(lab, server, args, expected);
  await call(['offsite', 'add', kind, '--remote', `${kind}:x`, '--from', source]);
  const run = ['offsite', 'run', kind];
  const expected = {result: 'incomplete', code: 'cloud-size-only', proved: 0, sizeOnly: FILES};
  expectCounts(await call(run, 1), expected, kind);
  await call(['offsite', 'status', kind], 1);
  await call(['offsite', 'edit', kind, '--download']);
  expectCounts(await call(run), {result: 'good', proved: FILES}, kind);
  await call(['offsite', 'status', kind]);
  if (kind !== 'memo') return;
  await spoil(join(server.folder, 'memo', 'x', 'Day 1 Ålesund', 'IMG_0003.CR3'));
  const found = await call(['offsite', 'verify', kind], 1);
  expectCounts(found, {result: 'bad', damaged: 1, proved: FILES - 1}, kind);
}

/** Files of {@link growPhotos}. */
const FILES = 12;

async function copyTo(
  lab: Lab,
  {server, source}: Cloud,
  kind: (typeof KINDS)[number],
): Promise<void> {
  await rm(source, {recursive: true});
  await growPhotos(source);
  const call = (args: readonly string[], expected = 0) => offload(lab, server, args, expected);
  const download = kind === 'webdav' ? ['--download'] : [];
  const remote = `${kind}:${kind}-copy`;
  await call(['offsite', 'add', kind, '--remote', remote, '--from', source, ...download]);
  const run = ['offsite', 'run', kind];
  expectCounts(await call(run), {result: 'good', uploaded: FILES, proved: FILES}, kind);
  expectCounts(await call(run), {result: 'good', unchanged: FILES, bytesSent: 0}, kind);

  const day = join(source, 'Day 1 Ålesund');
  await writeFile(join(day, 'IMG_0001.xmp'), 'rating 5, and words');
  await rm(join(day, 'IMG_0002.xmp'));
  await writeFile(join(day, 'neu, mit Ä und 100 %.txt'), 'new');
  const third = await call(run);
  expectCounts(third, {result: 'good', replaced: 1, uploaded: 1, kept: 1, proved: FILES}, kind);
  await writeFile(join(day, 'IMG_0003.CR3'), 'no raw file any more');
  expectCounts(await call(run, 1), {result: 'incomplete', alarms: 1, replaced: 0}, kind);
  await growPhotos(source);
  await writeFile(join(day, 'IMG_0001.xmp'), 'rating 5, and words');
  await rm(join(day, 'IMG_0002.xmp'));
  await call(run);
  if (kind === 'crypt') return await spoilEncrypted(lab, server, {kind, run});

  const there = join(server.folder, `${kind}-copy`, 'Day 1 Ålesund');
  assert.equal(
    await readFile(join(there, 'IMG_0002.xmp'), 'utf8'),
    'rating 2',
    'nothing is deleted there',
  );
  const archive = await listTree(join(server.folder, `${kind}-copy`, '_archive'));
  assert.equal(archive.filter(({path}) => path.endsWith('IMG_0001.xmp')).length, 1);
  await truncate(join(there, 'IMG_0004.CR3'), 1000);
  await spoil(join(there, 'IMG_0005.CR3'));
  await rm(join(there, 'IMG_0006.CR3'));
  const found = await call(['offsite', 'verify', kind], 1);
  expectCounts(found, {result: 'bad', damaged: 2, missing: 1, proved: FILES - 3}, kind);
  expectCounts(await call(run), {result: 'good', healed: 3, proved: FILES}, kind);
  await call(['offsite', 'verify', kind]);
  const left = await readdir(join(server.folder, `${kind}-copy`), {
    recursive: true,
    withFileTypes: true,
  });
  const parts = left.filter((one) => one.isFile() && one.parentPath.includes('_offload-incoming'));
  assert.deepEqual(
    parts.map(({name}) => name),
    [],
    'nothing is left on the way',
  );
}

/** One byte in the middle, and the size as it was. */
async function spoil(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 4;
  await writeFile(path, bytes);
}

/** The largest encrypted files are raw files; which of them is not seen. */
async function spoilEncrypted(
  lab: Lab,
  server: CloudServer,
  {kind, run}: {readonly kind: string; readonly run: readonly string[]},
): Promise<void> {
  const root = join(lab.folder, 'encrypted');
  const files = (await listTree(root)).filter(({size}) => Number(size) > 300_000);
  assert.equal(files.length, 6);
  await spoil(join(root, files[0]?.path ?? ''));
  const found = await offload(lab, server, ['offsite', 'verify', kind], 1);
  expectCounts(found, {result: 'bad', damaged: 1, proved: FILES - 1}, kind);
  const healed = await offload(lab, server, run);
  expectCounts(healed, {result: 'good', healed: 1, proved: FILES}, kind);
  await offload(lab, server, ['offsite', 'verify', kind]);
}

async function cutInTheMiddle(lab: Lab): Promise<void> {
  const disk = await makeZram(lab, {megabytes: 40, fs: 'ext4', label: 'SERVED'});
  const {server, source} = await openCloud(lab, join(disk.mountPoint, 'served'));
  const call = (args: readonly string[], expected = 0) => offload(lab, server, args, expected);
  await growPhotos(source, 8, 2_000_000);
  const wrong = await call(['offsite', 'add', 'x', '--remote', 'wrong:x', '--from', source], 2);
  // Nobody listens yet.
  assert.ok(wrong.events.some(({code}) => code === 'cloud-unreachable'));
  await server.start('sftp');
  const refused = await call(['offsite', 'add', 'x', '--remote', 'wrong:x', '--from', source], 2);
  assert.ok(refused.events.some(({code}) => code === 'cloud-credentials'));

  const add = ['offsite', 'add', 'cloud', '--remote', 'sftp:c', '--from', source];
  await call([...add, '--bwlimit', '3M']);
  const run = ['offsite', 'run', 'cloud'];
  const isUploading = ({type, sent}: {readonly type: string; readonly sent?: unknown}) =>
    type === 'cloud-progress' && typeof sent === 'number' && sent > 1_000_000;

  const cut = await startOffload(lab, run, {env: server.env});
  await cut.waitFor('the upload', isUploading);
  await server.stop('sftp');
  const broken = await cut.result;
  assert.equal(broken.exitCode, 1);
  expectCounts(broken, {result: 'incomplete', code: 'cloud-unreachable'}, 'the server was killed');
  await expectWhole(server, source, 'after the server was killed');

  await server.start('sftp');
  const killed = await startOffload(lab, run, {env: server.env});
  await killed.waitFor('the upload', isUploading);
  killed.signal('SIGKILL');
  await killed.result;
  await sleep(2500);
  const {stdout: still} = await execa('pgrep', ['-f', 'rclone.*copy.*sftp:c'], {reject: false});
  assert.equal(still, '', 'rclone ends with the program that started it');
  await expectWhole(server, source, 'after the program was killed');

  const stopped = await startOffload(lab, run, {env: server.env});
  await stopped.waitFor('the upload', isUploading);
  stopped.signal('SIGINT');
  assert.equal((await stopped.result).exitCode, 130);
  await expectWhole(server, source, 'after Ctrl-C');

  const last = await call(run);
  expectCounts(last, {result: 'good', proved: 16, failed: 0}, 'the rest went on');
  await call(['offsite', 'verify', 'cloud']);

  // 40 MB of disk have no room for 40 more.
  await growPhotos(join(source, 'More'), 8, 5_000_000);
  await call(['offsite', 'edit', 'cloud', '--no-bwlimit']);
  const full = await call(run, 1);
  expectCounts(full, {result: 'incomplete'}, 'the cloud is full');
  await expectWhole(server, source, 'in a full cloud');
  await call(['offsite', 'verify', 'cloud']);
}

/** No name of the source holds anything but its bytes: what is not whole has none. */
async function expectWhole({folder}: CloudServer, source: string, when: string): Promise<void> {
  const hashes = new Map((await listTree(source)).map(({path, hash}) => [path, hash]));
  const there = await listTree(join(folder, 'c')).catch(() => []);
  for (const {path, hash} of there) {
    if (/^_(?:archive|offload-incoming)(?:\/|$)/.test(path)) continue;
    assert.equal(hash, hashes.get(path), `${path} is whole ${when}`);
  }
}

async function restoreFromCloud(lab: Lab): Promise<void> {
  const card = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'CARD'});
  const working = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'B'});
  const server = await CloudServer.open(lab, join(lab.folder, 'served'));
  await server.start('sftp');
  await fillCard(lab, card.mountPoint);
  const call = (args: readonly string[], expected = 0) => offload(lab, server, args, expected);
  const [w, b] = [working.mountPoint, backup.mountPoint];
  await call(['--card', card.mountPoint, '--to', w, '--to', b, '--shoot', 'Rig']);
  await call(['volumes', 'role', w, 'working']);
  await call(['offsite', 'add', 'cloud', '--remote', 'sftp:c', '--from', w]);
  await call(['offsite', 'run', 'cloud']);
  const before = await listTree(join(w, 'Rig'));
  await working.remove();
  await backup.remove();
  const target = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'NEW'});
  const back = await call(['restore', 'Rig', '--to', target.mountPoint]);
  const restored = back.events.filter(
    ({type, state}) => type === 'file-restored' && state === 'restored',
  );
  assert.ok(restored.length > 0);
  assert.ok(restored.every(({from}) => String(from).startsWith('sftp:c/')));
  const after = new Map(
    (await listTree(join(target.mountPoint, 'Rig'))).map(({path, hash}) => [path, hash]),
  );
  for (const {path, hash} of before) {
    if (path.startsWith('_offload/')) continue;
    assert.equal(after.get(path), hash, `${path} came back`);
  }
  const litter = (await readdir(target.mountPoint, {recursive: true})).filter((name) =>
    name.endsWith('.part'),
  );
  assert.deepEqual(litter, []);
}
