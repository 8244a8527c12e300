import assert from 'node:assert/strict';
import {appendFile, mkdir, readdir, rename, rm, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import type {Lab} from './lab.ts';
import {isMounted} from './mounts.ts';
import {mountShare} from './network-share.ts';
import {type RunResult, runOffload, startOffload} from './offload-run.ts';
import {Random} from './random.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {listTree} from './trees.ts';
import {makeZram} from './zram.ts';

/** Every file system that a backup drive has, and a share. */
export const mirrorEverywhere: Rig = {
  name: 'backup on ext4, xfs, btrfs, exFAT, NTFS and over a network share: first run, nothing to do, edits, moves and deletions; the tree is the same, the old bytes are in the archive',
  tools: [
    ...(['mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs', 'mkfs.exfat', 'mkfs.ntfs'] as const),
    ...(['mount.exfat-fuse', 'ntfs-3g', 'sshfs', 'socat', 'sftp-server'] as const),
  ],
  root: true,
  run: mirrorToEach,
};

/** Megabytes that each file system wants at least. */
const TARGETS = [
  ['ext4', 96],
  ['xfs', 320],
  ['btrfs', 160],
  ['exfat', 96],
  ['ntfs', 96],
] as const;

async function mirrorToEach(lab: Lab): Promise<void> {
  const source = await makeZram(lab, {megabytes: 160, fs: 'ext4', label: 'W'});
  await mark(lab, source.mountPoint, 'Studio');
  for (const [fs, megabytes] of TARGETS) {
    const target = await makeZram(lab, {megabytes, fs, label: `B-${fs}`});
    await mirrorTo(lab, {source: source.mountPoint, target: target.mountPoint, name: fs});
    await target.remove();
  }
  const share = await mountShare(lab, join(lab.folder, 'served'));
  await mirrorTo(lab, {source: source.mountPoint, target: share.mountPoint, name: 'share'});
}

interface Way {
  readonly source: string;
  readonly target: string;
  readonly name: string;
}

async function mirrorTo(lab: Lab, {source, target, name}: Way): Promise<void> {
  await mark(lab, target, `Backup ${name}`);
  const [from, to] = [join(source, 'Photos'), join(target, 'Photos')];
  await rm(from, {recursive: true, force: true});
  await mkdir(to, {recursive: true});
  await growPhotos(from);
  await succeed(lab, ['backup', 'add', name, '--from', from, '--to', to]);

  const first = await succeed(lab, ['backup', 'run', name]);
  assert.deepEqual(countsOf(first, ['result', 'copied', 'failed']), ['good', FILES, 0], name);
  await expectSame(from, to);
  const second = await succeed(lab, ['backup', 'run', name]);
  assert.deepEqual(countsOf(second, ['unchanged', 'copied', 'bytesWritten']), [FILES, 0, 0], name);

  await appendFile(join(from, 'Day 1/IMG_0003.xmp'), 'rating 5');
  await rm(join(from, 'Day 1/IMG_0004.JPG'));
  await rename(join(from, 'Day 2'), join(from, 'Day 2 Ålesund'));
  await writeFile(join(from, 'new.psd'), Buffer.alloc(3_000_000, 'layer'));
  const third = await succeed(lab, ['backup', 'run', name]);
  assert.deepEqual(
    countsOf(third, ['result', 'copied', 'replaced', 'moved', 'archived', 'failed']),
    ['good', 1, 1, FILES / 2, 2, 0],
    name,
  );
  await expectSame(from, to);
  const archive = join(to, '_archive');
  const [run] = await readdir(archive);
  const kept = await listTree(join(archive, run ?? ''));
  assert.deepEqual(
    kept.map(({path}) => path).sort(),
    ['Day 1/IMG_0003.xmp', 'Day 1/IMG_0004.JPG'],
    name,
  );

  const hour = new Date('2026-11-24T13:00:00Z');
  for (const {path} of await listTree(from, {hashes: false}))
    await utimes(join(from, path), hour, hour);
  const shifted = await succeed(lab, ['backup', 'run', name]);
  assert.deepEqual(
    countsOf(shifted, ['result', 'retimed', 'copied', 'bytesWritten', 'alarms']),
    ['good', FILES, 0, 0, 0],
    `${name}: times that were shifted copy nothing`,
  );
  await succeed(lab, ['backup', 'remove', name]);
}

/** Twelve a day: pictures, sidecars. */
const FILES = 24;

async function growPhotos(root: string, files = FILES): Promise<void> {
  const random = new Random(7);
  for (const day of ['Day 1', 'Day 2']) {
    await mkdir(join(root, day), {recursive: true});
    for (let n = 1; n <= files / 6; n++) {
      const stem = join(root, day, `IMG_${String(n).padStart(4, '0')}`);
      for (const [ext, size] of [
        ['CR3', 900_000],
        ['JPG', 200_000],
        ['xmp', 400],
      ] as const) {
        const bytes = Buffer.alloc(size);
        for (let at = 0; at + 4 <= size; at += 512) bytes.writeUInt32LE(random.below(2 ** 32), at);
        await writeFile(`${stem}.${ext}`, bytes);
      }
    }
  }
}

/** Gives a drive its marker. */
async function mark(lab: Lab, path: string, name: string): Promise<void> {
  await succeed(lab, ['volumes', 'name', path, name]);
}

async function succeed(lab: Lab, args: readonly string[]): Promise<RunResult> {
  const run = await runOffload(lab, args);
  const told = run.events
    .filter(({type}) => ['refused', 'backup-step', 'noticed'].includes(type))
    .map((event) => JSON.stringify(event))
    .slice(-5);
  assert.equal(run.exitCode, 0, `${args.join(' ')}\n${told.join('\n')}\n${run.stderr}`);
  return run;
}

const finishedForm = z.looseObject({type: z.literal('backup-finished')});

function countsOf({events}: RunResult, names: readonly string[]): readonly unknown[] {
  const finished = finishedForm.parse(events.find(({type}) => type === 'backup-finished'));
  return names.map((name) => finished[name]);
}

/** Below the target: without the state and the archive. */
async function expectSame(from: string, to: string): Promise<void> {
  const own = /^(?:_archive|\.offload-mirror)\//;
  const hashes = async (root: string) =>
    (await listTree(root))
      .filter(({path}) => !own.test(path))
      .map(({path, hash}) => `${hash} ${path}`)
      .sort();
  assert.deepEqual(await hashes(to), await hashes(from));
}

/** So many that a run is not over before the drive is pulled. */
const MANY = 240;

/** The backup drive is pulled while it is written, its folder stays. */
export const mirrorPulled: Rig = {
  name: 'backup: the target is unmounted in the middle of a run: nothing lands in the empty folder below, the same run goes on and ends good',
  tools: ['mkfs.ext4'],
  root: true,
  async run(lab) {
    const source = await makeZram(lab, {megabytes: 240, fs: 'ext4', label: 'W'});
    const target = await makeZram(lab, {megabytes: 240, fs: 'ext4', label: 'B'});
    await mark(lab, source.mountPoint, 'Studio');
    await mark(lab, target.mountPoint, 'Backup');
    const [from, to] = [join(source.mountPoint, 'Photos'), join(target.mountPoint, 'Photos')];
    await mkdir(to);
    await growPhotos(from, MANY);
    await succeed(lab, ['backup', 'add', 'photos', '--from', from, '--to', to]);
    const running = await startOffload(lab, ['backup', 'run', 'photos']);
    await running.waitFor('the third copy', (event) => {
      return event.type === 'backup-step' && event.path?.includes('IMG_0003') === true;
    });
    running.signal('SIGSTOP');
    await call('umount', ['-l', target.mountPoint]);
    running.signal('SIGCONT');
    const first = await running.result;
    assert.equal(await isMounted(target.mountPoint), false);
    assert.notEqual(countsOf(first, ['result'])[0], 'good');
    assert.equal(first.exitCode, 1, first.stderr);
    assert.deepEqual(await readdir(target.mountPoint), [], 'nothing landed in the folder below');
    await target.mount();
    const second = await succeed(lab, ['backup', 'run', 'photos']);
    const [result, copied, adopted, unchanged] = countsOf(second, [
      ...['result', 'copied', 'adopted', 'unchanged'],
    ]);
    assert.equal(result, 'good');
    assert.equal(Number(copied) + Number(adopted) + Number(unchanged), MANY);
    assert.ok(Number(copied) < MANY, 'what was proved is not copied again');
    await expectSame(from, to);
  },
};
