import test from 'ava';
import fc from 'fast-check';
import {
  type HashEngine,
  hashText,
  loadHashEngine,
  loadNativeEngine,
  loadPortableEngine,
} from '../../src/system/hasher.ts';

/**
 * The official test vectors: input length and the first 32 bytes of "hash", from test_vectors/test_vectors.json of github.com/BLAKE3-team/BLAKE3 (commit 92d421d, CC0).
 * The input is the bytes 0, 1, … 249, 250, 0, 1, … to that length.
 */
const VECTORS: ReadonlyArray<readonly [length: number, hash: string]> = [
  [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  [1023, '10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11'],
  [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
  [1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
  [2048, 'e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a'],
  [2049, '5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030'],
  [3072, 'b98cb0ff3623be03326b373de6b9095218513e64f1ee2edd2525c7ad1e5cffd2'],
  [3073, '7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3'],
  [4096, '015094013f57a5277b59d8475c0501042c0b642e531b0a1c8f58d2163229e969'],
  [4097, '9b4052b38f1c5fc8b1f9ff7ac7b27cd242487b3d890d15c96a1c25b8aa0fb995'],
  [5120, '9cadc15fed8b5d854562b26a9536d9707cadeda9b143978f319ab34230535833'],
  [5121, '628bd2cb2004694adaab7bbd778a25df25c47b9d4155a55f8fbd79f2fe154cff'],
  [6144, '3e2e5b74e048f3add6d21faab3f83aa44d3b2278afb83b80b3c35164ebeca205'],
  [6145, 'f1323a8631446cc50536a9f705ee5cb619424d46887f3c376c695b70e0f0507f'],
  [7168, '61da957ec2499a95d6b8023e2b0e604ec7f6b50e80a9678b89d2628e99ada77a'],
  [7169, 'a003fc7a51754a9b3c7fae0367ab3d782dccf28855a03d435f8cfe74605e7817'],
  [8192, 'aae792484c8efe4f19e2ca7d371d8c467ffb10748d8a5a1ae579948f718a2a63'],
  [8193, 'bab6c09cb8ce8cf459261398d2e7aef35700bf488116ceb94a36d0f5f1b7bc3b'],
  [16384, 'f875d6646de28985646f34ee13be9a576fd515f76b5b0a26bb324735041ddde4'],
  [31744, '62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47'],
  [102400, 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085'],
];

const hashes = new Map(VECTORS);
/** The official hash of an input of that length. */
const officialHash = (length: number) => hashes.get(length) ?? 'not among the vectors';

const portable = await loadPortableEngine();
const native = await loadNativeEngine();

const inputOf = (length: number) => Uint8Array.from({length}, (_, index) => index % 251);

function hashWhole(engine: HashEngine, bytes: Uint8Array): string {
  const hasher = engine.create();
  hasher.update(bytes);
  return hasher.digest();
}

for (const engine of [native, portable]) {
  test(`${engine.name}: the official test vectors`, (t) => {
    for (const [length, hash] of VECTORS)
      t.is(hashWhole(engine, inputOf(length)), hash, `${length}`);
  });

  test(`${engine.name}: pieces give the same as the whole`, (t) => {
    const bytes = inputOf(102_400);
    for (const size of [1, 63, 64, 65, 1000, 1024, 4096, 65_536]) {
      const hasher = engine.create();
      // One byte at a time takes long and proves no more for all of it.
      const part = size === 1 ? bytes.subarray(0, 2049) : bytes;
      for (let at = 0; at < part.length; at += size) hasher.update(part.subarray(at, at + size));
      t.is(hasher.digest(), officialHash(part.length), `${size}`);
    }
  });

  test(`${engine.name}: a view is hashed and not the memory around it`, (t) => {
    const memory = new Uint8Array(9000).fill(0xff);
    memory.set(inputOf(4097), 1001);
    t.is(hashWhole(engine, memory.subarray(1001, 1001 + 4097)), officialHash(4097));
    t.is(hashWhole(engine, Buffer.from(memory.buffer, 1001, 4097)), officialHash(4097));
  });

  test(`${engine.name}: what is changed after an update does not matter`, (t) => {
    const bytes = Uint8Array.from(inputOf(2048));
    const hasher = engine.create();
    hasher.update(bytes);
    bytes.fill(0);
    t.is(hasher.digest(), officialHash(2048));
  });

  test(`${engine.name}: two hashers at a time do not disturb each other`, (t) => {
    const one = engine.create();
    const two = engine.create();
    one.update(inputOf(1024).subarray(0, 500));
    two.update(inputOf(1025));
    one.update(inputOf(1024).subarray(500));
    t.is(one.digest(), officialHash(1024));
    t.is(two.digest(), officialHash(1025));
  });
}

test('property: both engines agree on any bytes in any pieces', (t) => {
  const pieces = fc.array(fc.uint8Array({maxLength: 3000}), {maxLength: 6});
  t.notThrows(() =>
    fc.assert(
      fc.property(pieces, (parts) => {
        const [one, two] = [native, portable].map((engine) => {
          const hasher = engine.create();
          for (const part of parts) hasher.update(part);
          return hasher.digest();
        });
        return one === two && /^[0-9a-f]{64}$/.test(one ?? '');
      }),
      {numRuns: 400},
    ),
  );
});

test('the fastest engine is taken, and a text is hashed as UTF-8', async (t) => {
  const engine = await loadHashEngine();
  t.is(engine.name, 'native');
  for (const text of ['', 'abc', 'Zoë 写真 📷']) {
    t.is(hashText(engine, text), hashWhole(portable, new TextEncoder().encode(text)));
  }
});
