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
  const {bytes} = shootSingle(1, 'DCIM/IMG_0001.JPG', clockTime(10, 0));
  await writeFile(path, bytes);
  const calls: Call[] = [];
  const capture = await exifCaptures.read(recordsCalls(realFiles, calls), path);
  t.is(capture?.make, CAMERA.make);
  t.is(capture?.model, CAMERA.model);
  t.regex(capture?.date ?? '', /^\d{4}-\d{2}-\d{2}$/);
  t.deepEqual([...new Set(calls.map(({method}) => method))].sort(), [
    'close',
    'openToRead',
    'read',
  ]);
});

test('what is no picture says nothing, and what is not there neither', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await writeFile(join(folder, 'X.JPG'), 'no picture');
  const read = await exifCaptures.read(realFiles, join(folder, 'X.JPG'));
  t.true(read === undefined || Object.values(read).every((value) => value === ''));
  t.is(await exifCaptures.read(realFiles, join(folder, 'missing.JPG')), undefined);
});
