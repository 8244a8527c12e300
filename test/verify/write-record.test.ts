import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import type {MediumMethod} from '../../src/system/medium.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {publishRecord, stageRecord} from '../../verify/write-record.ts';
import {failsCalls, failsReading, flipsLastByte, givesShort} from '../helpers/faulty-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';
import {hashOfText, reader} from './reader.ts';

const method: MediumMethod = {kind: 'cached', why: 'a test'};
const TEXT = `{"name":"写真"}\n${'x'.repeat(10_000)}`;
const record = (folder: string) => ({
  path: join(folder, 'one.json'),
  text: TEXT,
  token: 'one-json',
  method,
});

test('a record lies under a temporary name until it is published', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const staged = await stageRecord(reader(), record(folder));
  t.deepEqual(await readdir(folder), ['.offload-one-json.part']);
  t.true(staged.ok);
  if (!staged.ok) return;
  t.is(staged.value.hash, hashOfText(TEXT));
  t.deepEqual(await publishRecord(reader(), staged.value), {
    ok: true,
    value: join(folder, 'one.json'),
  });
  t.deepEqual(await readdir(folder), ['one.json']);
  t.is(await readFile(join(folder, 'one.json'), 'utf8'), TEXT);
});

test('it takes the place of an older record and of a left-over temporary one', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, '.offload-one-json.part'), 'left over');
  await writeFile(join(folder, 'one.json'), 'older');
  const staged = await stageRecord(reader(givesShort(realFiles)), record(folder));
  t.true(staged.ok && (await publishRecord(reader(), staged.value)).ok);
  t.is(await readFile(join(folder, 'one.json'), 'utf8'), TEXT);
  t.deepEqual(await readdir(folder), ['one.json']);
});

const anywhere = () => true;
const faults = [
  ['it cannot be made', failsCalls(realFiles, ['createFile'], anywhere, 'EROFS'), 'EROFS'],
  ['the drive is full', failsCalls(realFiles, ['write'], anywhere, 'ENOSPC'), 'ENOSPC'],
  ['the flush fails', failsCalls(realFiles, ['sync'], anywhere, 'EIO'), 'EIO'],
  ['it cannot be read back', failsReading(realFiles, anywhere, 'EIO'), 'EIO'],
  ['other bytes come back', flipsLastByte(realFiles, anywhere), 'record-mismatch'],
] as const;
for (const [what, files, code] of faults) {
  test(`${what}: the older record stays, and nothing lies beside it`, async (t) => {
    const folder = await makeTemporaryFolder(t);
    await writeFile(join(folder, 'one.json'), 'older');
    const staged = await stageRecord(reader(files), record(folder));
    t.like(staged, {ok: false, cause: {code}});
    t.deepEqual(await readdir(folder), ['one.json']);
    t.is(await readFile(join(folder, 'one.json'), 'utf8'), 'older');
  });
}

test('a name that cannot be given leaves the older record', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, 'one.json'), 'older');
  const staged = await stageRecord(reader(), record(folder));
  t.true(staged.ok);
  if (!staged.ok) return;
  const failing = reader(failsCalls(realFiles, ['replace'], anywhere, 'EIO'));
  t.like(await publishRecord(failing, staged.value), {ok: false, cause: {code: 'EIO'}});
  t.deepEqual(await readdir(folder), ['one.json']);
  t.is(await readFile(join(folder, 'one.json'), 'utf8'), 'older');
});

test('a name that cannot be made durable is taken back', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const staged = await stageRecord(reader(), record(folder));
  t.true(staged.ok);
  if (!staged.ok) return;
  const failing = reader(failsCalls(realFiles, ['syncFolder'], anywhere, 'EIO'));
  t.like(await publishRecord(failing, staged.value), {ok: false, cause: {code: 'EIO'}});
  t.deepEqual(await readdir(folder), []);
});
