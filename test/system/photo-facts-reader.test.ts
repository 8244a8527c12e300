import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {shootSingle} from '../../samples/camera-roll.ts';
import {clockTime} from '../../samples/card-time.ts';
import {CAMERA} from '../../samples/exif.ts';
import {writeMp4} from '../../samples/mp4.ts';
import type {PhotoFacts} from '../../src/core/photo/photo-facts.ts';
import {exifFacts, type FactsOptions} from '../../src/system/photo-facts-reader.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {type Call, recordsCalls} from '../helpers/faulty-files.ts';
import {makeExifJpeg, text} from '../helpers/made-exif.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const {bytes: picture} = shootSingle(1, 'DCIM/IMG_0001.JPG', clockTime(10, 0, 2));

/** @returns what is said of each file, in the order of the files. */
async function read(
  folder: string,
  contents: Readonly<Record<string, Uint8Array>>,
  more: Partial<FactsOptions> & {files?: typeof realFiles} = {},
): Promise<readonly (readonly [name: string, facts: PhotoFacts | undefined])[]> {
  for (const [name, bytes] of Object.entries(contents)) await writeFile(join(folder, name), bytes);
  const requests = Object.entries(contents).map(([name, {length}]) => ({
    path: join(folder, name),
    size: length,
    mtimeNs: 0n,
  }));
  const options = {signal: new AbortController().signal, timeZone: 'Asia/Tokyo', ...more};
  const said: (readonly [string, PhotoFacts | undefined])[] = [];
  for await (const {path, facts} of exifFacts.readAll(more.files ?? realFiles, requests, options)) {
    said.push([path.slice(folder.length + 1), facts]);
  }
  return said;
}

const film = writeMp4({
  width: 16,
  height: 16,
  frames: [Buffer.alloc(3_000_000, 1)],
  framesPerSecond: 25,
  createdMs: Date.UTC(2026, 5, 20, 22, 30),
});

test.serial('pictures and films, in the order in which they were asked for', async (t) => {
  const said = await read(await makeTemporaryFolder(t), {
    "it's 写真 $(x).JPG": picture,
    'broken.JPG': Buffer.from('no picture'),
    'MVI_0002.MP4': film,
    'EMPTY.CR3': new Uint8Array(),
    // exiftool looks at these; the first one is read here.
    'IMG_0003.THM': picture,
    'cut.MP4': film.subarray(0, 100_000),
  });
  t.deepEqual(
    said.map(([name, facts]) => [name, facts?.takenAt?.local, facts?.takenAt?.source]),
    [
      ["it's 写真 $(x).JPG", '2026-06-20T10:00:02', 'recorded'],
      ['broken.JPG', undefined, undefined],
      ['MVI_0002.MP4', '2026-06-21T07:30:00', 'utc'],
      ['EMPTY.CR3', undefined, undefined],
      ['IMG_0003.THM', '2026-06-20T10:00:02', 'recorded'],
      ['cut.MP4', undefined, undefined],
    ],
  );
  const [first, , , , fifth] = said;
  // Both ways say the same.
  t.deepEqual(fifth?.[1], first?.[1]);
  t.is(first?.[1]?.serial, CAMERA.serial);
  t.is(said[2]?.[1]?.durationSeconds, 0.04);
});

test.serial(
  'of a long film only its ends are read, and the card is opened for reading only',
  async (t) => {
    const calls: Call[] = [];
    await read(
      await makeTemporaryFolder(t),
      {'A.MP4': film},
      {files: recordsCalls(realFiles, calls)},
    );
    const methods = [...new Set(calls.map(({method}) => method))].sort();
    t.deepEqual(methods, ['close', 'openToRead', 'read']);
    t.true(calls.filter(({method}) => method === 'read').length < 40);
  },
);

test.serial('many files are many questions, and the order stays', async (t) => {
  const names = Array.from(
    {length: 130},
    (_, index) => `${index}.${index % 2 === 0 ? 'JPG' : 'THM'}`,
  );
  const said = await read(
    await makeTemporaryFolder(t),
    Object.fromEntries(names.map((name) => [name, picture])),
    {details: []},
  );
  t.deepEqual(
    said.map(([name]) => name),
    names,
  );
  t.true(said.every(([, facts]) => facts?.model === CAMERA.model));
});

test.serial(
  'what is not asked for sends no picture to exiftool, and without it what is plain is known',
  async (t) => {
    const fields = (lens: string) => [
      text(36867, '2026:06:20 10:00:02\0'),
      text(42033, '0042\0'),
      ...(lens === '' ? [] : [text(42036, lens)]),
    ];
    const camera = [text(271, 'Canon\0'), text(272, 'Canon EOS R6\0')];
    const bare = makeExifJpeg({isLittle: true, camera, shot: fields('')});
    const folder = await makeTemporaryFolder(t);
    const before = process.env.TMPDIR;
    // Nothing can be given to exiftool.
    process.env.TMPDIR = join(folder, 'missing');
    try {
      const [[, facts] = []] = await read(folder, {'A.JPG': bare}, {details: ['serial']});
      t.like(facts, {serial: '0042', lens: '', model: 'Canon EOS R6'});
      const reasons: unknown[] = [];
      const names = Array.from({length: 5}, (_, index) => `${index}.JPG`);
      const said = await read(folder, Object.fromEntries(names.map((name) => [name, bare])), {
        details: ['serial', 'lens'],
        onTrouble: (reason) => reasons.push(reason),
      });
      t.is(reasons.length, 1);
      t.true(said.every(([, one]) => one?.takenAt !== undefined && one.serial === '0042'));
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  },
);

test.serial('aborted, it ends early', async (t) => {
  const signal = AbortSignal.abort();
  t.deepEqual(await read(await makeTemporaryFolder(t), {'A.THM': picture}, {signal}), []);
});

test.serial(
  'exiftool that cannot be asked is told once, and plain JPEGs are read all the same',
  async (t) => {
    const folder = await makeTemporaryFolder(t);
    const before = process.env.TMPDIR;
    process.env.TMPDIR = join(folder, 'missing');
    const reasons: unknown[] = [];
    try {
      const names = Array.from({length: 60}, (_, index) => `${index}.THM`);
      const contents = Object.fromEntries(names.map((name) => [name, picture]));
      const said = await read(
        folder,
        {'A.JPG': picture, ...contents},
        {
          onTrouble: (reason) => reasons.push(reason),
        },
      );
      t.is(said.length, 61);
      t.is(said[0]?.[1]?.model, CAMERA.model);
      t.true(said.slice(1).every(([, facts]) => facts === undefined));
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    t.is(reasons.length, 1);
  },
);
