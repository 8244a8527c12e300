import test from 'ava';
import fc from 'fast-check';
import {shootSingle} from '../../../samples/camera-roll.ts';
import {clockTime} from '../../../samples/card-time.ts';
import {CAMERA} from '../../../samples/exif.ts';
import {readJpegTags} from '../../../src/core/photo/jpeg-facts.ts';
import {readFacts} from '../../../src/core/photo/read-facts.ts';

const {bytes} = shootSingle(1, 'DCIM/IMG_0001.JPG', clockTime(10, 0, 2));

test('the EXIF of a JPEG is read without a tool', (t) => {
  const facts = readFacts(readJpegTags(bytes) ?? {}, {timeZone: 'UTC', isFilm: false});
  t.like(facts, {
    takenAt: {local: '2026-06-20T10:00:02', offsetMinutes: 120, source: 'recorded'},
    make: CAMERA.make,
    model: CAMERA.model,
    serial: CAMERA.serial,
    lens: CAMERA.lens,
    durationSeconds: null,
  });
  t.regex(facts?.exposure ?? '', /^1\/\d+$/);
  t.regex(facts?.focalLength ?? '', /^\d+\.\d mm$/);
});

test('what is no JPEG with EXIF is left to exiftool', (t) => {
  t.is(readJpegTags(new Uint8Array()), undefined);
  t.is(readJpegTags(Buffer.from('no picture at all')), undefined);
  t.is(readJpegTags(bytes.subarray(0, 60)), undefined);
  t.is(readJpegTags(Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2])), undefined);
});

test('no bytes whatever make it fail', (t) => {
  const spoilt = fc
    .array(fc.tuple(fc.nat({max: 700}), fc.nat({max: 255})), {maxLength: 30})
    .map((changes) => {
      const copy = Buffer.from(bytes.subarray(0, 4096));
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.oneof(spoilt, fc.uint8Array({maxLength: 300})), (head) => {
        const tags = readJpegTags(head);
        if (tags !== undefined) readFacts(tags, {timeZone: 'UTC', isFilm: false});
      }),
      {numRuns: 1000},
    );
  });
});
