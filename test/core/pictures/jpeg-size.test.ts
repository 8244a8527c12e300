import test from 'ava';
import fc from 'fast-check';
import {isDecodable, readJpegSize} from '../../../src/core/pictures/jpeg-size.ts';

const segment = (marker: number, ...bytes: readonly number[]) => [
  0xff,
  marker,
  (bytes.length + 2) >> 8,
  (bytes.length + 2) & 255,
  ...bytes,
];
const frame = (marker: number, width: number, height: number, components = 3) =>
  segment(
    marker,
    ...[8, height >> 8, height & 255, width >> 8, width & 255, components],
    ...Array.from({length: components}, (_, index) => [index + 1, 0x11, 0]).flat(),
  );
const scan = (components = 3) =>
  segment(
    0xda,
    components,
    ...Array.from({length: components}, (_, i) => [i + 1, 0]).flat(),
    ...[0, 63, 0],
  );
const SOI = [0xff, 0xd8];
const jpeg = (...parts: readonly (readonly number[])[]) =>
  Uint8Array.from([...SOI, ...parts].flat());

test('the size is read from the frame, past everything that stands before it', (t) => {
  const app = segment(0xe1, ...new Array<number>(300).fill(0xff));
  const bytes = jpeg(app, [0xff, 0xff], segment(0xdb, 1), frame(0xc0, 4000, 3000), scan());
  t.deepEqual(readJpegSize(bytes), {width: 4000, height: 3000, buffered: false});
});

test('progressive pictures and several scans need all memory at once', (t) => {
  const progressive = jpeg(frame(0xc2, 100, 50), scan());
  t.deepEqual(readJpegSize(progressive), {width: 100, height: 50, buffered: true});
  t.true(readJpegSize(jpeg(frame(0xc0, 100, 50), scan(1)))?.buffered);
  t.false(readJpegSize(jpeg(frame(0xc0, 100, 50, 1), scan(1)))?.buffered);
});

const none: ReadonlyArray<readonly [what: string, bytes: Uint8Array]> = [
  ['nothing', new Uint8Array()],
  ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a)],
  ['a JPEG without a scan', jpeg(frame(0xc0, 10, 10))],
  ['a scan without a frame', jpeg(scan())],
  ['two frames', jpeg(frame(0xc0, 10, 10), frame(0xc0, 60_000, 60_000), scan())],
  ['a frame of another kind', jpeg(frame(0xc3, 10, 10), scan())],
  ['no height', jpeg(frame(0xc0, 10, 0), scan())],
  ['a segment that ends after the file', jpeg([0xff, 0xe1, 0x10, 0x00], frame(0xc0, 10, 10))],
  ['a segment without a length', jpeg([0xff, 0xe1, 0, 0], frame(0xc0, 10, 10), scan())],
  ['bytes between segments', jpeg([0], frame(0xc0, 10, 10), scan())],
];
for (const [what, bytes] of none) {
  test(`${what} has no size`, (t) => {
    t.is(readJpegSize(bytes), undefined);
  });
}

test('any bytes are read without a fault', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 200}), (bytes) => {
      readJpegSize(Uint8Array.from([...SOI, 0xff, ...bytes]));
      readJpegSize(jpeg([...bytes], frame(0xc0, 10, 10), scan()));
      return true;
    }),
  );
  t.pass();
});

test('claims of a huge size are not followed', (t) => {
  const ask = (width: number, height: number, buffered = false) =>
    isDecodable({width, height, buffered});
  t.true(ask(14_204, 10_652));
  t.false(ask(60_000, 60_000));
  t.true(ask(6000, 4000, true));
  t.false(ask(14_204, 10_652, true));
});
