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
    await expectCatalog(lab, program, shoot);
    await expectParts(home, join(card.path, await findPicture(card.path)));
  }
}

/** The catalog is SQLite, a binary that came ready built: it knows the offload that just ended. */
async function expectCatalog(
  lab: Lab,
  program: readonly [string, string],
  shoot: string,
): Promise<void> {
  const {events, exitCode} = await runOffload(lab, ['cards'], {program});
  assert.equal(exitCode, 0, 'the catalog can be asked');
  const known = events.filter(({type}) => type === 'card-known');
  assert.deepEqual(
    known.map((event) => event.shoot),
    [shoot],
    'the catalog knows the card and its last shoot',
  );
}

async function findPicture(card: string): Promise<string> {
  const names = await readdir(card, {recursive: true});
  const picture = names.sort().find((name) => /\.JPG$/.test(name) && !/(?:^|\/)\._/.test(name));
  assert.ok(picture, 'the card has a picture');
  return picture;
}

/** Loads what has binaries of its own from where the program loads it, and makes one thumbnail and one question about a picture. */
async function expectParts(home: string, picture: string): Promise<void> {
  const script = `
    import {readFile} from 'node:fs/promises';
    import sharp from 'sharp';
    import {ExifTool} from 'exiftool-vendored';
    import {Blake3Hasher} from '@napi-rs/blake-hash';
    import {createHash} from 'blake3';
    const jpeg = await readFile(process.argv[1]);
    const {info} = await sharp(jpeg).resize({width: 64}).raw().toBuffer({resolveWithObject: true});
    const tool = new ExifTool({maxProcs: 1});
    const {Model} = await tool.readRaw(process.argv[1], {readArgs: ['-fast', '-Model']});
    await tool.end();
    const native = new Blake3Hasher().update(jpeg).digest('hex');
    console.log(JSON.stringify({width: info.width, Model, same: native === createHash().update(jpeg).digest('hex')}));`;
  const told = await call(process.execPath, ['--input-type=module', '-e', script, '--', picture], {
    cwd: join(home, 'node_modules/offload'),
  });
  const {width, Model, same} = z
    .object({width: z.number(), Model: z.string(), same: z.boolean()})
    .parse(JSON.parse(told));
  assert.deepEqual([width, same], [64, true], 'a thumbnail is made, and both hash engines agree');
  assert.ok(Model.length > 0, 'exiftool answers');
}

const NOT_PACKED = ['node_modules', 'dist', '.git', '.portable'];

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
