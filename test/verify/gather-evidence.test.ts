import assert from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import {accountCloses} from '../../src/core/account.ts';
import type {CardFile, CardListing} from '../../src/core/card.ts';
import type {Fact, FileMismatched, FileProved} from '../../src/core/events.ts';
import {gatherEvidence} from '../../verify/gather-evidence.ts';

const card = {path: '/card', label: 'CARD'};
const HASH = 'a'.repeat(64);
const MTIME = 1_700_000_000_123_456_700n;

const listed = (path: string, size = 10): CardFile => ({
  path,
  size,
  mtimeNs: MTIME,
  changedNs: MTIME,
});

const listing: CardListing = {
  files: [listed('A.JPG'), listed('B.JPG', 20)],
  folders: [],
  leftOut: [{path: '.DS_Store', rule: '.DS_Store'}],
  unreadable: [],
};

const proved = (path: string, to: string, changes: Partial<FileProved> = {}): FileProved => ({
  type: 'file-proved',
  card,
  path,
  size: path === 'B.JPG' ? 20 : 10,
  mtimeNs: `${MTIME}`,
  to,
  target: `CARD/${path}`,
  hash: HASH,
  mediumRead: 'direct',
  origin: 'copied',
  retries: 0,
  ...changes,
});

const lost = (to: string): Fact => ({
  type: 'destination-lost',
  card,
  to,
  code: 'ENODEV',
  message: 'it is gone',
  next: 'Plug it in again.',
});

const failed = (path: string, to?: string): Fact => ({
  type: 'file-failed',
  card,
  path,
  ...(to === undefined ? {} : {to}),
  code: 'EIO',
  message: 'reading failed',
  next: 'Try another reader.',
});

const ALL = ['A.JPG', 'B.JPG'].flatMap((path) => ['W', 'B'].map((to) => proved(path, to)));

const gather = (facts: readonly Fact[], destinations = ['W', 'B']) =>
  gatherEvidence({listing, facts, destinations});

test('all proved: the account closes, with the bytes of what is kept', (t) => {
  const {files, account} = gather(ALL);
  t.deepEqual(account, {found: 3, copied: 2, present: 0, leftOut: 1, failed: 0, bytes: 30});
  t.true(accountCloses(account));
  t.deepEqual(files[0], {
    path: 'A.JPG',
    copies: [
      {to: 'W', mediumRead: 'direct'},
      {to: 'B', mediumRead: 'direct'},
    ],
    failed: false,
    mismatched: false,
    sourceMismatch: false,
  });
});

test('no fact speaks of a file: it is in no column, and the account is open', (t) => {
  const {files, account} = gather(ALL.filter(({path}) => path !== 'B.JPG'));
  t.like(account, {found: 3, copied: 1, present: 0, leftOut: 1, failed: 0});
  t.false(accountCloses(account));
  t.like(files[1], {path: 'B.JPG', copies: [], failed: false});
});

test('a proof on one of two destinations is not enough for a column', (t) => {
  const {account} = gather(ALL.slice(0, -1));
  t.false(accountCloses(account));
});

test('a file is present when no destination needed a new copy', (t) => {
  const present = ALL.map((fact) => ({...fact, origin: 'present' as const}));
  t.like(gather(present).account, {copied: 0, present: 2});
  t.like(gather([...present.slice(0, 3), ALL[3] ?? present[3]].flatMap((f) => f ?? [])).account, {
    copied: 1,
    present: 1,
  });
});

test('a proof of another size or time is a proof of another file', (t) => {
  for (const change of [{size: 11}, {mtimeNs: `${MTIME + 1n}`}, {path: 'C.JPG'}]) {
    const {files, account} = gather([
      proved('A.JPG', 'W'),
      proved('A.JPG', 'B', change),
      proved('B.JPG', 'W'),
      proved('B.JPG', 'B'),
    ]);
    t.deepEqual(files[0]?.copies, [{to: 'W', mediumRead: 'direct'}], JSON.stringify(change));
    t.is(files.length, 2);
    t.false(accountCloses(account));
  }
});

test('a proof on a place that is no destination counts for nothing', (t) => {
  const {files, account} = gather([...ALL.filter(({to}) => to === 'W'), proved('A.JPG', 'X')]);
  t.deepEqual(files[0]?.copies, [{to: 'W', mediumRead: 'direct'}]);
  t.false(accountCloses(account));
});

test('of two proofs of one copy the newest counts, and it is one copy', (t) => {
  const {files, proofs} = gather([...ALL, proved('A.JPG', 'W', {mediumRead: 'cached'})]);
  t.deepEqual(files[0]?.copies, [
    {to: 'W', mediumRead: 'cached'},
    {to: 'B', mediumRead: 'direct'},
  ]);
  t.is(proofs.get('A.JPG')?.get('W')?.mediumRead, 'cached');
});

test('copies that match different bytes say that the card gave two things', (t) => {
  const {files, account} = gather([...ALL, proved('A.JPG', 'B', {hash: 'b'.repeat(64)})]);
  t.true(files[0]?.sourceMismatch);
  t.false(files[1]?.sourceMismatch);
  t.like(account, {copied: 1, failed: 1});
});

test('a failure is counted once, and no later proof takes it back', (t) => {
  const {files, account} = gather([failed('A.JPG', 'B'), failed('A.JPG'), ...ALL]);
  t.true(files[0]?.failed);
  t.like(account, {copied: 1, failed: 1});
  t.true(accountCloses(account));
});

const mismatched = (path: string, to?: string, changes: {expected?: string} = {}): Fact => ({
  type: 'file-mismatched',
  card,
  path,
  size: path === 'B.JPG' ? 20 : 10,
  mtimeNs: `${MTIME}`,
  expected: HASH,
  actual: 'c'.repeat(64),
  mediumRead: 'direct',
  ...(to === undefined ? {} : {to, target: `CARD/${path}`}),
  ...changes,
});

test('a mismatch with a destination is a bad copy, without one a doubtful card', (t) => {
  t.like(gather([...ALL, mismatched('A.JPG', 'B')]), {
    files: [{mismatched: true, sourceMismatch: false}, {mismatched: false}],
    account: {copied: 1, failed: 1},
  });
  t.like(gather([mismatched('A.JPG'), ...ALL]), {
    files: [{mismatched: false, sourceMismatch: true}, {sourceMismatch: false}],
    account: {copied: 1, failed: 1},
  });
});

test('a bad copy is healed by a later proof in its place, and by nothing else', (t) => {
  const bad = mismatched('A.JPG', 'B');
  t.deepEqual(gather([bad, ...ALL]), gather(ALL));
  t.deepEqual(gather([bad, bad, ...ALL]), gather(ALL));
  const before = gather([...ALL, bad]);
  t.like(before.files[0], {mismatched: true, copies: [{to: 'W', mediumRead: 'direct'}]});
  t.false(before.proofs.get('A.JPG')?.has('B'), 'a proof before it is not believed any more');
  const elsewhere = [proved('A.JPG', 'W'), proved('B.JPG', 'W'), proved('B.JPG', 'B')];
  t.true(gather([bad, ...elsewhere]).files[0]?.mismatched);
  t.true(gather([bad, ...elsewhere, proved('A.JPG', 'B', {size: 11})]).files[0]?.mismatched);
  t.true(gather([bad, ...ALL, bad]).files[0]?.mismatched);
  t.false(gather([bad, ...ALL, bad, proved('A.JPG', 'B')]).files[0]?.mismatched);
});

test('a card that gave two answers is healed by nothing', (t) => {
  t.true(gather([mismatched('A.JPG'), ...ALL, ...ALL]).files[0]?.sourceMismatch);
  const other = {expected: 'b'.repeat(64)};
  t.like(gather([mismatched('A.JPG', 'B', other), ...ALL]).files[0], {
    mismatched: false,
    sourceMismatch: true,
  });
});

/** What a file's facts can be, in any order. */
const anyFact = fc.constantFrom<Fact>(
  ...['W', 'B'].flatMap((to) => [
    proved('A.JPG', to),
    proved('A.JPG', to, {hash: 'b'.repeat(64)}),
    proved('A.JPG', to, {size: 11}),
    mismatched('A.JPG', to),
    mismatched('A.JPG', to, {expected: 'b'.repeat(64)}),
  ]),
  mismatched('A.JPG'),
  failed('A.JPG', 'B'),
);

test('property: the last word of each destination decides, and every expected hash must be one', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(anyFact, {maxLength: 8}), (facts) => {
        const [file] = gather(facts).files;
        const about = facts.filter(
          (fact): fact is FileProved | FileMismatched =>
            (fact.type === 'file-proved' && fact.size === 10) || fact.type === 'file-mismatched',
        );
        const lastOf = (to: string) => about.findLast((fact) => fact.to === to);
        const last = ['W', 'B'].map(lastOf);
        const proofs = last.filter((fact) => fact?.type === 'file-proved');
        const copies = file?.copies.map(({to}) => to);
        assert.deepEqual(
          copies,
          proofs.map((fact) => fact?.to),
        );
        assert.equal(
          file?.mismatched,
          last.some((fact) => fact?.type === 'file-mismatched'),
        );
        const hashes = new Set([
          ...proofs.flatMap((fact) => (fact?.type === 'file-proved' ? [fact.hash] : [])),
          ...about.flatMap((fact) =>
            fact.type === 'file-mismatched' && fact.to !== undefined ? [fact.expected] : [],
          ),
        ]);
        const isDoubted = about.some(({to}) => to === undefined);
        assert.equal(file?.sourceMismatch, isDoubted || hashes.size > 1);
      }),
      {numRuns: 2000},
    ),
  );
});

test('property: taking a proof away never makes a card safe, nor does adding a mismatch at the end', (t) => {
  const isGood = (facts: readonly Fact[]) => {
    const {files, account} = gather([...facts, proved('B.JPG', 'W'), proved('B.JPG', 'B')]);
    return accountCloses(account) && account.failed === 0 && files[0]?.copies.length === 2;
  };
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(anyFact, {maxLength: 8}), fc.nat(), (facts, at) => {
        const [first] = facts.slice(at % Math.max(facts.length, 1));
        const without = facts.filter((fact) => fact !== first);
        if (first?.type === 'file-proved' && isGood(without)) {
          // Only a proof of another hash, or of another file, may stand in the way.
          assert.ok(isGood(facts) || first.hash !== HASH || without.some(hasOtherHash));
        }
        for (const to of ['W', 'B', undefined]) {
          assert.ok(!isGood([...facts, mismatched('A.JPG', to)]));
        }
      }),
      {numRuns: 2000},
    ),
  );
});

const hasOtherHash = (fact: Fact) => fact.type === 'file-proved' && fact.hash !== HASH;

test('a lost destination fails what it had not proved, and leaves what it had', (t) => {
  const {files, account} = gather([
    proved('A.JPG', 'W'),
    proved('A.JPG', 'B'),
    proved('B.JPG', 'W'),
    lost('B'),
  ]);
  t.deepEqual(
    files.map((file) => file.failed),
    [false, true],
  );
  t.like(account, {copied: 1, failed: 1});
  t.true(accountCloses(account));
});

test('facts about files that the card does not have change nothing', (t) => {
  const strangers: Fact[] = [failed('X.JPG'), proved('X.JPG', 'W'), lost('X')];
  t.deepEqual(gather([...strangers, ...ALL]), gather(ALL));
});

test('three destinations: each must have it', (t) => {
  t.false(accountCloses(gather(ALL, ['W', 'B', 'C']).account));
  const three = [...ALL, proved('A.JPG', 'C'), proved('B.JPG', 'C')];
  t.true(accountCloses(gather(three, ['W', 'B', 'C']).account));
});
