import test from 'ava';
import {ascii, short, writeTiff} from '../../../samples/tiff.ts';
import {findJpegs} from '../../../src/core/pictures/embedded-jpegs.ts';
import {readTiffOrientation} from '../../../src/core/pictures/tiff-orientation.ts';
import {makeJpeg} from '../../helpers/made-jpegs.ts';

const make = ascii('Canon');

test('the orientation of a raw file is read from its first directory', (t) => {
  const {bytes} = writeTiff([
    new Map([
      [0x010f, make],
      [0x0112, short(6)],
    ]),
  ]);
  t.is(readTiffOrientation(bytes), 6);
  t.is(readTiffOrientation(writeTiff([new Map([[0x010f, make]])]).bytes), 1);
  t.is(readTiffOrientation(writeTiff([new Map([[0x0112, short(77)]])]).bytes), 1);
});

test('what is no TIFF, or is cut off, says nothing', (t) => {
  const {bytes} = writeTiff([new Map([[0x0112, short(6)]])]);
  for (let length = 0; length < 22; length++) {
    t.is(readTiffOrientation(bytes.subarray(0, length)), undefined, `${length}`);
  }
  t.is(readTiffOrientation(Buffer.from('....ftypcrx ')), undefined);
  const wild = Buffer.from(bytes);
  wild.writeUInt32LE(0xffff_fff0, 4);
  t.is(readTiffOrientation(wild), undefined);
});

test('JPEGs are found wherever they begin, and beginnings of nothing are not', async (t) => {
  const thumbnail = await makeJpeg({width: 60, height: 40, colour: '#ff0000'});
  const jpeg = await makeJpeg({width: 320, height: 200, colour: '#0000ff', thumbnail});
  const bytes = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0, 0), Buffer.alloc(99), jpeg]);
  t.deepEqual(
    findJpegs(bytes).map(({width, height}) => [width, height]),
    [
      [320, 200],
      [60, 40],
    ],
  );
  t.deepEqual(findJpegs(Buffer.alloc(500, Buffer.of(0xff, 0xd8))), []);
});
