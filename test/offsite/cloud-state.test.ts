import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {loadSqlite} from '../../src/catalog/sqlite.ts';
import type {CloudRecord} from '../../src/core/offsite/cloud-record.ts';
import {openState} from '../../src/offsite/open-state.ts';
import {realFiles} from '../../src/system/real-files.ts';

const record = (path: string, change: Partial<CloudRecord> = {}): CloudRecord => ({
  path,
  size: 5,
  mtimeNs: 1_700_000_000_123_456_789n,
  hashes: {blake3: 'a'.repeat(64), sha1: 'b'.repeat(40), md5: 'c'.repeat(32)},
  state: 'proved',
  how: 'sha1',
  provedAt: '2026-11-23T08:00:00.000Z',
  goneAt: null,
  ...change,
});

async function open(t: ExecutionContext) {
  const folder = await mkdtemp(join(tmpdir(), 'offload-cloud-state-'));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  const sqlite = await loadSqlite();
  if (!sqlite.ok) throw new Error(sqlite.cause.message);
  const path = join(folder, 'x/state.sqlite');
  const opening = {files: realFiles, open: sqlite.value, path, newWord: () => 'word'};
  const opened = await openState(opening);
  if (!opened.ok) throw new Error(opened.cause.message);
  return {state: opened.value.state, db: sqlite.value(path, {timeout: 100}), opening};
}

test('records come back as they were, odd names and all', async (t) => {
  const {state} = await open(t);
  const records = [
    record('a/b.CR3'),
    record('\uDCE9 odd\u001A', {state: 'read', how: null, provedAt: null}),
    record('gone', {goneAt: '2026-11-23T09:00:00.000Z'}),
    record('size', {state: 'unproved', how: null, provedAt: null}),
  ];
  state.write(() => {
    for (const one of records) state.put(one);
  });
  for (const one of records) t.deepEqual(state.get(one.path), one);
  t.is(state.get('other'), undefined);
  t.is([...state.records()].length, 4);
  t.deepEqual(state.counts(), {
    proved: 1,
    unproved: 1,
    pending: 1,
    kept: 1,
    bytes: 5,
    oldestProof: '2026-11-23T08:00:00.000Z',
  });
  t.deepEqual(
    state.findByHash('a'.repeat(64)).map(({path}) => path),
    ['a/b.CR3', 'gone'],
  );
  state.close();
});

test('a row that says another thing than it was written with counts as never written', async (t) => {
  const {state, db} = await open(t);
  state.put(record('a'));
  state.put(record('b'));
  db.exec("UPDATE file SET sha1 = 'd' || substr(sha1, 2) WHERE path = 'a'");
  t.is(state.get('a'), undefined);
  t.is(state.damagedRows, 1);
  t.deepEqual(state.get('b'), record('b'));
  state.keepNote('history', '{}');
  t.is(state.note('history'), '{}');
  db.exec(`UPDATE note SET text = '{"x":1}'`);
  t.is(state.note('history'), undefined);
  db.close();
  state.close();
});

test('what was not seen is told in pieces, and a change that fails is none', async (t) => {
  const {state} = await open(t);
  state.put(record('a'));
  state.put(record('b'));
  state.put(record('c', {goneAt: '2026-11-23T09:00:00.000Z'}));
  state.beginWork();
  state.see('b');
  t.deepEqual(
    state.unseen('', 10).map(({path}) => path),
    ['a'],
  );
  t.throws(() =>
    state.write(() => {
      state.put(record('d'));
      throw new Error('cut');
    }),
  );
  t.is(state.get('d'), undefined);
  state.plan({path: 'x', size: 1, mtimeNs: 2n});
  state.plan({path: 'y', size: 3, mtimeNs: 4n});
  t.deepEqual(
    state.planned(1, 10).map(({path, size}) => [path, size]),
    [['y', 3]],
  );
  state.close();
});

test("another program's database is put aside and not touched", async (t) => {
  const {state, db, opening} = await open(t);
  state.close();
  db.exec('PRAGMA application_id = 7');
  db.close();
  const opened = await openState(opening);
  t.is(opened.ok ? opened.value.notice?.code : opened.cause.code, 'cloud-state-damaged');
});
