/** How long and in what order a sick file is fought for: with a clock of its own and a file in memory. */
import test from 'ava';
import fc from 'fast-check';
import type {CardFile} from '../../src/core/card.ts';
import type {Cause} from '../../src/core/cause.ts';
import {type MissingRange, rescueRanges} from '../../src/core/rescue-map.ts';
import {CardReader} from '../../src/engine/card-reader.ts';
import {FightLimits, Patience} from '../../src/engine/fight-limits.ts';
import {SickFile} from '../../src/engine/sick-file.ts';
import type {Clock} from '../../src/system/clock.ts';
import type {Files, OpenedFile} from '../../src/system/files.ts';
import {seededBytes, testFiles} from '../helpers/run-offload.ts';

const BLOCK = 64 * 1024;
const SECTOR = 512;
const PAGE = 4096;
/** What a cache reads in one go, in bytes. */
const WINDOW = 32 * 1024;
const MINUTE = 60_000;

interface Span {
  readonly from: number;
  readonly to: number;
}

interface Medium {
  readonly size: number;
  readonly bad: readonly Span[];
  readonly direct?: boolean;
  /** The smallest direct read that the device takes. */
  readonly grain?: number;
  /** What a failed read costs, in ms. */
  readonly failureMs?: number;
  readonly patience?: Patience;
  readonly keepsParts?: boolean;
  readonly cardLoss?: Cause;
  /** The device is read through a cache that can be emptied. */
  readonly hasCacheBelow?: boolean;
}

interface Trial {
  readonly sick: SickFile;
  readonly original: Buffer;
  readonly reads: (Span & {readonly ok: boolean; readonly direct: boolean})[];
  readonly sleeps: number[];
  readonly stop: AbortController;
  readonly now: () => number;
}

async function makeSick(medium: Medium): Promise<Trial> {
  const {size, bad, direct = true, grain = SECTOR, failureMs = 0} = medium;
  const original = seededBytes('sick', size);
  const reads: (Span & {ok: boolean; direct: boolean})[] = [];
  const sleeps: number[] = [];
  const stuck = new Set<number>();
  let lastEnd = -1;
  let now = 0;
  const clock: Clock = {
    now: () => new Date(now),
    monotonic: () => now,
    async sleep(ms) {
      sleeps.push(ms);
      now += ms;
    },
  };
  const file: CardFile = {path: 'DCIM/IMG_0001.CR3', size, mtimeNs: 5n, changedNs: 5n};
  const windowOf = (position: number) => Math.floor(position / WINDOW);
  // A cache below that reads on where a read goes on, and keeps what failed in one page until it is emptied.
  const widens = (position: number) => {
    if (medium.hasCacheBelow !== true) return false;
    const isHit = bad.some(({from}) => windowOf(from) === windowOf(position));
    return isHit && (stuck.has(windowOf(position)) || position === lastEnd);
  };
  const open = (isDirect: boolean): OpenedFile => ({
    async read(buffer, length, position) {
      if (isDirect && (position % grain !== 0 || length % grain !== 0)) {
        throw Object.assign(new Error('EINVAL'), {code: 'EINVAL'});
      }
      const to = Math.min(position + length, size);
      const ok = !bad.some((span) => position < span.to && span.from < to) && !widens(position);
      if (!ok) stuck.add(windowOf(position));
      lastEnd = to;
      reads.push({from: position, to, ok, direct: isDirect});
      if (!ok) {
        now += failureMs;
        throw Object.assign(new Error('EIO'), {code: 'EIO'});
      }
      original.copy(buffer, 0, position, to);
      return to - position;
    },
    write: () => Promise.reject(new Error('the card is written')),
    truncate: () => Promise.reject(new Error('the card is written')),
    setModified: () => Promise.reject(new Error('the card is written')),
    sync: () => Promise.reject(new Error('the card is written')),
    facts: async () => ({
      kind: 'file',
      size,
      mtimeNs: 5n,
      changedNs: 5n,
      device: 1n,
      inode: 1n,
    }),
    close: async () => {},
  });
  const files: Files = {...testFiles, openToRead: async (_path, options) => open(options.direct)};
  const opening = {files, clock, root: '/card', device: 1n, direct};
  const opened = await CardReader.open(opening, file);
  if (!opened.ok) throw new Error(opened.cause.message);
  const stop = new AbortController();
  const sick = new SickFile(
    {
      reader: opened.value,
      clock,
      limits: new FightLimits(clock, medium.patience ?? new Patience()),
      stop: stop.signal,
      openCached: async () => {
        const cached = await CardReader.open({...opening, direct: false}, file);
        return cached.ok ? cached.value : undefined;
      },
      evict: medium.hasCacheBelow === true ? async () => stuck.clear() : undefined,
      findCardLoss: async () => medium.cardLoss,
    },
    medium.keepsParts ?? true,
  );
  return {sick, original, reads, sleeps, stop, now: () => now};
}

/** Reads front to back as the pump does. @returns what came, or the cause that ended it. */
async function readAll({sick}: Trial): Promise<Buffer | Cause> {
  const bytes: Buffer[] = [];
  const block = Buffer.alloc(BLOCK);
  for (let position = 0; position < sick.file.size; ) {
    const filled = await sick.read(block, position);
    if (!filled.ok) return filled.cause;
    bytes.push(Buffer.from(block.subarray(0, filled.value)));
    position += filled.value;
  }
  return Buffer.concat(bytes);
}

const withHoles = (original: Buffer, missing: readonly MissingRange[]): Buffer => {
  const bytes = Buffer.from(original);
  for (const {position, size} of missing) bytes.fill(0, position, position + size);
  return bytes;
};

test('large pieces come before small ones, and every piece has its first try before one has its second', async (t) => {
  const trial = await makeSick({size: BLOCK, bad: [{from: 40_000, to: 40_001}]});
  await readAll(trial);
  const sizes = trial.reads.map(({from, to}) => to - from);
  const firsts = sizes.slice(0, sizes.indexOf(SECTOR) + 2);
  t.deepEqual(
    firsts,
    [...firsts].sort((a, b) => b - a),
  );
  t.is(firsts[0], BLOCK);
  const last = trial.reads.filter(
    ({from, to, direct}) => direct && to - from === SECTOR && from === 39_936,
  );
  t.is(last.length, 8, 'eight tries of the smallest piece');
  t.deepEqual(trial.sleeps, [100, 500, 2000, 2000, 2000, 2000, 2000]);
  t.deepEqual(trial.sick.missing, [{position: 39_936, size: SECTOR, status: '-'}]);
});

test('a cache below the file system takes no more than the sector that is bad', async (t) => {
  const bad = [{from: 40_000, to: 40_001}];
  const trial = await makeSick({size: BLOCK, bad, hasCacheBelow: true});
  const given = await readAll(trial);
  t.deepEqual(trial.sick.missing, [{position: 39_936, size: SECTOR, status: '-'}]);
  t.deepEqual(given, withHoles(trial.original, trial.sick.missing));
});

test('the cache has the last word, and only for what does not come directly', async (t) => {
  const trial = await makeSick({size: BLOCK, bad: [{from: 40_000, to: 40_001}], grain: PAGE});
  const bytes = await readAll(trial);
  const cached = trial.reads.flatMap(({direct}, index) => (direct ? [] : [index]));
  t.is(cached.length, 8);
  t.is(cached[0], trial.reads.length - 8);
  t.deepEqual(trial.sick.missing, [{position: 39_936, size: SECTOR, status: '-'}]);
  t.deepEqual(bytes, withHoles(trial.original, trial.sick.missing));
});

test('a card that lives is fought for, a card that gives nothing is given up', async (t) => {
  const trial = await makeSick({
    size: 100 * BLOCK,
    bad: [{from: 0, to: 100 * BLOCK}],
    failureMs: 10_000,
  });
  const cause = await readAll(trial);
  t.like(cause, {code: 'EIO'});
  t.is(trial.sick.had, 0);
  t.true(trial.now() >= 5 * MINUTE && trial.now() < 7 * MINUTE, `${trial.now()} ms`);
});

test('behind a place that took all patience the healthy blocks are read, and the next bad one is fought for', async (t) => {
  const trial = await makeSick({
    size: 4 * BLOCK,
    bad: [
      {from: 0, to: BLOCK},
      {from: 3 * BLOCK + 5000, to: 3 * BLOCK + 5001},
    ],
    failureMs: 10_000,
  });
  const bytes = await readAll(trial);
  t.deepEqual(bytes, withHoles(trial.original, trial.sick.missing));
  const ranges = rescueRanges(4 * BLOCK, trial.sick.missing);
  t.deepEqual(ranges.at(-2), {position: 3 * BLOCK + 4608, size: SECTOR, status: '-'});
  t.is(trial.sick.had, 3 * BLOCK - SECTOR);
  const [first] = ranges;
  t.true(first?.status === '*' || first?.status === '-');
});

test('a file with a bad place in every block gets half an hour, and is skimmed then', async (t) => {
  const size = 64 * BLOCK;
  const bad = Array.from({length: 64}, (_, index) => ({
    from: index * BLOCK + 600,
    to: index * BLOCK + 601,
  }));
  const trial = await makeSick({size, bad, failureMs: 10_000});
  const bytes = await readAll(trial);
  t.deepEqual(bytes, withHoles(trial.original, trial.sick.missing));
  t.true(trial.now() >= 30 * MINUTE && trial.now() < 45 * MINUTE, `${trial.now()} ms`);
  t.is(trial.sick.missing[0]?.status, '-');
  t.true(trial.sick.missing.some(({status}) => status === '*'));
});

test('after three files that gave nothing the next is given up at its first error, unless it gives a byte', async (t) => {
  const patience = new Patience();
  const size = 100 * BLOCK;
  const dead = {size, bad: [{from: 0, to: size}], failureMs: 1000, patience};
  for (let file = 0; file < 3; file++) patience.note({size, had: 0});
  const trial = await makeSick(dead);
  t.like(await readAll(trial), {code: 'EIO'});
  t.is(trial.reads.length, 1);
  const alive = await makeSick({...dead, bad: [{from: BLOCK, to: BLOCK + 1}]});
  await readAll(alive);
  t.is(alive.sick.had, size - SECTOR);
  patience.note({size, had: alive.sick.had});
  const again = await makeSick(dead);
  await readAll(again);
  t.true(again.reads.length > 100);
});

test('small files that give nothing do not speak against the card', (t) => {
  const patience = new Patience();
  for (let file = 0; file < 9; file++) patience.note({size: 20_000, had: 0});
  t.false(patience.isSpent);
});

test('a card that is gone is not fought for', async (t) => {
  const cardLoss = {code: 'card-lost', message: 'the card is gone', next: 'Put it in again.'};
  const trial = await makeSick({size: 3 * BLOCK, bad: [{from: BLOCK, to: 3 * BLOCK}], cardLoss});
  const bytes = await readAll(trial);
  t.deepEqual(bytes, withHoles(trial.original, trial.sick.missing));
  t.deepEqual(trial.sleeps, []);
  t.like(trial.sick.describe(), {code: 'card-lost'});
  t.deepEqual(trial.sick.missing.at(-1), {position: 2 * BLOCK, size: BLOCK, status: '?'});
});

test('a stop ends the fight at the next try', async (t) => {
  const trial = await makeSick({size: BLOCK, bad: [{from: 0, to: BLOCK}]});
  trial.stop.abort();
  await trial.sick.read(Buffer.alloc(BLOCK), 0);
  t.is(trial.reads.length, 1);
  t.deepEqual(trial.sleeps, []);
});

test('without the wish for parts the first lost place ends the reading', async (t) => {
  const bad = [{from: BLOCK + 5, to: BLOCK + 6}];
  const trial = await makeSick({size: 3 * BLOCK, bad, keepsParts: false});
  const cause = await readAll(trial);
  t.like(cause, {
    code: 'EIO',
    message: `reading it from the card at byte ${BLOCK} failed (EIO), however often it was tried: at least 512 of its 196,608 bytes cannot be read`,
  });
  t.true('next' in cause && cause.next.endsWith('With --salvage its readable parts are kept.'));
  t.true(trial.reads.every(({from}) => from < 2 * BLOCK));
});

test('whatever is bad, what is read is right and no good sector is missed', async (t) => {
  const span = fc.record({at: fc.double({min: 0, max: 1, noNaN: true}), length: fc.nat(9000)});
  const medium = fc.record({
    size: fc.integer({min: 1, max: 3 * BLOCK}),
    spans: fc.array(span, {maxLength: 5}),
    direct: fc.boolean(),
    grain: fc.constantFrom(SECTOR, PAGE),
  });
  await fc.assert(
    fc.asyncProperty(medium, async ({size, spans, direct, grain}) => {
      const bad = spans.map(({at, length}) => {
        const from = Math.min(size - 1, Math.floor(at * size));
        return {from, to: Math.min(size, from + length + 1)};
      });
      const trial = await makeSick({size, bad, direct, grain});
      const bytes = await readAll(trial);
      const {missing, had} = trial.sick;
      if (Buffer.isBuffer(bytes)) t.deepEqual(bytes, withHoles(trial.original, missing));
      else t.is(had, 0);
      // A sector is missing exactly when something in it is bad.
      const isMissing = Buffer.alloc(size);
      for (const {position, size: length} of missing)
        isMissing.fill(1, position, position + length);
      for (let sector = 0; sector < size; sector += SECTOR) {
        const end = Math.min(size, sector + SECTOR);
        const isBad = bad.some(({from, to}) => from < end && sector < to);
        if (Buffer.isBuffer(bytes)) t.is(isMissing[sector] === 1, isBad, `sector at ${sector}`);
      }
      t.is(had + missing.reduce((sum, range) => sum + range.size, 0), size);
    }),
    {numRuns: 60},
  );
});
