import test from 'ava';
import type {MhlFile, MhlHash, MhlManifest} from '../../../src/core/mhl/manifest-model.ts';
import {readManifest} from '../../../src/core/mhl/read-manifest.ts';
import {writeManifest} from '../../../src/core/mhl/write-manifest.ts';
import {escapeXml, isWritablePath} from '../../../src/core/mhl/xml-text.ts';

const at = '2026-11-23T18:42:07.123Z';
const hash = (format: MhlHash['format'], value: string): MhlHash => ({
  format,
  value,
  action: 'original',
  at,
});
const file = (path: string, change: Partial<MhlFile> = {}): MhlFile => ({
  path,
  size: 5,
  mtimeNs: 1_763_629_200_250_000_000n,
  hashes: [hash('xxh64', '26c7827d889f6da3')],
  blake3: 'a'.repeat(64),
  ...change,
});

const manifest = (change: Partial<MhlManifest> = {}): MhlManifest => ({
  createdAt: at,
  host: 'studio',
  tool: {name: 'offload', version: '1.0'},
  comment: 'Offload of /E to /W',
  how: 'transfer',
  root: undefined,
  ignore: ['.DS_Store', 'ascmhl', 'ascmhl/'],
  files: [],
  folders: [],
  references: [],
  ...change,
});

const folderHash = {
  format: 'xxh64',
  content: '1111111111111111',
  structure: '2222222222222222',
} as const;

test('a manifest, word for word', (t) => {
  const text = writeManifest(
    manifest({
      files: [file('A/B & C.JPG')],
      folders: [{path: 'A', hash: folderHash}],
      root: folderHash,
      references: [{path: 'D/ascmhl/0001_D.mhl', c4: 'c4x'}],
    }),
  );
  t.is(
    text,
    `<?xml version="1.0" encoding="UTF-8"?>
<hashlist version="2.0" xmlns="urn:ASC:MHL:v2.0">
  <creatorinfo>
    <creationdate>2026-11-23T18:42:07.123Z</creationdate>
    <hostname>studio</hostname>
    <tool version="1.0">offload</tool>
    <comment>Offload of /E to /W</comment>
  </creatorinfo>
  <processinfo>
    <process>transfer</process>
    <roothash><content><xxh64>1111111111111111</xxh64></content><structure><xxh64>2222222222222222</xxh64></structure></roothash>
    <ignore>
      <pattern>.DS_Store</pattern>
      <pattern>ascmhl</pattern>
      <pattern>ascmhl/</pattern>
    </ignore>
  </processinfo>
  <hashes>
    <hash>
      <path size="5" lastmodificationdate="2025-11-20T09:00:00+00:00">A/B &amp; C.JPG</path>
      <xxh64 action="original" hashdate="2026-11-23T18:42:07.123Z">26c7827d889f6da3</xxh64>
      <metadata><blake3 xmlns="urn:offload:blake3">${'a'.repeat(64)}</blake3></metadata>
    </hash>
    <directoryhash>
      <path>A</path>
      <content><xxh64>1111111111111111</xxh64></content><structure><xxh64>2222222222222222</xxh64></structure>
    </directoryhash>
  </hashes>
  <references>
    <hashlistreference>
      <path>D/ascmhl/0001_D.mhl</path>
      <c4>c4x</c4>
    </hashlistreference>
  </references>
</hashlist>
`,
  );
});

test('formats stand in the order of the alphabet, whatever order they come in', (t) => {
  const hashes = [hash('xxh64', '1'), hash('md5', '2'), hash('xxh128', '3'), hash('c4', '4')];
  const text = writeManifest(manifest({files: [file('A', {hashes})]}));
  t.deepEqual(
    [...text.matchAll(/<(c4|md5|xxh\d+) action/g)].map(([, format]) => format),
    ['c4', 'md5', 'xxh128', 'xxh64'],
  );
});

test('without files there is no list of hashes, because the schema has no empty one; a root without a hash has both lists, empty', (t) => {
  const text = writeManifest(manifest());
  t.false(text.includes('<hashes>'));
  t.false(text.includes('<references>'));
  t.true(text.includes('<roothash><content/><structure/></roothash>'));
});

test('a folder comes behind all that lies in it, names in the order of code points', (t) => {
  const paths = ['b', 'B', 'a/z', 'a-b', 'a/\u{1F4F7}', 'a/\uFF21', 'a'];
  const text = writeManifest(
    manifest({
      files: paths.filter((path) => path !== 'a').map((path) => file(path)),
      folders: [{path: 'a', hash: folderHash}],
    }),
  );
  t.deepEqual(
    [...text.matchAll(/<path[^>]*>([^<]*)</g)].map(([, path]) => path),
    ['B', 'a/z', 'a/\uFF21', 'a/\u{1F4F7}', 'a', 'a-b', 'b'],
  );
});

test('a time that no xs:dateTime can hold is left out', (t) => {
  for (const mtimeNs of [300_000_000_000_000_000_000n, -100_000_000_000_000_000_000n]) {
    const text = writeManifest(manifest({files: [file('A', {mtimeNs})]}));
    t.true(text.includes('<path size="5">A</path>'));
  }
});

test('nothing from outside ends an element: what was written is read again as it was', (t) => {
  const paths = [
    '</path><hash>"\'&amp;<!--',
    ']]>',
    ' lead and trail ',
    'back\\slash',
    'NFD e\u0301',
    'NFC \u00e9',
    'tab\tin it',
    '\u{1F4F7}',
    '\u0085',
  ];
  const files = paths.map((path) => file(path));
  const text = writeManifest(
    manifest({files, host: '<evil>&\u0000', comment: '</comment>\uD800', ignore: ['a<b']}),
  );
  const read = readManifest(text);
  t.deepEqual(read?.files.map(({path}) => path).sort(), paths.toSorted());
  t.deepEqual(read?.ignore, ['a<b']);
  t.is(read?.tool, 'offload');
  t.true(text.includes('<hostname>&lt;evil&gt;&amp;\uFFFD</hostname>'));
});

test('paths that XML cannot hold, or that readers cannot write again, are no paths for it', (t) => {
  const bad = ['a\u0000', 'a\u0007', 'a\u001b[0m', 'a\nb', 'a\rb', 'a\uDC80', 'a\uFFFE', 'a\uFFFF'];
  for (const path of bad) t.false(isWritablePath(path), JSON.stringify(path));
  for (const path of ['a', 'a\tb', 'a\u007f', 'é', '\u{1F4F7}', 'a\\b'])
    t.true(isWritablePath(path));
  t.is(escapeXml('\u0001\uDC80<'), '\uFFFD\uFFFD&lt;');
});
