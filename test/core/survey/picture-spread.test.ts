import test from 'ava';
import fc from 'fast-check';
import type {CardFile} from '../../../src/core/card.ts';
import {PictureSpread} from '../../../src/core/survey/picture-spread.ts';
import {file} from './files.ts';

function spread(files: readonly CardFile[], count: number) {
  const pictures = new PictureSpread();
  for (const one of files) pictures.add(one);
  return [...pictures.choose(count)].map(({shown, others}) => [
    shown.path,
    ...others.map(({path}) => path),
  ]);
}

/** Folders of ten pictures each. */
const place = (index: number) =>
  `DCIM/${100 + Math.floor(index / 10)}CANON/IMG_${String((index % 10) + 1).padStart(4, '0')}`;

test('up to that many pictures in camera order, the first and the last among them, evenly apart', (t) => {
  const sizes = fc.record({
    pictures: fc.integer({min: 0, max: 90}),
    count: fc.integer({min: 1, max: 24}),
  });
  fc.assert(
    fc.property(sizes, fc.infiniteStream(fc.nat()), ({pictures, count}, random) => {
      const files = Array.from({length: pictures}, (_, index) => file(`${place(index)}.JPG`));
      const shuffled = files
        .map((one) => ({one, at: random.next().value ?? 0}))
        .sort((a, b) => a.at - b.at);
      const found = spread(
        shuffled.map(({one}) => one),
        count,
      ).map(([path]) => files.findIndex((one) => one.path === path));
      t.is(found.length, Math.min(pictures, count));
      const gaps = found.slice(1).map((index, before) => index - (found[before] ?? 0));
      t.true(gaps.every((gap) => gap >= 1));
      if (found.length > 1) {
        t.is(found[0], 0);
        t.is(found.at(-1), pictures - 1);
        t.true(Math.max(...gaps) - Math.min(...gaps) <= 1);
      }
    }),
    {numRuns: 200},
  );
});

test('a raw file and the JPEG beside it are one picture, and the JPEG is shown', (t) => {
  const files = ['DCIM/100C/A_0001.CR3', 'DCIM/100C/A_0001.JPG', 'DCIM/100C/A_0002.HIF'];
  const more = ['DCIM/100C/A_0002.CR3', 'DCIM/100C/A_0002.XMP', 'DCIM/101C/A_0001.jpg'];
  t.deepEqual(
    spread(
      [...files, ...more].map((path) => file(path)),
      24,
    ),
    [
      ['DCIM/100C/A_0001.JPG', 'DCIM/100C/A_0001.CR3'],
      ['DCIM/100C/A_0002.CR3', 'DCIM/100C/A_0002.HIF'],
      ['DCIM/101C/A_0001.jpg'],
    ],
  );
});

test('stills of films stand in where there are no pictures; empty files are none', (t) => {
  const still = file('DCIM/100GOPRO/GX010001.THM');
  const film = file('DCIM/100GOPRO/GX010001.MP4');
  const empty = file('DCIM/100GOPRO/GOPR0002.JPG', {size: 0});
  t.deepEqual(spread([film, still, empty], 24), [[still.path]]);
  t.deepEqual(spread([film, still, file('DCIM/A.JPG')], 24), [['DCIM/A.JPG']]);
  t.deepEqual(spread([film], 24), []);
});
