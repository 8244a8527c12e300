import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {lockShoot} from '../../src/engine/shoot-lock.ts';
import type {Files} from '../../src/system/files.ts';
import {interceptCalls} from '../helpers/faulty-files.ts';
import {makeTrial, testFiles} from '../helpers/run-offload.ts';

async function makeShoot(t: ExecutionContext): Promise<string> {
  const {w} = await makeTrial(t, {});
  await mkdir(join(w, '_offload'));
  return w;
}

const locking = (
  token: string,
  files: Files = testFiles,
  running: readonly number[] = [1, 2, 3],
) => ({
  files,
  token,
  since: new Date('2026-11-22T20:00:00Z'),
  self: {
    host: 'studio',
    pid: 1,
    isRunning: (pid: number) => running.includes(pid),
    markOf: async (pid: number) => `mark-${pid}`,
  },
});

const recordsIn = async (shoot: string) => (await readdir(join(shoot, '_offload'))).sort();

test('a lock is taken, holds, and is given free', async (t) => {
  const shoot = await makeShoot(t);
  const first = await lockShoot(locking('first-0'), shoot);
  t.true(first.ok);
  const second = await lockShoot(locking('second-0'), shoot);
  t.is(second.ok ? '' : second.cause.code, 'shoot-locked');
  if (first.ok) await first.value.release();
  t.deepEqual(await recordsIn(shoot), []);
  const third = await lockShoot(locking('third-0'), shoot);
  t.true(third.ok);
});

test('of many at the same time one gets the lock', async (t) => {
  const shoot = await makeShoot(t);
  const tokens = Array.from({length: 12}, (_, index) => `t${index}-1`);
  const results = await Promise.all(tokens.map((token) => lockShoot(locking(token), shoot)));
  t.is(results.filter(({ok}) => ok).length, 1);
  const {token} = JSON.parse(await readFile(join(shoot, '_offload/lock'), 'utf8'));
  t.true(results[tokens.indexOf(token)]?.ok);
});

test('of many that find a stale lock one gets it', async (t) => {
  const shoot = await makeShoot(t);
  const stale = {host: 'studio', pid: 99, mark: 'mark-99', token: 'old', since: 'yesterday'};
  await writeFile(join(shoot, '_offload/lock'), JSON.stringify(stale));
  const tokens = Array.from({length: 12}, (_, index) => `t${index}-2`);
  const results = await Promise.all(tokens.map((token) => lockShoot(locking(token), shoot)));
  t.true(results.filter(({ok}) => ok).length <= 1);
  const again = results.some(({ok}) => ok) || (await lockShoot(locking('again-2'), shoot)).ok;
  t.true(again);
});

test('a lock that is being written is not taken for a torn one', async (t) => {
  const shoot = await makeShoot(t);
  let second: Awaited<ReturnType<typeof lockShoot>> | undefined;
  const slow = interceptCalls(testFiles, async (call, proceed) => {
    // Between the making of the lock and its text another process looks at it.
    if (call.method === 'write' && second === undefined) {
      second = await lockShoot(locking('second-3'), shoot);
    }
    return await proceed();
  });
  const first = await lockShoot(locking('first-3', slow), shoot);
  t.is([first.ok, second?.ok].filter(Boolean).length, 1);
});

test('a lock of somebody else is not given free by who has lost it', async (t) => {
  const shoot = await makeShoot(t);
  const first = await lockShoot(locking('first-4'), shoot);
  const other = JSON.stringify({host: 'laptop', pid: 5, mark: '', token: 'other', since: 'now'});
  await writeFile(join(shoot, '_offload/lock'), other);
  if (first.ok) await first.value.release();
  t.is(await readFile(join(shoot, '_offload/lock'), 'utf8'), other);
});

test('a drive that was pulled out and comes back does not lock the same process out', async (t) => {
  const shoot = await makeShoot(t);
  const first = await lockShoot(locking('pulled-first-5'), shoot);
  if (!first.ok) return t.fail(first.cause.message);
  const gone = interceptCalls(testFiles, async () => {
    throw Object.assign(new Error('EIO'), {code: 'EIO'});
  });
  t.deepEqual(await recordsIn(shoot), ['lock']);
  // While it is held, nobody else of this process gets it.
  const meanwhile = await lockShoot(locking('pulled-meanwhile-5'), shoot);
  t.is(meanwhile.ok ? '' : meanwhile.cause.code, 'shoot-locked');
  const pulled = await lockShoot(locking('pulled-gone-5', gone), shoot);
  t.is(pulled.ok ? '' : pulled.cause.code, 'EIO');
  await writeFile(
    join(shoot, '_offload/lock'),
    JSON.stringify({host: 'studio', pid: 1, mark: 'mark-1', token: 'left', since: 'before'}),
  );
  const again = await lockShoot(locking('pulled-again-5'), shoot);
  t.true(again.ok);
});
