/** The built program with its parts for Windows, started by Node for Windows under Wine. */
import assert from 'node:assert/strict';
import {cp, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {type Lab, PROJECT} from './lab.ts';
import {callNpm} from './npm.ts';
import {type RunResult, readRun} from './offload-run.ts';
import {CannotRun} from './rig.ts';
import {installWindowsNode, openWine, type Wine, type WineCall, type WineEnd} from './wine.ts';

export interface WindowsProgram {
  readonly wine: Wine;
  /** The folder of settings and catalog: `H:`. */
  readonly home: string;
  /** The folder of the program: `P:`. */
  readonly folder: string;
  /** `node.exe`. */
  readonly node: string;
  /** Runs it as it is typed. */
  readonly run: (args: readonly string[], options?: WineCall) => Promise<WineEnd>;
  /** Runs it with `--json` to its end. */
  readonly runJson: (args: readonly string[], options?: WineCall) => Promise<RunResult>;
}

/** The oldest line of Node that the program runs on. */
const NODE = '20';

export async function installWindowsProgram(lab: Lab): Promise<WindowsProgram> {
  const home = join(lab.folder, 'windows-home');
  await mkdir(home);
  // These wait for the network and for Wine: together they take as long as the slowest.
  const [wine, node, folder] = await Promise.all([
    openWine(lab),
    installWindowsNode(lab, NODE),
    installParts(lab),
  ]);
  await wine.letter('H', home);
  await wine.letter('P', folder);
  // Other rigs' drives and this machine's own files are none of this trial's.
  const run = (args: readonly string[], {env = {}, ...options}: WineCall = {}) =>
    wine.run(node, ['P:\\bin\\offload.cjs', ...args], {
      ...options,
      env: {OFFLOAD_HOME: 'H:\\', ...env},
    });
  return {
    wine,
    home,
    folder,
    node,
    run,
    runJson: async (args, options) => {
      const {exitCode, stdout, stderr} = await run([...args, '--json'], options);
      assert.ok(exitCode !== undefined, `it ends by itself: offload ${args.join(' ')}`);
      return readRun({printed: stdout, exitCode, stderr});
    },
  };
}

/** The parts that the lock file names, for 64-bit Windows, and without install scripts: drivelist stays unbuilt. */
async function installParts(lab: Lab): Promise<string> {
  const folder = join(lab.folder, 'windows-program');
  for (const name of ['package.json', 'package-lock.json', 'dist', 'bin']) {
    await cp(join(PROJECT, name), join(folder, name), {recursive: true});
  }
  const args = ['ci', '--os=win32', '--cpu=x64', '--omit=dev', '--ignore-scripts'];
  try {
    await callNpm('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      lab,
    });
  } catch (error) {
    lab.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(why)) {
      throw new CannotRun('the registry cannot be reached');
    }
    throw error;
  }
  return folder;
}
