/** Cards and drives that are made to harm, with what only root can make, and what takes a disk of its own. */
import assert from 'node:assert/strict';
import {lstat, mkdir, readdir, rename, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fillCard} from './card-content.ts';
import {checkCopies, expectEnd, expectSafe, expectUnsafe} from './checks.ts';
import type {Lab} from './lab.ts';
import {type Drive, unmount} from './mounts.ts';
import {runOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {makeZram} from './zram.ts';

const TOOLS = ['mkfs.ext4', 'tar'] as const;

/** Device nodes, pipes, set-user-ID programs on the card and in the place of records and copies; the program runs as root and with a umask of 0. */
export const hostileNodes: Rig = {
  name: 'device nodes and pipes on a card and a drive hold nobody up; root leaves nothing that others may write',
  tools: TOOLS,
  root: true,
  run: offloadNodes,
};

/** Trees that are deeper than paths can be long, and links and mounts in the place of a shoot. */
export const hostileTrees: Rig = {
  name: 'a tree of 1,000 levels is copied or told; a shoot that is a link or a mount is refused',
  tools: TOOLS,
  root: true,
  run: offloadTrees,
};

/** A listing that no memory would hold. */
export const hostileMillion: Rig = {
  name: 'a million empty files are refused in 512 MB of memory, and a folder of them is SAFE',
  tools: TOOLS,
  root: true,
  run: offloadMillion,
};

async function makeDrives(lab: Lab): Promise<readonly [Drive, Drive, Drive]> {
  const card = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'EOS_DIGITAL'});
  const working = await makeZram(lab, {megabytes: 160, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 160, fs: 'ext4', label: 'B'});
  return [card, working, backup];
}

const argsFor = (card: string, drives: readonly Drive[], shoot: string) => [
  ...['--card', card],
  ...drives.flatMap(({mountPoint}) => ['--to', mountPoint]),
  ...['--shoot', shoot],
];

/** Nodes of every kind: character (zero, the terminal, the watchdog of the machine), block, pipe (mknod(1)). */
async function makeNodes(folder: string): Promise<number> {
  const nodes = [
    ['zero.JPG', 'c', '1', '5'],
    ['tty.JPG', 'c', '5', '0'],
    ['watchdog.JPG', 'c', '10', '130'],
    ['disk.MOV', 'b', '1', '0'],
    ['pipe.JPG', 'p'],
  ] as const;
  for (const [name, ...kind] of nodes) await call('mknod', [join(folder, name), ...kind]);
  return nodes.length;
}

async function offloadNodes(lab: Lab): Promise<void> {
  const [card, working, backup] = await makeDrives(lab);
  await fillCard(lab, card.mountPoint);
  const odd = join(card.mountPoint, 'DCIM/ODD');
  await mkdir(odd, {recursive: true});
  const nodes = await makeNodes(odd);
  await symlink('/dev/zero', join(odd, 'link.JPG'));
  await writeFile(join(odd, 'program'), '#!/bin/sh\n', {mode: 0o6777});
  await call('chmod', ['6777', join(odd, 'program')]);
  const drives = [working, backup];
  const before = process.umask(0);
  let run: Awaited<ReturnType<typeof runOffload>>;
  try {
    // The program gets the umask of who starts it.
    run = await runOffload(lab, argsFor(card.mountPoint, drives, 'nodes'));
  } finally {
    process.umask(before);
  }
  const {copies, warnings} = expectSafe(run);
  assert.equal(warnings.filter(({code}) => code === 'special-left-out').length, nodes);
  for (const {mountPoint} of drives) await expectTameModes(mountPoint);

  // The same nodes in the place of records and of copies.
  const shoot = copies[0]?.shoot ?? '';
  const records = join(shoot, '_offload');
  await makeNodes(records);
  for (const name of ['zero', 'pipe', 'watchdog']) {
    await rename(join(records, `${name}.JPG`), join(records, `${name}.json`));
  }
  const [copy] = await listPictures(shoot);
  assert.ok(copy, 'a picture was copied');
  await rename(copy, `${copy}.aside`);
  await call('mknod', [copy, 'p']);
  const started = performance.now();
  const {exitCode, events} = await runOffload(lab, ['verify', shoot]);
  assert.equal(exitCode, 1);
  assert.ok(performance.now() - started < 60_000, 'verify waits for no pipe');
  assert.equal(events.filter(({code}) => code === 'record-no-file').length, 3);
  const bad = events.filter(({type, ...rest}) => type === 'copy-checked' && rest.path === copy);
  assert.deepEqual(
    bad.map(({state}) => state),
    ['unreadable'],
  );
}

async function listPictures(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, {recursive: true});
  const pictures = names.filter((name) => /\.JPG$/.test(name) && !name.startsWith('_offload'));
  return pictures.map((name) => join(folder, name));
}

/** Nobody but the owner may write what lies there, and nothing of it runs as somebody else. */
async function expectTameModes(root: string): Promise<void> {
  const names = (await readdir(root, {recursive: true})).filter((name) => name !== 'lost+found');
  assert.ok(names.length > 10);
  for (const name of names) {
    const facts = await lstat(join(root, name));
    assert.equal(facts.mode & 0o6022, 0, `${name} has the mode ${facts.mode.toString(8)}`);
  }
}

/** Folders below each other, each made from within the one above it: no path can name the last ones. */
async function makeDeep(root: string, levels: number, name: string): Promise<void> {
  await mkdir(root);
  const script =
    'my ($root, $levels, $name) = @ARGV; chdir $root or die; for (1..$levels) { mkdir $name; chdir $name or die } open my $f, ">", "BOTTOM.JPG"; print $f "bottom"';
  await call('perl', ['-e', script, root, String(levels), name]);
  await writeFile(join(root, 'IMG_0001.JPG'), 'picture');
}

async function offloadTrees(lab: Lab): Promise<void> {
  const [card, working, backup] = await makeDrives(lab);
  const drives = [working, backup];
  const deep = join(card.mountPoint, 'DEEP');
  await makeDeep(deep, 1000, 'd');
  const {copies} = expectSafe(await runOffload(lab, argsFor(deep, drives, 'deep')));
  await checkCopies({card: deep, shoots: copies.map(({shoot}) => shoot)});

  const deeper = join(card.mountPoint, 'DEEPER');
  await makeDeep(deeper, 1000, 'folder_name');
  const told = await runOffload(lab, argsFor(deeper, drives, 'deeper'));
  const {account} = expectUnsafe(told, ['account-open', 'card-changed']);
  assert.equal(account.copied, 1, 'what can be named is copied');

  const plain = join(card.mountPoint, 'PLAIN');
  await mkdir(plain);
  await writeFile(join(plain, 'IMG_0001.JPG'), 'picture');
  // Both copies would lie on the backup.
  await mkdir(join(backup.mountPoint, 'hidden'));
  await symlink(join(backup.mountPoint, 'hidden'), join(working.mountPoint, 'linked'));
  await mkdir(join(working.mountPoint, 'mounted'));
  lab.defer(() => unmount(join(working.mountPoint, 'mounted')));
  await call('mount', [
    '--bind',
    join(backup.mountPoint, 'hidden'),
    join(working.mountPoint, 'mounted'),
  ]);
  for (const shoot of ['linked', 'mounted']) {
    const {exitCode} = await runOffload(lab, argsFor(plain, drives, shoot));
    assert.equal(exitCode, 2, `a shoot that is ${shoot} is refused`);
  }
  assert.deepEqual(await readdir(join(backup.mountPoint, 'hidden')), []);
}

const FOLDERS = 1000;
const FILES_IN_FOLDER = 1000;

async function offloadMillion(lab: Lab): Promise<void> {
  const card = await makeZram(lab, {megabytes: 1500, fs: 'ext4', label: 'MILLION'});
  // As many files as that need more inodes than an ext4 of this size has by itself.
  await card.unmount();
  await call('mkfs.ext4', ['-q', '-F', '-m', '0', '-N', '1100000', '-L', 'MILLION', card.device]);
  await card.mount();
  const working = await makeZram(lab, {megabytes: 160, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 160, fs: 'ext4', label: 'B'});
  const drives = [working, backup];
  const script =
    'my ($root, $folders, $files) = @ARGV; mkdir "$root/DCIM"; for my $d (1..$folders) { my $p = sprintf "%s/DCIM/%04dCANON", $root, $d; mkdir $p; for (1..$files) { open my $f, ">", sprintf "%s/IMG_%04d.JPG", $p, $_ or die } }';
  await call('perl', ['-e', script, card.mountPoint, String(FOLDERS), String(FILES_IN_FOLDER)], {
    timeoutMs: 300_000,
  });
  const memory = {env: {NODE_OPTIONS: '--max-old-space-size=512'}};
  for (const args of [
    argsFor(card.mountPoint, drives, 'million'),
    ['check', ...argsFor(card.mountPoint, drives, 'million').slice(0, -2)],
  ]) {
    const {exitCode, events} = await runOffload(lab, args, memory);
    assert.equal(exitCode, 2, 'it is refused');
    assert.ok(events.some(({type, code}) => type === 'refused' && code === 'card-too-large'));
  }
  assert.deepEqual(await readdir(working.mountPoint), ['lost+found'], 'nothing was written');

  const folder = join(card.mountPoint, 'DCIM/0001CANON');
  const run = await runOffload(lab, argsFor(folder, drives, 'thousand'), memory);
  assert.equal(expectEnd(run, 0).account.copied, FILES_IN_FOLDER);
}
