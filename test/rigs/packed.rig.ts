import assert from 'node:assert/strict';
import {access, mkdir, readdir, readFile, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {makeSampleCard} from '../../samples/make-card.ts';
import {checkCopies, expectSafe} from './checks.ts';
import {type Lab, PROJECT} from './lab.ts';
import {callNpm, INSTALL, makePackage} from './npm.ts';
import {runOffload} from './offload-run.ts';
import {CannotRun, type Rig} from './rig.ts';
import {call} from './tools.ts';
import {makeZram} from './zram.ts';

/** What a stranger gets: the packed program, installed from the registry into an empty folder. */
export const packed: Rig = {
  name: 'the packed program installs, also without install scripts, and offloads a card',
  tools: ['mkfs.ext4'],
  root: true,
  run: packAndInstall,
};

async function packAndInstall(lab: Lab): Promise<void> {
  const archive = await pack(lab);
  const card = await makeSampleCard({into: lab.folder, seed: 1});
  const working = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'W'});
  const backup = await makeZram(lab, {megabytes: 96, fs: 'ext4', label: 'B'});
  const tos = [working.mountPoint, backup.mountPoint].flatMap((to) => ['--to', to]);
  const {version} = await readJson(join(PROJECT, 'package.json'), z.object({version: z.string()}));
  for (const [shoot, flags] of [['bare', ['--ignore-scripts']] as const, ['usual', []] as const]) {
    const home = join(lab.folder, shoot);
    await makePackage(home);
    await install(lab, [...flags, archive], home);
    if (shoot === 'bare') await expectNoAddon(home);
    await expectRegistryOnly(home);
    assert.equal(
      (await callNpm('npx', ['--no-install', 'offload', '--version'], {cwd: home, lab})).trim(),
      version,
    );
    const program = [process.execPath, join(home, 'node_modules/offload/bin/offload.cjs')] as const;
    const args = ['--card', card.path, ...tos, '--shoot', shoot];
    const {copies} = expectSafe(await runOffload(lab, args, {program}));
    await checkCopies({card: card.path, shoots: copies.map((copy) => copy.shoot)});
  }
}

const NOT_PACKED = ['node_modules', 'dist', '.git'];

/** Packs a copy of the project: packing builds anew, and others may be using this build. */
async function pack(lab: Lab): Promise<string> {
  const copy = join(lab.folder, 'project');
  await mkdir(copy);
  const names = (await readdir(PROJECT)).filter((name) => !NOT_PACKED.includes(name));
  await call('cp', ['-r', '--', ...names.map((name) => join(PROJECT, name)), copy]);
  await symlink(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
  const told = await callNpm('npm', ['pack', '--json', '--pack-destination', lab.folder], {
    cwd: copy,
    lab,
  });
  // What the scripts before packing print stands above the answer.
  const answer: unknown = JSON.parse(told.slice(told.search(/^[[{]/m)));
  const form = z.object({filename: z.string(), files: z.array(z.object({path: z.string()}))});
  const one = z
    .tuple([form])
    .parse(Array.isArray(answer) ? answer : Object.values(z.looseObject({}).parse(answer)))[0];
  const paths = one.files.map(({path}) => path);
  for (const path of [
    'bin/offload.cjs',
    'dist/src/cli.js',
    'package.json',
    'README.md',
    'LICENSE',
  ]) {
    assert.ok(paths.includes(path), `${path} is in the package`);
  }
  const strange = paths.filter((path) => /^(?:test|src|bench|\.ci)\/|\.(?:tgz|tar)$/.test(path));
  assert.deepEqual(strange, [], 'nothing else is in the package');
  return join(lab.folder, one.filename);
}

async function install(lab: Lab, args: readonly string[], home: string): Promise<void> {
  try {
    await callNpm('npm', [...INSTALL, ...args], {cwd: home, lab});
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(why)) {
      throw new CannotRun('the registry cannot be reached');
    }
    throw error;
  }
}

/** Without install scripts nothing was compiled: the program must do without. */
async function expectNoAddon(home: string): Promise<void> {
  await assert.rejects(access(join(home, 'node_modules/drivelist/build')));
}

const lockForm = z.object({
  packages: z.record(z.string(), z.looseObject({resolved: z.string().optional()})),
});

/** How a registry names its archives: `…/-/name-1.2.3.tgz`. A path that is neither that nor left out leads elsewhere. */
const REGISTRY_ARCHIVE = /^https?:.*\/-\/[^/]+\.tgz$/;

/** Every package but the program itself comes from a registry. */
async function expectRegistryOnly(home: string): Promise<void> {
  const {packages} = await readJson(join(home, 'package-lock.json'), lockForm);
  const elsewhere = Object.entries(packages).filter(
    ([name, {resolved}]) =>
      resolved !== undefined && name !== 'node_modules/offload' && !REGISTRY_ARCHIVE.test(resolved),
  );
  assert.deepEqual(elsewhere, [], 'every package comes from a registry');
}

async function readJson<T>(path: string, form: z.ZodType<T>): Promise<T> {
  return form.parse(JSON.parse(await readFile(path, 'utf8')));
}
