import {truncate, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {makeSampleCard} from '../../samples/make-card.ts';
import {type ContentLimits, checkContent} from '../../src/system/check-content.ts';
import {realClock} from '../../src/system/clock.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {jpeg} from '../core/content/run-look.ts';
import {type Call, failsCalls, recordsCalls} from '../helpers/faulty-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const limits = (change: Partial<ContentLimits> = {}): ContentLimits => ({
  signal: new AbortController().signal,
  clock: realClock,
  limitMs: 60_000,
  ...change,
});

const requestOf = (folder: string) => (name: string, size: number) => ({
  path: `DCIM/${name}`,
  place: join(folder, name),
  size,
});

test('a card of real files has nothing to tell, and each damaged one is found', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const {path, files} = await makeSampleCard({into: folder, seed: 3});
  const requests = files
    .filter(({junk}) => !junk)
    .map((file) => ({path: file.path, place: join(path, file.path), size: file.size}));
  const check = async () => (await checkContent(realFiles, requests, limits())).findings;
  t.deepEqual(await check(), []);
  const damaged: string[] = [];
  for (const [index, {path: name, place, size}] of requests.entries()) {
    if (!/\.(?:JPG|CR2|MP4)$/.test(name)) continue;
    await truncate(place, Math.floor(size * 0.9));
    requests[index] = {path: name, place, size: Math.floor(size * 0.9)};
    damaged.push(`${name.endsWith('MP4') ? 'video-cut' : 'picture-damaged'} ${name}`);
  }
  t.true(damaged.length > 15);
  const found = await check();
  t.deepEqual(
    found.map(({code, path: about}) => `${code} ${about}`),
    damaged,
  );
});

test('a copy that cannot be read is passed over', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const ask = requestOf(folder);
  await writeFile(join(folder, 'A.JPG'), jpeg().subarray(0, 7000));
  const requests = [ask('GONE.JPG', 9000), ask('A.JPG', 7000)];
  const {findings} = await checkContent(realFiles, requests, limits());
  t.deepEqual(
    findings.map(({path}) => path),
    ['DCIM/A.JPG'],
  );
  const sick = failsCalls(realFiles, ['read'], () => true, 'EIO');
  t.deepEqual(await checkContent(sick, requests, limits()), {findings: [], unchecked: 0});
});

test('files are opened for reading only, each once, and closed', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const ask = requestOf(folder);
  for (const name of ['A.JPG', 'B.JPG']) await writeFile(join(folder, name), jpeg());
  const calls: Call[] = [];
  const {length} = jpeg();
  const requests = [ask('A.JPG', length), ask('B.JPG', length), ask('C.BIN', 9)];
  await checkContent(recordsCalls(realFiles, calls), requests, limits());
  const counts = (method: string) => calls.filter((call) => call.method === method).length;
  t.is(counts('openToRead'), 2);
  t.is(counts('close'), 2);
  t.deepEqual(new Set(calls.map(({method}) => method)), new Set(['openToRead', 'read', 'close']));
});

test('a JPEG without an end is read for so long and no longer', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const place = join(folder, 'A.JPG');
  await writeFile(place, jpeg().subarray(0, 7000));
  // A hole: it takes no room, and reads as zeros.
  const size = 300 * 1024 * 1024;
  await truncate(place, size);
  const calls: Call[] = [];
  const files = recordsCalls(realFiles, calls);
  const report = await checkContent(files, [{path: 'A.JPG', place, size}], limits());
  const bytes = calls.reduce(
    (sum, {method, length = 0}) => sum + (method === 'read' ? length : 0),
    0,
  );
  t.true(bytes < 66 * 1024 * 1024, `${bytes} bytes`);
  t.deepEqual(report, {findings: [], unchecked: 0});
});

test('what there is no time for is counted', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const ask = requestOf(folder);
  await writeFile(join(folder, 'A.JPG'), jpeg().subarray(0, 7000));
  const requests = [ask('A.JPG', 7000), ask('A.JPG', 7000), ask('A.TXT', 7000)];
  const late = await checkContent(realFiles, requests, limits({limitMs: -1}));
  t.deepEqual(late, {findings: [], unchecked: 2});
  const stopped = await checkContent(realFiles, requests, limits({signal: AbortSignal.abort()}));
  t.deepEqual(stopped, {findings: [], unchecked: 2});
});
