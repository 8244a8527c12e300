/** npm, as a person who installs the program calls it. */
import {mkdir, writeFile} from 'node:fs/promises';
import {execa} from 'execa';
import type {Lab} from './lab.ts';

const TIMEOUT_MS = 240_000;

/** Runs npm or npx in a folder. @returns stdout. @throws Error when it fails. */
export async function callNpm(
  program: 'npm' | 'npx',
  args: readonly string[],
  {cwd, lab}: {readonly cwd: string; readonly lab: Lab},
): Promise<string> {
  const {stdout} = await execa(program, [...args], {
    cwd,
    stdin: 'ignore',
    timeout: TIMEOUT_MS,
    cancelSignal: lab.signal,
    env: quietEnv(),
    extendEnv: false,
  });
  return stdout;
}

/** Without the settings that npm gives to what it runs: they are those of this project. */
function quietEnv(): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^npm_(?!config_)/i.test(name) ? [] : [[name, value] as const],
  );
  return {...Object.fromEntries(kept), npm_config_update_notifier: 'false', NO_COLOR: '1'};
}

/** An empty package to install into. */
export async function makePackage(folder: string): Promise<void> {
  await mkdir(folder, {recursive: true});
  await writeFile(`${folder}/package.json`, JSON.stringify({name: 'rig', private: true}));
}

export const INSTALL = ['install', '--no-audit', '--no-fund', '--loglevel=error'] as const;
