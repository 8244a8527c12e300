/**
 * Records the frames of the pictures: the built program in a real terminal, with cards and drives that are disks of their own.
 *
 *     npm run build && npx tsx docs/pictures/record-session.ts
 *
 * Linux, as root: the disks lie in memory (zram) and are held to the speeds of cards and drives. It writes `frames/*.ansi`, which
 * `make-pictures.ts` draws. What it makes elsewhere is taken away again. The clock of the session is set to an evening.
 */
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {Lab} from '../../test/rigs/lab.ts';
import {makeOwnMounts} from '../../test/rigs/own-mounts.ts';
import {SESSION_TOOLS} from '../../test/rigs/session-places.ts';
import {openTerminal, type Terminal} from '../../test/rigs/tmux.ts';
import {call, installMissing} from '../../test/rigs/tools.ts';
import {findEvening} from './evening.ts';
import {ansiOf, type FrameName, frameOf} from './frames.ts';
import type {Speed} from './limit-speed.ts';
import {makeShownCard, type ShownCamera, type ShownHours} from './make-shown-card.ts';
import {fillDrive, type Making, makeDisk, type Plugged} from './plugged-disk.ts';
import {EOS, FUJI, NIKON} from './shown-cameras.ts';

/** Where a desktop mounts what is plugged in; in the session's own table of mounts only. */
const MEDIA = '/media';
const MB = 1_000_000;
const HOUR = 3600;
/** How far the first card is read when the working screen is taken. */
const IN_THE_MIDDLE = /(EOS_DIGITAL|FUJI_XT5) .*\n *read .* (5[5-9]|6\d) %/;
/** In the frames of the verdict screen only. */
const SAFE = /┃ *✔ {2}SAFE TO FORMAT/;
const NOT_SAFE = /╳ *✘ {2}NOT SAFE/;
const PATIENCE_MS = 180_000;

/** A UHS-II card in its reader. */
const SD: Speed = {read: 240 * MB, write: 120 * MB};

async function record(lab: Lab): Promise<void> {
  const {zone, ...day} = findEvening(Date.now());
  const hours = (from: number, to: number): ShownHours => ({...day, from, to});
  const mounts = await makeOwnMounts(lab);
  const [program, ...words] = mounts.prefix;
  await call(program, [...words, 'mount', '--move', lab.folder, MEDIA]);
  const disk = (making: Making, camera?: ShownCamera, span?: ShownHours) =>
    makeDisk(lab, making, async (root) => {
      if (camera !== undefined && span !== undefined) await makeShownCard(root, camera, span);
    });
  const working = await disk({
    label: 'T7_Shield',
    fs: 'ext4',
    megabytes: 120_000,
    speed: {read: 800 * MB, write: 720 * MB},
  });
  const backup = await disk({
    label: 'LaCie',
    fs: 'xfs',
    megabytes: 180_000,
    speed: {read: 210 * MB, write: 300 * MB},
  });
  const eos = await disk(
    {label: 'EOS_DIGITAL', fs: 'ext4', megabytes: 7_000, speed: SD},
    EOS,
    hours(14.05 * HOUR, 17.93 * HOUR),
  );
  const nikon = await disk(
    {label: 'NIKON_Z8', fs: 'ext4', megabytes: 7_000, speed: SD},
    NIKON,
    hours(10.2 * HOUR, 16.7 * HOUR),
  );
  const fuji = await disk(
    {label: 'FUJI_XT5', fs: 'ext4', megabytes: 3_000, speed: SD},
    FUJI,
    hours(9.4 * HOUR, 12.1 * HOUR),
  );
  const {columns, rows} = frameOf('ready');
  await writeSettings(lab);
  const terminal = await openTerminal(lab, {mounts, columns, rows});
  const take = (name: FrameName) => takeFrame(lab, terminal, name);

  await terminal.run(`TZ=${zone} COLORTERM=truecolor offload`);
  await terminal.waitFor('Connect the working drive and the backup.');
  await giveRoles(terminal, working, backup);
  await eos.plugIn();
  await terminal.waitFor(/148 CR3/);
  await nikon.plugIn();
  await terminal.waitFor(/120 NEF/);
  await terminal.press('Tab');
  await terminal.waitFor(/▸ EOS/);
  await take('ready');
  await resize(terminal, 'ready-120x40');
  await take('ready-120x40');
  await resize(terminal, 'ready');

  await nameShoot(terminal, 'Marta & Jan', () => take('shoot'));
  await terminal.press('Space');
  await terminal.waitFor(/ of 24\b/);
  await terminal.waitWithout('making pictures');
  await terminal.press('-N', '15', 'Right');
  await terminal.waitWithout(/ 1 – /);
  await take('pictures');
  await terminal.press('Escape');
  await terminal.waitFor(/CARDS/);

  await terminal.press('a');
  await terminal.waitFor(IN_THE_MIDDLE, PATIENCE_MS);
  await take('working');
  await resize(terminal, 'working-40x12');
  await take('working-40x12');
  await resize(terminal, 'stop');
  await terminal.press('C-c');
  await terminal.waitFor('go on');
  await take('stop');
  await terminal.press('n');
  await terminal.waitFor(SAFE, PATIENCE_MS);
  await take('verdict-two-cards');

  await terminal.press('Enter');
  await terminal.waitFor('safe then');
  await fuji.plugIn();
  await terminal.waitFor(/36 RAF/);
  await take('ready-after');

  await terminal.press('Down', 'Down', 'Enter');
  await terminal.waitFor(IN_THE_MIDDLE, PATIENCE_MS);
  const release = await fillDrive(backup);
  await terminal.waitFor(NOT_SAFE, PATIENCE_MS);
  await take('verdict-not-safe');
  await terminal.press('l');
  await terminal.waitFor('Esc back');
  await take('failures');
  await terminal.press('q');
  await terminal.waitFor(NOT_SAFE);
  await release();
  await terminal.press('r');
  await terminal.waitFor(SAFE, PATIENCE_MS);
  await take('verdict-safe');
  await terminal.press('Enter');
  await terminal.waitFor(/CARDS/);
  await terminal.press('?');
  await terminal.waitFor('Explains this screen.');
  await take('help');
  await terminal.press('q');
  await terminal.waitWithout('Explains this screen.');
  await terminal.press('q');
  await terminal.waitFor(/^\$$/m);
}

/** A computer without a desktop cannot be kept awake, and says so in the middle of the picture. */
async function writeSettings(lab: Lab): Promise<void> {
  const folder = join(lab.folder, 'offload-home');
  await mkdir(folder);
  await writeFile(join(folder, 'settings.json'), JSON.stringify({keepAwake: false}));
}

async function giveRoles(terminal: Terminal, working: Plugged, backup: Plugged): Promise<void> {
  await working.plugIn();
  await terminal.waitFor(working.label);
  await terminal.press('w');
  await terminal.waitFor(`W ${working.label}`);
  await backup.plugIn();
  await terminal.waitFor(backup.label);
  await terminal.press('Down');
  await terminal.waitFor(new RegExp(`▸.*${backup.label}`));
  await terminal.press('b');
  await terminal.waitFor(`B ${backup.label}`);
}

async function nameShoot(
  terminal: Terminal,
  name: string,
  atTheEnd: () => Promise<void>,
): Promise<void> {
  await terminal.press('s');
  await terminal.waitFor('take this name');
  await terminal.press('-l', ` ${name}`);
  await terminal.waitFor(name);
  await atTheEnd();
  await terminal.press('Enter');
  await terminal.waitWithout('take this name');
}

async function resize(terminal: Terminal, name: FrameName): Promise<void> {
  await terminal.resize(frameOf(name));
  // Until the program has drawn the whole screen for the new size.
  await sleep(700);
}

/** Reads until nothing moves, so that no frame is read while it is half drawn; a screen that goes on moving is read after a while. */
async function readWhole(terminal: Terminal): Promise<string> {
  let text = await terminal.readStyled();
  for (let tries = 0; tries < 4; tries++) {
    await sleep(300);
    const before = text;
    text = await terminal.readStyled();
    if (text === before) break;
  }
  return text;
}

async function takeFrame(lab: Lab, terminal: Terminal, name: FrameName): Promise<void> {
  const frame = frameOf(name);
  const text = await readWhole(terminal);
  if (text.includes(lab.folder)) throw new Error(`${name} shows ${lab.folder}`);
  await writeFile(ansiOf(frame), text);
  console.log(`docs/pictures/frames/${name}.ansi`);
}

await installMissing(SESSION_TOOLS);
const lab = await Lab.open();
const stop = () => lab.stop();
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
try {
  await record(lab);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
for (const failure of await lab.close()) {
  console.error('cleaning up:', failure);
  process.exitCode = 1;
}
