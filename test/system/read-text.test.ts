import {readdir, readFile, truncate, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {readText, writeNewText} from '../../src/system/read-text.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {type Call, failsCalls, givesShort, recordsCalls} from '../helpers/faulty-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const TEXTS = ['', 'a', '{"name":"写真 📷"}\n', 'x'.repeat(100_001), '\uFEFFwith a mark\r\n\0'];

test('what is written is read again, also in small pieces', async (t) => {
  const folder = await makeTemporaryFolder(t);
  for (const files of [realFiles, givesShort(realFiles)]) {
    for (const [index, text] of TEXTS.entries()) {
      const path = join(folder, `${index}-${files === realFiles}`);
      await writeNewText(files, path, text);
      t.is(await readFile(path, 'utf8'), text);
      t.is(await readText(files, path), text);
    }
  }
});

test('a name that is taken stays as it is', async (t) => {
  const path = join(await makeTemporaryFolder(t), 'x');
  await writeFile(path, 'first');
  await t.throwsAsync(writeNewText(realFiles, path, 'second'), {code: 'EEXIST'});
  t.is(await readFile(path, 'utf8'), 'first');
});

test('a text that could not be written and flushed whole leaves nothing', async (t) => {
  const folder = await makeTemporaryFolder(t);
  for (const method of ['write', 'sync'] as const) {
    const files = failsCalls(realFiles, [method], () => true, 'ENOSPC');
    await t.throwsAsync(writeNewText(files, join(folder, 'x'), 'text'), {code: 'ENOSPC'});
    t.deepEqual(await readdir(folder), []);
  }
});

test('it is flushed before it is closed', async (t) => {
  const calls: Call[] = [];
  const path = join(await makeTemporaryFolder(t), 'x');
  await writeNewText(recordsCalls(realFiles, calls), path, 'text');
  t.deepEqual(
    calls.map(({method}) => method),
    ['createFile', 'write', 'sync', 'close'],
  );
});

test('a file that no string can hold is refused unread', async (t) => {
  const path = join(await makeTemporaryFolder(t), 'x');
  await writeFile(path, '');
  await truncate(path, 2 ** 31);
  const calls: Call[] = [];
  await t.throwsAsync(readText(recordsCalls(realFiles, calls), path), {code: 'EFBIG'});
  t.false(calls.some(({method}) => method === 'read'));
  t.is(calls.at(-1)?.method, 'close');
});

test('bytes that are not UTF-8 become a mark, and nothing throws', async (t) => {
  const path = join(await makeTemporaryFolder(t), 'x');
  await writeFile(path, Buffer.from([0x61, 0xe9, 0x62]));
  t.is(await readText(realFiles, path), 'a\uFFFDb');
});
