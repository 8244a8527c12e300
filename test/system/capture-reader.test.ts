import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {shootSingle} from '../../samples/camera-roll.ts';
import {clockTime} from '../../samples/card-time.ts';
import {CAMERA} from '../../samples/exif.ts';
import {exifCaptures} from '../../src/system/capture-reader.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {type Call, recordsCalls} from '../helpers/faulty-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

test('a picture says when and by what it was taken; the card is opened for reading only', async (t) => {
  const path = join(await makeTemporaryFolder(t), "it's 写真 $(x).JPG");
  const {bytes} = shootSingle(1, 'DCIM/IMG_0001.JPG', clockTime(10, 0, 2));
  await writeFile(path, bytes);
  const calls: Call[] = [];
  const capture = await exifCaptures.read(recordsCalls(realFiles, calls), path);
  t.is(capture?.make, CAMERA.make);
  t.is(capture?.model, CAMERA.model);
  t.is(capture?.date, '2026-06-20');
  t.is(capture?.time, '2026-06-20T10:00:02');
  t.deepEqual([...new Set(calls.map(({method}) => method))].sort(), [
    'close',
    'openToRead',
    'read',
  ]);
});

const clocks: ReadonlyArray<readonly [exif: string, date: string, time: string]> = [
  ['2026:02:29 10:00:00', '', ''],
  ['0000:00:00 00:00:00', '', ''],
  ['2026:06:20 24:00:00', '2026-06-20', ''],
  ['    :  :     :  :  ', '', ''],
];
for (const [exif, date, time] of clocks) {
  test(`a clock that shows ${exif} is not believed`, async (t) => {
    const path = join(await makeTemporaryFolder(t), 'A.JPG');
    const {bytes} = shootSingle(1, 'DCIM/IMG_0001.JPG', clockTime(10, 0));
    const text = bytes.toString('latin1').replaceAll('2026:06:20 10:00:00', exif);
    await writeFile(path, Buffer.from(text, 'latin1'));
    const capture = await exifCaptures.read(realFiles, path);
    t.deepEqual([capture?.date, capture?.time, capture?.model], [date, time, CAMERA.model]);
  });
}

test('what is no picture says nothing, and what is not there neither', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, 'X.JPG'), 'no picture');
  const read = await exifCaptures.read(realFiles, join(folder, 'X.JPG'));
  t.true(read === undefined || Object.values(read).every((value) => value === ''));
  t.is(await exifCaptures.read(realFiles, join(folder, 'missing.JPG')), undefined);
});
