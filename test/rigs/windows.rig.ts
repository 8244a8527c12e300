import assert from 'node:assert/strict';
import {access, mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {makeSampleCard} from '../../samples/make-card.ts';
import {fillBigCard} from './card-content.ts';
import {checkCopies, expectEnd, expectUnsafe} from './checks.ts';
import type {Verdict} from './event-forms.ts';
import type {Lab} from './lab.ts';
import type {RunResult} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {tryCalls} from './windows-facts.ts';
import {buildStandIn, putStandIn, tellDrives} from './windows-powershell.ts';
import {installWindowsProgram, type WindowsProgram} from './windows-program.ts';

/** `offload --card E: --to W: --to B:` and what comes after it, on the nearest thing to Windows that a Linux machine has. */
export const windows: Rig = {
  name: 'Windows under Wine: a card from E: to W: and B:, from the copy to the backup',
  tools: ['wine', 'wineserver', 'tar'],
  root: false,
  run: playWindows,
};

const ARGS = ['--card', 'E:', '--to', 'W:', '--to', 'B:'] as const;
const WAIVERS = ['--allow-same-drive', '--accept-cached'] as const;
/** Files of the sample card that are no junk. */
const SAMPLE_FILES = 30;

interface Trial {
  readonly lab: Lab;
  readonly program: WindowsProgram;
  /** The folders behind `W:` and `B:`. */
  readonly working: string;
  readonly backup: string;
  /** True where the flag for unbuffered files does what Windows does: Wine takes it and goes through its cache. */
  readonly readsDirect: boolean;
}

async function playWindows(lab: Lab): Promise<void> {
  const program = await installWindowsProgram(lab);
  const [working, backup] = [join(lab.folder, 'working'), join(lab.folder, 'backup')];
  await mkdir(working);
  await mkdir(backup);
  await program.wine.letter('W', working);
  await program.wine.letter('B', backup);
  const calls = await tryCalls(program);
  assert.equal(calls.folderSync, 'EPERM', 'Windows flushes no folders');
  assert.deepEqual([calls.directWrite, calls.directRead], ['ok', 4095], 'unbuffered files work');
  const trial = {lab, program, working, backup, readsDirect: calls.partRead === 'EINVAL'};
  const standIn = buildStandIn(lab, program.node);
  // Waited for below: a failure of it must not be nobody's.
  standIn.catch(() => {});
  await expectParts(trial);
  await offloadUnknown(trial);
  await putStandIn(program, await standIn);
  await offloadKnown(trial);
  await askCatalog(trial);
  await mirror(trial);
  await offloadOddNames(trial);
  await resumeKilled(trial);
  await offloadToOneDrive(trial);
}

/** The prebuilt parts load, and what is missing is told and stops nothing. */
async function expectParts({program}: Trial): Promise<void> {
  await assert.rejects(access(join(program.folder, 'node_modules/drivelist/build')));
  const {events, exitCode} = await program.runJson(['doctor']);
  assert.equal(exitCode, 0, JSON.stringify(events));
  const told = new Map(events.map((event) => [event.area, event.message]));
  assert.match(String(told.get('hashing')), /natively/, JSON.stringify(events));
  assert.match(String(told.get('exiftool')), /starts$/);
  assert.match(String(told.get('rclone')), /not installed/);
}

/** Wine's PowerShell says nothing: the drives are unknown, and no waiver makes unknown drives two. */
async function offloadUnknown({lab, program, working, backup}: Trial): Promise<void> {
  const card = await makeSampleCard({into: lab.folder, seed: 1});
  await program.wine.letter('E', card.path);
  const bare = expectUnsafe(await program.runJson([...ARGS, '--shoot', 'unknown']), [
    'drive-unknown',
  ]);
  expectProved(bare, {copied: SAMPLE_FILES, mediumRead: 'cached'});
  await checkCopies({card: card.path, shoots: [join(working, 'unknown'), join(backup, 'unknown')]});
  const waived = await program.runJson([...ARGS, '--shoot', 'unknown', ...WAIVERS]);
  expectUnsafe(waived, ['drive-unknown']);
}

function expectProved(
  {account, copies}: Verdict,
  wanted: {readonly copied: number; readonly mediumRead: string},
): void {
  assert.equal(account.copied, wanted.copied);
  assert.deepEqual(
    copies.map(({to, mediumRead, proved}) => [to, mediumRead, proved]),
    ['W:\\', 'B:\\'].map((to) => [to, wanted.mediumRead, wanted.copied]),
  );
}

/** Three drives as PowerShell tells them on a computer with a card reader and two USB drives. */
async function offloadKnown({program, readsDirect, working, backup, lab}: Trial): Promise<void> {
  await tellThreeDrives(program);
  const {events} = await program.runJson(['drives']);
  assert.deepEqual(
    events.flatMap(({type, path, role, drives}) =>
      type === 'drive' ? [[path, role, drives]] : [],
    ),
    [
      ['E:\\', 'card', {known: true, ids: ['disk:2']}],
      ['W:\\', 'working', {known: true, ids: ['disk:4']}],
      ['B:\\', 'backup', {known: true, ids: ['disk:5']}],
      ['H:\\', 'none', {known: true, ids: ['disk:0']}],
    ],
  );
  const run = await program.runJson([...ARGS, '--shoot', 'known']);
  const verdict = readsDirect ? expectEnd(run, 0) : expectUnsafe(run, ['cache-possible']);
  expectProved(verdict, {
    copied: SAMPLE_FILES,
    mediumRead: readsDirect ? 'direct' : 'cached',
  });
  await checkCopies({
    card: join(lab.folder, 'SAMPLE_CARD'),
    shoots: [join(working, 'known'), join(backup, 'known')],
  });
  const held = run.events.filter(({code}) => code === 'awake-not-held');
  assert.deepEqual(held, [], 'the computer is kept awake');
  const accepted = expectEnd(
    await program.runJson([...ARGS, '--shoot', 'known', '--accept-cached']),
    0,
  );
  assert.deepEqual(accepted.waived, readsDirect ? [] : ['cached']);
}

/** Both letters on one disk: last, because what was recorded of two volumes is remembered of them. */
async function offloadToOneDrive({program, lab, readsDirect}: Trial): Promise<void> {
  await tellDrives(program, [CARD, {letter: 'W', disk: 4}, {letter: 'B', disk: 4}, HOME]);
  await program.wine.letter('E', join(lab.folder, 'SAMPLE_CARD'));
  const args = [...ARGS, '--shoot', 'one-drive'];
  const same = await program.runJson([...args, '--accept-cached']);
  expectUnsafe(same, ['same-drive']);
  const allowed = expectEnd(await program.runJson([...args, ...WAIVERS]), 0);
  assert.deepEqual(allowed.waived, readsDirect ? ['same-drive'] : ['same-drive', 'cached']);
}

const CARD = {letter: 'E', disk: 2, isCard: true};
const HOME = {letter: 'H', disk: 0};

const tellThreeDrives = (program: WindowsProgram): Promise<void> =>
  tellDrives(program, [CARD, {letter: 'W', disk: 4}, {letter: 'B', disk: 5}, HOME]);

/** What was copied is found, counted, checked against the card, read back and brought back. */
async function askCatalog({program, lab, working}: Trial): Promise<void> {
  const check = await program.runJson(['check', '--card', 'E:', '--accept-cached']);
  assert.equal(expectEnd(check, 0).account.present, SAMPLE_FILES);
  const verified = await program.runJson(['verify', 'W:', 'B:']);
  assert.equal(verified.exitCode, 0, verified.stderr);
  const found = await program.runJson(['find', 'IMG_0001.CR2']);
  const copies = JSON.stringify(found.events.find(({type}) => type === 'file-found')?.copies);
  assert.match(copies, /"W:\\\\[^"]*IMG_0001\.CR2"/);
  assert.match(copies, /"B:\\\\[^"]*IMG_0001\.CR2"/);
  const status = await program.runJson(['status']);
  const known = status.events.find((event) => event.shoot === 'known');
  assert.deepEqual([status.exitCode, known?.copies, known?.drives], [1, 2, 2], 'two of 3-2-1');
  const back = join(lab.folder, 'windows-home/back');
  await mkdir(back);
  const restored = await program.runJson(['restore', 'IMG_0002.CR2', '--to', 'H:\\back']);
  assert.equal(restored.exitCode, 0, restored.stderr);
  const [path] = (await readdir(back, {recursive: true})).filter((name) => name.endsWith('.CR2'));
  const original = join(lab.folder, 'SAMPLE_CARD/DCIM/100CANON/IMG_0002.CR2');
  assert.ok((await readFile(join(back, path ?? ''))).equals(await readFile(original)));
  await rotOne({program, working});
}

/** One byte that turned on the drive is found. */
async function rotOne({program, working}: Pick<Trial, 'program' | 'working'>): Promise<void> {
  const names = await readdir(join(working, 'known'), {recursive: true});
  const victim = join(working, 'known', names.find((name) => name.endsWith('IMG_0003.CR2')) ?? '');
  const good = await readFile(victim);
  const bad = Buffer.from(good);
  bad.writeUInt8(bad.readUInt8(1000) ^ 1, 1000);
  await writeFile(victim, bad);
  const {events, exitCode} = await program.runJson(['verify', 'W:\\known']);
  await writeFile(victim, good);
  assert.equal(exitCode, 1);
  const rotten = events.filter(({type, state}) => type === 'copy-checked' && state !== 'good');
  assert.deepEqual(
    rotten.map((event) => event.path?.split('\\').at(-1)),
    ['IMG_0003.CR2'],
  );
}

/** The working drive mirrored to the backup: everything is known to be there, then one file is new, then nothing is to be done. */
async function mirror({program, working, backup}: Trial): Promise<void> {
  const add = await program.runJson(['backup', 'add', 'desk', '--from', 'W:', '--to', 'B:']);
  assert.equal(add.exitCode, 0, add.stderr);
  await writeFile(join(working, 'notes.txt'), 'written on Windows');
  for (const _run of ['first', 'nothing to do']) {
    const run = await program.runJson(['backup', 'run', 'desk']);
    assert.equal(run.exitCode, 0, run.stderr);
  }
  const mirrored = (await readdir(backup, {recursive: true})).filter((name) =>
    name.endsWith('notes.txt'),
  );
  assert.equal(mirrored.length, 1);
  assert.equal(await readFile(join(backup, mirrored[0] ?? ''), 'utf8'), 'written on Windows');
  const parts = (await readdir(backup, {recursive: true})).filter((name) => name.endsWith('.part'));
  assert.deepEqual(parts, [], 'no temporary file is left');
}

const LONG = 'a-folder-with-a-long-name-that-somebody-gave-it-in-a-hurry'.repeat(2);

/** What a card that was written elsewhere can hold, and how it is called on a drive of Windows. */
const ODD: ReadonlyArray<readonly [path: string, copy: string]> = [
  [`DCIM/${LONG}/${LONG}/${LONG}/IMG_9001.TXT`, `DCIM/${LONG}/${LONG}/${LONG}/IMG_9001.TXT`],
  ['DCIM/CON.TXT', 'DCIM/CON_.TXT'],
  ['DCIM/aux', 'DCIM/aux_'],
  ['DCIM/dot.', 'DCIM/dot%2E'],
  ['DCIM/dot', 'DCIM/dot'],
  ['DCIM/blank ', 'DCIM/blank%20'],
  ['DCIM/a:b.TXT', 'DCIM/a%3Ab.TXT'],
  ["DCIM/it's 写真 & %PATH% ^.TXT", "DCIM/it's 写真 & %PATH% ^.TXT"],
  ['DCIM/NOTE_1.TXT', 'DCIM/NOTE_1.TXT'],
  ['DCIM/note_1.txt', 'DCIM/note_1-2.txt'],
];

async function offloadOddNames({program, lab, working, backup}: Trial): Promise<void> {
  const card = join(lab.folder, 'odd-card');
  for (const [path] of ODD) {
    await mkdir(join(card, path, '..'), {recursive: true});
    await writeFile(join(card, path), `content of ${path}`);
  }
  await program.wine.letter('E', card);
  const run = await program.runJson([...ARGS, '--shoot', 'odd', '--accept-cached']);
  expectEnd(run, 0);
  for (const shoot of [join(working, 'odd'), join(backup, 'odd')]) {
    for (const [path, copy] of ODD) {
      const text = await readFile(join(shoot, 'EOS_DIGITAL', copy), 'utf8');
      assert.equal(text, `content of ${path}`, `${copy} holds its own bytes`);
    }
  }
  await checkCopies({card, shoots: [join(working, 'odd'), join(backup, 'odd')]});
  assert.equal((await program.runJson(['verify', 'W:\\odd'])).exitCode, 0);
  // No call of Windows reaches this name: that must never be a card that is safe.
  await writeFile(join(card, 'DCIM/what?.TXT'), 'lost');
  const lost = await program.runJson([...ARGS, '--shoot', 'odd', '--accept-cached']);
  expectUnsafe(lost, ['account-open', 'card-changed']);
}

/** Ended in the middle as a pulled plug ends it, and begun again. */
async function resumeKilled({program, lab, working, backup}: Trial): Promise<void> {
  const card = join(lab.folder, 'big-card');
  await fillBigCard(card, {files: 40, size: 4 * 1024 * 1024});
  await program.wine.letter('E', card);
  const args = [...ARGS, '--shoot', 'big', '--accept-cached'];
  const killed = await program.run([...args, '--json'], {
    killWhen: (printed) => printed.includes('"type":"file-proved"'),
  });
  assert.ok(!killed.stdout.includes('"run-ended"'), 'it was killed before its end');
  const run: RunResult = await program.runJson(args);
  expectEnd(run, 0);
  const planned = run.events.find(({type}) => type === 'run-planned');
  assert.equal(planned?.resumed, true, 'it goes on where it stopped');
  await checkCopies({card, shoots: [join(working, 'big'), join(backup, 'big')]});
}
