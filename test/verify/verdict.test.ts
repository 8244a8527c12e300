import test from 'ava';
import fc from 'fast-check';
import {REASON_CODES, type ReasonCode} from '../../src/core/verdict.ts';
import type {Evidence, Waivers} from '../../verify/evidence.ts';
import {judge} from '../../verify/verdict.ts';
import {
  ALL_WAIVERS,
  anyEvidence,
  anyWaivers,
  copy,
  destination,
  file,
  fullEvidence,
  NO_WAIVERS,
  onDisk,
  onUnknown,
} from './sample-evidence.ts';
import {isSafeBySection5} from './second-judge.ts';
import {weaken} from './weaken-evidence.ts';

const {card, files, account} = fullEvidence;
const [first, ...others] = files;
const SAFE = {safe: true, reasons: [], waived: []};

const with1 = (changes: Partial<(typeof files)[number]>): Evidence => ({
  ...fullEvidence,
  files: [{...file('DCIM/1.JPG'), ...changes}, ...others],
});
const withCard = (changes: Partial<Evidence['card']>): Evidence => ({
  ...fullEvidence,
  card: {...card, ...changes},
});
const withBackup = (changes: Parameters<typeof destination>[1]): Evidence => ({
  ...fullEvidence,
  destinations: [destination('W'), destination('B', changes)],
});
const readsOf = (mediumRead: 'direct' | 'evicted' | 'cached') =>
  files.map((one) => ({...one, copies: [copy('W'), copy('B', mediumRead)]}));

test('the full evidence is SAFE, without a waiver and with all of them', (t) => {
  t.deepEqual(judge(fullEvidence, NO_WAIVERS), SAFE);
  t.deepEqual(judge(fullEvidence, ALL_WAIVERS), SAFE);
  const evicted = {...fullEvidence, files: readsOf('evicted')};
  t.deepEqual(judge(evicted, NO_WAIVERS), SAFE);
  const readTwice: Evidence = {...fullEvidence, secondRead: {kind: 'asked', matched: 3}};
  t.deepEqual(judge(readTwice, NO_WAIVERS), SAFE);
});

test('one step down from the full evidence is never SAFE', (t) => {
  const asked: Evidence = {...fullEvidence, secondRead: {kind: 'asked', matched: 3}};
  const isHarmless = (how: string) => how === 'card is a whole volume';
  const steps = weaken(asked).filter(({how}) => !isHarmless(how));
  t.true(steps.length > 40);
  for (const {how, evidence} of steps) {
    t.false(judge(evidence, NO_WAIVERS).safe, how);
    const waivable = how === 'copy cached';
    t.is(judge(evidence, ALL_WAIVERS).safe, waivable, how);
  }
});

interface Example {
  readonly what: string;
  readonly evidence: Evidence;
  readonly waivers?: Waivers;
  readonly code: ReasonCode;
  /** The whole sentence. */
  readonly says: string;
}

const EXAMPLES: readonly Example[] = [
  {
    what: 'many files failed',
    evidence: {
      ...fullEvidence,
      files: Array.from({length: 1004}, (_, index) =>
        file(`DCIM/${index + 1}.JPG`, {failed: true}),
      ),
    },
    code: 'file-failed',
    says: '1,004 files (DCIM/1.JPG, DCIM/2.JPG, DCIM/3.JPG and 1,001 more) are not on every drive. Mend what failed, then run the same command again.',
  },
  {
    what: 'a file failed',
    evidence: {
      ...with1({failed: true, copies: [copy('W')]}),
      destinations: [destination('W'), destination('B', {lost: true})],
    },
    code: 'file-failed',
    says: '1 file (DCIM/1.JPG) is not on every drive. B was lost on the way. Mend what failed, then run the same command again.',
  },
  {
    what: 'a file is proved nowhere and failed nowhere',
    evidence: with1({copies: []}),
    code: 'file-unproved',
    says: '1 file (DCIM/1.JPG) is not proved on every drive. Run the same command again; if it happens twice, change the cable, the port or the drive.',
  },
  {
    what: 'all copies of all files on one place twice',
    evidence: {
      ...fullEvidence,
      files: files.map((one) => ({...one, copies: [copy('W'), copy('W')]})),
    },
    code: 'file-unproved',
    says: '3 files (DCIM/1.JPG, DCIM/2.JPG and DCIM/3.JPG) are not proved on every drive. Run the same command again; if it happens twice, change the cable, the port or the drive.',
  },
  {
    what: 'a copy came back with other bytes',
    evidence: with1({mismatched: true}),
    code: 'file-unproved',
    says: '1 file (DCIM/1.JPG) is not proved on every drive. Run the same command again; if it happens twice, change the cable, the port or the drive.',
  },
  {
    what: 'a file has one copy',
    evidence: with1({copies: [copy('B')]}),
    code: 'copies-missing',
    says: '1 file (DCIM/1.JPG) is not proved on two drives. Run the same command again.',
  },
  {
    what: 'one destination',
    evidence: {
      ...fullEvidence,
      destinations: [destination('W')],
      copiesAsked: 1,
      files: files.map((one) => ({...one, copies: [copy('W')]})),
    },
    code: 'copies-missing',
    says: 'two copies on two different drives are needed, and there is one destination. Add a drive: a second --to, or the role of backup on the screen.',
  },
  {
    what: 'no file',
    evidence: {
      ...fullEvidence,
      files: [],
      account: {...account, found: 2, copied: 0, present: 0},
    },
    code: 'copies-missing',
    says: 'there is no file on the card that could be proved. Check that it is the right card and that it is mounted, then run the same command again.',
  },
  {
    what: 'two folders of one disk',
    evidence: withBackup({drives: onDisk('disk:W')}),
    code: 'same-drive',
    says: 'W and B are on one physical drive: two copies on it are one. Give a --to on another drive, or waive the rule with --allow-same-drive.',
  },
  {
    what: 'a RAID and one of its disks',
    evidence: withBackup({drives: onDisk('disk:B', 'disk:W')}),
    code: 'same-drive',
    says: 'W and B are on one physical drive: two copies on it are one. Give a --to on another drive, or waive the rule with --allow-same-drive.',
  },
  {
    what: "a copy on the card's own drive",
    evidence: withBackup({drives: card.drives}),
    waivers: ALL_WAIVERS,
    code: 'same-drive',
    says: "B is on the card's own drive: formatting the card would wipe that copy. Give a --to on another drive.",
  },
  {
    what: 'a copy on the drive of a card that is a folder, and another drive',
    evidence: {...withBackup({drives: card.drives}), card: {...card, wholeVolume: false}},
    code: 'same-drive',
    says: "B is on the card's own drive, and a copy there does not count. Give a --to on another drive, or waive the rule with --allow-same-drive.",
  },
  {
    what: 'a card that is a folder on the one drive of both copies',
    evidence: {
      ...withBackup({drives: onDisk('disk:W')}),
      card: {...card, wholeVolume: false, drives: onDisk('disk:W')},
    },
    code: 'same-drive',
    says: 'W and B are on one physical drive, the same as the card: two copies on it are one. Give a --to on another drive, or waive the rule with --allow-same-drive.',
  },
  {
    what: 'a destination on an unknown drive, a card that is a folder',
    evidence: {...withBackup({drives: onUnknown}), card: {...card, wholeVolume: false}},
    code: 'drive-unknown',
    says: 'it is not known on which physical drive B lies (the tool did not answer), so two copies cannot be told from one. Use a drive that is plugged in directly, or waive the rule with --allow-same-drive.',
  },
  {
    what: 'a whole card on an unknown drive',
    evidence: withCard({drives: onUnknown}),
    waivers: ALL_WAIVERS,
    code: 'drive-unknown',
    says: "it is not known on which physical drive the card lies (the tool did not answer), so a copy may be on the card's own drive, which formatting would wipe. Use drives that are plugged in directly.",
  },
  {
    what: 'a drive that is known and has no disk',
    evidence: {...withBackup({drives: onDisk()}), card: {...card, wholeVolume: false}},
    code: 'drive-unknown',
    says: 'it is not known on which physical drive B lies, so two copies cannot be told from one. Use a drive that is plugged in directly, or waive the rule with --allow-same-drive.',
  },
  {
    what: 'a destination in memory',
    evidence: withBackup({kind: 'ram'}),
    waivers: ALL_WAIVERS,
    code: 'volatile-drive',
    says: "B lies in this computer's memory, which is empty when it is switched off. Give a --to on a real drive.",
  },
  {
    what: 'a copy read back through a cache',
    evidence: {...fullEvidence, files: readsOf('cached')},
    waivers: {sameDrive: true, cached: false},
    code: 'cache-possible',
    says: "a copy may have been read back from the computer's memory and not from the drive. Run as root or use a drive whose file system this computer reads itself, or waive the rule with --accept-cached.",
  },
  {
    what: 'a card that changed',
    evidence: withCard({
      relisting: {kind: 'changed', paths: ['a\x1b[2J', 'DCIM/2.JPG', 'DCIM/3.JPG', 'DCIM/4.JPG']},
    }),
    waivers: ALL_WAIVERS,
    code: 'card-changed',
    says: 'the card changed while it was copied (a\\x1b[2J, DCIM/2.JPG, DCIM/3.JPG). Let nothing write on it and run the same command again.',
  },
  {
    what: 'a card that was not listed again',
    evidence: withCard({relisting: {kind: 'not-done', why: 'it is gone'}}),
    code: 'card-changed',
    says: 'the card could not be listed again after the copy: it is gone. Put it in again and run the same command again.',
  },
  {
    what: 'an account that does not close',
    evidence: {...fullEvidence, account: {...account, found: 1_006}},
    waivers: ALL_WAIVERS,
    code: 'account-open',
    says: 'not every file of the card is accounted for: 1,006 found, 2 copied, 1 already there, 2 left out, 0 failed. Run the same command again.',
  },
  {
    what: 'a folder that could not be listed',
    evidence: withCard({unreadable: 1}),
    code: 'account-open',
    says: 'not every file of the card is accounted for: 5 found, 2 copied, 1 already there, 2 left out, 0 failed, 1 could not be looked at. Run the same command again.',
  },
  {
    what: 'a closed account of other files',
    evidence: {...fullEvidence, files: others},
    code: 'account-open',
    says: 'not every file of the card is accounted for: 5 found, 2 copied, 1 already there, 2 left out, 0 failed. Run the same command again.',
  },
  {
    what: 'a destination without a manifest',
    evidence: withBackup({manifest: false}),
    waivers: ALL_WAIVERS,
    code: 'manifest-missing',
    says: 'the record of this offload is not on B. Free some space there, then run the same command again.',
  },
  {
    what: 'a destination that was lost after all was proved',
    evidence: withBackup({lost: true}),
    waivers: ALL_WAIVERS,
    code: 'manifest-missing',
    says: 'the record of this offload is not on B. Check B and its cable, plug it in again, then run the same command again.',
  },
  {
    what: 'an interrupted run',
    evidence: {...fullEvidence, interrupted: true},
    waivers: ALL_WAIVERS,
    code: 'interrupted',
    says: 'the offload was stopped before it was done. Run the same command again: it goes on where it stopped.',
  },
  {
    what: 'a card that gave other bytes',
    evidence: with1({sourceMismatch: true}),
    waivers: ALL_WAIVERS,
    code: 'source-mismatch',
    says: 'the card gave other bytes for 1 file when it was read a second time. Try another card reader or cable and run the same command again.',
  },
  {
    what: 'a file that was not read a second time',
    evidence: {...fullEvidence, secondRead: {kind: 'asked', matched: 2}},
    waivers: ALL_WAIVERS,
    code: 'source-mismatch',
    says: 'the card was not read a second time, past the cache, for every file. Try another card reader, run as root where the file system needs it, and run the same command again.',
  },
];

for (const {what, evidence, waivers, code, says} of EXAMPLES) {
  test(`${code}: ${what}`, (t) => {
    const verdict = judge(evidence, waivers ?? NO_WAIVERS);
    t.false(verdict.safe);
    t.deepEqual(verdict.waived, []);
    const messages = verdict.reasons.filter((one) => one.code === code).map((one) => one.message);
    t.deepEqual(messages, [says]);
  });
}

test('every reason code has an example', (t) => {
  const shown = new Set(EXAMPLES.map(({code}) => code));
  t.deepEqual(
    REASON_CODES.filter((code) => !shown.has(code)),
    [],
  );
});

test('a fault that stands alone gives one reason, each code once', (t) => {
  for (const {what, evidence, waivers} of EXAMPLES) {
    const codes = judge(evidence, waivers ?? NO_WAIVERS).reasons.map(({code}) => code);
    t.is(new Set(codes).size, codes.length, what);
  }
  t.deepEqual(
    judge(withBackup({kind: 'ram'}), NO_WAIVERS).reasons.map(({code}) => code),
    ['volatile-drive'],
  );
});

test('of an interrupted run only what went wrong is told', (t) => {
  const stopped: Evidence = {
    ...with1({copies: []}),
    interrupted: true,
    secondRead: {kind: 'asked', matched: 0},
    card: {...card, relisting: {kind: 'not-done', why: 'stopped'}},
  };
  t.deepEqual(
    judge(stopped, NO_WAIVERS).reasons.map(({code}) => code),
    ['interrupted'],
  );
  const failed = {...stopped, files: [file('DCIM/1.JPG', {failed: true, sourceMismatch: true})]};
  t.deepEqual(
    judge(failed, NO_WAIVERS).reasons.map(({code}) => code),
    ['interrupted', 'file-failed', 'source-mismatch'],
  );
});

test('a waiver is recorded when it was needed, and only then', (t) => {
  const folderCard = {...card, wholeVolume: false};
  const sameDrive = {...withBackup({drives: onDisk('disk:W')}), card: folderCard};
  const cached = {...fullEvidence, files: readsOf('cached')};
  const both = {...sameDrive, files: readsOf('cached')};
  t.deepEqual(judge(sameDrive, ALL_WAIVERS), {...SAFE, waived: ['same-drive']});
  t.deepEqual(judge(cached, ALL_WAIVERS), {...SAFE, waived: ['cached']});
  t.deepEqual(judge(both, ALL_WAIVERS), {...SAFE, waived: ['same-drive', 'cached']});
  t.false(judge(both, {sameDrive: true, cached: false}).safe);
  t.false(judge(both, {sameDrive: false, cached: true}).safe);
});

test('where either of two waivers would do, one of them is recorded: never none', (t) => {
  const evidence: Evidence = {
    ...fullEvidence,
    card: {...card, wholeVolume: false},
    destinations: [
      destination('W'),
      destination('B', {drives: onDisk('disk:W')}),
      destination('C'),
    ],
    copiesAsked: 3,
    files: files.map((one) => ({...one, copies: [copy('W'), copy('B'), copy('C', 'cached')]})),
  };
  t.false(judge(evidence, NO_WAIVERS).safe);
  t.deepEqual(judge(evidence, ALL_WAIVERS), {...SAFE, waived: ['cached']});
  t.deepEqual(judge(evidence, {sameDrive: true, cached: false}), {...SAFE, waived: ['same-drive']});
});

test('no waiver helps a whole card whose copy lies on its own drive, or may lie there', (t) => {
  for (const drives of [card.drives, onDisk('disk:card', 'disk:B'), onUnknown, onDisk()]) {
    for (const sameDrive of [false, true]) {
      t.false(judge(withBackup({drives}), {sameDrive, cached: true}).safe);
    }
  }
  const folder = {...withBackup({drives: card.drives}), card: {...card, wholeVolume: false}};
  t.deepEqual(judge(folder, ALL_WAIVERS), {...SAFE, waived: ['same-drive']});
});

test('three destinations: two good ones make it, but each must have what was asked for, and the record', (t) => {
  const three: Evidence = {
    ...fullEvidence,
    destinations: [destination('W'), destination('B'), destination('C', {kind: 'ram'})],
    copiesAsked: 3,
    files: files.map((one) => ({...one, copies: [...one.copies, copy('C', 'cached')]})),
  };
  t.deepEqual(judge(three, NO_WAIVERS), SAFE);
  t.deepEqual(
    judge({...three, files: first === undefined ? [] : [first, ...others]}, NO_WAIVERS).reasons.map(
      ({code}) => code,
    ),
    ['file-unproved'],
  );
  const two = {...three, copiesAsked: 2, files};
  t.deepEqual(judge(two, NO_WAIVERS), SAFE);
  const unrecorded = [destination('W'), destination('B'), destination('C', {manifest: false})];
  t.deepEqual(
    judge({...three, destinations: unrecorded}, NO_WAIVERS).reasons.map(({code}) => code),
    ['manifest-missing'],
  );
  const oneDrive = [
    destination('W'),
    destination('B', {drives: onDisk('disk:W')}),
    destination('C', {drives: onDisk('disk:W')}),
  ];
  t.deepEqual(
    judge({...three, destinations: oneDrive}, NO_WAIVERS).reasons.map(({code}) => code),
    ['same-drive'],
  );
});

test('names from outside do not reach the sentences unescaped', (t) => {
  const evil = withBackup({name: 'B\x1b]0;x\x07', manifest: false, drives: onDisk('disk:W')});
  for (const {message} of judge(evil, NO_WAIVERS).reasons) {
    t.notRegex(message, /[\p{Cc}]/u);
    t.true(message.includes('B\\x1b]0;x\\x07'));
  }
});

test('the samples are worth something: many are SAFE, many are not', (t) => {
  const verdicts = fc
    .sample(fc.tuple(anyEvidence, anyWaivers), {numRuns: 2_000, seed: 7})
    .map(([evidence, waivers]) => judge(evidence, waivers));
  const safe = verdicts.filter((verdict) => verdict.safe);
  t.true(safe.length > 300 && safe.length < 1_700, `${safe.length}`);
  t.true(safe.filter(({waived}) => waived.length > 0).length > 30);
  const codes = new Set(verdicts.flatMap(({reasons}) => reasons.map(({code}) => code)));
  t.is(codes.size, REASON_CODES.length);
});

test('property: a second judge, written from the design alone, agrees', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        anyEvidence,
        anyWaivers,
        (evidence, waivers) =>
          judge(evidence, waivers).safe === isSafeBySection5(evidence, waivers),
      ),
      {numRuns: 20_000},
    ),
  );
});

test('property: nothing that makes the evidence weaker turns NOT SAFE into SAFE', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyEvidence, anyWaivers, (evidence, waivers) => {
        if (judge(evidence, waivers).safe) return;
        const saved = weaken(evidence).find((weaker) => judge(weaker.evidence, waivers).safe);
        if (saved !== undefined) throw new Error(`SAFE by: ${saved.how}`);
      }),
      {numRuns: 4_000},
    ),
  );
});

test('property: safe exactly when there is no reason; a waiver is named only in a SAFE, and only when given', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyEvidence, anyWaivers, (evidence, waivers) => {
        const {safe, reasons, waived} = judge(evidence, waivers);
        const strict = judge(evidence, NO_WAIVERS).safe;
        const isGiven = {'same-drive': waivers.sameDrive, cached: waivers.cached};
        return (
          safe === (reasons.length === 0) &&
          waived.every((waiver) => isGiven[waiver]) &&
          waived.length > 0 === (safe && !strict)
        );
      }),
      {numRuns: 5_000},
    ),
  );
});

test('property: the judge is pure', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyEvidence, anyWaivers, (evidence, waivers) => {
        const frozen = freezeDeep(evidence);
        const once = judge(frozen, Object.freeze(waivers));
        return JSON.stringify(once) === JSON.stringify(judge(frozen, waivers));
      }),
      {numRuns: 2_000},
    ),
  );
});

function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freezeDeep(member);
  return Object.freeze(value);
}
