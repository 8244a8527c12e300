import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {CardListing} from '../../src/core/card.ts';
import type {FileFailed, FileMismatched} from '../../src/core/events.ts';
import type {Files} from '../../src/system/files.ts';
import type {MediumMethod} from '../../src/system/medium.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {rereadCard} from '../../verify/reread-card.ts';
import {
  failsReading,
  flipsOnRead,
  type Match,
  pretendsDirect,
  tellsAtCall,
} from '../helpers/faulty-files.ts';
import {seededBytes} from '../helpers/run-offload.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';
import {hashBytes, reader} from './reader.ts';

const DIRECT: MediumMethod = {kind: 'direct'};
const ref = {path: '/card', label: 'CARD'};
const NAMES = ['A.JPG', 'B.JPG', 'latin1_\uDCE9.JPG'];

async function makeCard(t: ExecutionContext) {
  const root = await makeTemporaryFolder(t);
  const hashes = new Map<string, string>();
  const listing: CardListing = {
    files: NAMES.map((path) => ({path, size: 20_000, mtimeNs: 5n, changedNs: 5n})),
    folders: [],
    leftOut: [],
    unreadable: [],
  };
  for (const name of NAMES) {
    const bytes = seededBytes(name, 20_000);
    const path = join(root, name.replace('\uDCE9', ''));
    await writeFile(
      name === NAMES[2] ? Buffer.from(`${root}/latin1_\xE9.JPG`, 'latin1') : path,
      bytes,
    );
    hashes.set(name, hashBytes(bytes));
  }
  const reread = async (
    files: Files,
    changes: {method?: MediumMethod; signal?: AbortSignal; hashes?: Map<string, string>} = {},
  ) => {
    const facts: (FileMismatched | FileFailed)[] = [];
    const matched = await rereadCard({
      reader: reader(pretendsDirect(files)),
      root,
      ref,
      listing,
      hashes,
      method: DIRECT,
      signal: new AbortController().signal,
      record: (fact) => facts.push(fact),
      ...changes,
    });
    return {matched, facts};
  };
  const is =
    (name: string): Match =>
    (path) =>
      path === join(root, name);
  return {reread, is, hashes};
}

test('a card that gives the same bytes again matches in every file', async (t) => {
  const {reread} = await makeCard(t);
  t.deepEqual(await reread(realFiles), {matched: 3, facts: []});
});

test('a read through a cache counts for nothing, and is no fault', async (t) => {
  const {reread} = await makeCard(t);
  const method: MediumMethod = {kind: 'cached', why: 'a test'};
  t.deepEqual(await reread(realFiles, {method}), {matched: 0, facts: []});
});

test('other bytes are a mismatch of the card: no destination is blamed', async (t) => {
  const {reread, is, hashes} = await makeCard(t);
  const {matched, facts} = await reread(flipsOnRead(realFiles, is('B.JPG')));
  t.is(matched, 2);
  t.is(facts.length, 1);
  const [fact] = facts;
  t.like(fact, {
    type: 'file-mismatched',
    card: ref,
    path: 'B.JPG',
    size: 20_000,
    mtimeNs: '5',
    expected: hashes.get('B.JPG'),
    mediumRead: 'direct',
  });
  t.false(fact !== undefined && 'to' in fact);
});

test('a mismatch through a cache is told too', async (t) => {
  const {reread, is} = await makeCard(t);
  const method: MediumMethod = {kind: 'cached', why: 'a test'};
  const {facts} = await reread(flipsOnRead(realFiles, is('B.JPG')), {method});
  t.like(facts, [{type: 'file-mismatched', path: 'B.JPG', mediumRead: 'cached'}]);
});

test('a file that cannot be read any more failed; its path is the one on the card', async (t) => {
  const {reread, is} = await makeCard(t);
  const {matched, facts} = await reread(failsReading(realFiles, is('A.JPG'), 'EIO'));
  t.is(matched, 2);
  t.like(facts, [{type: 'file-failed', card: ref, path: 'A.JPG', code: 'EIO'}]);
});

test('a file of which nothing was read first is passed over', async (t) => {
  const {reread, hashes} = await makeCard(t);
  const some = new Map([...hashes].slice(0, 1));
  t.deepEqual(await reread(realFiles, {hashes: some}), {matched: 1, facts: []});
});

test('a signal stops it without a fault', async (t) => {
  const {reread} = await makeCard(t);
  const stop = new AbortController();
  const files = tellsAtCall(realFiles, 6, () => stop.abort());
  const {matched, facts} = await reread(files, {signal: stop.signal});
  t.true(matched < 3);
  t.deepEqual(facts, []);
});
