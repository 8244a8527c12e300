import assert from 'node:assert/strict';
import {mkdir, readFile, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {makeSampleCard} from '../../samples/make-card.ts';
import {makeBareRoot} from './bare-root.ts';
import {checkCopies, expectSafe, expectUnsafe} from './checks.ts';
import {eventForm, verdictForm} from './event-forms.ts';
import {type Lab, PROJECT} from './lab.ts';
import {runOffload} from './offload-run.ts';
import {makePortable} from './portable-build.ts';
import type {Rig} from './rig.ts';
import {call} from './tools.ts';
import {openWine} from './wine.ts';
import {makeZram} from './zram.ts';

export const portableLinux: Rig = {
  name: 'the portable build for Linux offloads a card where there is nothing but the C library',
  tools: ['chroot', 'mkfs.ext4', 'mkfs.xfs', 'tar'],
  root: true,
  run: offloadInBareRoot,
};

export const portableWindows: Rig = {
  name: 'the portable build for Windows starts under Wine and offloads a card',
  tools: ['unzip', 'wine', 'wineserver'],
  root: false,
  run: offloadUnderWine,
};

const PLACE = '/opt/offload';

async function offloadInBareRoot(lab: Lab): Promise<void> {
  const unpacked = await makePortable(lab, 'linux-x64');
  const version = await readVersion();
  await expectLauncher(lab, unpacked, version);
  const card = await makeSampleCard({into: lab.folder, seed: 1});
  const working = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 320, fs: 'xfs', label: 'B'});
  const {folder, show, bring} = await makeBareRoot(lab, unpacked);
  await show(unpacked, PLACE);
  await show(card.path, '/media/card');
  await show(working.mountPoint, '/media/working');
  await show(backup.mountPoint, '/media/backup');
  const inside = [`${PLACE}/runtime/node`, `${PLACE}/app/bin/offload.cjs`];
  assert.equal(await call('chroot', [folder, ...inside, '--version']), version);
  const program = ['/usr/sbin/chroot', folder, ...inside] as const;
  const args = ['--card', '/media/card', '--to', '/media/working', '--to', '/media/backup'];
  const places = (shoots: readonly {readonly shoot: string}[]) =>
    shoots.map(({shoot}) => join(folder, shoot));

  // Nothing in there tells one drive from another, and the program must not guess.
  const bare = await runOffload(lab, [...args, '--shoot', 'bare'], {program});
  const {copies, account} = expectUnsafe(bare, ['drive-unknown']);
  await checkCopies({card: card.path, shoots: places(copies)});
  for (const {proved, mediumRead} of copies)
    assert.deepEqual([proved, mediumRead], [account.copied, 'direct']);

  // Every distribution brings this one.
  await bring('/usr/bin/lsblk');
  await show('/sys', '/sys');
  const usual = expectSafe(await runOffload(lab, [...args, '--shoot', 'usual'], {program}));
  await checkCopies({card: card.path, shoots: places(usual.copies)});
}

/** By a path with blanks, from another folder, and by a link. */
async function expectLauncher(lab: Lab, unpacked: string, version: string): Promise<void> {
  const spaced = join(lab.folder, 'two words');
  await symlink(unpacked, spaced);
  assert.equal(await call(join(spaced, 'offload'), ['--version'], {cwd: '/'}), version);
  const link = join(lab.folder, 'a-link');
  await symlink('two words/offload', link);
  assert.equal(await call(link, ['--version'], {cwd: '/'}), version);
}

async function offloadUnderWine(lab: Lab): Promise<void> {
  const unpacked = await makePortable(lab, 'windows-x64');
  const wine = await openWine(lab);
  const card = await makeSampleCard({into: lab.folder, seed: 1});
  await mkdir(join(lab.folder, 'drives/W'), {recursive: true});
  await mkdir(join(lab.folder, 'drives/B'));
  await wine.letter('P', unpacked);
  await wine.letter('E', card.path);
  for (const letter of ['W', 'B']) await wine.letter(letter, join(lab.folder, 'drives', letter));
  const start = (...args: string[]) => wine.run('P:\\offload.cmd', args);

  const told = await start('--version');
  assert.equal(told.stdout.trim(), await readVersion(), told.stderr);
  const refused = await start('--to', 'W:');
  assert.equal(refused.exitCode, 2, 'the launcher hands the exit code on');

  const run = await start('--card', 'E:', '--to', 'W:', '--to', 'B:', '--accept-cached', '--json');
  const lines = run.stdout.trim().split('\n');
  const events = lines.map((line) => eventForm.parse(JSON.parse(line)));
  const verdict = verdictForm.parse(events.find(({type}) => type === 'verdict'));
  // Wine has no PowerShell, which would tell the drives.
  assert.deepEqual(
    verdict.reasons.map(({code}) => code),
    ['drive-unknown'],
    run.stderr,
  );
  assert.equal(run.exitCode, 1);
  for (const {proved} of verdict.copies) assert.equal(proved, verdict.account.copied);
  const shoots = verdict.copies.map(({shoot}) =>
    join(lab.folder, 'drives', shoot.slice(0, 1), shoot.slice(3).replaceAll('\\', '/')),
  );
  assert.equal(shoots.length, 2);
  await checkCopies({card: card.path, shoots});

  const tool = 'P:\\app\\node_modules\\exiftool-vendored.exe\\bin\\exiftool.exe';
  const asked = await wine.run(tool, ['-ver']);
  assert.match(asked.stdout, /^\d+\.\d+/, 'exiftool starts with the Perl that lies beside it');
}

async function readVersion(): Promise<string> {
  const told: unknown = JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8'));
  return z.object({version: z.string()}).parse(told).version;
}
