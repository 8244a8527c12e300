import {chmod, mkdir, readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {readOwnSecret, SECRET_NAME, signWith} from '../../src/system/own-secret.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

test('a secret is made once, kept for its user only, and is the same from then on', async (t) => {
  const folder = join(await makeTemporaryFolder(t), 'share', 'offload');
  const first = await readOwnSecret(folder);
  t.is(first.length, 32);
  t.deepEqual(await readOwnSecret(folder), first);
  t.deepEqual(await readFile(join(folder, SECRET_NAME)), first);
  const {mode} = await stat(join(folder, SECRET_NAME));
  t.is(mode & 0o077, 0);
});

test('of many that make it at the same time all that keep one keep the same', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await Promise.all(Array.from({length: 8}, () => readOwnSecret(folder)));
  const kept = await readFile(join(folder, SECRET_NAME));
  t.deepEqual(await readOwnSecret(folder), kept);
});

test('where none can be kept, a run has one of its own', async (t) => {
  const root = await makeTemporaryFolder(t);
  await writeFile(join(root, 'file'), '');
  const first = await readOwnSecret(join(root, 'file', 'data'));
  const second = await readOwnSecret(join(root, 'file', 'data'));
  t.is(first.length, 32);
  t.notDeepEqual(first, second);
  const damaged = join(root, 'damaged');
  await mkdir(damaged);
  await writeFile(join(damaged, SECRET_NAME), 'short');
  t.is((await readOwnSecret(damaged)).length, 32);
  t.is(await readFile(join(damaged, SECRET_NAME), 'utf8'), 'short');
  await chmod(damaged, 0o700);
});

test('a signature is HMAC-SHA256', (t) => {
  // RFC 4231, section 4.3 (test case 2).
  t.is(
    signWith(Buffer.from('Jefe'))('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});
