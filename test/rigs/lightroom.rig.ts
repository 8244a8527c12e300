import assert from 'node:assert/strict';
import {appendFile, mkdir, readdir, rm, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {z} from 'zod';
import {checkCopy} from '../../src/system/lightroom/check-copy.ts';
import {makeLrcat} from '../helpers/make-lrcat.ts';
import type {Lab} from './lab.ts';
import {type RunResult, runOffload, startOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {makeZram} from './zram.ts';

/** Every file system that a backup drive has: those that clone, those that link, and one that does neither. */
export const lightroomEverywhere: Rig = {
  name: 'Lightroom catalogs to ext4, btrfs, exFAT and NTFS: closed, open and written to, killed in the middle, a full drive, and back; b3sum agrees, a mirror leaves the snapshots alone',
  tools: [
    ...(['mkfs.ext4', 'mkfs.btrfs', 'mkfs.exfat', 'mkfs.ntfs'] as const),
    ...(['mount.exfat-fuse', 'ntfs-3g', 'b3sum'] as const),
  ],
  root: true,
  run: snapshotsOnEach,
};

/** Megabytes that each file system wants at least. */
const TARGETS = [
  ['ext4', 96],
  ['btrfs', 256],
  ['exfat', 96],
  ['ntfs', 96],
] as const;

const WRITER = fileURLToPath(new URL('lightroom-writer.mjs', import.meta.url));

async function snapshotsOnEach(lab: Lab): Promise<void> {
  const source = await makeZram(lab, {megabytes: 160, fs: 'ext4', label: 'W'});
  await succeed(lab, ['volumes', 'name', source.mountPoint, 'Studio']);
  for (const [fs, megabytes] of TARGETS) {
    const target = await makeZram(lab, {megabytes, fs, label: `B-${fs}`});
    await keepOn(lab, {fs, source: source.mountPoint, target: target.mountPoint});
    await target.remove();
  }
  await readFromExfat(lab);
}

interface Way {
  readonly fs: string;
  readonly source: string;
  readonly target: string;
}

async function keepOn(lab: Lab, {fs, source, target}: Way): Promise<void> {
  await succeed(lab, ['volumes', 'name', target, `Backup ${fs}`]);
  const home = join(source, `Lightroom ${fs}`);
  const catalog = join(home, 'Main.lrcat');
  await makeCatalog(home, catalog);
  await succeed(lab, ['lightroom', 'add', catalog, '--name', fs, '--to', target]);
  const first = await succeed(lab, ['lightroom', 'run', fs]);
  assert.deepEqual(snapshotOf(first), {result: 'taken', data: 'copied', shared: 0}, fs);
  const again = await succeed(lab, ['lightroom', 'run', fs]);
  assert.equal(snapshotOf(again).result, 'unchanged', fs);

  const writer = execa('node', [WRITER, catalog], {reject: false});
  lab.defer(async () => {
    writer.kill('SIGKILL');
    await writer;
  });
  await new Promise((resolve) => writer.stdout.once('data', resolve));
  const open = await succeed(lab, ['lightroom', 'run', fs]);
  assert.equal(snapshotOf(open).result, 'taken', fs);
  assert.equal(snapshotOf(open).data, 'left-out', fs);
  writer.kill('SIGKILL');
  await writer;
  await expectWhole(target, fs);

  const crashed = await succeed(lab, ['lightroom', 'run', fs]);
  assert.equal(snapshotOf(crashed).result, 'taken', `${fs}: what a crash left is read`);
  await rm(`${catalog}.lock`);
  await execa('node', ['--input-type=module', '-e', CHECKPOINT, catalog], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
  const closed = await succeed(lab, ['lightroom', 'run', fs]);
  const {data, shared} = snapshotOf(closed);
  assert.equal(data, 'copied', fs);
  // Between these two the data was left out: previews alone can be shared.
  assert.equal(shared, fs === 'exfat' ? 0 : 1, `${fs}: bytes are shared where they can be`);

  await killInTheMiddle(lab, {fs, source, target}, catalog);
  await fillUp(lab, {fs, source, target}, catalog);
  await mirrorBeside(lab, {fs, source, target});
  await expectWhole(target, fs);

  const back = join(lab.folder, `back-${fs}`);
  await succeed(lab, ['lightroom', 'restore', fs, '--to', back]);
  const copy = await checkCopy(join(back, 'Main.lrcat'));
  assert.ok(copy.ok && copy.value.faults === undefined, `${fs}: it is sound`);
  await succeed(lab, ['lightroom', 'remove', fs]);
}

const CHECKPOINT = `
const {DatabaseSync} = await import('@photostructure/sqlite');
const db = new DatabaseSync(process.argv[1]);
db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
db.close();
`;

async function makeCatalog(home: string, catalog: string): Promise<void> {
  const pictures = Array.from({length: 300}, (_, n) => ({
    path: `2026/IMG_${n}.CR3`,
    rating: n % 6,
  }));
  await makeLrcat(catalog, {pictures, history: 3000});
  const previews = join(home, 'Main Smart Previews.lrdata');
  await mkdir(previews);
  await writeFile(join(previews, 'a.dng'), Buffer.alloc(2_000_000, 'proxy'));
  await mkdir(join(home, 'Main.lrcat-data'));
  await writeFile(join(home, 'Main.lrcat-data', 'mask'), Buffer.alloc(3_000_000, 'mask'));
}

/** Each snapshot with a name is whole, by a program that is not this one, and sound. */
async function expectWhole(target: string, about: string): Promise<void> {
  const place = join(target, '_lightroom', 'Main');
  for (const name of await readdir(place)) {
    if (name.startsWith('.offload-')) continue;
    const folder = join(place, name);
    await call('b3sum', ['--check', '--quiet', 'snapshot.b3'], {cwd: folder});
    const copy = await checkCopy(join(folder, 'Main.lrcat'));
    assert.ok(copy.ok && copy.value.faults === undefined, `${about}: ${name} is sound`);
    const {AgLibraryKeyword = 0, AgLibraryCollection = 0} = copy.ok ? copy.value.rows : {};
    // The writer adds both in one transaction; the keywords have a root besides.
    assert.equal(AgLibraryKeyword, AgLibraryCollection + 1, `${about}: ${name} is one state`);
  }
}

async function killInTheMiddle(lab: Lab, {fs, target}: Way, catalog: string): Promise<void> {
  const big = join(catalog, '..', 'Main.lrcat-data', 'big');
  await writeFile(big, Buffer.alloc(20_000_000, fs));
  const running = await startOffload(lab, ['lightroom', 'run', fs]);
  const place = join(target, '_lightroom', 'Main');
  const before = (await readdir(place)).length;
  const isBegun = async () => (await readdir(place)).some((name) => name.endsWith('.part'));
  while (!(await isBegun()) && (await readdir(place)).length === before)
    await new Promise((resolve) => setTimeout(resolve, 1));
  running.signal('SIGKILL');
  await running.result.catch(() => {});
  await expectWhole(target, `${fs}, killed`);
  await succeed(lab, ['lightroom', 'run', fs]);
  const names = await readdir(place);
  assert.deepEqual(
    names.filter((name) => name.startsWith('.offload-')),
    [],
    `${fs}: nothing of the dead run is left`,
  );
  await rm(big);
}

async function fillUp(lab: Lab, {fs, target}: Way, catalog: string): Promise<void> {
  const ballast = join(target, 'ballast');
  await appendFile(join(catalog, '..', 'Main.lrcat-data', 'mask'), Buffer.alloc(6_000_000, 'm'));
  await call('sh', ['-c', `cat /dev/zero > '${ballast}' 2>/dev/null || true`]);
  await call('truncate', ['-s', '-4M', ballast]);
  const place = join(target, '_lightroom', 'Main');
  const before = await readdir(place);
  const full = await runOffload(lab, ['lightroom', 'run', fs]);
  assert.equal(full.exitCode, 1, `${fs}: ${full.stderr}`);
  assert.equal(snapshotOf(full).result, 'failed', fs);
  assert.deepEqual((await readdir(place)).sort(), before.sort(), `${fs}: what was there is there`);
  await rm(ballast);
  // btrfs gives the room back with its next commit.
  await call('sync', ['-f', target]);
  assert.equal(snapshotOf(await succeed(lab, ['lightroom', 'run', fs])).result, 'taken', fs);
}

/** A mirror into the root of the same drive: it has no record of the snapshots. */
async function mirrorBeside(lab: Lab, {fs, source, target}: Way): Promise<void> {
  const photos = join(source, 'Photos');
  await mkdir(photos, {recursive: true});
  await writeFile(join(photos, 'a.jpg'), 'picture');
  const place = join(target, '_lightroom', 'Main');
  const before = (await readdir(place)).sort();
  await succeed(lab, ['backup', 'add', `photos ${fs}`, '--from', photos, '--to', target]);
  await succeed(lab, ['backup', 'run', `photos ${fs}`]);
  await succeed(lab, ['backup', 'run', `photos ${fs}`]);
  assert.deepEqual((await readdir(place)).sort(), before, `${fs}: the mirror moved nothing`);
  await succeed(lab, ['backup', 'remove', `photos ${fs}`]);
}

/** A catalog that lies on exFAT, which keeps no locks between programs everywhere. */
async function readFromExfat(lab: Lab): Promise<void> {
  const travel = await makeZram(lab, {megabytes: 96, fs: 'exfat', label: 'TRAVEL'});
  const target = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'B-last'});
  for (const drive of [travel, target])
    await succeed(lab, ['volumes', 'name', drive.mountPoint, drive.fs]);
  const home = join(travel.mountPoint, 'Lightroom');
  await makeCatalog(home, join(home, 'Main.lrcat'));
  const before = (await readdir(home)).sort();
  await succeed(lab, [
    ...['lightroom', 'add', join(home, 'Main.lrcat'), '--name', 'travel'],
    ...['--to', target.mountPoint],
  ]);
  const run = await succeed(lab, ['lightroom', 'run', 'travel']);
  assert.deepEqual(snapshotOf(run), {result: 'taken', data: 'copied', shared: 0});
  assert.deepEqual((await readdir(home)).sort(), before, 'nothing is left beside it');
  assert.ok((await stat(join(home, 'Main.lrcat'))).size > 0);
  await expectWhole(target.mountPoint, 'from exFAT');
}

async function succeed(lab: Lab, args: readonly string[]): Promise<RunResult> {
  const run = await runOffload(lab, args);
  const told = run.events.map((event) => JSON.stringify(event)).slice(-5);
  assert.equal(run.exitCode, 0, `${args.join(' ')}\n${told.join('\n')}\n${run.stderr}`);
  return run;
}

const snapshotForm = z.object({
  result: z.string(),
  data: z.string().nullable(),
  shared: z.number(),
});

function snapshotOf({events}: RunResult): z.infer<typeof snapshotForm> {
  return snapshotForm.parse(events.find(({type}) => type === 'lightroom-snapshot'));
}
