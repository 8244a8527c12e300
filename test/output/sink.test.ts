import test from 'ava';
import type {OffloadEvent} from '../../src/core/events.ts';
import {fanOutEvents, type Sink} from '../../src/output/sink.ts';

const event = (by: 'SIGINT' | 'SIGTERM'): OffloadEvent => ({type: 'cancel-requested', by});

function recordingSink(): Sink & {readonly seen: OffloadEvent[]; ended: number} {
  const sink = {
    seen: [] as OffloadEvent[],
    ended: 0,
    write(written: OffloadEvent) {
      sink.seen.push(written);
    },
    async end() {
      sink.ended += 1;
    },
  };
  return sink;
}

test('a sink that throws is told of once and gets nothing more; the others get all', async (t) => {
  const good = recordingSink();
  let writes = 0;
  let ends = 0;
  const bad: Sink = {
    write() {
      writes += 1;
      throw new Error('pipe closed');
    },
    async end() {
      ends += 1;
      throw new Error('still closed');
    },
  };
  const told: unknown[] = [];
  const all = fanOutEvents([bad, good], (error, sink) => told.push([error, sink]));
  all.write(event('SIGINT'));
  all.write(event('SIGTERM'));
  await all.end();
  t.deepEqual(good.seen, [event('SIGINT'), event('SIGTERM')]);
  t.is(writes, 1);
  t.is(ends, 1);
  t.is(good.ended, 1);
  t.deepEqual(told, [[new Error('pipe closed'), bad]]);
});

test('an end that fails is told of, and ends the others all the same', async (t) => {
  const good = recordingSink();
  const bad: Sink = {write() {}, end: () => Promise.reject(new Error('flush failed'))};
  const told: unknown[] = [];
  await fanOutEvents([bad, good], (error) => told.push(error)).end();
  t.deepEqual(told, [new Error('flush failed')]);
  t.is(good.ended, 1);
});

test('not even the telling can stop the copying', async (t) => {
  const bad: Sink = {
    write() {
      throw new Error('first');
    },
    async end() {},
  };
  const all = fanOutEvents([bad], () => {
    throw new Error('second');
  });
  t.notThrows(() => all.write(event('SIGINT')));
  await t.notThrowsAsync(all.end());
});
