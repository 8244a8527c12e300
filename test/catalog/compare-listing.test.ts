import test from 'ava';
import {makeRecord, openTrial, unwrap} from './made-records.ts';

const CARD = 'volume:7BE3-BF62:64000000000';
const listed = (
  path: string,
  change: {readonly size?: number; readonly mtimeNs?: bigint} = {},
) => ({
  path,
  size: 1000,
  mtimeNs: 1_000n,
  ...change,
});
const recorded = (path: string) => ({path, mtimeNs: '1000'});

const first = makeRecord({
  offload: 'a',
  startedAt: '2026-11-20T10:00:00.000Z',
  endedAt: '2026-11-20T10:10:00.000Z',
  shoot: 'First',
  files: [recorded('A'), recorded('latin1_\uDCE9'), recorded('C')],
});
const start = {
  offload: 'b',
  cardId: CARD,
  label: 'EOS',
  shoot: 'Second',
  fingerprint: 'f',
  startedAt: '2026-11-21T10:00:00.000Z',
  files: 3,
  bytes: 3000,
};

test('a card from its first offload to its last', async (t) => {
  const catalog = await openTrial(t);
  const ask = async (...files: ReturnType<typeof listed>[]) =>
    unwrap(await catalog.compareListing(CARD, files));
  t.deepEqual(await ask(listed('A')), {state: 'new'});
  unwrap(await catalog.recordManifest(first));
  const safe = {state: 'safe', at: first.endedAt, shoot: 'First'} as const;
  t.deepEqual(await ask(listed('A'), listed('latin1_\uDCE9'), listed('C')), safe);
  t.deepEqual(await ask(listed('A')), safe);
  // The same name is not the same file.
  t.deepEqual(await ask(listed('A', {size: 1001})), {state: 'new'});
  t.deepEqual(await ask(listed('A', {mtimeNs: 1_001n})), {state: 'new'});
  t.deepEqual(await ask(listed('A'), listed('a'), listed('D')), {
    state: 'more',
    count: 2,
    since: first.endedAt,
  });
  t.deepEqual(await ask(), {state: 'new'});
  t.deepEqual(unwrap(await catalog.compareListing('another', [listed('A')])), {state: 'new'});

  unwrap(await catalog.noteStarted(start));
  t.deepEqual(await ask(listed('A')), {state: 'interrupted', at: start.startedAt});
  t.deepEqual(unwrap(await catalog.recentShoots(9)), ['Second', 'First']);
  const recall = unwrap(await catalog.recallCard(CARD));
  t.deepEqual(recall.started, [start]);
  t.like(recall.offloads[0], {offload: 'a', shoot: 'First', safe: true, reasons: [], files: 3});
  // A record of before does not end what began after it.
  unwrap(await catalog.recordManifest(first));
  t.is((await ask(listed('A'))).state, 'interrupted');

  const ended = makeRecord({
    offload: 'b',
    startedAt: start.startedAt,
    endedAt: '2026-11-21T10:10:00.000Z',
    shoot: 'Second',
    files: [recorded('A'), recorded('D')],
    safe: false,
  });
  unwrap(await catalog.recordManifest(ended));
  t.deepEqual(unwrap(await catalog.recallCard(CARD)).started, []);
  t.deepEqual(await ask(listed('A'), listed('D')), {
    state: 'not-safe',
    at: ended.endedAt,
    shoot: 'Second',
  });
  t.deepEqual(await ask(listed('A')), safe);
});

test('an offload that is tried again under its id is interrupted until its new record comes', async (t) => {
  const catalog = await openTrial(t);
  const failed = makeRecord({...first, card: first.card, files: [recorded('A')], safe: false});
  unwrap(await catalog.recordManifest(failed));
  unwrap(await catalog.noteStarted({...start, offload: 'a'}));
  unwrap(await catalog.recordManifest(failed));
  t.is(unwrap(await catalog.compareListing(CARD, [listed('A')])).state, 'interrupted');
  const done = makeRecord({
    ...failed,
    card: failed.card,
    runs: 2,
    endedAt: '2026-11-21T10:10:00.000Z',
    files: [recorded('A')],
  });
  unwrap(await catalog.recordManifest(done));
  t.is(unwrap(await catalog.compareListing(CARD, [listed('A')])).state, 'safe');
});

test('a rebuild from records leaves starts alone', async (t) => {
  const catalog = await openTrial(t);
  unwrap(await catalog.noteStarted(start));
  unwrap(await catalog.recordManifest(first));
  t.is(unwrap(await catalog.recallCard(CARD)).started.length, 1);
});
