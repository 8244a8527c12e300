import test from 'ava';
import {type GroupedTags, readFacts} from '../../../src/core/photo/read-facts.ts';

const read = (tags: GroupedTags) => readFacts(tags, {timeZone: 'Europe/Berlin', isFilm: true});

test('the camera goes before what programs wrote, and a time that is none is passed over', (t) => {
  const facts = read({
    'XMP:DateTimeOriginal': '2001:01:01 01:01:01',
    'EXIF:DateTimeOriginal': '2026:11:22 14:02:11',
    'EXIF:SubSecTimeOriginal': 25,
    'EXIF:OffsetTimeOriginal': '+09:00',
    'XMP:Model': 'other',
    'EXIF:Model': 'EOS R6',
  });
  t.deepEqual(facts?.takenAt, {
    local: '2026-11-22T14:02:11',
    milliseconds: 250,
    offsetMinutes: 540,
    source: 'recorded',
  });
  t.is(facts?.model, 'EOS R6');
  const hostile = read({
    'EXIF:DateTimeOriginal': '../../etc',
    'EXIF:CreateDate': '0000:00:00 00:00:00',
    'XMP:CreateDate': '2026:01:02 03:04:05',
  });
  t.is(hostile?.takenAt?.local, '2026-01-02T03:04:05');
  t.is(
    read({'EXIF:Model': 'X', 'EXIF:DateTimeOriginal': '2107:01:01 00:00:00'})?.takenAt,
    undefined,
  );
  t.is(read({'File:FileType': 'JPEG'}), undefined);
});

test("a film's header is UTC, and its local time is used where it has one", (t) => {
  t.deepEqual(read({'QuickTime:CreateDate': '2026:06:20 22:30:00'})?.takenAt, {
    local: '2026-06-21T00:30:00',
    milliseconds: 0,
    offsetMinutes: null,
    utcMs: Date.UTC(2026, 5, 20, 22, 30),
    source: 'utc',
  });
  const local = read({
    'QuickTime:CreateDate': '2026:06:20 22:30:00',
    'QuickTime:CreationDate': '2026:06:21 07:30:00+09:00',
  });
  t.like(local?.takenAt, {local: '2026-06-21T07:30:00', offsetMinutes: 540, source: 'recorded'});
  t.is(
    read({'QuickTime:CreateDate': '0000:00:00 00:00:00', 'QuickTime:Duration': 2.5})?.takenAt,
    undefined,
  );
});

test('lens and serial number are names', (t) => {
  const facts = read({
    'XMP:LensID': 230,
    'Composite:LensID': 'Canon EF 24-70mm f/2.8L USM',
    'MakerNotes:SerialNumber': 'No= 1005a431',
  });
  t.is(facts?.lens, 'Canon EF 24-70mm f/2.8L USM');
  t.is(facts?.serial, '1005a431');
  t.is(read({'EXIF:Model': 'X', 'MakerNotes:LensType': 'n/a', 'XMP:LensID': 154})?.lens, '');
  t.is(read({'EXIF:Model': 'x'.repeat(1_000_000)})?.model.length, 200);
});
