import assert from 'node:assert/strict';
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {DatabaseSync} from '@photostructure/sqlite';
import type {Lab} from './lab.ts';
import type {Drive} from './mounts.ts';
import type {Rig} from './rig.ts';
import {
  giveRoles,
  leaveSession,
  makeSampleDrive,
  makeSessionPlaces,
  SESSION_TOOLS,
  startSession,
  tell,
  waitForSafe,
} from './session-places.ts';
import {type Terminal, wordsOf} from './tmux.ts';
import {makeZram} from './zram.ts';

/** What comes from outside and is not as it should be. */
export const sessionBadCards: Rig = {
  name: 'session, bad input: escape sequences in the names of a card and its files, and a card of 20,000 files',
  tools: SESSION_TOOLS,
  root: true,
  run: insertBadCards,
};

export const sessionBadHome: Rig = {
  name: 'session, bad input: settings of nonsense, a catalog that is a text or from the future: told on the screen, nothing lost',
  tools: SESSION_TOOLS,
  root: true,
  run: startWithBadHome,
};

const FILES = 20_000;
const COUNTED = '20,000 JPG';
/** ms until a key is answered. */
const MOST_MS = 2000;

async function insertBadCards(lab: Lab): Promise<void> {
  const places = await makeSessionPlaces(lab);
  const {terminal} = places;
  const hostile = await makeHostileCard(lab);
  const tiny = await makeTinyFiles(lab);
  await startSession(terminal);
  await giveRoles(places);

  const {title} = await terminal.facts();
  await hostile.mount();
  await terminal.waitFor(SHOWN_NAME);
  await terminal.waitFor(/RED.* new/);
  await terminal.press('Tab', 'Enter');
  await waitForSafe(terminal);
  await expectHarmless(terminal, title);
  await terminal.press('Enter');
  await terminal.waitFor('safe then');
  await hostile.unmount();
  await terminal.waitFor('Insert a card.');

  await countTinyFiles(terminal, tiny);
  const lines = await leaveSession(terminal, 0);
  assert.match(lines, SHOWN_NAME);
  await expectHarmless(terminal, title);
}

/** As the system tells the label, or as the program prints it. */
const SHOWN_NAME = /a(?:\^\[|\\x1b)\[31mRED/;

/** The label and the folder that it is mounted at, a folder on it and the names of its files. */
async function makeHostileCard(lab: Lab): Promise<Drive> {
  const card = await makeZram(lab, {megabytes: 64, fs: 'ext4', label: 'a\x1b[31mRED\x07'});
  const folder = join(card.mountPoint, 'DCIM/100\x1b[2JA');
  await mkdir(folder, {recursive: true});
  for (const name of ['\x1b]0;owned\x07.CR3', '\x1b[1;31mB.JPG', 'C\r\nD.JPG', '\u202egpj.E']) {
    await writeFile(join(folder, name), `picture ${name}`);
  }
  await card.unmount();
  return card;
}

async function expectHarmless(terminal: Terminal, title: string): Promise<void> {
  const styled = await terminal.readStyled();
  assert.doesNotMatch(styled, /\x1b\[[\d;]*31m[^\n]*RED/, 'its name colours nothing');
  assert.equal((await terminal.facts()).title, title, 'the title is as it was');
}

/** ext4 makes a number for each 4 KiB on a disk of that size. */
async function makeTinyFiles(lab: Lab): Promise<Drive> {
  const card = await makeZram(lab, {megabytes: 256, fs: 'ext4', label: 'TINY'});
  for (let number = 0; number < FILES; number += 500) {
    const folder = join(card.mountPoint, `DCIM/${100 + number / 500}TINYS`);
    await mkdir(folder, {recursive: true});
    const names = Array.from({length: 500}, (_, index) => `IMG_${number + index}.JPG`);
    await Promise.all(names.map((name) => writeFile(join(folder, name), name)));
  }
  await card.unmount();
  return card;
}

async function countTinyFiles(terminal: Terminal, card: Drive): Promise<void> {
  const start = performance.now();
  await card.mount();
  await terminal.waitFor(/TINY/);
  let slowestMs = 0;
  while (!wordsOf(await terminal.read()).includes(COUNTED)) {
    assert.ok(performance.now() - start < 30_000, 'it is counted within 30 s');
    const pressedAt = performance.now();
    await terminal.press('?');
    await terminal.waitFor('Explains this screen.');
    await terminal.press('Escape');
    await terminal.waitFor(/ CARDS /);
    slowestMs = Math.max(slowestMs, performance.now() - pressedAt);
  }
  tell(`${FILES} files are counted after ${Math.round(performance.now() - start)} ms`);
  tell(`meanwhile the slowest two keys were answered in ${Math.round(slowestMs)} ms`);
  assert.ok(slowestMs <= MOST_MS, `keys were answered in ${slowestMs} ms`);
}

async function startWithBadHome(lab: Lab): Promise<void> {
  const places = await makeSessionPlaces(lab);
  const {terminal} = places;
  const home = join(lab.folder, 'offload-home');
  const [settings, catalog] = [join(home, 'settings.json'), join(home, 'catalog.sqlite')];
  const card = await makeSampleDrive(lab, 'EOS');
  await mkdir(home);

  await writeFile(settings, '{"layout": 7, verify: full\x1b[31m}');
  await startSession(terminal);
  await terminal.waitFor('the settings are not JSON (line 1), so none of them is used');
  await giveRoles(places);
  await card.mount();
  await terminal.waitFor(/EOS.* new/);
  await terminal.press('Tab', 'Enter');
  await waitForSafe(terminal);
  await leaveSession(terminal, 0);
  assert.equal(await readFile(settings, 'utf8'), '{"layout": 7, verify: full\x1b[31m}');

  await writeFile(settings, String.raw`{"verify": "\u001b[31mRED", "eject": "yes"}`);
  await startSession(terminal);
  const {title} = await terminal.facts();
  await terminal.waitFor('"eject" is "yes", but it');
  await expectHarmless(terminal, title);
  await leaveSession(terminal, 0);
  await rm(settings);

  const database = new DatabaseSync(catalog);
  database.exec('PRAGMA user_version = 9999');
  database.close();
  const newer = await readFile(catalog);
  await startSession(terminal);
  await terminal.waitFor('the catalog was written by a newer version of this program');
  await terminal.waitFor(/EOS.*catalog/);
  await offloadAgain(terminal);
  await leaveSession(terminal, 0);
  assert.ok(newer.equals(await readFile(catalog)), 'the newer catalog is as it was');

  for (const name of await readdir(home)) await rm(join(home, name));
  const text = 'a shopping list\n'.repeat(1000);
  await writeFile(catalog, text);
  await startSession(terminal);
  await terminal.waitFor('the catalog was damaged');
  await terminal.waitFor(/EOS.* new/);
  await offloadAgain(terminal);
  await leaveSession(terminal, 0);
  const [aside] = (await readdir(home)).filter((name) => name.startsWith('catalog-damaged-'));
  assert.ok(aside, 'the text was set aside');
  assert.equal(await readFile(join(home, aside), 'utf8'), text, 'nothing of it is lost');
}

async function offloadAgain(terminal: Terminal): Promise<void> {
  await terminal.press('Enter');
  await waitForSafe(terminal);
  await terminal.press('Enter');
  await terminal.waitFor(/ CARDS /);
}
