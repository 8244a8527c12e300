import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test from 'ava';

const PROGRAM = fileURLToPath(new URL('../helpers/hold-exiftool.ts', import.meta.url));
const canEndWithUs = ['/usr/bin/setpriv', '/usr/bin/prlimit', '/usr/bin/perl'].every((path) =>
  existsSync(path),
);

async function isRunning(pid: number): Promise<boolean> {
  try {
    // proc(5): the state stands behind the name in brackets; Z has ended and waits for its parent to see it.
    return !/\) Z /.test(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

(canEndWithUs ? test : test.skip)(
  'exiftool ends with a program that is killed while it holds it',
  async (t) => {
    const holder = spawn(process.execPath, ['--import', 'tsx', PROGRAM], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.teardown(() => holder.kill('SIGKILL'));
    let told = '';
    for await (const part of holder.stdout) {
      told += String(part);
      if (told.endsWith('\n')) break;
    }
    const pids = told.trim().split(' ').map(Number);
    t.true(pids.length > 0 && pids.every((pid) => pid > 1), told);
    for (const pid of pids) t.true(await isRunning(pid));
    holder.kill('SIGKILL');
    const deadline = Date.now() + 20_000;
    for (const pid of pids) {
      while ((await isRunning(pid)) && Date.now() < deadline) await sleep(50);
      t.false(await isRunning(pid));
    }
  },
);
