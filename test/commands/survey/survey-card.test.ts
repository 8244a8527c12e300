import {mkdir, mkdtemp, realpath, rm, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {clockTime, toIsoDate} from '../../../samples/card-time.ts';
import {makeSampleCard, type SampleCard} from '../../../samples/make-card.ts';
import type {Program} from '../../../src/commands/program.ts';
import {surveyCard} from '../../../src/commands/survey/survey-card.ts';
import {scanCard} from '../../../src/engine/scan-card.ts';
import {type Capture, exifCaptures} from '../../../src/system/capture-reader.ts';
import {realFiles} from '../../../src/system/real-files.ts';
import {below, type Call, failsCalls, recordsCalls} from '../../helpers/faulty-files.ts';
import {diskVolume, testProgram} from '../../helpers/run-offload.ts';
import {makeTemporaryFolder} from '../../helpers/temporary-folder.ts';

let cardFolder: string;
let card: SampleCard;
test.before('make a card', async () => {
  cardFolder = await realpath(await mkdtemp(join(tmpdir(), 'offload-test-')));
  card = await makeSampleCard({into: cardFolder, seed: 1});
});
test.after.always('remove it', () => rm(cardFolder, {recursive: true, force: true}));

function survey(
  root: string,
  change: Partial<Program> = {},
  signal = new AbortController().signal,
) {
  const program = {...testProgram({cards: [], to: []}, realFiles), ...change};
  return surveyCard(program, {path: root, real: root, volume: diskVolume(root, 'sdz')}, signal);
}

/** Captures by the end of a path; every question is kept. */
function says(captures: Readonly<Record<string, Partial<Capture>>>, asked: string[] = []) {
  return {
    async read(_files: unknown, path: string) {
      asked.push(path.slice(path.lastIndexOf('/') + 1));
      const found = Object.entries(captures).find(([end]) => path.endsWith(end))?.[1];
      const nothing = {date: '', time: '', make: '', model: '', serial: ''};
      return found === undefined ? undefined : {...nothing, ...found};
    },
  };
}

async function makeFiles(root: string, paths: readonly string[], seconds = 1_795_356_000) {
  for (const [index, path] of paths.entries()) {
    await mkdir(join(root, path, '..'), {recursive: true});
    await writeFile(join(root, path), 'x');
    await utimes(join(root, path), seconds + index, seconds + index);
  }
}

test('a card is counted as an offload would copy it, and its pictures tell cameras and times', async (t) => {
  const calls: Call[] = [];
  const files = recordsCalls(realFiles, calls);
  const surveyed = await survey(card.path, {files, captures: exifCaptures});
  if (!surveyed.ok) return t.fail(surveyed.cause.message);
  const real = card.files.filter(({junk}) => !junk);
  const pictures = real.filter(({path}) => path.endsWith('.CR2'));
  const {firstTaken, lastTaken, ...rest} = surveyed.value.survey;
  t.deepEqual(rest, {
    files: real.length,
    bytes: real.reduce((sum, {size}) => sum + size, 0),
    kinds: [
      {kind: 'CR2', count: 10},
      {kind: 'JPG', count: 10},
      {kind: 'XMP', count: 6},
      {kind: 'MP4', count: 1},
      {kind: 'MRK', count: 1},
      {kind: 'THM', count: 1},
      {kind: 'WAV', count: 1},
    ],
    cameras: ['Sample Camera'],
    shootDate: '2026-06-20',
    unreadable: 0,
  });
  // The sample's clock is two hours before UTC, and its files have the times of its pictures.
  const clockOf = (mtimeMs = 0) => new Date(mtimeMs + 7_200_000).toISOString().slice(0, 19);
  t.is(firstTaken, clockOf(pictures[0]?.mtimeMs));
  t.is(lastTaken, clockOf(pictures.at(-1)?.mtimeMs));
  t.is(firstTaken?.slice(0, 13), toIsoDate(clockTime(14, 2)).slice(0, 13));
  t.deepEqual(surveyed.value.listing, await scanCard(realFiles, card.path));
  t.deepEqual([...new Set(calls.map(({method}) => method))].sort(), [
    'close',
    'list',
    'look',
    'lookAll',
    'openToRead',
    'read',
  ]);
});

test('a broken picture at an end is passed over, three at the most, none asked twice', async (t) => {
  const root = await makeTemporaryFolder(t);
  const numbers = [1, 2, 3, 4, 5].map((number) => `DCIM/100CANON/IMG_000${number}.CR3`);
  await makeFiles(root, numbers);
  const asked: string[] = [];
  const captures = says(
    {
      'IMG_0002.CR3': {make: 'Canon', model: 'Canon EOS R6', time: '2026-11-22T14:02:11'},
      'IMG_0005.CR3': {make: 'NIKON CORPORATION', model: 'NIKON Z 8'},
      'IMG_0004.CR3': {time: '2026-11-22T17:55:00'},
    },
    asked,
  );
  const surveyed = await survey(root, {captures});
  t.like(surveyed.ok && surveyed.value.survey, {
    cameras: ['Canon EOS R6', 'Nikon Z 8'],
    firstTaken: '2026-11-22T14:02:11',
    shootDate: '2026-11-22',
    lastTaken: '2026-11-22T17:55:00',
  });
  t.deepEqual(asked.toSorted(), ['IMG_0001.CR3', 'IMG_0002.CR3', 'IMG_0004.CR3', 'IMG_0005.CR3']);
  const silent: string[] = [];
  await survey(root, {captures: says({}, silent)});
  t.deepEqual(silent.toSorted(), [
    'IMG_0001.CR3',
    'IMG_0002.CR3',
    'IMG_0003.CR3',
    'IMG_0004.CR3',
    'IMG_0005.CR3',
  ]);
});

test('two pictures are read at a time at the most', async (t) => {
  const root = await makeTemporaryFolder(t);
  const paths = Array.from({length: 20}, (_, index) => `DCIM/100CANON/IMG_00${10 + index}.JPG`);
  await makeFiles(root, paths);
  let now = 0;
  let most = 0;
  const captures = {
    async read() {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return undefined;
    },
  };
  await survey(root, {captures});
  t.is(most, 2);
});

test('where pictures say nothing, their file times do, in the zone of the laptop', async (t) => {
  const root = await makeTemporaryFolder(t);
  // 2026-11-22 12:00 UTC.
  await makeFiles(
    root,
    ['DCIM/A.JPG', 'DCIM/B.JPG', 'MISC/C.LOG'],
    Date.UTC(2026, 10, 22, 12) / 1000,
  );
  const surveyed = await survey(root, {captures: says({}), timeZone: 'Asia/Tokyo'});
  t.like(surveyed.ok && surveyed.value.survey, {
    cameras: [],
    firstTaken: '2026-11-22T21:00:00',
    shootDate: '2026-11-22',
    lastTaken: '2026-11-22T21:00:01',
  });
});

test('films are asked where there are no pictures, and files have times where there is neither', async (t) => {
  const films = await makeTemporaryFolder(t);
  await makeFiles(films, ['M4ROOT/CLIP/C0001.MP4', 'M4ROOT/CLIP/C0001M01.XML']);
  const captures = says({'C0001.MP4': {make: 'SONY', model: 'FX3', time: '2026-11-22T10:00:00'}});
  const surveyed = await survey(films, {captures});
  t.like(surveyed.ok && surveyed.value.survey, {
    cameras: ['Sony FX3'],
    firstTaken: '2026-11-22T10:00:00',
    shootDate: '2026-11-22',
    lastTaken: '2026-11-22T10:00:00',
  });
  const other = await makeTemporaryFolder(t);
  await makeFiles(other, ['a.txt', 'b.txt'], Date.UTC(2026, 10, 22, 12) / 1000);
  const asked: string[] = [];
  const without = await survey(other, {captures: says({}, asked), timeZone: 'UTC'});
  t.like(without.ok && without.value.survey, {
    firstTaken: '2026-11-22T12:00:00',
    shootDate: '2026-11-22',
    lastTaken: '2026-11-22T12:00:01',
  });
  t.deepEqual(asked, []);
});

test('a counter that began anew does not turn the times around', async (t) => {
  const root = await makeTemporaryFolder(t);
  await makeFiles(root, ['DCIM/A_1.JPG', 'DCIM/A_2.JPG']);
  const captures = says({
    'A_1.JPG': {time: '2026-11-22T17:00:00'},
    'A_2.JPG': {time: '2026-11-22T09:00:00'},
  });
  const surveyed = await survey(root, {captures});
  t.like(surveyed.ok && surveyed.value.survey, {
    firstTaken: '2026-11-22T09:00:00',
    shootDate: '2026-11-22',
    lastTaken: '2026-11-22T17:00:00',
  });
});

test('an empty card has an empty survey', async (t) => {
  const surveyed = await survey(await makeTemporaryFolder(t));
  t.deepEqual(surveyed.ok && surveyed.value.survey, {
    files: 0,
    bytes: 0,
    kinds: [],
    cameras: [],
    firstTaken: null,
    shootDate: null,
    lastTaken: null,
    unreadable: 0,
  });
});

test('what cannot be looked at is counted; a card that cannot be listed is a cause', async (t) => {
  const root = await makeTemporaryFolder(t);
  await makeFiles(root, ['DCIM/A.JPG', 'DCIM/B.JPG']);
  const bad = failsCalls(realFiles, ['look'], (path) => path.endsWith('B.JPG'), 'EIO');
  const surveyed = await survey(root, {files: bad, captures: says({})});
  t.like(surveyed.ok && surveyed.value.survey, {files: 1, unreadable: 1});
  const gone = failsCalls(realFiles, ['list'], below(root), 'ENODEV');
  const failure = await survey(root, {files: gone});
  t.like(!failure.ok && failure.cause, {code: 'card-unreadable', path: root});
});

test('the signal stops it wherever it is', async (t) => {
  const root = await makeTemporaryFolder(t);
  await makeFiles(root, ['DCIM/A.JPG', 'DCIM/B.JPG', 'DCIM/C.JPG']);
  const early = await survey(root, {captures: says({})}, AbortSignal.abort());
  t.is(!early.ok && early.cause.code, 'cancelled');
  const stop = new AbortController();
  let asked = 0;
  const captures = {
    async read() {
      asked += 1;
      stop.abort();
      return undefined;
    },
  };
  const late = await survey(root, {captures}, stop.signal);
  t.is(!late.ok && late.cause.code, 'cancelled');
  t.is(asked, 1);
});
