import assert from 'node:assert/strict';
import {join} from 'node:path';
import {execa} from 'execa';
import {expectSafe} from './checks.ts';
import {type Lab, PROJECT} from './lab.ts';
import {runOffload} from './offload-run.ts';
import type {Rig} from './rig.ts';
import {makeBigPlaces} from './three-places.ts';

/** What a person at a terminal of 80 columns sees and gets back. */
export const terminal: Rig = {
  name: 'a pseudo-terminal: the screen, the verdict, the cursor, Ctrl-C and going on',
  tools: ['mkfs.ext4', 'mkfs.xfs'],
  root: true,
  run: watchAndStop,
};

const CTRL_C = '\x03';
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';

async function watchAndStop(lab: Lab): Promise<void> {
  const {args} = await makeBigPlaces(lab);
  const stopped = await runInTerminal(lab, args, {stopAt: /read {2,}.*%/});
  assert.equal(stopped.exitCode, 130, stopped.screen);
  assert.match(stopped.screen, /NOT SAFE – do not format/);
  assert.match(stopped.screen, /run the same command again, it goes on/);
  assert.ok(isCursorBack(stopped.raw), 'the cursor is back after Ctrl-C');
  const whole = await runInTerminal(lab, args, {});
  assert.equal(whole.exitCode, 0, whole.screen);
  assert.match(whole.screen, /SAFE TO FORMAT: /);
  assert.match(whole.screen, /record on W: /);
  assert.ok(isCursorBack(whole.raw), 'the cursor is back after the verdict');
  const {account} = expectSafe(await runOffload(lab, args));
  assert.equal(account.copied, 0, 'all was there');
}

interface Seen {
  readonly exitCode: number | undefined;
  /** With escape sequences. */
  readonly raw: string;
  /** Without them. */
  readonly screen: string;
}

/** script(1) gives a pseudo-terminal and passes its input on as if it were typed. */
async function runInTerminal(
  lab: Lab,
  args: readonly string[],
  {stopAt}: {readonly stopAt?: RegExp},
): Promise<Seen> {
  const quoted = [process.execPath, join(PROJECT, 'bin/offload.cjs'), ...args].map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  // The shell is script's own; all words are quoted.
  const command = `stty rows 24 cols 80; exec ${quoted.join(' ')}`;
  const child = execa('script', ['-qefc', command, '/dev/null'], {
    reject: false,
    cwd: lab.folder,
    timeout: 120_000,
    cancelSignal: lab.signal,
    // Without CI in the environment: it would turn the drawing off.
    extendEnv: false,
    env: {PATH: process.env.PATH ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8'},
    stdin: 'pipe',
  });
  let raw = '';
  let isStopped = stopAt === undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
    if (isStopped || stopAt === undefined || !stopAt.test(raw)) return;
    isStopped = true;
    child.stdin.write(CTRL_C);
  });
  const {exitCode} = await child;
  const screen = raw.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '');
  return {exitCode, raw, screen};
}

function isCursorBack(raw: string): boolean {
  return raw.includes(HIDE_CURSOR) && raw.lastIndexOf(SHOW_CURSOR) > raw.lastIndexOf(HIDE_CURSOR);
}
