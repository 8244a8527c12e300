import test from 'ava';
import fc from 'fast-check';
import {findXmp} from '../../../src/core/selection/find-xmp.ts';
import {readXmp} from '../../../src/core/selection/read-xmp.ts';

const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
const XMP = 'xmlns:xmp="http://ns.adobe.com/xap/1.0/"';
const wrap = (inside: string) =>
  `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${RDF}>${inside}</rdf:RDF></x:xmpmeta>`;
const asAttribute = (rating: string) =>
  wrap(`<rdf:Description rdf:about="" ${XMP}\n xmp:Rating="${rating}" xmp:CreatorTool='a>b'/>`);
const asElement = (rating: string) =>
  wrap(`<rdf:Description rdf:about="" ${XMP}><xmp:Rating>${rating}</xmp:Rating></rdf:Description>`);

const findEmbeddedRating = (bytes: string) =>
  [...findXmp(bytes)].map(({rating}) => rating).find((rating) => rating !== undefined);

test('a rating is an attribute or an element, under whatever prefix', (t) => {
  for (const stars of [-1, 0, 1, 3, 5]) {
    t.is(readXmp(asAttribute(`${stars}`)).rating, stars);
    t.is(readXmp(asElement(` ${stars}\n`)).rating, stars);
    t.is(readXmp(asElement(`${stars}`).replaceAll('xmp', 'xap')).rating, stars);
    t.is(findEmbeddedRating(`\xFF\xD8 <rdf:RDF> ${asAttribute(`${stars}`)} tail`), stars);
  }
  t.is(readXmp(asAttribute('4').replaceAll('"', "'").replaceAll("'a>b'", '"a"')).rating, 4);
});

test('what is no rating of the picture itself is none', (t) => {
  const none = [
    '',
    'no XML',
    wrap(''),
    wrap('<rdf:Description rdf:about=""/>'),
    asAttribute(''),
    asAttribute('six'),
    asAttribute('7'),
    asAttribute('&three;'),
    asAttribute('3').replace('http://ns.adobe.com/xap/1.0/', 'http://example.org/'),
    wrap(`<!-- <rdf:Description ${XMP} xmp:Rating="3"/> -->`),
    wrap(
      `<rdf:Description ${XMP}><x:y><![CDATA[<xmp:Rating>3</xmp:Rating>]]></x:y></rdf:Description>`,
    ),
    // Of a picture that this one was made from.
    wrap(
      `<rdf:Description ${XMP}><x:Pantry><rdf:Bag><rdf:li><rdf:Description xmp:Rating="5"/></rdf:li></rdf:Bag></x:Pantry></rdf:Description>`,
    ),
    `<!DOCTYPE x [<!ENTITY three "3">]>${asElement('&three;')}`,
    `<!DOCTYPE x>${asElement('3')}`,
  ];
  for (const text of none) t.is(readXmp(text).rating, undefined, text);
});

test('a sidecar may say which of several files it belongs to', (t) => {
  const text = wrap(
    `<rdf:Description ${XMP} xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:SidecarForExtension="cr3" xmp:Rating="2"/>`,
  );
  t.like(readXmp(text), {rating: 2, extension: 'CR3'});
});

test('nothing makes the reader fail or hang', (t) => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          '<',
          '>',
          '/',
          '"',
          "'",
          '=',
          ' ',
          'a',
          ':',
          '!--',
          '?',
          '![CDATA[',
          asAttribute('3'),
        ),
      ),
      (parts) => {
        readXmp(parts.join(''));
        findEmbeddedRating(parts.join(''));
        return true;
      },
    ),
    {numRuns: 300},
  );
  const long = 200_000;
  for (const text of [
    '<'.repeat(long),
    `<a${' '.repeat(long)}`,
    `<a ${'b'.repeat(long)}`,
    '<a '.repeat(long),
    '<a>'.repeat(long),
    '<a b="'.repeat(long),
    '<rdf:RDF>'.repeat(long),
    `${'<rdf:RDF>'.repeat(long)}</rdf:RDF>`,
    '<rdf:RDF></rdf:RDF>'.repeat(long),
  ]) {
    const startMs = performance.now();
    readXmp(text);
    findEmbeddedRating(text);
    t.true(performance.now() - startMs < 5000, text.slice(0, 12));
  }
});
