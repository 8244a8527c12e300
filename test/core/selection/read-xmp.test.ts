import test from 'ava';
import fc from 'fast-check';
import {
  cutJpegXmp,
  findTiffDirectory,
  findTiffXmp,
} from '../../../src/core/selection/embedded-xmp.ts';
import {findXmp} from '../../../src/core/selection/find-xmp.ts';
import {NOTHING_SAID, readXmp} from '../../../src/core/selection/read-xmp.ts';
import {madeXmp} from '../../helpers/selection-scene.ts';

test('what Lightroom writes is read: stars, flag, colour, keywords and the extension', (t) => {
  const facts = readXmp(
    madeXmp({
      rating: 4,
      pick: 1,
      label: 'Rot &amp; neu',
      colour: 'red',
      keywords: ['Best', 'A &lt; B', '&#x48;ochzeit'],
      hierarchy: ['Wedding|Portfolio'],
      extension: 'nef',
    }),
  );
  t.deepEqual(facts, {
    rating: 4,
    pick: 1,
    labels: ['red', 'Rot & neu'],
    keywords: ['Best', 'A < B', 'Hochzeit', 'Wedding|Portfolio'],
    extension: 'NEF',
  });
});

test('elements are read as attributes are', (t) => {
  const text = madeXmp({rating: 2, pick: -1, label: 'Blau'})
    .replace(' xmp:Rating="2"', '')
    .replace(' xmpDM:pick="-1"', '')
    .replace(
      '</rdf:Description>',
      '<xmp:Rating> 2 </xmp:Rating><xmpDM:pick>-1</xmpDM:pick></rdf:Description>',
    );
  t.like(readXmp(text), {rating: 2, pick: -1, labels: ['Blau']});
});

test('Adobe leaves away what a picture has not; of others nothing is known', (t) => {
  t.deepEqual(readXmp(madeXmp({toolkit: 'Adobe XMP Core 7.0', changed: true})), {
    rating: 0,
    pick: undefined,
    labels: [],
    keywords: [],
    extension: undefined,
  });
  // A phone with Adobe's toolkit, in which nobody ever rated anything.
  t.deepEqual(readXmp(madeXmp({toolkit: 'Adobe XMP Core 5.1.0-jc003'})), NOTHING_SAID);
  t.deepEqual(readXmp(madeXmp({changed: true, rating: 3})), {...NOTHING_SAID, rating: 3});
});

test('xmpDM:good stands for a flag where xmpDM:pick is missing', (t) => {
  const good = (value: string) =>
    readXmp(madeXmp({rating: 1}).replace(' xmp:Rating="1"', ` xmpDM:good="${value}"`)).pick;
  t.deepEqual([good('true'), good('False'), good('maybe')], [1, -1, undefined]);
  t.is(readXmp(madeXmp({pick: 0}).replace('xmpDM:pick', 'xmpDM:good="true" xmpDM:pick')).pick, 0);
});

test('no colour and an empty label are no label, which is known', (t) => {
  t.deepEqual(readXmp(madeXmp({colour: 'none', label: ''})).labels, []);
});

test('keywords of what a picture was made from are not its own', (t) => {
  const inner = madeXmp({keywords: ['Other']}).replace(/^.*?<rdf:Description/s, '<rdf:Description');
  const outer = madeXmp({keywords: ['Own']}).replace(
    '</rdf:Description>',
    `<x:Pantry><rdf:Bag><rdf:li>${inner.replace(/<\/rdf:RDF>.*/s, '')}</rdf:li></rdf:Bag></x:Pantry></rdf:Description>`,
  );
  t.deepEqual(readXmp(outer).keywords, ['Own']);
});

test('a document type, nonsense and a million keywords do no harm', (t) => {
  t.deepEqual(readXmp(`<!DOCTYPE x [<!ENTITY a "b">]>${madeXmp({rating: 5})}`), NOTHING_SAID);
  const many = madeXmp({keywords: Array.from({length: 20_000}, (_, at) => `k${at}`)});
  t.is(readXmp(many).keywords?.length, 5000);
  t.deepEqual(readXmp(madeXmp({rating: 9, pick: 7})), NOTHING_SAID);
  fc.assert(
    fc.property(fc.string({maxLength: 300}), fc.nat(), (noise, at) => {
      const text = madeXmp({rating: 3, keywords: ['a']});
      const cut = at % text.length;
      t.notThrows(() => readXmp(text.slice(0, cut) + noise + text.slice(cut)));
      t.notThrows(() => [...findXmp(text.slice(cut) + noise + text)]);
    }),
  );
});

/** Segments of a JPEG. */
const segment = (marker: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(marker, 0);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};
const START = Buffer.from([0xff, 0xd8]);
const SCAN = Buffer.from([0xff, 0xda, 0, 2, 1, 2, 3]);
const packet = (text: string) => Buffer.from(`http://ns.adobe.com/xap/1.0/\0${text}`, 'utf8');

test('XMP of a JPEG lies in a segment of its own, behind EXIF and previews', (t) => {
  const exif = segment(0xffe1, Buffer.concat([Buffer.from('Exif\0\0'), Buffer.alloc(60_000)]));
  const xmp = madeXmp({rating: 3, label: 'Grün'});
  const jpeg = Buffer.concat([START, exif, segment(0xffe1, packet(xmp)), SCAN]);
  t.is(cutJpegXmp(jpeg)?.toString('utf8'), xmp);
  t.is(cutJpegXmp(Buffer.concat([START, exif, SCAN, segment(0xffe1, packet(xmp))])), null);
  t.is(cutJpegXmp(jpeg.subarray(0, 60_300)), null);
  t.is(cutJpegXmp(Buffer.from('II*\0')), undefined);
  t.is(cutJpegXmp(Buffer.alloc(0)), undefined);
});

test('XMP of a TIFF is where its first directory says', (t) => {
  for (const isLittle of [true, false]) {
    const head = Buffer.alloc(8);
    head.write(isLittle ? 'II' : 'MM', 'latin1');
    const directory = Buffer.alloc(2 + 12);
    const short = (at: number, value: number) =>
      isLittle ? directory.writeUInt16LE(value, at) : directory.writeUInt16BE(value, at);
    const long = (at: number, value: number) =>
      isLittle ? directory.writeUInt32LE(value, at) : directory.writeUInt32BE(value, at);
    if (isLittle) {
      head.writeUInt16LE(42, 2);
      head.writeUInt32LE(8, 4);
    } else {
      head.writeUInt16BE(42, 2);
      head.writeUInt32BE(8, 4);
    }
    short(0, 1);
    short(2, 700);
    short(4, 1);
    long(6, 1234);
    long(10, 99_000);
    t.deepEqual(findTiffDirectory(head), {at: 8, isLittle});
    t.deepEqual(findTiffXmp(directory, isLittle), {from: 99_000, to: 100_234});
    short(2, 701);
    t.is(findTiffXmp(directory, isLittle), null);
    t.is(findTiffXmp(Buffer.alloc(1), isLittle), null);
  }
  t.is(findTiffDirectory(Buffer.from('II*\0\u0004\0\0\0', 'latin1')), undefined);
  t.is(findTiffDirectory(Buffer.from('RIFFabcd')), undefined);
});
