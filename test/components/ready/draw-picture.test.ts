import test from 'ava';
import {
  drawColours,
  drawShades,
  pictureOf,
  shrinkPicture,
} from '../../../components/ready/draw-picture.ts';

const red = 0xff0000;
const blue = 0x0000ff;

test('two rows of pixels are one line, and equal cells one run', (t) => {
  const picture = {width: 3, height: 2, pixels: [red, red, blue, blue, blue, 0x0a0b0c]};
  t.deepEqual(drawColours(picture, '▀'), [
    [
      {text: '▀▀', color: '#ff0000', backgroundColor: '#0000ff'},
      {text: '▀', color: '#0000ff', backgroundColor: '#0a0b0c'},
    ],
  ]);
});

test('an odd last row has no ground', (t) => {
  const picture = {width: 2, height: 3, pixels: [red, red, red, red, blue, blue]};
  t.deepEqual(drawColours(picture, '▀'), [
    [{text: '▀▀', color: '#ff0000', backgroundColor: '#ff0000'}],
    [{text: '▀▀', color: '#0000ff'}],
  ]);
});

test('shades from dark to bright', (t) => {
  const grey = (level: number) => level * 0x010101;
  const levels = [0, 28, 57, 85, 113, 142, 170, 198, 227, 255].map(grey);
  t.deepEqual(drawShades({width: 10, height: 2, pixels: [...levels, ...levels]}), [
    [{text: ' .:-=+*#%@'}],
  ]);
  t.deepEqual(drawShades({width: 1, height: 2, pixels: [0xffffff, 0x404040]}), [[{text: '*'}]]);
  t.deepEqual(drawShades({width: 1, height: 1, pixels: [0xffffff]}), [[{text: '@'}]]);
});

test('a picture that is too large is shrunk in its own shape, one that is not stays', (t) => {
  const picture = {width: 4, height: 4, pixels: Array.from({length: 16}, (_, at) => at * 2)};
  t.is(shrinkPicture(picture, {cells: 4, lines: 2}), picture);
  t.deepEqual(shrinkPicture(picture, {cells: 2, lines: 9}), {
    width: 2,
    height: 2,
    pixels: [5, 9, 21, 25],
  });
  t.deepEqual(shrinkPicture({width: 9, height: 2, pixels: []}, {cells: 3, lines: 3}), {
    width: 3,
    height: 1,
    pixels: [0, 0, 0],
  });
});

test('no pixels, no picture', (t) => {
  t.is(pictureOf({path: 'A.CR3', width: 4, height: 4, pixels: null}), null);
  t.is(pictureOf({path: 'A.CR3', width: 0, height: 0, pixels: []}), null);
});
