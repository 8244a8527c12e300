import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fillBigCard} from './card-content.ts';
import {checkCopies, checkSums} from './checks.ts';
import type {Lab} from './lab.ts';
import type {Rig} from './rig.ts';
import {
  expectEnded,
  giveRoles,
  leaveSession,
  makeSessionPlaces,
  SESSION_TOOLS,
  type SessionPlaces,
  startSession,
  waitForSafe,
} from './session-places.ts';
import {type SlowDisk, slowReads} from './slow-disk.ts';
import {type Size, type Terminal, wordsOf} from './tmux.ts';
import {waitUntil} from './wait.ts';
import {makeZram} from './zram.ts';

/** What a person expects of any program that takes the whole terminal. */
export const sessionManners: Rig = {
  name: 'session, terminal manners while copying: Ctrl-C asks, Ctrl-Z and fg, other sizes, SIGTERM, ASCII; running again goes on to SAFE',
  tools: [...SESSION_TOOLS, 'b3sum'],
  root: true,
  run: stopAndGoOn,
};

const FILES = 60;
/** Bytes in a second; the card has 252 MB. */
const SLOW = 12e6;
const USUAL: Size = {columns: 80, rows: 24};

async function stopAndGoOn(lab: Lab): Promise<void> {
  const places = await makeSessionPlaces(lab);
  const {terminal, working, backup} = places;
  const card = await makeZram(lab, {megabytes: 320, fs: 'ext4', label: 'BIG'});
  await fillBigCard(card.mountPoint, {files: FILES, size: 4.2e6});
  await card.unmount();
  const slow = await slowReads(lab, card.device, SLOW);
  await startSession(terminal);
  await giveRoles(places);
  await card.mount();
  await terminal.waitFor(`${FILES} CR3`);

  await startCopying(terminal);
  await askAndGoOn(terminal);
  await compareSizes(terminal);
  await suspendAndResume(terminal);
  await stopByKey(terminal);

  await startSession(terminal);
  await terminal.waitFor('interrupted');
  await startCopying(terminal);
  await terminate(terminal);

  await startSession(terminal, 'LANG=C offload');
  await finishInAscii(places, slow);
  for (const {mountPoint} of [working, backup]) {
    const {runs} = await checkSums(join(mountPoint, '2026-04-06'));
    assert.equal(runs, 3, 'each run went on with the one before');
  }
  const shoots = [working, backup].map(({mountPoint}) => join(mountPoint, '2026-04-06'));
  await checkCopies({card: card.mountPoint, shoots});
}

async function startCopying(terminal: Terminal): Promise<void> {
  // The drives have the focus where roles were given.
  await terminal.waitFor(/BIG/);
  await terminal.press('Enter');
  await terminal.waitFor(/read .* \d+ %/);
}

async function askAndGoOn(terminal: Terminal): Promise<void> {
  await terminal.press('C-c');
  const asked = await terminal.waitFor('The block in hand is finished first.');
  assert.match(asked, /Stop\?/);
  assert.match(asked, /read .* \d+ %/, 'what goes on stays in sight');
  await terminal.press('n');
  await terminal.waitWithout(/Stop\?/);
  const before = readPerCent(await terminal.read());
  await waitUntil('it goes on', async () => readPerCent(await terminal.read()) > before);
}

const readPerCent = (screen: string) => Number(/read .*?(\d+) %/.exec(screen)?.[1] ?? 0);

const SIZES: readonly Size[] = [{columns: 40, rows: 12}, {columns: 200, rows: 60}, USUAL];

/** A screen that changed its size holds what one that is drawn anew at that size holds. */
async function compareSizes(terminal: Terminal): Promise<void> {
  for (const size of SIZES) {
    await terminal.resize(size);
    await waitUntil('the screen has its new size', async () => {
      const lines = (await terminal.read()).split('\n');
      return lines.length === size.rows + 1 && lines.at(-2) !== '';
    });
    let seen: readonly string[] = [];
    let drawn: readonly string[] = [];
    // Words come and go while it is copied: "measuring" becomes a time.
    for (let tries = 0; tries < 4; tries++) {
      await sleep(200);
      seen = shapeOf(await terminal.read());
      await terminal.press('C-l');
      await sleep(200);
      drawn = shapeOf(await terminal.read());
      if (seen.join('\n') === drawn.join('\n')) break;
    }
    assert.deepEqual(seen, drawn, `${size.columns}x${size.rows} looks as when it is drawn anew`);
    assert.match(drawn.join('\n'), /BIG/, `${size.columns}x${size.rows} shows the card`);
    const {isFullScreen, scrolled} = await terminal.facts();
    assert.ok(isFullScreen && scrolled === 0, 'nothing scrolled');
  }
}

/** Lines without what moves: numbers, units, bars, file names. */
const shapeOf = (screen: string) =>
  screen.split('\n').map((line) =>
    line
      .replace(/(?:under |about )?[\d.,]+(?: (?:k|M|G)?B\/s| s| min)?/g, '0')
      .replace(/[█▌▒─]+/g, '─')
      .replace(/ +/g, ' '),
  );

async function suspendAndResume(terminal: Terminal): Promise<void> {
  await terminal.press('C-z');
  await terminal.waitFor(/^\$$/m);
  const asleep = await terminal.facts();
  assert.deepEqual([asleep.isFullScreen, asleep.showsCursor], [false, true], 'a shell as before');
  const pid = await terminal.programPid();
  assert.equal(await readProcessState(pid), 'T', 'the program is stopped');
  await expectSaneTerminal(terminal);
  await terminal.run('fg');
  await terminal.waitFor(/read .* \d+ %/);
  const awake = await terminal.facts();
  assert.deepEqual([awake.isFullScreen, awake.showsCursor], [true, false]);
  const before = readPerCent(await terminal.read());
  await waitUntil('it goes on', async () => readPerCent(await terminal.read()) > before);
}

/** proc_pid_stat(5), third field. */
async function readProcessState(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0];
}

/** In the shell, as a program sees it that is started there now. */
async function expectSaneTerminal(terminal: Terminal): Promise<void> {
  await terminal.run('stty -a | tr ";" "\\n" | grep -E "echo|icanon"; echo modes.');
  const modes = wordsOf(await terminal.waitFor(/^modes\.$/m));
  for (const mode of ['icanon', 'echo', 'isig']) {
    assert.match(modes, new RegExp(` ${mode} `), `${mode} is on`);
  }
}

async function stopByKey(terminal: Terminal): Promise<void> {
  await terminal.press('C-c');
  await terminal.waitFor('The block in hand is finished first.');
  await terminal.press('y');
  const verdict = await terminal.waitFor('it goes on where it stopped');
  assert.match(verdict, /NOT SAFE – do not format/);
  const lines = await leaveSession(terminal, 130);
  assert.match(lines, /NOT SAFE.*: BIG/);
  assert.match(lines, /it goes on where it stopped/);
  await expectSaneTerminal(terminal);
}

/** As a system does that shuts down. */
async function terminate(terminal: Terminal): Promise<void> {
  process.kill(await terminal.programPid(), 'SIGTERM');
  await expectEnded(terminal, 130);
  const {isFullScreen, showsCursor} = await terminal.facts();
  assert.deepEqual([isFullScreen, showsCursor], [false, true], 'the terminal is given back');
  await expectSaneTerminal(terminal);
}

async function finishInAscii({terminal}: SessionPlaces, slow: SlowDisk): Promise<void> {
  const screens = [await terminal.waitFor('interrupted')];
  await terminal.press('Enter');
  screens.push(await terminal.waitFor(/read .* \d+ %/));
  await slow.release();
  const verdict = await waitForSafe(terminal, 60_000);
  screens.push(verdict);
  assert.match(wordsOf(verdict), /60 files, 252 MB, each proved on/);
  for (const screen of screens) assert.match(screen, /^[\x20-\x7e\n]*$/, 'ASCII only');
  await leaveSession(terminal, 0);
}
