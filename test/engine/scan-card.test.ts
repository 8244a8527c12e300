import {mkdir, stat, symlink, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import type {CardListing} from '../../src/core/card.ts';
import {scanCard} from '../../src/engine/scan-card.ts';
import type {Files} from '../../src/system/files.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {
  type Call,
  failsCalls,
  interceptCalls,
  recordsCalls,
  tellsAtCall,
} from '../helpers/faulty-files.ts';
import {makeTree, type Tree} from '../helpers/run-offload.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';

async function makeCard(t: ExecutionContext, tree: Tree): Promise<string> {
  const root = await makeTemporaryFolder(t);
  await makeTree(root, tree);
  return root;
}

const pathsOf = ({files}: CardListing) => files.map(({path}) => path).sort();
const leftOutOf = ({leftOut}: CardListing) =>
  Object.fromEntries(leftOut.map(({path, rule}) => [path, rule]));

test('files with size and time to the nanosecond, folders, empty ones too', async (t) => {
  const root = await makeCard(t, {'DCIM/100CANON/IMG_0001.JPG': 1234, 'MISC/': 0, 'EMPTY.LOG': ''});
  await utimes(join(root, 'EMPTY.LOG'), 1_600_000_000.123_457, 1_600_000_000.123_457);
  const listing = await scanCard(realFiles, root);
  t.deepEqual(pathsOf(listing), ['DCIM/100CANON/IMG_0001.JPG', 'EMPTY.LOG']);
  t.deepEqual([...listing.folders].sort(), ['DCIM', 'DCIM/100CANON', 'MISC']);
  t.deepEqual([listing.leftOut, listing.unreadable], [[], []]);
  for (const {path, size, mtimeNs, changedNs} of listing.files) {
    const facts = await stat(join(root, path), {bigint: true});
    t.deepEqual([BigInt(size), mtimeNs, changedNs], [facts.size, facts.mtimeNs, facts.ctimeNs]);
  }
});

test('nothing is opened and nothing is written', async (t) => {
  const root = await makeCard(t, {'DCIM/A.JPG': 10, '.Trashes/x': 1, link: {link: 'DCIM'}});
  const calls: Call[] = [];
  await scanCard(recordsCalls(realFiles, calls), root);
  t.deepEqual([...new Set(calls.map(({method}) => method))].sort(), ['list', 'look', 'lookAll']);
});

test('junk is left out by exactly the rules of the design; everything else is kept', async (t) => {
  const root = await makeCard(t, {
    '.Trashes/501/A.JPG': 1,
    '.Trashes/501/deep/B.JPG': 1,
    '.Trashes/link': {link: '..'},
    '.Spotlight-V100/Store-V2/x': 1,
    '.fseventsd/fseventsd-uuid': 1,
    'System Volume Information/IndexerVolumeGuid': 1,
    'SYSTEM VOLUME INFORMATION2/kept': 1,
    '$RECYCLE.BIN/S-1-5/desktop.ini': 1,
    'DCIM/$Recycle.Bin/A.JPG': 1,
    'DCIM/._IMG_0001.JPG': 1,
    'DCIM/.DS_Store': 1,
    'DCIM/THUMBS.DB': 1,
    'DCIM/Desktop.ini': 1,
    'DCIM/IMG_0001.JPG': 1,
    'DCIM/._folder/kept.JPG': 1,
    'DCIM/Thumbs.db.bak': 1,
    '.hidden/kept': 1,
    'AUTPRINT.MRK': 1,
    unknown: 1,
  });
  const listing = await scanCard(realFiles, root);
  t.deepEqual(leftOutOf(listing), {
    '.Trashes/501/A.JPG': '.Trashes',
    '.Trashes/501/deep/B.JPG': '.Trashes',
    '.Trashes/link': '.Trashes',
    '.Spotlight-V100/Store-V2/x': '.Spotlight-V100',
    '.fseventsd/fseventsd-uuid': '.fseventsd',
    'System Volume Information/IndexerVolumeGuid': 'System Volume Information',
    '$RECYCLE.BIN/S-1-5/desktop.ini': '$RECYCLE.BIN',
    'DCIM/$Recycle.Bin/A.JPG': '$RECYCLE.BIN',
    'DCIM/._IMG_0001.JPG': '._*',
    'DCIM/.DS_Store': '.DS_Store',
    'DCIM/THUMBS.DB': 'Thumbs.db',
    'DCIM/Desktop.ini': 'desktop.ini',
  });
  t.deepEqual(pathsOf(listing), [
    '.hidden/kept',
    'AUTPRINT.MRK',
    'DCIM/._folder/kept.JPG',
    'DCIM/IMG_0001.JPG',
    'DCIM/Thumbs.db.bak',
    'SYSTEM VOLUME INFORMATION2/kept',
    'unknown',
  ]);
  t.deepEqual([...listing.folders].sort(), [
    '.hidden',
    'DCIM',
    'DCIM/._folder',
    'SYSTEM VOLUME INFORMATION2',
  ]);
});

test('links are listed and never followed: to files, to folders, to the card itself, to nothing', async (t) => {
  const root = await makeCard(t, {
    'DCIM/A.JPG': 10,
    file: {link: 'DCIM/A.JPG'},
    folder: {link: 'DCIM'},
    loop: {link: '.'},
    above: {link: '..'},
    dangling: {link: 'missing'},
    '._link': {link: 'DCIM'},
  });
  await symlink('self', join(root, 'self'));
  const listing = await scanCard(realFiles, root);
  t.deepEqual(pathsOf(listing), ['DCIM/A.JPG']);
  t.deepEqual(listing.folders, ['DCIM']);
  const names = ['file', 'folder', 'loop', 'above', 'dangling', '._link', 'self'];
  t.deepEqual(leftOutOf(listing), Object.fromEntries(names.map((name) => [name, 'link'])));
});

test('a FIFO does not hang the scan', async (t) => {
  const root = await makeCard(t, {'DCIM/A.JPG': 10, '.Trashes/': 0});
  const pipes = ['DCIM/pipe', '.Trashes/pipe'].map((path) => join(root, path));
  const made = await execa('mkfifo', pipes, {reject: false});
  if (made.failed) return skip(t, 'no mkfifo here');
  const listing = await scanCard(realFiles, root);
  t.deepEqual(pathsOf(listing), ['DCIM/A.JPG']);
  t.deepEqual(leftOutOf(listing), {'DCIM/pipe': 'special', '.Trashes/pipe': '.Trashes'});
});

test('a tree of 300 levels', async (t) => {
  const root = await makeTemporaryFolder(t);
  const parts = Array.from({length: 300}, (_, level) => `l${level}`);
  await mkdir(join(root, ...parts), {recursive: true});
  await writeFile(join(root, ...parts, 'DEEP.JPG'), 'x');
  const listing = await scanCard(realFiles, root);
  t.deepEqual(pathsOf(listing), [`${parts.join('/')}/DEEP.JPG`]);
  t.is(listing.folders.length, 300);
  t.deepEqual(listing.unreadable, []);
});

test('names that are not UTF-8 are kept, of files and of folders', async (t) => {
  const root = await makeTemporaryFolder(t);
  const raw = (path: string) => Buffer.from(`${root}/${path}`, 'latin1');
  try {
    await mkdir(raw('K\xE4se'));
    await writeFile(raw('K\xE4se/\xE9t\xE9.JPG'), 'x');
    await writeFile(raw('\xFF\xFE'), 'xy');
  } catch {
    return skip(t, 'such names cannot be made here');
  }
  const listing = await scanCard(realFiles, root);
  t.deepEqual(listing.folders, ['K\uDCE4se']);
  t.deepEqual(pathsOf(listing), ['K\uDCE4se/\uDCE9t\uDCE9.JPG', '\uDCFF\uDCFE']);
  t.deepEqual(listing.unreadable, []);
});

/** A folder of which the card's own entries come in this order. */
function listsInOrder(files: Files, order: Readonly<Record<string, readonly string[]>>): Files {
  return {
    ...interceptCalls(files, (_call, proceed) => proceed()),
    async lookAll(folder) {
      const names = order[folder];
      const entries = await files.lookAll(folder);
      if (names === undefined) return entries;
      return names.flatMap((name) => entries.filter((entry) => entry.name === name));
    },
  };
}

test('the order is that of the directory entries, each folder with its files before the next', async (t) => {
  const root = await makeCard(t, {'b/2': 1, 'b/1': 1, 'b/c/9': 1, 'a/3': 1, z: 1, y: 1});
  const files = listsInOrder(realFiles, {
    [root]: ['z', 'b', 'y', 'a'],
    [join(root, 'b')]: ['2', 'c', '1'],
  });
  const listing = await scanCard(files, root);
  t.deepEqual(
    listing.files.map(({path}) => path),
    ['z', 'y', 'b/2', 'b/1', 'b/c/9', 'a/3'],
  );
  t.deepEqual(listing.folders, ['b', 'a', 'b/c']);
});

test('a folder of more entries than are looked at together keeps its order', async (t) => {
  const names = Array.from({length: 300}, (_, index) => `${(index * 7919) % 300}.JPG`);
  const root = await makeCard(t, Object.fromEntries(names.map((name) => [name, 1])));
  const listing = await scanCard(listsInOrder(realFiles, {[root]: names}), root);
  t.deepEqual(
    listing.files.map(({path}) => path),
    names,
  );
});

test('a card that is looked at in one call for each folder is listed as one looked at piece by piece', async (t) => {
  const root = await makeCard(t, {'DCIM/A.JPG': 3, 'DCIM/100/B.JPG': 4, '.Trashes/x': 1, z: 0});
  await symlink(join(root, 'z'), join(root, 'DCIM', 'link'));
  const inPieces = interceptCalls(realFiles, (_call, proceed) => proceed());
  t.deepEqual(await scanCard(realFiles, root), await scanCard(inPieces, root));
});

test('what cannot be listed or looked at is on the account, with its path on the card', async (t) => {
  const root = await makeCard(t, {'DCIM/A.JPG': 1, 'BAD/B.JPG': 1, 'C.JPG': 1});
  const noList = failsCalls(realFiles, ['list'], (path) => path === join(root, 'BAD'), 'EIO');
  const files = failsCalls(noList, ['look'], (path) => path === join(root, 'C.JPG'), 'EACCES');
  const listing = await scanCard(files, root);
  t.deepEqual(pathsOf(listing), ['DCIM/A.JPG']);
  t.deepEqual(listing.unreadable.map(({path, code}) => [path, code]).sort(), [
    ['BAD', 'EIO'],
    ['C.JPG', 'EACCES'],
  ]);
});

test('a card that cannot be listed at all says so with its own path', async (t) => {
  const root = await makeTemporaryFolder(t);
  const listing = await scanCard(realFiles, join(root, 'missing'));
  t.like(listing, {files: [], unreadable: [{code: 'ENOENT', path: join(root, 'missing')}]});
});

test('junk that cannot be listed is junk all the same', async (t) => {
  const root = await makeCard(t, {'.Trashes/501/x': 1, 'A.JPG': 1});
  const bad = join(root, '.Trashes');
  const listing = await scanCard(
    failsCalls(realFiles, ['list'], (path) => path === bad, 'EACCES'),
    root,
  );
  t.deepEqual(listing.unreadable, []);
  t.deepEqual(leftOutOf(listing), {'.Trashes': '.Trashes'});
});

test('a signal ends the scan', async (t) => {
  const root = await makeCard(t, {'a/1': 1, 'b/1': 1, 'c/1': 1});
  const stop = new AbortController();
  const files = tellsAtCall(realFiles, 5, () => stop.abort());
  t.true((await scanCard(files, root, stop.signal)).files.length < 3);
});

test('a bug in what it calls is not taken for a bad card', async (t) => {
  const root = await makeCard(t, {'A.JPG': 1});
  const broken = interceptCalls(realFiles, () => Promise.reject(new TypeError('a bug')));
  await t.throwsAsync(scanCard(broken, root), {instanceOf: TypeError});
});
