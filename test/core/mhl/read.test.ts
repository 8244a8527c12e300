/** Reading of XML, manifests and chains that come from anywhere. */
import test from 'ava';
import fc from 'fast-check';
import {readChain, writeChain} from '../../../src/core/mhl/chain.ts';
import {readManifest} from '../../../src/core/mhl/read-manifest.ts';
import {readXml} from '../../../src/core/mhl/read-xml.ts';

const manifest = (hashes: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<hashlist version="2.0" xmlns="urn:ASC:MHL:v2.0"><creatorinfo><tool version="1">Other</tool></creatorinfo><processinfo><process>transfer</process><ignore><pattern>ascmhl</pattern></ignore></processinfo><hashes>${hashes}</hashes></hashlist>`;
const entry = (path: string, hash = '<xxh64 action="original">26c7827d889f6da3</xxh64>') =>
  `<hash><path size="5">${path}</path>${hash}</hash>`;

test('elements, attributes, namespaces, comments, instructions, CDATA and the entities of XML', (t) => {
  const root = readXml(
    `\uFEFF<?xml version="1.0"?>\r\n<!-- a -- ><b> --><?pi x?><m:a xmlns:m="urn:m" xmlns="urn:d" m:x="1" y='&lt;&#65;&#x1F4F7;"'>one<b/>&amp;<![CDATA[<&]]></m:a>\n`,
  );
  t.like(root, {name: 'a', namespace: 'urn:m', text: 'one&<&'});
  t.deepEqual([...(root?.attributes ?? [])], [['y', '<A\u{1F4F7}"']]);
  t.like(root?.children[0], {name: 'b', namespace: 'urn:d', text: ''});
});

const refused: Readonly<Record<string, string>> = {
  nothing: '',
  'a document type': '<!DOCTYPE a><a/>',
  'an entity that expands': '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>',
  'an external entity': '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  'an entity that nobody declared': '<a>&b;</a>',
  'a lone ampersand': '<a>b & c</a>',
  'half of a pair': '<a>&#xD800;</a>',
  'a character that is too high': '<a>&#x110000;</a>',
  'two roots': '<a/><b/>',
  'text beside the root': '<a/>b',
  'an element that is not closed': '<a><b></a>',
  'an end without a start': '</a>',
  'a prefix that nobody declared': '<m:a/>',
  'the same attribute twice': '<a b="1" b="2"/>',
  'an attribute without quotes': '<a b=1/>',
  'a comment without an end': '<a><!-- </a>',
  'elements in elements without end': '<a>'.repeat(100) + '</a>'.repeat(100),
};
for (const [what, text] of Object.entries(refused)) {
  test(`refused: ${what}`, (t) => {
    t.is(readXml(text), undefined);
  });
}

test('no text makes the reader throw, and none holds it up', (t) => {
  const parts = ['<', '>', '/', 'a', '&', ';', '"', '=', ' ', '<!--', '-->', '<![CDATA[', 'xmlns'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), {maxLength: 40}), (words) => {
      readXml(words.join(''));
      readManifest(words.join(''));
      readChain(words.join(''));
      t.pass();
    }),
  );
  const start = performance.now();
  const many = 1_000_000;
  for (const text of [
    `<a${' '.repeat(many)}`,
    `<a ${'b'.repeat(many)}`,
    `<a>${'<'.repeat(many)}`,
    `<!--${'-'.repeat(many)}`,
    `<a b="${'"'.repeat(many)}`,
    `<a>${'&'.repeat(many)}</a>`,
  ]) {
    t.is(readXml(text), undefined);
  }
  t.true(performance.now() - start < 3000);
});

test('a manifest is read as others write it: prefixed, with CRLF, without actions', (t) => {
  const plain = readManifest(
    manifest(entry('A') + entry('B', '<md5>d41d8cd98f00b204e9800998ecf8427e</md5>')),
  );
  t.deepEqual(plain, {
    tool: 'Other',
    ignore: ['ascmhl'],
    files: [
      {path: 'A', hashes: [{format: 'xxh64', value: '26c7827d889f6da3', action: 'original'}]},
      {
        path: 'B',
        hashes: [{format: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e', action: undefined}],
      },
    ],
  });
  const prefixed = manifest(entry('A'))
    .replace('xmlns=', 'xmlns:m=')
    .replaceAll(/<(\/?)([a-z])/g, '<$1m:$2')
    .replaceAll('>', '>\r\n')
    .replace('A\r\n', 'A');
  t.is(readManifest(prefixed.replaceAll(/>\r\n([^<])/g, '>$1'))?.files[0]?.path, 'A');
});

test('what stands in metadata is no hash and no path', (t) => {
  const inner = '<metadata><path>../x</path><xxh64>1111111111111111</xxh64></metadata>';
  const read = readManifest(manifest(`<hash><path>A</path>${inner}</hash>`));
  t.deepEqual(read?.files, [{path: 'A', hashes: []}]);
});

test('paths that lead out of the folder, and hashes that are none, are passed over', (t) => {
  const bad = ['../A', '/A', 'A/../../B', '', '.', 'A//B'];
  t.deepEqual(readManifest(manifest(bad.map((path) => entry(path)).join('')))?.files, []);
  const hash = '<xxh64 action="original">26C7827D889F6DA3</xxh64><blake3>00</blake3>';
  t.deepEqual(readManifest(manifest(entry('A', hash)))?.files, [{path: 'A', hashes: []}]);
});

test('other versions and other documents are no manifests', (t) => {
  t.is(readManifest(manifest('').replace('version="2.0"', 'version="1.1"')), undefined);
  t.is(readManifest(manifest('').replace('urn:ASC:MHL:v2.0', 'urn:other')), undefined);
  t.is(readManifest('<hashlist version="1.1"/>'), undefined);
});

const c4 = `c4${'1'.repeat(88)}`;
const link = (number: number, name = `000${number}_A.mhl`) => ({number, name, c4});

test('a chain is read as it was written', (t) => {
  const links = [link(1), link(2, '0002_A & B.mhl')];
  t.deepEqual(readChain(writeChain(links)), links);
  t.is(
    writeChain([link(1)]),
    `<?xml version="1.0" encoding="UTF-8"?>
<ascmhldirectory xmlns="urn:ASC:MHL:DIRECTORY:v2.0">
  <hashlist sequencenr="1">
    <path>0001_A.mhl</path>
    <c4>${c4}</c4>
  </hashlist>
</ascmhldirectory>
`,
  );
});

test('a chain with a gap, two of one number, a path, or something else than manifests is none', (t) => {
  for (const links of [
    [],
    [link(2)],
    [link(1), link(3)],
    [link(1), link(1)],
    [link(1, 'x/0001_A.mhl')],
    [link(1, '0002_A.mhl')],
    [link(1, 'offload.mhl')],
    [{...link(1), c4: 'c4'}],
  ]) {
    t.is(readChain(writeChain(links)), undefined);
  }
});
