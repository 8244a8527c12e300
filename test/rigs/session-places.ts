/** The usual setting of a rig of the terminal UI: two drives and a terminal, apart from whatever else this computer has mounted. */
import assert from 'node:assert/strict';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {makeSampleCard} from '../../samples/make-card.ts';
import {copyTree} from './card-content.ts';
import type {Lab} from './lab.ts';
import type {Drive} from './mounts.ts';
import {makeOwnMounts, type OwnMounts} from './own-mounts.ts';
import {openTerminal, type Terminal} from './tmux.ts';
import type {Tool} from './tools.ts';
import {makeZram} from './zram.ts';

export const SESSION_TOOLS: readonly Tool[] = [
  'mkfs.ext4',
  'mkfs.xfs',
  'nsenter',
  'tmux',
  'unshare',
];

export interface SessionPlaces {
  readonly mounts: OwnMounts;
  readonly terminal: Terminal;
  /** ext4 and xfs; nothing is mounted yet. */
  readonly working: Drive;
  readonly backup: Drive;
}

/** Megabytes: xfs wants 300 at least. */
const MEGABYTES = 640;

export async function makeSessionPlaces(lab: Lab): Promise<SessionPlaces> {
  const mounts = await makeOwnMounts(lab);
  const working = await makeZram(lab, {megabytes: MEGABYTES, fs: 'ext4', label: 'WORK'});
  await working.unmount();
  const backup = await makeZram(lab, {megabytes: MEGABYTES, fs: 'xfs', label: 'BACK'});
  await backup.unmount();
  const terminal = await openTerminal(lab, {mounts, columns: 80, rows: 24});
  return {mounts, terminal, working, backup};
}

/** Files of the sample card that are copied; the others are junk of operating systems. */
export const SAMPLE_FILES = 30;

/** A card with the sample files on it, not inserted yet. */
export async function makeSampleDrive(lab: Lab, label: string): Promise<Drive> {
  const card = await makeZram(lab, {megabytes: 64, fs: 'ext4', label});
  const into = join(lab.folder, `${label}-content`);
  await mkdir(into);
  const {path, files} = await makeSampleCard({into, seed: 1});
  assert.equal(files.filter(({junk}) => !junk).length, SAMPLE_FILES);
  await copyTree(path, card.mountPoint);
  await card.unmount();
  return card;
}

export async function startSession(terminal: Terminal, words = 'offload'): Promise<void> {
  await terminal.run(words);
  await terminal.waitFor(/ CARDS /);
}

/** Plugs both drives in and gives them their roles by keys. */
export async function giveRoles({terminal, working, backup}: SessionPlaces): Promise<void> {
  await working.mount();
  await terminal.waitFor(/WORK/);
  await terminal.press('w');
  await terminal.waitFor(/W {2}WORK/);
  await backup.mount();
  await terminal.waitFor(/BACK/);
  await terminal.press('Down');
  await terminal.waitFor(/▸.*BACK/);
  await terminal.press('b');
  await terminal.waitFor(/B {2}BACK/);
}

/** Leaves and @returns the lines of the shell, with what stood there before. @throws when the exit code is another. */
export async function leaveSession(terminal: Terminal, exitCode: number): Promise<string> {
  await terminal.press('q');
  return await expectEnded(terminal, exitCode);
}

/** Waits until the shell is back and asks for the exit code. @returns all lines, also those that scrolled away. */
export async function expectEnded(terminal: Terminal, exitCode: number): Promise<string> {
  await waitForShell(terminal);
  await terminal.run('echo "ended with $?."');
  await terminal.waitFor(/ended with \d+\./);
  const all = await terminal.readAll();
  const code = [...all.matchAll(/ended with (\d+)\./g)].at(-1)?.[1];
  assert.equal(code, String(exitCode), `exit code ${code} instead of ${exitCode}:\n${all}`);
  return all;
}

async function waitForShell(terminal: Terminal): Promise<void> {
  await terminal.waitFor(/^\$$/m);
}

/** Waits for the verdict screen: the working screen says SAFE TO FORMAT a moment before it. */
export function waitForSafe(terminal: Terminal, timeoutMs = 30_000): Promise<string> {
  return terminal.waitFor(/SAFE TO FORMAT.*, each proved on .* (?:⏎|Enter) ready/, timeoutMs);
}

/** Prints a number that was measured. */
export function tell(what: string): void {
  console.error(`     ${what}`);
}

/** @throws when it took longer than a busy computer explains. */
export function tellTime(what: string, sinceMs: number, mostMs: number): void {
  const tookMs = Math.round(performance.now() - sinceMs);
  tell(`${what}: ${tookMs} ms`);
  assert.ok(tookMs <= mostMs, `${what} took ${tookMs} ms`);
}
