import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import test from 'ava';
import {build} from 'esbuild';
import {decodeName, encodeName} from '../../src/core/file-names.ts';
import type {ListedEntry} from '../../src/system/files.ts';
import {FolderLooker} from '../../src/system/folder-looker.ts';
import {lookAtFolder} from '../../src/system/look-at-folder.ts';
import {packEntries, unpackEntries} from '../../src/system/packed-entries.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const byName = (entries: readonly ListedEntry[]) =>
  [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));

const ODD = decodeName(Buffer.from([0x6e, 0xe9, 0x80]));

async function makeFolder(t: Parameters<typeof makeTemporaryFolder>[0]) {
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, 'a.jpg'), 'abc');
  await writeFile(join(folder, 'really \uFFFD'), '');
  await mkdir(join(folder, 'sub'));
  await symlink('a.jpg', join(folder, 'link'));
  const odd = Buffer.concat([Buffer.from(`${folder}/`), encodeName(ODD)]);
  await writeFile(odd, 'odd').catch(() => {});
  return folder;
}

test('all entries with their facts, as each would tell them itself', async (t) => {
  const folder = await makeFolder(t);
  const entries = await realFiles.lookAll(folder);
  t.deepEqual(
    byName(entries).map(({name}) => name),
    [...(await realFiles.list(folder))].sort(),
  );
  for (const {name, facts, errno} of entries) {
    t.deepEqual(facts, await realFiles.look(join(folder, name)));
    t.is(errno, null);
  }
});

test('the calls that wait tell the same, and so does what goes from thread to thread', async (t) => {
  const folder = await makeFolder(t);
  const entries = await realFiles.lookAll(folder);
  t.deepEqual(byName(lookAtFolder(folder)), byName(entries));
  const odd: ListedEntry[] = [...entries, {name: 'x', facts: null, errno: 'EIO'}];
  t.deepEqual(unpackEntries(structuredClone(packEntries(odd))), odd);
  t.deepEqual(unpackEntries(structuredClone(packEntries([]))), []);
});

test('times before 1970 and after 2262, and numbers of 64 bits and more come through', (t) => {
  const facts = {kind: 'file', size: 2 ** 52, mtimeNs: -1n, changedNs: -(2n ** 63n)} as const;
  const numbers = {...facts, device: 2n ** 64n - 1n, inode: 2n ** 63n} as const;
  const entries: ListedEntry[] = [
    numbers,
    {...numbers, mtimeNs: 2n ** 63n},
    {...numbers, changedNs: -(2n ** 63n) - 1n},
    {...numbers, device: 2n ** 64n},
    {...numbers, inode: -1n},
  ].map((one, at) => ({name: `${at}`, facts: one, errno: null}));
  t.deepEqual(unpackEntries(structuredClone(packEntries(entries))), entries);
});

/** @returns a looker that has seen so much that threads take over, and how often it looked alone since. */
async function busyLooker(folder: string, thread: URL) {
  const entries = await realFiles.lookAll(folder);
  let alone = 0;
  const looker = new FolderLooker(async (path) => {
    alone += 1;
    return alone === 1 ? Array.from({length: 5000}, () => entries).flat() : realFiles.lookAll(path);
  }, thread);
  await looker.look(folder);
  return {looker, alone: () => alone - 1};
}

test('threads take over when there is much to look at, and answer the same', async (t) => {
  const folder = await makeFolder(t);
  const built = join(await makeTemporaryFolder(t), 'look-thread.mjs');
  await build({
    entryPoints: ['src/system/look-thread.ts'],
    outfile: built,
    bundle: true,
    format: 'esm',
    platform: 'node',
  });
  const {looker, alone} = await busyLooker(folder, pathToFileURL(built));
  const expected = byName(await realFiles.lookAll(folder));
  const answers = await Promise.all(Array.from({length: 20}, () => looker.look(folder)));
  for (const answer of answers) t.deepEqual(byName(answer), expected);
  await t.throwsAsync(looker.look(join(folder, 'none')), {code: 'ENOENT'});
  await t.throwsAsync(looker.look(join(folder, 'a.jpg')), {code: 'ENOTDIR'});
  t.is(alone(), 0);
});

test('where no thread starts everything is looked at without one', async (t) => {
  const folder = await makeFolder(t);
  const {looker, alone} = await busyLooker(folder, pathToFileURL(join(folder, 'none.mjs')));
  const expected = byName(await realFiles.lookAll(folder));
  const answers = await Promise.all(Array.from({length: 20}, () => looker.look(folder)));
  for (const answer of answers) t.deepEqual(byName(answer), expected);
  t.is(alone(), 20);
  t.deepEqual(byName(await looker.look(folder)), expected);
});

test('a folder that is not there is the error of the system', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await t.throwsAsync(realFiles.lookAll(join(folder, 'none')), {code: 'ENOENT'});
});
