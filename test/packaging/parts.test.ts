/** What is told of single files: whether they are kept, for which machine they are, whether they are those that were named. */
import {createHash} from 'node:crypto';
import {open} from 'node:fs/promises';
import test from 'ava';
import {hasIntegrity} from '../../packaging/fetch-tarballs.ts';
import {isKept} from '../../packaging/keep-files.ts';
import {machinesOf} from '../../packaging/machine-of.ts';

const MAC = {os: 'darwin', cpu: 'arm64'} as const;
const SQLITE = '@photostructure/sqlite';

for (const [name, path, kept] of [
  ['luxon', 'build/node/luxon.js', true],
  ['luxon', 'build/node/luxon.js.map', false],
  ['sharp', 'lib/index.d.ts', false],
  ['sharp', 'LICENSE', true],
  [SQLITE, 'dist/index.cjs', true],
  [SQLITE, 'package.json', true],
  [SQLITE, 'LICENSE', true],
  [SQLITE, 'src/upstream/sqlite3.c', false],
  [SQLITE, 'prebuilds/darwin-arm64/@photostructure+sqlite.glibc.node', true],
  [SQLITE, 'prebuilds/darwin-x64/@photostructure+sqlite.glibc.node', false],
  ['@img/sharp-libvips-darwin-arm64', 'versions.json', true],
  ['@img/sharp-libvips-darwin-arm64', 'lib/glib-2.0/include/glibconfig.h', false],
  ['@img/sharp-libvips-darwin-arm64', 'lib/libvips-cpp.8.18.7.dylib', true],
  ['exiftool-vendored.pl', 'bin/lib/Image/ExifTool.pm', true],
  ['exiftool-vendored.pl', 'bin/lib/a.map', true],
] as const) {
  test(`${kept ? 'kept' : 'left out'}: ${path} of ${name}`, (t) => {
    t.is(isKept(name, path, MAC), kept);
  });
}

test('the machine of this very runtime is known', async (t) => {
  const file = await open(process.execPath);
  t.teardown(() => file.close());
  const head = Buffer.alloc(4096);
  await file.read(head, 0, head.length, 0);
  t.deepEqual(machinesOf(head), [{os: process.platform, cpu: process.arch}]);
});

test('machines are read from the headers of three systems', (t) => {
  const windows = Buffer.alloc(512);
  windows.write('MZ');
  windows.writeUInt32LE(0x80, 0x3c);
  windows.write('PE\0\0', 0x80);
  windows.writeUInt16LE(0xaa64, 0x84);
  t.deepEqual(machinesOf(windows), [{os: 'win32', cpu: 'arm64'}]);

  const thin = Buffer.alloc(512);
  thin.writeUInt32LE(0xfeedfacf, 0);
  thin.writeUInt32LE(0x01000007, 4);
  t.deepEqual(machinesOf(thin), [{os: 'darwin', cpu: 'x64'}]);

  const fat = Buffer.alloc(512);
  for (const [index, word] of [0xcafebabe, 2, 0x01000007].entries())
    fat.writeUInt32BE(word, index * 4);
  fat.writeUInt32BE(0x0100000c, 28);
  t.deepEqual(machinesOf(fat), [
    {os: 'darwin', cpu: 'x64'},
    {os: 'darwin', cpu: 'arm64'},
  ]);

  t.deepEqual(machinesOf(Buffer.from('#!/usr/bin/env perl\n'.repeat(10))), []);
  t.deepEqual(machinesOf(Buffer.from('MZ')), []);
});

test('a tarball is good only by its sha512', (t) => {
  const bytes = Buffer.from('a package');
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  t.true(hasIntegrity(bytes, integrity));
  t.false(hasIntegrity(Buffer.from('b package'), integrity));
  t.false(hasIntegrity(bytes, `sha1-${createHash('sha1').update(bytes).digest('base64')}`));
  t.false(hasIntegrity(bytes, 'sha512-'));
  t.false(hasIntegrity(bytes, ''));
});
