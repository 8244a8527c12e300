/** ASC MHL histories, judged by tools that this project did not write. */
import assert from 'node:assert/strict';
import {access, appendFile, mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {checkHistory, readGenerations} from '../core/mhl/check-history.ts';
import {hasArchive, unpackCards} from './card-content.ts';
import {expectSafe} from './checks.ts';
import {type Lab, PROJECT} from './lab.ts';
import {runOffload} from './offload-run.ts';
import {CannotRun, type Rig} from './rig.ts';
import {makePlaces, type Places} from './three-places.ts';
import {call, hasTool} from './tools.ts';

/** The schemas of ASC MHL v2, as their authors publish them. */
const SCHEMAS = process.env.OFFLOAD_ASCMHL ?? join(PROJECT, '../shared/ascmhl');

const CARDS = ['EOS_DIGITAL', 'GOPRO', 'SONY_CFEXPRESS', 'P2_MXF', 'RED_MAG', 'ODD_NAMES_POSIX'];
const FORMATS = ['xxh64', 'xxh128', 'md5', 'sha1', 'c4'];

export const mhlSchema: Rig = {
  name: 'ASC MHL: what is written fits the schema in every format and generation, and another reader finds every hash right',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'tar', 'xmllint'],
  root: true,
  run: checkSchema,
};

export const mhlReference: Rig = {
  name: 'ASC MHL: the reference implementation verifies it, finds every fault in it, and appends to it',
  tools: ['mkfs.ext4', 'mkfs.xfs', 'tar'],
  root: true,
  run: checkReference,
};

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

async function fillCards(places: Places): Promise<readonly string[]> {
  if (!(await hasArchive())) throw new CannotRun('there is no archive of cards beside the project');
  await unpackCards(places.card.mountPoint, CARDS);
  return CARDS.map((name) => join(places.card.mountPoint, name));
}

/** @returns the folder of the history on both drives. */
async function offloadCard(
  lab: Lab,
  places: Places,
  card: string,
  format: string,
): Promise<readonly string[]> {
  const tos = ['--to', places.working.mountPoint, '--to', places.backup.mountPoint];
  const args = ['--card', card, ...tos, '--shoot', 'rig', '--mhl', '--mhl-hash', format];
  const run = await runOffload(lab, args);
  expectSafe(run);
  const name = card.slice(card.lastIndexOf('/') + 1);
  const failed = run.events.filter(({code}) => code === 'mhl-not-written');
  assert.deepEqual(failed, [], `${name}: the history is written`);
  return places.shoots.map((shoot) => join(shoot, name));
}

async function checkSchema(lab: Lab): Promise<void> {
  const schema = join(SCHEMAS, 'ASCMHL.xsd');
  if (!(await isThere(schema))) throw new CannotRun('there are no schemas beside the project');
  const places = await makePlaces(lab, {megabytes: 320});
  const cards = await fillCards(places);
  for (const [index, card] of cards.entries()) {
    const formats = [FORMATS[index % FORMATS.length] ?? 'xxh64', 'xxh64'];
    for (const format of formats) await offloadCard(lab, places, card, format);
    const verified = await runVerify(lab, places.shoots[0]);
    assert.equal(verified.exitCode, 0, `${card}: verify`);
    for (const shoot of places.shoots) await checkOne(join(shoot, nameOf(card)), schema);
  }
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

const runVerify = (lab: Lab, shoot: string) => runOffload(lab, ['verify', shoot]);

async function checkOne(root: string, schema: string): Promise<void> {
  const folder = join(root, 'ascmhl');
  const manifests = (await readdir(folder)).filter((name) => name.endsWith('.mhl'));
  assert.ok(manifests.length >= 2, `${root}: each run adds a generation`);
  const lint = (one: string, paths: readonly string[]) =>
    call('xmllint', ['--nonet', '--noout', '--schema', one, ...paths]);
  await lint(
    schema,
    manifests.map((name) => join(folder, name)),
  );
  // The one for chains asks for a second file, which is not always kept with it.
  if (await isThere(join(SCHEMAS, 'ASCMHLDirectory.xsd'))) {
    const chain = join(folder, 'ascmhl_chain.xml');
    await lint(join(SCHEMAS, 'ASCMHLDirectory__combined.xsd'), [chain]);
  }
  const faults = (await checkHistory(root)).filter((fault) => !isUnnamed(fault));
  assert.deepEqual(faults, [], root);
}

/** Names that XML cannot hold are told as a warning, and are in no history. */
const isUnnamed = (fault: string) =>
  fault.startsWith('new ') && /[\u0000-\u001f\ufffd]/.test(fault);

async function checkReference(lab: Lab): Promise<void> {
  const ascmhl = await findReference(lab);
  const places = await makePlaces(lab, {megabytes: 320});
  const cards = (await fillCards(places)).filter((card) => !card.includes('ODD_NAMES'));
  const ask = (args: readonly string[], code = 0) =>
    call(ascmhl, args, {okCodes: code === 0 ? [] : [code]});
  for (const [index, card] of cards.entries()) {
    const format = FORMATS[index % FORMATS.length] ?? 'xxh64';
    for (const root of await offloadCard(lab, places, card, format)) {
      await ask(['verify', root]);
      await ask(['verify', '-dh', root]);
      await ask(['diff', root]);
      await ask(['create', '-h', format, root]);
      const last = (await readGenerations(root)).at(-1);
      const actions = [...(last?.files.values() ?? [])].flat().map(({action}) => action);
      assert.deepEqual([...new Set(actions)], ['verified'], `${root}: it knows every file`);
    }
    // And the program goes on with what the reference implementation wrote.
    for (const root of await offloadCard(lab, places, card, format)) await ask(['verify', root]);
  }
  await checkFaults(lab, places, cards[0] ?? '', ascmhl);
}

/** Each fault with the exit code that the reference implementation has for it. */
async function checkFaults(lab: Lab, places: Places, card: string, ascmhl: string): Promise<void> {
  const [root = ''] = await offloadCard(lab, places, card, 'xxh64');
  const [file = ''] = [...((await readGenerations(root))[0]?.files.keys() ?? [])];
  const path = join(root, file);
  const bytes = await readFile(path);
  const expect = async (code: number) => {
    const text = await call(ascmhl, ['verify', root], {okCodes: [code]});
    assert.ok(text !== undefined, `exit code ${code}`);
  };
  await appendFile(path, 'x');
  await expect(11);
  await rm(path);
  await expect(10);
  await writeFile(path, bytes);
  await writeFile(join(root, 'new.txt'), 'new');
  await expect(21);
  await rm(join(root, 'new.txt'));
  const [name = ''] = (await readdir(join(root, 'ascmhl'))).filter((one) => one.endsWith('.mhl'));
  await appendFile(join(root, 'ascmhl', name), ' ');
  await expect(31);
}

/** The program of the reference implementation, installed for this trial where a package index has it. */
async function findReference(lab: Lab): Promise<string> {
  if (await hasTool('ascmhl')) return 'ascmhl';
  const place = join(lab.folder, 'reference');
  await mkdir(place);
  try {
    await call('python3', ['-m', 'venv', place], {timeoutMs: 120_000});
    await call(join(place, 'bin/pip'), ['install', '-q', '--retries', '0', 'ascmhl'], {
      timeoutMs: 180_000,
    });
  } catch {
    throw new CannotRun('the reference implementation (pip install ascmhl) cannot be had');
  }
  return join(place, 'bin/ascmhl');
}
