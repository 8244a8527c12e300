import test from 'ava';
import type {Result} from '../../src/core/cause.ts';
import {FlushBatch} from '../../src/engine/flush-batch.ts';

/** `sync` that ends when it is told to. */
function slowSync() {
  const ends: ((result: Result<string>) => void)[] = [];
  const calls: string[] = [];
  return {
    calls,
    end: (result: Result<string> = {ok: true, value: ''}) => ends.shift()?.(result),
    run: (command: string, args: readonly string[]) => {
      calls.push([command, ...args].join(' '));
      return new Promise<Result<string>>((resolve) => ends.push(resolve));
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('files wait for company, and one flush serves them all', async (t) => {
  const sync = slowSync();
  const batch = new FlushBatch(sync.run, '/w');
  const joined = [batch.join(10), batch.join(20)];
  await turn();
  t.deepEqual(sync.calls, []);
  const flushed = batch.flushNow();
  await turn();
  t.deepEqual(sync.calls, ['sync -f /w']);
  sync.end();
  await flushed;
  t.deepEqual(await Promise.all(joined), [
    {ok: true, value: undefined},
    {ok: true, value: undefined},
  ]);
});

test('a file that joins while a flush runs is not told that it is flushed by it', async (t) => {
  const sync = slowSync();
  const batch = new FlushBatch(sync.run, '/w');
  const first = batch.join(1);
  void batch.flushNow();
  await turn();
  let told = false;
  const late = batch.join(1).then(() => {
    told = true;
  });
  const second = batch.flushNow();
  sync.end();
  await first;
  await turn();
  t.false(told);
  t.is(sync.calls.length, 2);
  sync.end();
  await second;
  await late;
  t.true(told);
});

test('a full batch is flushed by itself: 512 files, or 32 MiB', async (t) => {
  for (const [count, bytes] of [
    [512, 1],
    [2, 16 * 1024 * 1024],
  ] as const) {
    const sync = slowSync();
    const batch = new FlushBatch(sync.run, '/w');
    const joined = Array.from({length: count}, () => batch.join(bytes));
    await turn();
    t.is(sync.calls.length, 1);
    sync.end();
    t.is((await Promise.all(joined)).length, count);
  }
});

test('in a hurry nobody waits for others that may never come', async (t) => {
  const sync = slowSync();
  const batch = new FlushBatch(sync.run, '/w');
  batch.hurry();
  const joined = batch.join(1);
  await turn();
  sync.end();
  t.true((await joined).ok);
});

test('a flush that fails is told to all whom it was for, and to nobody else', async (t) => {
  const sync = slowSync();
  const batch = new FlushBatch(sync.run, '/w');
  const cause = {code: 'exit-1', message: 'sync failed', next: 'look'};
  const failing = [batch.join(1), batch.join(1)];
  void batch.flushNow();
  await turn();
  sync.end({ok: false, cause});
  t.deepEqual(await Promise.all(failing), [
    {ok: false, cause},
    {ok: false, cause},
  ]);
  const good = batch.join(1);
  void batch.flushNow();
  await turn();
  sync.end();
  t.true((await good).ok);
});

test('flushing with nobody waiting calls no tool', async (t) => {
  const sync = slowSync();
  await new FlushBatch(sync.run, '/w').flushNow();
  t.deepEqual(sync.calls, []);
});
