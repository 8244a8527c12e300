import test from 'ava';
import {StallWatch} from '../../src/offsite/stall-watch.ts';

const stats = (bytes: number) =>
  ({kind: 'stats', bytes, totalBytes: 100, transfers: 0, now: []}) as const;
const broken = {kind: 'error', path: null, message: 'dial tcp: connection refused'} as const;

test('an upload that moves no more is ended, sooner where the connection is broken', (t) => {
  let at = 0;
  const watch = new StallWatch(() => at, {broken: 30, silent: 300});
  for (const bytes of [1, 2, 2]) {
    at += 10;
    watch.hear(stats(bytes));
  }
  at += 100;
  watch.hear(stats(2));
  t.false(watch.signal.aborted);
  watch.hear(broken);
  at += 29;
  watch.hear(stats(2));
  t.false(watch.signal.aborted);
  at += 1;
  watch.hear(stats(2));
  t.true(watch.signal.aborted);
});

test('a broken connection that came back is none', (t) => {
  let at = 0;
  const watch = new StallWatch(() => at, {broken: 30, silent: 300});
  watch.hear(stats(1));
  watch.hear(broken);
  at = 20;
  watch.hear(stats(2));
  at = 100;
  watch.hear(stats(2));
  t.false(watch.signal.aborted);
  at = 330;
  watch.hear(stats(2));
  t.true(watch.signal.aborted);
});
