import {symlink, truncate} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {makeSampleCard} from '../../../samples/make-card.ts';
import {type ContentLimits, checkContent} from '../../../src/system/check-content.ts';
import {realClock} from '../../../src/system/clock.ts';
import type {QuickFiles} from '../../../src/system/files.ts';
import {realFiles} from '../../../src/system/real-files.ts';
import {type LookRequest, lookIntoFile} from '../../../src/system/small-files/look-into-file.ts';
import {makeSmallFileTools} from '../../../src/system/small-files/small-file-tools.ts';
import {recordsCalls} from '../../helpers/faulty-files.ts';
import {makeTemporaryFolder} from '../../helpers/temporary-folder.ts';

const limits: ContentLimits = {
  signal: new AbortController().signal,
  clock: realClock,
  limitMs: 60_000,
};

/** Every second file of a sample card is cut. */
async function makeHurtCard(t: ExecutionContext): Promise<readonly LookRequest[]> {
  const {path, files} = await makeSampleCard({into: await makeTemporaryFolder(t), seed: 3});
  const requests: LookRequest[] = [];
  for (const [index, file] of files.filter(({junk}) => !junk).entries()) {
    const place = join(path, file.path);
    const size = index % 2 === 0 ? file.size : Math.floor(file.size * 0.9);
    if (size !== file.size) await truncate(place, size);
    requests.push({path: file.path, place, size});
  }
  return requests;
}

test('what is found in calls that wait is what is found in the ordinary way', async (t) => {
  const requests = await makeHurtCard(t);
  const tools = await makeSmallFileTools();
  const found = requests.flatMap((request) => {
    const finding = lookIntoFile(tools, request);
    return finding === null ? [] : [{...finding, path: request.path}];
  });
  t.true(found.length > 5);
  t.deepEqual(found, [...(await checkContent(realFiles, requests, limits)).findings]);
});

test('a copy that is gone, a link and a folder are passed over', async (t) => {
  const [hurt] = (await makeHurtCard(t)).filter(({path}) => path.endsWith('.JPG'));
  if (hurt === undefined) return t.fail('the sample card has no such picture');
  const tools = await makeSmallFileTools();
  const folder = await makeTemporaryFolder(t);
  const link = join(folder, 'link');
  await symlink(hurt.place, link);
  for (const place of [join(folder, 'gone'), link, folder]) {
    t.is(lookIntoFile(tools, {...hurt, place, size: 9000}), null);
  }
});

test('many files are looked into by threads, and what these leave by the ordinary way', async (t) => {
  const card = await makeHurtCard(t);
  const requests = Array.from({length: 40}, () => card).flat();
  t.true(requests.length >= 1000);
  const tools = await makeSmallFileTools();
  const asked: string[] = [];
  const plain = recordsCalls(realFiles, []);
  const files: QuickFiles = {
    ...plain,
    openToRead: (path, options) => plain.openToRead(path, options),
    async lookInside(request) {
      asked.push(request.place);
      // Every third is left, as by a thread that died.
      if (asked.length % 3 === 0) return undefined;
      return {finding: lookIntoFile(tools, request) ?? undefined};
    },
  };
  const report = await checkContent(files, requests, limits);
  t.true(asked.length > 500);
  t.deepEqual(report, await checkContent(realFiles, requests, limits));
});
