import {symlink} from 'node:fs/promises';
import {platform} from 'node:os';
import {join} from 'node:path';
import {pid} from 'node:process';
import test from 'ava';
import {execa} from 'execa';
import {realFiles} from '../../src/system/real-files.ts';
import {readStartMark} from '../../src/system/this-process.ts';
import {interceptCalls} from '../helpers/faulty-files.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';

test('this process has a mark, always the same', async (t) => {
  if (platform() !== 'linux') return skip(t, 'no /proc here');
  const mark = await readStartMark(realFiles, pid);
  t.regex(mark, /^[1-9]\d*$/);
  t.is(await readStartMark(realFiles, pid), mark);
});

test('a process with brackets and blanks in its name has the right mark, and a later one', async (t) => {
  if (platform() !== 'linux') return skip(t, 'no /proc here');
  const sleep = join(await makeTemporaryFolder(t), 'a) R 1 (b) 2');
  const {stdout} = await execa('which', ['sleep']);
  await symlink(stdout, sleep);
  const child = execa(sleep, ['60'], {reject: false});
  t.teardown(() => child.kill());
  const mark = await readStartMark(realFiles, child.pid ?? 0);
  t.regex(mark, /^[1-9]\d*$/);
  t.true(Number(mark) > Number(await readStartMark(realFiles, pid)));
});

test('a process that is not there has none', async (t) => {
  t.is(await readStartMark(realFiles, 2 ** 30), '');
});

test('a bug is not taken for a missing process', async (t) => {
  const broken = interceptCalls(realFiles, () => Promise.reject(new TypeError('a bug')));
  await t.throwsAsync(readStartMark(broken, pid), {instanceOf: TypeError});
});
