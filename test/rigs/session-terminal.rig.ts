import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import {openPty, type Pty} from '../helpers/pty.ts';
import {type Lab, PROJECT} from './lab.ts';
import {CannotRun, type Rig} from './rig.ts';

/** What the full screen does to a real terminal below a shell with job control. */
export const sessionTerminal: Rig = {
  name: 'the full screen: resize, Ctrl-Z, kill -STOP, a fault, SIGTERM, no colours, a screen reader',
  tools: [],
  root: false,
  run: tryTerminal,
};

const CTRL_Z = '\x1a';
const SECOND_SCREEN = '\x1b[?1049h';
const FIRST_SCREEN = '\x1b[?1049l';
/** Modes by the sequence that takes them and the one that gives them back. */
const MODES = [
  [SECOND_SCREEN, FIRST_SCREEN],
  ['\x1b[?25l', '\x1b[?25h'],
  ['\x1b[?7l', '\x1b[?7h'],
  ['\x1b[?2026h', '\x1b[?2026l'],
] as const;
const FRAME = /\x1b\[\?2026h/g;
const BAR = /read .*%/;

interface Shell {
  readonly pty: Pty;
  /** Of the terminal: `/dev/pts/3`. */
  readonly device: string;
  /** The modes of the terminal before anything was started in it. */
  readonly modes: string;
  /** Starts the program and waits for its first frame. @returns its process id. */
  start(env?: string, sign?: RegExp): Promise<number>;
}

async function tryTerminal(lab: Lab): Promise<void> {
  if (process.platform !== 'linux') throw new CannotRun('it needs Linux');
  const shell = await openShell(lab);
  await tryResizing(shell, await shell.start());
  await trySleeping(shell);
  await tryFault(shell);
  await trySignals(shell);
  await tryPlain(shell);
  shell.pty.type('exit\r');
  assert.equal(await shell.pty.ended(), 0);
}

async function openShell(lab: Lab): Promise<Shell> {
  const pty = openPty({
    command: 'bash --norc --noprofile -i',
    cwd: lab.folder,
    env: {PS1: '> '},
    signal: lab.signal,
  });
  await pty.until(/> /);
  pty.type('tty\r');
  const [device = ''] = /\/dev\/pts\/\d+/.exec(await pty.until(/\/dev\/pts\/\d+/)) ?? [];
  const pidFile = join(lab.folder, 'pid');
  const program = join(PROJECT, 'test/helpers/session-program.tsx');
  const node = `cd '${PROJECT}'; exec '${process.execPath}' --import=tsx '${program}'`;
  return {
    pty,
    device,
    modes: await readModes(device),
    async start(env = '', sign = BAR) {
      pty.forget();
      pty.type(`${env} bash -c "echo \\$\\$ > ${pidFile}; ${node}"\r`);
      await pty.until(sign);
      return Number(await readFile(pidFile, 'utf8'));
    },
  };
}

/** While bash waits for a line it has set modes of its own: they are asked for from outside, when a program has ended. */
async function readModes(device: string): Promise<string> {
  const {stdout} = await execa('stty', ['-F', device, '-a']);
  // Without the size, which the trial changes.
  return stdout.replace(/rows \d+; columns \d+;/, '');
}

async function expectGivenBack({pty, device, modes}: Shell): Promise<void> {
  const raw = pty.raw();
  for (const [taken, given] of MODES) {
    assert.ok(raw.lastIndexOf(given) >= raw.lastIndexOf(taken), `${taken.slice(1)} is given back`);
  }
  // bash takes its modes for a line a moment after its prompt.
  for (let time = 0; time < 50 && (await readModes(device)) !== modes; time += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(await readModes(device), modes, 'the modes are those of before');
}

async function tryResizing({pty, device}: Shell, pid: number): Promise<void> {
  const resize = (columns: number, rows: number) =>
    execa('stty', ['-F', device, 'cols', `${columns}`, 'rows', `${rows}`]);
  pty.forget();
  const startedMs = performance.now();
  for (let step = 0; step < 60; step += 1) await resize(40 + step, 12 + (step % 20));
  const seconds = (performance.now() - startedMs) / 1000;
  const frames = pty.raw().match(FRAME)?.length ?? 0;
  assert.ok(frames <= 10 * Math.ceil(seconds) + 1, `${frames} frames in ${seconds.toFixed(1)} s`);
  await resize(39, 11);
  await pty.until(/offload needs 40x12/);
  pty.forget();
  await resize(80, 24);
  await pty.until(BAR);
  assert.ok(pty.raw().includes('\x1b[H\x1b[J'), 'what stood there is gone');
  process.kill(pid, 0);
}

async function trySleeping(shell: Shell): Promise<void> {
  const {pty} = shell;
  pty.type(CTRL_Z);
  await pty.until(/Stopped[\s\S]*> /);
  await expectGivenBack(shell);
  pty.forget();
  pty.type('fg\r');
  await pty.until(BAR);
  assert.ok(pty.raw().includes(SECOND_SCREEN), 'the second screen is back');
  pty.forget();
  pty.type('?');
  await pty.until(/Help/);
  pty.forget();
  pty.type('\x1b');
  await pty.until(BAR);
}

async function tryFault(shell: Shell): Promise<void> {
  const {pty} = shell;
  pty.forget();
  pty.type('!');
  await pty.until(/thrown on purpose[\s\S]*> /);
  const raw = pty.raw();
  assert.ok(raw.indexOf('thrown on purpose') > raw.lastIndexOf(FIRST_SCREEN), 'it can be read');
  await expectGivenBack(shell);
}

async function trySignals(shell: Shell): Promise<void> {
  const {pty} = shell;
  const stopped = await shell.start();
  process.kill(stopped, 'SIGSTOP');
  await pty.until(/Stopped[\s\S]*> /);
  pty.forget();
  pty.type('fg\r');
  await pty.until(BAR);
  assert.ok(pty.raw().indexOf(FIRST_SCREEN) < pty.raw().indexOf(SECOND_SCREEN), 'taken anew');
  pty.forget();
  pty.type('?');
  await pty.until(/Help/);
  process.kill(stopped, 'SIGTERM');
  await pty.until(/left by SIGTERM/);
  await expectGivenBack(shell);
}

async function tryPlain(shell: Shell): Promise<void> {
  const {pty} = shell;
  await shell.start('NO_COLOR=1 LANG=C');
  const raw = pty.raw();
  assert.match(raw.slice(raw.indexOf(SECOND_SCREEN)), /^[\x00-\x7f]*$/, 'only ASCII');
  assert.doesNotMatch(raw, /\x1b\[(?:3|4|9)\d/, 'no colours');
  pty.type('qy');
  await pty.until(/left by stop/);
  await shell.start('INK_SCREEN_READER=true', /to the shoot/);
  assert.ok(!pty.raw().includes(SECOND_SCREEN), 'the screen is left alone');
  pty.type('q');
  await pty.until(/stop copying\? y stop, n go on/);
  pty.type('y');
  await pty.until(/left by stop/);
  await expectGivenBack(shell);
}
