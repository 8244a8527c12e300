import test from 'ava';
import type {CardFile} from '../../../src/core/card.ts';
import {findLonePictures} from '../../../src/core/structure/lone-pictures.ts';
import {codesOf, inFolder, pad, range} from './listing.ts';

const FOLDER = 'DCIM/100CANON';

/** Pairs of these extensions, without the files that are named. */
function pairs(count: number, without: readonly string[] = [], exts = ['CR3', 'JPG']) {
  const names = range(1, count).flatMap((n) => exts.map((ext) => `IMG_${pad(n)}.${ext}`));
  return inFolder(FOLDER, ...names.filter((name) => !without.includes(name)));
}

const lone = (files: readonly CardFile[]) => codesOf(findLonePictures, files);

test('half of a pair among pairs', (t) => {
  t.deepEqual(lone(pairs(12, ['IMG_0006.JPG'])), [`raw-without-jpeg ${FOLDER}/IMG_0006.CR3`]);
  t.deepEqual(lone(pairs(12, ['IMG_0006.CR3'])), [`jpeg-without-raw ${FOLDER}/IMG_0006.JPG`]);
  t.deepEqual(lone(pairs(5, ['IMG_0005.CR3'])), [`jpeg-without-raw ${FOLDER}/IMG_0005.JPG`]);
});

test('the partner is called what the neighbours have', (t) => {
  const [heif] = findLonePictures(pairs(12, ['IMG_0006.HIF'], ['ARW', 'HIF']));
  t.true(heif?.message.startsWith('has no HEIF beside it, '));
  const [jpeg] = findLonePictures(pairs(12, ['IMG_0006.JPG']));
  t.true(jpeg?.message.startsWith('has no JPEG beside it, '));
});

test('a HEIF stands for a JPEG', (t) => {
  const files = pairs(12, ['IMG_0006.JPG']);
  t.deepEqual(lone([...files, ...inFolder(FOLDER, 'IMG_0006.HIF')]), []);
});

test('two cards of one camera, or a camera that was switched: nothing is said', (t) => {
  t.deepEqual(lone(pairs(40, [], ['CR3'])), []);
  t.deepEqual(lone(pairs(40, [], ['JPG'])), []);
  const switched = range(21, 40).map((n) => `IMG_${pad(n)}.JPG`);
  t.deepEqual(lone(pairs(40, switched)), []);
  const mixed = range(1, 40).filter((n) => n % 3 === 0);
  t.deepEqual(
    lone(
      pairs(
        40,
        mixed.map((n) => `IMG_${pad(n)}.JPG`),
      ),
    ),
    [],
  );
});

test('few pictures say nothing', (t) => {
  t.deepEqual(lone(pairs(4, ['IMG_0002.JPG'])), []);
  t.deepEqual(lone(pairs(1, ['IMG_0001.JPG'])), []);
});

test('folders and cases are kept apart and together', (t) => {
  const files = pairs(8);
  t.deepEqual(lone([...files, ...inFolder('DCIM/101CANON', 'IMG_0009.CR3')]), []);
  t.deepEqual(lone([...files, ...inFolder(FOLDER, 'img_0009.cr3', 'IMG_0009.jpg')]), []);
});
