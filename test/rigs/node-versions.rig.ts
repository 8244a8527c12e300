import assert from 'node:assert/strict';
import {join} from 'node:path';
import {makeSampleCard} from '../../samples/make-card.ts';
import {checkCopies, expectSafe} from './checks.ts';
import {type Lab, PROJECT} from './lab.ts';
import {callNpm, INSTALL, makePackage} from './npm.ts';
import {runOffload} from './offload-run.ts';
import {CannotRun, type Rig} from './rig.ts';
import {call} from './tools.ts';
import {makeZram} from './zram.ts';

/** The oldest that the program promises to run on, and the newer lines. */
const VERSIONS = ['20.19', '22', '24'];

export const nodeVersions: readonly Rig[] = VERSIONS.map((version) => ({
  name: `the main job under Node ${version}`,
  tools: ['mkfs.ext4', 'mkfs.xfs'],
  root: true,
  run: (lab) => offloadUnder(lab, version),
}));

async function offloadUnder(lab: Lab, version: string): Promise<void> {
  const node = await installNode(lab, version);
  assert.ok((await call(node, ['--version'])).startsWith(`v${version}.`), 'it is that version');
  const card = await makeSampleCard({into: lab.folder, seed: 1});
  const working = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 320, fs: 'xfs', label: 'B'});
  const tos = [working.mountPoint, backup.mountPoint].flatMap((to) => ['--to', to]);
  const program = [node, join(PROJECT, 'bin/offload.cjs')] as const;
  const run = await runOffload(lab, ['--card', card.path, ...tos, '--verify', 'full'], {program});
  const {copies} = expectSafe(run);
  assert.ok(!/warning/i.test(run.stderr), `nothing is deprecated: ${run.stderr}`);
  await checkCopies({card: card.path, shoots: copies.map(({shoot}) => shoot)});
}

/** The registry has Node itself, one package for each platform. @returns the program's path. */
async function installNode(lab: Lab, version: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const home = join(lab.folder, 'node');
  await makePackage(home);
  try {
    await callNpm('npm', [...INSTALL, '--ignore-scripts', `${name}@${version}`], {cwd: home, lab});
  } catch (error) {
    lab.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotRun(`Node ${version} could not be installed: ${why.split('\n')[0]}`);
  }
  return join(home, 'node_modules', name, 'bin/node');
}
