import assert from 'node:assert/strict';
import {join} from 'node:path';
import {fillBigCard} from './card-content.ts';
import {checkCopies, checkSums} from './checks.ts';
import type {Lab} from './lab.ts';
import {type Drive, mount, unmount} from './mounts.ts';
import type {Rig} from './rig.ts';
import {
  giveRoles,
  leaveSession,
  makeSampleDrive,
  makeSessionPlaces,
  SAMPLE_FILES,
  SESSION_TOOLS,
  type SessionPlaces,
  startSession,
  tellTime,
  waitForSafe,
} from './session-places.ts';
import {slowReads} from './slow-disk.ts';
import type {Terminal} from './tmux.ts';
import {call} from './tools.ts';
import {listPaths} from './trees.ts';
import {makeZram} from './zram.ts';

const TOOLS = [...SESSION_TOOLS, 'b3sum', 'xfs_io'] as const;

/** The whole promise of the terminal UI, with cards and drives that are plugged in while it runs. */
export const sessionCards: Rig = {
  name: 'session: cards and drives come and go under the running UI; keys give roles; SAFE on three drives, eject, and the verdict after leaving',
  tools: TOOLS,
  root: true,
  run: offloadByKeys,
};

export const sessionPulled: Rig = {
  name: 'session: a card pulled while it is copied is NOT SAFE on the screen; inserted again it goes on to SAFE',
  tools: TOOLS,
  root: true,
  run: pullCard,
};

export const sessionRoles: Rig = {
  name: 'session: a drive keeps its role at another place; one that goes while it gets a role leaves nothing behind',
  tools: TOOLS,
  root: true,
  run: moveDrives,
};

/** Design: within 2 s; the rest is for a computer that is busy with something else. */
const MOST_MS = 5000;

const mountMeasured = async (terminal: Terminal, drive: Drive, shows: RegExp, what: string) => {
  const start = performance.now();
  await drive.mount();
  await terminal.waitFor(shows);
  tellTime(`${what} is on the screen`, start, MOST_MS);
};

async function offloadByKeys(lab: Lab): Promise<void> {
  const places = await makeSessionPlaces(lab);
  const {mounts, terminal, working, backup} = places;
  const card = await makeSampleDrive(lab, 'EOS');
  await startSession(terminal);
  await terminal.waitFor('Insert a card.');
  await terminal.waitFor('Connect the working drive and the backup.');

  await mountMeasured(terminal, working, /WORK/, 'a drive');
  await mountMeasured(terminal, backup, /BACK/, 'a second drive');
  await terminal.waitFor('No drive has a role.');
  await Promise.all([working.unmount(), backup.unmount()]);
  await terminal.waitWithout(/WORK|BACK/);
  await giveRoles(places);
  await terminal.waitFor('Watching W and B.');

  await mountMeasured(terminal, card, /10 CR2 {2}10 JPG/, 'a card with what it holds');
  await terminal.waitFor(/EOS.* new/);
  await nameShoot(terminal, 'Marta & Jan');
  await terminal.press('Enter');
  const verdict = await waitForSafe(terminal);
  assert.ok(!verdict.includes('NOT SAFE'), verdict);
  assert.match(verdict, new RegExp(`${SAMPLE_FILES} files, 8.8 MB, each proved on`));
  const shoots = [working, backup].map(({mountPoint}) => join(mountPoint, 'Marta & Jan'));
  for (const shoot of shoots) await checkSums(shoot);
  await checkCopies({card: card.mountPoint, shoots});

  await terminal.press('Enter');
  await terminal.waitFor(/offloaded just now, safe then/);
  await ejectByKey(places, card);
  const leftAt = performance.now();
  await card.mount();
  await terminal.waitFor(/safe then/);
  await card.unmount();
  await terminal.waitFor('Insert a card.');
  tellTime('a known card comes and goes', leftAt, 2 * MOST_MS);

  const lines = await leaveSession(terminal, 0);
  assert.match(lines, /SAFE TO FORMAT: EOS/);
  assert.match(lines, new RegExp(`record on W: ${working.mountPoint}/Marta & Jan/_offload/`));
  assert.doesNotMatch(lines, /NOT SAFE/);
  const {isFullScreen, showsCursor} = await terminal.facts();
  assert.deepEqual([isFullScreen, showsCursor], [false, true], 'the terminal is given back');
  assert.equal((await mounts.list()).length, 2, 'the drives are still mounted');
}

async function nameShoot(terminal: Terminal, name: string): Promise<void> {
  await terminal.press('s');
  await terminal.waitFor('take this name');
  await terminal.press('-N', '60', 'BSpace');
  await terminal.press('-l', name);
  await terminal.waitFor(name);
  await terminal.press('Enter');
  await terminal.waitFor(new RegExp(`Shoot {2}${name}`));
}

/** Without udisks it can only be unmounted, and the screen must not promise more. */
async function ejectByKey({mounts, terminal}: SessionPlaces, card: Drive): Promise<void> {
  await terminal.press('Tab');
  await terminal.waitFor(/▸ EOS/);
  await terminal.press('e');
  await terminal.waitFor('is unmounted, but its drive may still run');
  assert.ok(!(await mounts.list()).includes(card.mountPoint), 'the card is unmounted');
  await terminal.waitFor('Insert a card.');
  await card.unmount();
}

const BIG_FILES = 40;
/** 40 MB in a second of which 168 MB are read: four seconds. */
const SLOW = 40e6;

async function pullCard(lab: Lab): Promise<void> {
  const places = await makeSessionPlaces(lab);
  const {terminal, working, backup} = places;
  const card = await makeZram(lab, {megabytes: 256, fs: 'ext4', label: 'BIG'});
  await fillBigCard(card.mountPoint, {files: BIG_FILES, size: 4.2e6});
  await card.unmount();
  const {release} = await slowReads(lab, card.device, SLOW);
  await startSession(terminal);
  await giveRoles(places);
  await card.mount();
  await terminal.waitFor(`${BIG_FILES} CR3`);
  await nameShoot(terminal, 'pulled');
  await terminal.press('Enter');
  await terminal.waitFor(/read .* [1-9]\d %/);
  // The medium is gone at once, its mount a moment later, as with a card that is torn out.
  await call('xfs_io', ['-x', '-c', 'shutdown', card.mountPoint]);
  await call('umount', ['--lazy', card.mountPoint]);
  const verdict = await terminal.waitFor('NOT SAFE – do not format', 30_000);
  assert.doesNotMatch(verdict, /SAFE TO FORMAT/);
  await terminal.waitFor('the card is gone from its place. Put the card in again');
  // Below what failed, once the watch has seen it go too.
  await terminal.press('NPage');
  await terminal.waitFor('Put it in again, press Enter and offload it');
  await terminal.press('r');
  await terminal.waitFor('no card that is still inserted needs another try');

  await card.mount();
  await terminal.waitFor('was inserted meanwhile; what stands here is not about it');
  await terminal.press('Enter');
  await terminal.waitFor(/▸? ?BIG.* (interrupted|NOT SAFE last time)/);
  await release();
  await terminal.press('Enter');
  await waitForSafe(terminal, 60_000);
  await terminal.waitFor(`${BIG_FILES} files, 168 MB, each proved on`);
  const shoots = [working, backup].map(({mountPoint}) => join(mountPoint, 'pulled'));
  for (const shoot of shoots) {
    const {runs} = await checkSums(shoot);
    assert.equal(runs, 2, 'the second run went on with the first');
  }
  await checkCopies({card: card.mountPoint, shoots});
  const lines = await leaveSession(terminal, 0);
  assert.ok(lines.lastIndexOf('SAFE TO FORMAT: BIG') > lines.lastIndexOf('NOT SAFE'), lines);
}

async function moveDrives(lab: Lab): Promise<void> {
  const places = await makeSessionPlaces(lab);
  const {terminal, working} = places;
  const third = await makeZram(lab, {megabytes: 64, fs: 'ext4', label: 'THIRD'});
  await third.unmount();
  await startSession(terminal);
  await giveRoles(places);
  await leaveSession(terminal, 0);

  await working.unmount();
  const mountPoint = join(lab.folder, 'elsewhere');
  lab.defer(() => unmount(mountPoint));
  await mount({...working, mountPoint});
  await startSession(terminal);
  await terminal.waitFor(/W {2}WORK/);
  await terminal.waitFor('Watching W and B.');

  await terminal.press('Tab');
  let isMet = false;
  for (let tries = 0; tries < 3 && !isMet; tries++) isMet = await pressAsItGoes(terminal, third);
  assert.ok(isMet, 'the key came before the watch saw the drive go');
  const screen = await terminal.waitFor(/W {2}WORK/);
  assert.match(screen, /B {2}BACK/);
  await leaveSession(terminal, 0);
}

/** @returns false when the screen was quicker, and the key meant another drive, which has its role back. */
async function pressAsItGoes(terminal: Terminal, drive: Drive): Promise<boolean> {
  await drive.mount();
  await terminal.waitFor(/- {2}THIRD/);
  await terminal.press('Down', 'Down');
  await terminal.waitFor(/▸.*THIRD/);
  // The watch has not seen it go yet: the key still means this drive.
  await call('umount', ['--lazy', drive.mountPoint]);
  await terminal.press('w');
  const screen = await terminal.waitFor(/THIRD is not connected any more|W {2}BACK/);
  await terminal.waitWithout(/- {2}THIRD/);
  assert.deepEqual(await listPaths(drive.mountPoint, ''), [], 'nothing lies in the folder below');
  if (!/W {2}BACK/.test(screen)) return true;
  await terminal.press('b');
  await terminal.waitFor(/B {2}BACK/);
  return false;
}
