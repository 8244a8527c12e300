import {mkdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Cause} from '../../src/core/cause.ts';
import type {Fact, FileProved, OffloadEvent} from '../../src/core/events.ts';
import {JOURNAL_SCHEMA, type JournalHeader, readJournal} from '../../src/core/journal.ts';
import {JournalWriter} from '../../src/engine/journal-writer.ts';
import type {Files} from '../../src/system/files.ts';
import {
  type Call,
  failsCalls,
  interceptCalls,
  recordsCalls,
  systemError,
} from '../helpers/faulty-files.ts';
import {hashOfText, makeTrial, signText, testFiles, tickingClock} from '../helpers/run-offload.ts';

const proved = (path: string, to: string): FileProved => ({
  type: 'file-proved',
  card: {path: '/card', label: 'EOS'},
  path,
  size: 5,
  mtimeNs: '1795165200250000000',
  to,
  target: `EOS/${path}`,
  hash: 'a'.repeat(64),
  mediumRead: 'direct',
  origin: 'copied',
  retries: 0,
});

const failedFile = (path: string): Fact => ({
  type: 'file-failed',
  card: {path: '/card', label: 'EOS'},
  path,
  code: 'EIO',
  message: 'reading failed',
  next: 'Try another reader.',
});

interface Setting {
  readonly files?: (paths: {w: string; b: string}) => Files;
  /** Called at each emission, before it is kept. */
  readonly onEmit?: (event: OffloadEvent) => void;
}

async function openWriter(t: ExecutionContext, {files, onEmit}: Setting = {}) {
  const trial = await makeTrial(t, {});
  const paths = {w: join(trial.w, 'x.journal'), b: join(trial.b, 'x.journal')};
  const emitted: OffloadEvent[] = [];
  const lost: {to: string; cause: Cause}[] = [];
  const late: {to: string; cause: Cause}[] = [];
  const writer = new JournalWriter({
    files: files?.(paths) ?? testFiles,
    clock: tickingClock(),
    hashOfText,
    signText,
    emit(event) {
      onEmit?.(event);
      emitted.push(event);
    },
    onLost: (to, cause) => lost.push({to, cause}),
    onLate: (to, cause) => late.push({to, cause}),
  });
  const header = (to: string): JournalHeader => ({
    type: 'journal',
    schema: JOURNAL_SCHEMA,
    offload: 'x',
    cardId: 'card',
    writtenTo: to,
    fingerprint: 'f',
    folder: 'EOS',
    startedAt: '2026-11-22T20:00:00.000Z',
  });
  for (const [to, path] of Object.entries(paths))
    await writer.open({to, path, bytes: 0, sum: ''}, header(to));
  const read = async (to: 'w' | 'b') => readJournal(await readFile(paths[to], 'utf8'), hashOfText);
  return {trial, paths, writer, header, emitted, lost, late, read};
}

test('a fact is on the disk of every destination, flushed, before it is emitted', async (t) => {
  const calls: Call[] = [];
  const journals: string[] = [];
  const checks: boolean[] = [];
  const {writer, emitted, trial} = await openWriter(t, {
    files(paths) {
      journals.push(paths.w, paths.b);
      return recordsCalls(testFiles, calls);
    },
    onEmit() {
      for (const path of journals) {
        const own = calls.filter((call) => call.path === path);
        checks.push(own.at(-1)?.method === 'sync' && own.at(-2)?.method === 'write');
      }
    },
  });
  await mkdir(join(trial.w, 'EOS'));
  for (const path of ['A', 'B', 'C']) writer.record(proved(path, 'w'));
  t.is(emitted.length, 0);
  await writer.settle();
  t.is(emitted.length, 3);
  t.is(checks.length, 6);
  t.true(checks.every(Boolean));
  await writer.close();
});

test('the folder of a new name is flushed before the fact that speaks of it is written', async (t) => {
  const calls: Call[] = [];
  const {writer, trial, paths} = await openWriter(t, {
    files: () => recordsCalls(testFiles, calls),
  });
  const folder = join(trial.w, 'EOS');
  await mkdir(folder);
  calls.length = 0;
  writer.record(proved('A', 'w'), {to: 'w', folder});
  writer.record(proved('B', 'w'), {to: 'w', folder});
  await writer.close();
  const flushes = calls.flatMap(({method}, index) => (method === 'syncFolder' ? [index] : []));
  const writes = calls.flatMap(({method, path}, index) =>
    method === 'write' && path === paths.w ? [index] : [],
  );
  t.is(flushes.length, 1);
  t.true((flushes[0] ?? Number.NaN) < (writes[0] ?? 0));
});

test('what rests on a fact waits until it is durable and emitted, with those before it', async (t) => {
  const {writer, emitted, read} = await openWriter(t);
  writer.record(proved('A', 'w'));
  await writer.recordLasting(proved('B', 'w'));
  t.is(emitted.length, 2);
  for (const to of ['w', 'b'] as const) t.is((await read(to))?.copies.length, 2);
  await writer.close();
});

test('who waits for a fact that no destination can hold does not wait for ever', async (t) => {
  let isBroken = false;
  const {writer, emitted, lost} = await openWriter(t, {
    files: () =>
      interceptCalls(testFiles, async (call, proceed) => {
        if (isBroken && call.method === 'write') throw systemError('EIO', call);
        return await proceed();
      }),
  });
  isBroken = true;
  await writer.recordLasting(proved('A', 'w'));
  t.deepEqual(
    lost.map(({to}) => to),
    ['w', 'b'],
  );
  t.deepEqual(emitted, []);
  await writer.close();
});

test('a group of facts costs one flush on each destination', async (t) => {
  const calls: Call[] = [];
  const {writer, emitted} = await openWriter(t, {files: () => recordsCalls(testFiles, calls)});
  calls.length = 0;
  for (let index = 0; index < 50; index++) writer.record(proved(`F${index}`, 'w'));
  await writer.close();
  t.is(calls.filter(({method}) => method === 'sync').length, 2);
  t.deepEqual(
    emitted.map((event) => (event.type === 'file-proved' ? event.path : event.type)),
    Array.from({length: 50}, (_, index) => `F${index}`),
  );
});

test('a journal reads back as it was written, and goes on behind its last valid line', async (t) => {
  const {writer, read, paths, header} = await openWriter(t);
  writer.record(proved('A', 'w'));
  await writer.close();
  const first = await read('w');
  t.deepEqual(
    first?.copies.map(({path}) => path),
    ['A'],
  );
  t.false(first?.damaged);
  const next = new JournalWriter({
    files: testFiles,
    clock: tickingClock(),
    hashOfText,
    signText,
    emit() {},
    onLost: () => t.fail(),
    onLate: () => t.fail(),
  });
  const end = {bytes: first?.validBytes ?? 0, sum: first?.lastSum ?? ''};
  await next.open({to: 'w', path: paths.w, ...end}, header('w'));
  next.record(proved('B', 'w'));
  await next.close();
  const second = await read('w');
  t.deepEqual(
    second?.copies.map(({path}) => path),
    ['A', 'B'],
  );
  t.false(second?.damaged);
});

test('a journal that fails after the conclusion is told, and its destination is not lost', async (t) => {
  const {writer, emitted, lost, late} = await openWriter(t, {
    files: ({w}) => {
      let flushes = 0;
      return failsCalls(testFiles, ['sync'], (path) => path === w && ++flushes > 2, 'EIO');
    },
  });
  writer.record(proved('A', 'w'));
  await writer.settle();
  writer.conclude();
  writer.record(proved('B', 'w'));
  await writer.close();
  t.deepEqual(
    emitted.map((event) => ('path' in event ? event.path : event.type)),
    ['A', 'B'],
  );
  t.deepEqual(lost, []);
  t.like(late, [{to: 'w', cause: {code: 'EIO', message: 'writing the journal failed (EIO)'}}]);
});

test('a destination whose journal cannot be written is lost, and the other holds the facts', async (t) => {
  const {writer, emitted, lost, read} = await openWriter(t, {
    files: ({w}) => {
      let headers = 0;
      return failsCalls(testFiles, ['sync'], (path) => path === w && ++headers > 1, 'EIO');
    },
  });
  writer.record(proved('A', 'b'));
  await writer.close();
  t.deepEqual(
    lost.map(({to, cause}) => [to, cause.code]),
    [['w', 'EIO']],
  );
  t.is(emitted.length, 1);
  t.deepEqual(
    (await read('b'))?.copies.map(({path}) => path),
    ['A'],
  );
});

test('when no journal is left, faults are told and proofs are not', async (t) => {
  const {writer, emitted, lost} = await openWriter(t, {
    files: ({w, b}) => {
      const opened = new Set<string>();
      const isLater = (path: string) => {
        const later = opened.has(path);
        opened.add(path);
        return later && [w, b].includes(path);
      };
      return failsCalls(testFiles, ['sync'], isLater, 'EIO');
    },
  });
  writer.record(proved('A', 'w'));
  writer.record(failedFile('B'));
  await writer.close();
  t.is(lost.length, 2);
  t.deepEqual(
    emitted.map(({type}) => type),
    ['file-failed'],
  );
});

test('a proof whose folder could not be flushed is not told', async (t) => {
  const {writer, emitted, lost, trial} = await openWriter(t, {
    files: () => failsCalls(testFiles, ['syncFolder'], (path) => path.endsWith('EOS'), 'EIO'),
  });
  const folder = join(trial.w, 'EOS');
  writer.record(proved('A', 'w'), {to: 'w', folder});
  writer.record(proved('A', 'b'));
  await writer.close();
  t.deepEqual(
    lost.map(({to}) => to),
    ['w'],
  );
  t.deepEqual(
    emitted.map((event) => ('to' in event ? event.to : '')),
    ['b'],
  );
});

test('a drive that takes no bytes is lost instead of waited for', async (t) => {
  const {writer, lost} = await openWriter(t, {
    files: ({w}) => ({
      ...recordsCalls(testFiles, []),
      async createFile(path, options) {
        const file = await testFiles.createFile(path, options);
        let writes = 0;
        if (path !== w) return file;
        return {
          read: (...args) => file.read(...args),
          write: async (...args) => (++writes > 1 ? 0 : await file.write(...args)),
          truncate: (size) => file.truncate(size),
          setModified: (mtimeNs) => file.setModified(mtimeNs),
          sync: () => file.sync(),
          facts: () => file.facts(),
          close: () => file.close(),
        };
      },
    }),
  });
  writer.record(proved('A', 'b'));
  await writer.close();
  t.deepEqual(
    lost.map(({to, cause}) => [to, cause.code]),
    [['w', 'ENOSPC']],
  );
});
