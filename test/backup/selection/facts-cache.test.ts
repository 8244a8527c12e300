import {createHash} from 'node:crypto';
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {CachedFacts} from '../../../src/backup/selection/cached-facts.ts';
import {FactsCache} from '../../../src/backup/selection/facts-cache.ts';
import {NOTHING_SAID} from '../../../src/core/selection/read-xmp.ts';
import {failsCalls} from '../../helpers/faulty-files.ts';
import {testFiles} from '../../helpers/run-offload.ts';

const hashOfText = (text: string) => createHash('sha256').update(text).digest('hex');

async function makePath(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'offload-facts-'));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  return join(folder, 'job.jsonl');
}

const factsOf = (name: string, rating: number): CachedFacts => ({
  name,
  size: 10,
  mtimeNs: 1_700_000_000_000_000_001n,
  changedNs: 1_700_000_000_000_000_002n,
  facts: {...NOTHING_SAID, rating, labels: ['Rot'], keywords: [], extension: 'CR3'},
});

/** Folders in the order of the walk. */
const FOLDERS = ['', 'a', 'a/b', 'a-b', 'b'];

async function fill(path: string): Promise<void> {
  const cache = await FactsCache.open({files: testFiles, path, keeps: true, hashOfText});
  for (const [at, folder] of FOLDERS.entries())
    await cache.keep(folder, [factsOf(`${at}.xmp`, at), factsOf('x\ny\ud800.xmp', at)]);
  await cache.close({isWhole: true});
}

const open = (path: string, keeps = false) =>
  FactsCache.open({files: testFiles, path, keeps, hashOfText});

test('what a run kept is known by the next one, folder by folder', async (t) => {
  const path = await makePath(t);
  await fill(path);
  const cache = await open(path);
  for (const [at, folder] of FOLDERS.entries()) {
    const entries = await cache.take(folder);
    t.deepEqual([...entries.keys()], [`${at}.xmp`, 'x\ny\ud800.xmp']);
    t.deepEqual(entries.get(`${at}.xmp`), factsOf(`${at}.xmp`, at));
  }
  await cache.close({isWhole: true});
  t.deepEqual(await readdir(join(path, '..')), ['job.jsonl']);
});

test('folders that came or went are passed over', async (t) => {
  const path = await makePath(t);
  await fill(path);
  const cache = await open(path);
  t.is((await cache.take('')).size, 2);
  t.is((await cache.take('a/a')).size, 0);
  t.is((await cache.take('a-b')).size, 2);
  t.is((await cache.take('b')).size, 2);
  t.is((await cache.take('c')).size, 0);
  await cache.close({isWhole: true});
});

test('a run that did not come to its end leaves the cache as it was', async (t) => {
  const path = await makePath(t);
  await fill(path);
  const before = await readFile(path, 'utf8');
  const cache = await open(path, true);
  await cache.keep('', [factsOf('new.xmp', 5)]);
  await cache.close({isWhole: false});
  t.is(await readFile(path, 'utf8'), before);
  t.deepEqual(await readdir(join(path, '..')), ['job.jsonl']);
});

test('what is damaged or of another version is as if it were not there', async (t) => {
  const path = await makePath(t);
  await fill(path);
  const whole = await readFile(path, 'utf8');
  for (const text of [
    '',
    '{"schema":"offload-selection-facts/1"}\n["",[]]\n',
    whole.replace('000002",0,', '000002",5,'),
    whole.slice(0, whole.indexOf('\n') + 9),
    whole.replace('["",[', '[["",['),
    whole.replaceAll('"1700000000000000001"', '"soon"'),
    `${whole.split('\n')[0]}\n["../x",[]]\n`,
    '\0'.repeat(5000),
  ]) {
    t.not(text, whole);
    await writeFile(path, text);
    const cache = await open(path);
    t.is((await cache.take('')).size, 0, text.slice(0, 80));
    await cache.close({isWhole: true});
  }
});

test('a part that a dead run left, and a disk that takes nothing, stop nothing', async (t) => {
  const path = await makePath(t);
  await writeFile(`${path}.part`, 'left over');
  await fill(path);
  t.is((await (await open(path)).take('')).size, 2);
  const files = failsCalls(testFiles, ['createFile'], () => true, 'ENOSPC');
  const cache = await FactsCache.open({files, path, keeps: true, hashOfText});
  await cache.keep('', [factsOf('new.xmp', 5)]);
  await cache.close({isWhole: true});
  t.is((await (await open(path)).take('')).get('0.xmp')?.facts.rating, 0);
});
