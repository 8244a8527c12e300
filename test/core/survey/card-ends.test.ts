import test from 'ava';
import fc from 'fast-check';
import type {CardFile} from '../../../src/core/card.ts';
import {EndFinder} from '../../../src/core/survey/card-ends.ts';
import {file} from './files.ts';

function findEnds(files: readonly CardFile[], count = 3) {
  const finder = new EndFinder(count);
  for (const one of files) finder.add(one);
  const {first, last} = finder.find();
  return {first: first.map(({path}) => path), last: last.map(({path}) => path)};
}

const named = (number: number) => `DCIM/100CANON/IMG_${String(number).padStart(4, '0')}.JPG`;

test('the ends of any card are those of all its pictures in order', (t) => {
  const numbers = fc.uniqueArray(fc.integer({min: 1, max: 9999}), {maxLength: 30});
  fc.assert(
    fc.property(numbers, fc.integer({min: 1, max: 5}), (found, count) => {
      const sorted = found.toSorted((a, b) => a - b).map(named);
      const ends = findEnds(
        found.map((number) => file(named(number))),
        count,
      );
      t.deepEqual(ends.first, sorted.slice(0, count));
      t.deepEqual(ends.last, sorted.toReversed().slice(0, count));
    }),
  );
});

test('pictures of the camera come before those made of films, and these before films', (t) => {
  const film = file('PRIVATE/M4ROOT/CLIP/C0001.MP4');
  const still = file('PRIVATE/M4ROOT/THMBNL/C0001T01.JPG');
  const picture = file('DCIM/100MSDCF/DSC00001.ARW');
  t.deepEqual(findEnds([film, still, picture]).last, [picture.path]);
  t.deepEqual(findEnds([film, still]).last, [still.path]);
  t.deepEqual(findEnds([film]), {first: [film.path], last: [film.path]});
});

test('what is empty or no picture is not asked', (t) => {
  const files = [file('DCIM/A.JPG', {size: 0}), file('DCIM/A.XMP'), file('MISC/B.CTG')];
  t.deepEqual(findEnds(files), {first: [], last: []});
});
