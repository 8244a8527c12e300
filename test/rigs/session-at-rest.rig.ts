import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {openPty} from '../helpers/pty.ts';
import {type Lab, PROJECT} from './lab.ts';
import type {OwnMounts} from './own-mounts.ts';
import type {Rig} from './rig.ts';
import {
  giveRoles,
  leaveSession,
  makeSampleDrive,
  makeSessionPlaces,
  SESSION_TOOLS,
  startSession,
  tell,
} from './session-places.ts';
import type {Terminal} from './tmux.ts';

export const sessionAtRest: Rig = {
  name: 'session, terminal manners at rest: no colours, a screen reader, the first frame, CPU time',
  tools: SESSION_TOOLS,
  root: true,
  run: rest,
};

const IDLE_MS = 20_000;
/** Per cent of one core. */
const MOST_IDLE = 5;

async function rest(lab: Lab): Promise<void> {
  const places = await makeSessionPlaces(lab);
  const {terminal} = places;
  const card = await makeSampleDrive(lab, 'EOS');
  await measureFirstFrame(lab, places.mounts);
  await startSession(terminal);
  await giveRoles(places);
  await card.mount();
  await terminal.waitFor('10 CR2');
  await measureIdle(terminal);
  assert.match(await terminal.readStyled(), COLOURS, 'colours, where nobody said no');
  await leaveSession(terminal, 0);

  await startSession(terminal, 'NO_COLOR=1 offload');
  await terminal.waitFor('10 CR2');
  await expectNoColours(terminal);
  await terminal.press('?');
  await terminal.waitFor('Explains this screen.');
  await expectNoColours(terminal);
  await terminal.press('Escape');
  await terminal.waitFor('10 CR2');
  await leaveSession(terminal, 0);

  await listen(terminal);
}

/** From the start of the process to the first words on a terminal that keeps nothing. */
async function measureFirstFrame(lab: Lab, {prefix}: OwnMounts): Promise<void> {
  const words = [...prefix, process.execPath, join(PROJECT, 'bin/offload.cjs')];
  const command = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const env = {OFFLOAD_HOME: join(lab.folder, 'offload-home')};
  const times: number[] = [];
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    const pty = openPty({command, cwd: lab.folder, env, signal: lab.signal});
    await pty.until(/CARDS/);
    times.push(Math.round(performance.now() - start));
    // While it is still loading what does the work: the key waits for it.
    pty.type('q');
    const late = sleep(10_000, 'not left after 10 s', {ref: false});
    assert.equal(await Promise.race([pty.ended(), late]), 0);
  }
  tell(`first frame after ${times.join(', ')} ms`);
}

async function measureIdle(terminal: Terminal): Promise<void> {
  const pid = await terminal.programPid();
  // What was begun when the card came.
  await sleep(1500);
  const [start, before] = [performance.now(), await readCpuMs(pid)];
  await sleep(IDLE_MS);
  const perCent = ((await readCpuMs(pid)) - before) / ((performance.now() - start) / 100);
  tell(`CPU time at rest: ${perCent.toFixed(2)} % of a core`);
  assert.ok(perCent <= MOST_IDLE, `${perCent} % of a core at rest`);
}

/** proc_pid_stat(5): user and system time of the process and of its children that ended, fields 14 to 17, in hundredths of a second. */
async function readCpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
}

async function expectNoColours(terminal: Terminal): Promise<void> {
  const screen = await terminal.readStyled();
  assert.doesNotMatch(screen, COLOURS, screen);
}

/** Select Graphic Rendition (ECMA-48, 8.3.117) with a colour in it. */
const COLOURS = /\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)[\d;]*m/;

/** Lines that stay, no second screen, each once. */
async function listen(terminal: Terminal): Promise<void> {
  await terminal.run('INK_SCREEN_READER=true offload');
  await terminal.waitFor(/card EOS.*30 files/);
  await terminal.waitFor(/drive BACK.*backup B/);
  const {isFullScreen} = await terminal.facts();
  assert.equal(isFullScreen, false, 'no second screen');
  await terminal.press('Enter');
  await terminal.waitFor('SAFE TO FORMAT', 30_000);
  // Until then the run is being put away: `q` would ask whether to stop it, and the verdict would close that question.
  await terminal.waitFor('the verdict: Enter goes back to the cards');
  const lines = await leaveSession(terminal, 0);
  assert.match(lines, /selected: card EOS|card EOS/);
  assert.match(lines, /SAFE TO FORMAT: EOS/);
  assert.match(lines, /proved/);
}
