import test from 'ava';
import fc from 'fast-check';
import type {Fact, FileCopied, FileMismatched, FileProved} from '../../src/core/events.ts';
import {type JournalHeader, journalLine, readJournal} from '../../src/core/journal.ts';
import {hashText, loadHashEngine} from '../../src/system/hasher.ts';

const engine = await loadHashEngine();
const hashOfText = (text: string) => hashText(engine, text);
const read = (text: string) => readJournal(text, hashOfText);

const header: JournalHeader = {
  type: 'journal',
  schema: 'offload-journal/1',
  offload: '20261122T190001Z-x3k9ab',
  cardId: 'volume:7BE3-BF62:64000000000',
  writtenTo: '/mnt/W',
  fingerprint: 'f'.repeat(64),
  folder: 'EOS_DIGITAL',
  startedAt: '2026-11-22T19:00:01.000Z',
};

const about = {
  card: {path: '/mnt/E', label: 'EOS_DIGITAL'},
  path: 'DCIM/写真_\uDCE9.JPG',
  size: 20_000,
  mtimeNs: '1763830800123456700',
};
const copied: FileCopied = {
  type: 'file-copied',
  ...about,
  to: '/mnt/W',
  target: 'EOS_DIGITAL/DCIM/写真_%E9.JPG',
  temporary: 'EOS_DIGITAL/DCIM/.offload-x3k9ab-1.part',
  hash: 'a'.repeat(64),
  retries: 0,
};
const proved: FileProved = {
  type: 'file-proved',
  ...about,
  to: '/mnt/W',
  target: 'EOS_DIGITAL/DCIM/写真_%E9.JPG',
  hash: 'a'.repeat(64),
  mediumRead: 'direct',
  origin: 'copied',
  retries: 1,
};
const planned: Fact = {
  type: 'run-planned',
  card: about.card,
  offload: header.offload,
  resumed: false,
  shoot: '2026-11-22',
  folder: 'EOS_DIGITAL',
  files: 1,
  bytes: 20_000,
  leftOut: 0,
  destinations: [],
};
const lost: Fact = {
  type: 'destination-lost',
  card: about.card,
  to: '/mnt/B',
  code: 'ENODEV',
  message: 'it is gone',
  next: 'Plug it in again.',
};
const FACTS: readonly Fact[] = [planned, copied, lost, proved];
const COPIES = [copied, proved];

/** @returns the text of a journal, and the sum of its last line. */
function write(facts: readonly Fact[], first: JournalHeader = header) {
  let sum = '';
  const lines = [first, ...facts].map((entry) => {
    const line = journalLine(entry, sum, hashOfText);
    sum = line.sum;
    return line.text;
  });
  return {text: lines.join(''), lines, sum};
}

const {text, lines, sum} = write(FACTS);
const bytes = Buffer.from(text);

test('round trip: the facts that a resumed run relies on, in their order', (t) => {
  t.deepEqual(read(text), {
    isOurs: false,
    header,
    copies: COPIES,
    mismatches: [],
    doubted: new Set(),
    runs: 1,
    volume: undefined,
    validBytes: bytes.length,
    validLines: 5,
    lastSum: sum,
    damaged: false,
  });
});

test('torn at any byte: a prefix of the facts, and where the valid part ends', (t) => {
  for (let length = 0; length <= bytes.length; length++) {
    const torn = read(bytes.toString('utf8', 0, length));
    const whole = lines.filter(
      (_, index) => Buffer.byteLength(lines.slice(0, index + 1).join('')) <= length,
    );
    if (whole.length === 0) {
      t.is(torn, undefined, `${length}`);
      continue;
    }
    t.is(torn?.validLines, whole.length, `${length}`);
    t.is(torn?.validBytes, Buffer.byteLength(whole.join('')));
    t.is(torn?.damaged, length > Buffer.byteLength(whole.join('')));
    t.deepEqual(torn?.copies, COPIES.slice(0, [0, 0, 0, 1, 1, 2][whole.length]));
  }
});

test('a journal goes on behind a torn tail', (t) => {
  const torn = read(bytes.toString('utf8', 0, bytes.length - 5));
  t.true(torn?.damaged);
  if (torn === undefined) return;
  const kept = bytes.toString('utf8', 0, torn.validBytes);
  const next = journalLine(proved, torn.lastSum, hashOfText);
  t.deepEqual(read(kept + next.text), read(text));
});

test('any byte that was edited ends the evidence at its line', (t) => {
  for (let at = 0; at < bytes.length; at++) {
    const edited = Buffer.from(bytes);
    edited.writeUInt8(edited.readUInt8(at) ^ 1, at);
    const reading = read(edited.toString('utf8'));
    const line = bytes.toString('latin1', 0, at).split('\n').length - 1;
    if (line === 0) t.is(reading, undefined, `${at}`);
    else if (reading?.validLines !== line || !reading.damaged) return t.fail(`byte ${at}`);
  }
  t.pass();
});

test('a line that was taken out, doubled or moved ends the evidence there', (t) => {
  const [first = '', second = '', third = '', ...rest] = lines;
  const validLinesOf = (...changed: readonly string[]) => read(changed.join(''))?.validLines;
  t.is(validLinesOf(first, third, ...rest), 1);
  t.is(validLinesOf(first, second, second, third, ...rest), 2);
  t.is(validLinesOf(first, third, second, ...rest), 1);
  t.is(validLinesOf(second, third, ...rest), undefined);
  t.is(validLinesOf(first, '\n', second, third, ...rest), 1);
});

test('a line of another journal does not fit', (t) => {
  const other = write([copied], {...header, offload: 'another'});
  t.is(read(`${lines[0]}${other.lines[1]}`)?.validLines, 1);
});

test('the header decides: another version, another kind, or a hole is no journal', (t) => {
  const withHeader = (changes: object) => {
    const json = JSON.stringify({...header, ...changes});
    const mark = hashOfText(`\n${json}`).slice(0, 16);
    return read(`[${json},"${mark}"]\n`);
  };
  t.like(withHeader({}), {header, copies: [], damaged: false});
  t.like(withHeader({later: 'member'}), {header, damaged: false});
  for (const changes of [
    {schema: 'offload-journal/2'},
    {type: 'file-proved'},
    {offload: ''},
    {offload: undefined},
    {folder: ''},
    {startedAt: 'yesterday'},
    {fingerprint: 5},
  ]) {
    t.is(withHeader(changes), undefined, JSON.stringify(changes));
  }
});

/** A line with a right sum, whatever is in it. */
function append(value: unknown): string {
  const json = JSON.stringify(value);
  return `${lines[0]}[${json},"${hashOfText(`${read(lines[0] ?? '')?.lastSum}\n${json}`).slice(0, 16)}"]\n`;
}

test('a fact of a kind that is not known ends the evidence', (t) => {
  t.like(read(append({...proved, type: 'file-blessed'})), {
    copies: [],
    validLines: 1,
    damaged: true,
  });
  t.like(read(append(header)), {validLines: 1, damaged: true});
  t.like(read(append(null)), {validLines: 1, damaged: true});
});

test('hostile targets and temporary names are no facts', (t) => {
  for (const path of ['../x', '/abs', 'a/../b', 'a//b', '', '.', 'a\0b', '\uDCE9', 'a\n/../b']) {
    for (const fact of [
      {...proved, target: path},
      {...copied, temporary: path},
    ]) {
      t.like(read(append(fact)), {copies: [], validLines: 1, damaged: true}, JSON.stringify(path));
    }
  }
  t.like(read(append(proved)), {copies: [proved], validLines: 2, damaged: false});
});

test('hashes, sizes and times of another form are no facts', (t) => {
  for (const changes of [
    {hash: 'A'.repeat(64)},
    {hash: 'a'.repeat(63)},
    {size: -1},
    {size: 1.5},
    {mtimeNs: '1e9'},
    {mediumRead: 'surely'},
    {origin: 'dreamt'},
    {path: ''},
  ]) {
    t.like(read(append({...proved, ...changes})), {copies: [], damaged: true});
  }
});

const bad: FileMismatched = {
  type: 'file-mismatched',
  ...about,
  to: '/mnt/W',
  target: copied.target,
  expected: 'a'.repeat(64),
  actual: 'b'.repeat(64),
  mediumRead: 'direct',
  evidence: 'EOS_DIGITAL/DCIM/.offload-x3k9ab-1.mismatch',
  rewrite: 1,
};

test('copies that did not match are kept apart; a card that did not is a doubt', (t) => {
  const {actual: _actual, mediumRead: _read, rewrite: _rewrite, ...kept} = bad;
  const {to: _to, target: _target, evidence: _evidence, ...ofCard} = bad;
  const reading = read(write([copied, bad, ofCard, copied]).text);
  t.deepEqual(reading?.mismatches, [kept]);
  t.is(reading?.copies.length, 2);
  t.deepEqual(reading?.doubted, new Set([about.path]));
});

test('a copy that did not match and leads away is no fact', (t) => {
  for (const changes of [
    {evidence: '../x'},
    {evidence: '/abs'},
    {target: '../x'},
    {target: undefined},
    {expected: 'x'},
  ]) {
    t.like(read(append({...bad, ...changes})), {mismatches: [], validLines: 1, damaged: true});
  }
  t.like(read(append(bad)), {validLines: 2, damaged: false});
});

test('facts are about the volumes that the run before them names', (t) => {
  const plan = (...names: readonly [to: string, volume: string][]): Fact => ({
    ...planned,
    destinations: names.map(([to, volume]) => ({
      to,
      volume,
      shoot: `${to}/shoot`,
      name: to,
      mediumRead: 'direct',
    })),
  });
  const facts = [
    plan(['/mnt/W', 'working'], ['/mnt/B', 'backup']),
    copied,
    {...proved, to: '/mnt/B'},
    plan(['/mnt/W', 'backup']),
    bad,
    {...proved, to: '/mnt/X'},
  ];
  const reading = read(write(facts).text);
  t.is(reading?.volume, 'working');
  t.deepEqual(
    reading?.copies.map(({volume}) => volume),
    ['working', 'backup', undefined],
  );
  t.deepEqual(
    reading?.mismatches.map(({volume}) => volume),
    ['backup'],
  );
});

test('each start of the offload is counted', (t) => {
  t.is(read(write([planned, copied, planned, planned, proved]).text)?.runs, 3);
});

test('what is nested too deep throws nothing', (t) => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  t.is(read(`[${deep},"0"]\n`), undefined);
  t.like(read(`${text}[${deep},"0"]\n`), {copies: COPIES, damaged: true});
});

test('property: any text is read without a throw', (t) => {
  const piece = fc.oneof(fc.constantFrom(...lines, '[', '"', '\n', '{}', ',"0"]\n'), fc.string());
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 6}), (pieces) => {
        const reading = read(pieces.join(''));
        return reading === undefined || reading.validBytes <= Buffer.byteLength(pieces.join(''));
      }),
      {numRuns: 1_000},
    ),
  );
});

test('property: facts survive the round trip', (t) => {
  const name = fc
    .string({unit: 'binary', minLength: 1, maxLength: 12})
    .filter((one) => !/[\0/]|^\.{1,2}$/.test(one) && !/\p{Cs}/u.test(one));
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(name, {maxLength: 5}), (names) => {
        const facts = names.map((target): Fact => ({...proved, target, path: `\uDC80${target}`}));
        const reading = read(write(facts).text);
        return JSON.stringify(reading?.copies) === JSON.stringify(facts) && !reading?.damaged;
      }),
      {numRuns: 300},
    ),
  );
});

test('a journal is ours only when every line is signed by this computer', (t) => {
  const sign = (secret: string) => (text: string) => hashOfText(`${secret}\n${text}`);
  const write = (...secrets: readonly (string | undefined)[]) => {
    let text = '';
    let sum = '';
    for (const [index, entry] of [header, copied, proved].entries()) {
      const secret = secrets[index];
      const signText = secret === undefined ? undefined : sign(secret);
      const line = journalLine(entry, sum, hashOfText, signText);
      text += line.text;
      sum = line.sum;
    }
    return readJournal(text, hashOfText, sign('ours'));
  };
  t.like(write('ours', 'ours', 'ours'), {isOurs: true, validLines: 3, damaged: false});
  for (const secrets of [
    ['ours', 'ours', 'theirs'],
    ['ours', 'ours', undefined],
    ['theirs', 'ours', 'ours'],
    [undefined, undefined, undefined],
  ]) {
    t.like(write(...secrets), {isOurs: false, validLines: 3, damaged: false});
  }
});
