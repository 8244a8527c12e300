import {createHash} from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {MHL_FORMATS, type MhlFormat} from '../../src/core/mhl/formats.ts';
import {c4OfText, MhlHashes, makeDigest} from '../../src/system/mhl-hasher.ts';
import {hashOf} from '../core/mhl/check-history.ts';

const hashOnce = async (hashes: MhlHashes, ...blocks: readonly Uint8Array[]) =>
  await hashes.during(async (hasher) => {
    for (const block of blocks) hasher.update(block);
    return hasher.digest();
  });

/** From the specification's reference implementation; MD5 and SHA-1 from RFC 1321 and RFC 3174's tools. */
const KNOWN: readonly (readonly [MhlFormat, string, string])[] = [
  ['xxh64', '', 'ef46db3751d8e999'],
  ['xxh3', '', '2d06800538d394c2'],
  ['xxh128', '', '99aa06d3014798d86001c324468d497f'],
  ['md5', '', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['sha1', '', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  [
    'c4',
    '',
    'c459dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXmRQdZrAkZzsWcbWtDg5oQstpDuni4Hirj75GEmTc1sFT',
  ],
  ['xxh64', 'hello', '26c7827d889f6da3'],
  ['xxh3', 'hello', '9555e8555c62dcfd'],
  ['xxh128', 'hello', 'b5e9c1ad071b3e7fc779cfaa5e523818'],
];

for (const [format, text, hash] of KNOWN) {
  test(`${format} of ${JSON.stringify(text)}`, async (t) => {
    t.deepEqual(await hashOnce(new MhlHashes([format]), Buffer.from(text)), {[format]: hash});
    t.is((await makeDigest(format))(format, Buffer.from(text)), hash);
  });
}

test('blocks of any length give the hash of the whole, in all formats at once', async (t) => {
  const hashes = new MhlHashes(MHL_FORMATS);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({maxLength: 5000}), {maxLength: 6}), async (blocks) => {
      const whole = Buffer.concat(blocks);
      const values = await hashOnce(hashes, ...blocks);
      for (const format of MHL_FORMATS) t.is(values[format], await hashOf(format, whole));
    }),
    {numRuns: 30},
  );
});

test('files in flight at the same time do not mix, and a file that was given up leaves nothing', async (t) => {
  const hashes = new MhlHashes(['xxh64', 'md5']);
  const texts = Array.from({length: 8}, (_, index) => `file ${index} `.repeat(1000 + index));
  await t.throwsAsync(
    hashes.during(async (hasher) => {
      hasher.update(Buffer.from('half a file'));
      throw new Error('pulled');
    }),
    {message: 'pulled'},
  );
  const values = await Promise.all(
    texts.map((text) =>
      hashes.during(async (hasher) => {
        for (let at = 0; at < text.length; at += 1000) {
          hasher.update(Buffer.from(text.slice(at, at + 1000)));
          await new Promise((resolve) => setImmediate(resolve));
        }
        return hasher.digest();
      }),
    ),
  );
  for (const [index, text] of texts.entries()) {
    t.is(values[index]?.xxh64, await hashOf('xxh64', Buffer.from(text)));
    t.is(values[index]?.md5, await hashOf('md5', Buffer.from(text)));
  }
});

test('what one read gave is known by its BLAKE3, format by format', async (t) => {
  const hashes = new MhlHashes(['md5']);
  t.false(hashes.knows('b3'));
  const failed = await hashes.beside(async () => ({
    ok: false,
    cause: {code: 'EIO', message: 'x', next: 'x'},
  }));
  t.false(failed.ok);
  await hashes.beside(async (also) => {
    also.update(Buffer.from('hello'));
    return {ok: true, value: {hash: 'b3'}};
  });
  t.true(hashes.knows('b3'));
  t.false(hashes.knows('b3', ['md5', 'xxh64']));
  hashes.note('b3', {xxh64: '26c7827d889f6da3'});
  t.true(hashes.knows('b3', ['md5', 'xxh64']));
  t.is(hashes.of('b3').md5, createHash('md5').update('hello').digest('hex'));
});

test('the C4 of a text is that of its UTF-8 bytes', async (t) => {
  t.is(c4OfText('é\n'), await hashOf('c4', Buffer.from('é\n', 'utf8')));
});
