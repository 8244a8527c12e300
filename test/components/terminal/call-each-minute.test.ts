import test from 'ava';
import {callEachMinute} from '../../../components/terminal/call-each-minute.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('calls when a new minute begins, and not before', async (t) => {
  const startedMs = performance.now();
  let calls = 0;
  const stop = callEachMinute(
    () => 59_900 + performance.now() - startedMs,
    () => {
      calls += 1;
    },
  );
  await wait(20);
  t.is(calls, 0);
  for (let time = 0; time < 200 && calls === 0; time += 1) await wait(10);
  t.is(calls, 1);
  await wait(50);
  t.is(calls, 1);
  stop();
});

test('who stopped hears nothing', async (t) => {
  let calls = 0;
  const stop = callEachMinute(
    () => 59_990,
    () => {
      calls += 1;
    },
  );
  stop();
  await wait(50);
  t.is(calls, 0);
});
