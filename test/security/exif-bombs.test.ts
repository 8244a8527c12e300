/** Pictures that are made to harm who reads their metadata, and a card that is made to be stood on. */
import {existsSync} from 'node:fs';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {crc32, deflateSync} from 'node:zlib';
import test from 'ava';
import {shootSingle} from '../../samples/camera-roll.ts';
import {clockTime} from '../../samples/card-time.ts';
import {CAMERA} from '../../samples/exif.ts';
import {exifCaptures} from '../../src/system/capture-reader.ts';
import {askExiftool, holdExiftool} from '../../src/system/exiftool.ts';
import {exifPreviews} from '../../src/system/preview-reader.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';

const picture = shootSingle(1, 'DCIM/IMG_0001.JPG', clockTime(10, 0)).bytes;
const MEGABYTE = 1024 * 1024;

/** A part of a PNG: length, type, data, sum (PNG specification, 5.3). */
function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}

/** 900 MiB in a few bytes less than the head that is given to exiftool. */
const PACKED = deflateSync(Buffer.alloc(900 * MEGABYTE), {level: 9});

/** Compressed metadata that is a thousand times larger when it is read. */
function zipBomb(type: string, before: string): Buffer {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const header = chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]));
  const text = chunk(type, Buffer.concat([Buffer.from(before, 'latin1'), PACKED]));
  return Buffer.concat([signature, header, text, chunk('IEND', Buffer.alloc(0))]);
}

/** A TIFF of 1 MiB whose first directory has 65,535 entries, each of which names another place in it as a directory (TIFF 6.0, section 2; tag 330, SubIFDs). */
function directoryMaze(): Buffer {
  const bytes = Buffer.alloc(MEGABYTE);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(65_535, 8);
  for (let index = 0; 22 + 12 * index < bytes.length; index++) {
    const at = 10 + 12 * index;
    bytes.writeUInt16LE(0x014a, at);
    bytes.writeUInt16LE(4, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(10 + 12 * ((index * 7919) % 80_000), at + 8);
  }
  return bytes;
}

/** A TIFF of 1 MiB: a directory every 18 bytes, each of which leads to the next in two ways. */
function directoryChain(): Buffer {
  const bytes = Buffer.alloc(MEGABYTE);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(8, 4);
  for (let at = 8; at + 18 < bytes.length; at += 18) {
    bytes.writeUInt16LE(1, at);
    bytes.writeUInt16LE(0x8769, at + 2);
    bytes.writeUInt16LE(4, at + 4);
    bytes.writeUInt32LE(1, at + 6);
    bytes.writeUInt32LE(at + 18, at + 10);
    bytes.writeUInt32LE(at + 18, at + 14);
  }
  return bytes;
}

const laughs = (() => {
  const more = Array.from({length: 10}, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`);
  return Buffer.from(
    `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">${more.join('')}]><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/"><exif:DateTimeOriginal>&l10;</exif:DateTimeOriginal></rdf:Description></rdf:RDF></x:xmpmeta>`,
  );
})();

const BOMBS: Readonly<Record<string, () => Buffer>> = {
  'compressed text': () => zipBomb('zTXt', 'Raw profile type exif\0\0'),
  'a compressed profile': () => zipBomb('iCCP', 'x\0\0'),
  'compressed XMP': () => zipBomb('iTXt', 'XML:com.adobe.xmp\0\x01\0\0\0'),
  'a maze of directories': directoryMaze,
  'a chain of directories': directoryChain,
  'a billion laughs': () => laughs,
};

/** ms: the limit of a question, a start of Perl, and a busy machine. */
const SOON = 12_000;

/** Bytes of memory that exiftool used at the most, as Linux counts them (proc(5), VmHWM); watched until `work` is done. */
async function watchMemory(work: Promise<unknown>): Promise<number> {
  let most = 0;
  let isOver = false;
  const done = work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    for (const pid of await findChildren()) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const kilobytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
      most = Math.max(most, kilobytes * 1024);
    }
    await setTimeout(10);
  }
  await done;
  return most;
}

const CHILDREN = `/proc/${process.pid}/task/${process.pid}/children`;

const findChildren = async () =>
  (await readFile(CHILDREN, 'utf8')).split(' ').filter((pid) => pid !== '');

for (const [what, make] of Object.entries(BOMBS)) {
  test.serial(`threat: a picture with ${what} is given up in time`, async (t) => {
    const folder = await makeTemporaryFolder(t);
    const path = join(folder, 'IMG_0001.JPG');
    await writeFile(path, make());
    const started = performance.now();
    const capture = await exifCaptures.read(realFiles, path);
    t.true(performance.now() - started < SOON);
    t.true(capture === undefined || capture.date === '');
  });
}

test.serial('threat: a bomb keeps nobody from the next picture', async (t) => {
  await holdExiftool(async () => {
    await t.throwsAsync(askExiftool(directoryMaze(), 'A.JPG', ['-Model']));
    const {Model} = await askExiftool(picture, 'B.JPG', ['-Model']);
    t.is(Model, CAMERA.model);
  });
});

test.serial('threat: compressed metadata does not take the memory of the computer', async (t) => {
  if (!existsSync(CHILDREN) || !existsSync('/usr/bin/prlimit'))
    return skip(t, 'no limits to memory on this system');
  const folder = await makeTemporaryFolder(t);
  const path = join(folder, 'IMG_0001.JPG');
  const bytes = zipBomb('zTXt', 'Raw profile type exif\0\0');
  await writeFile(path, bytes);
  const read = async () => {
    for await (const _preview of exifPreviews.read(realFiles, {path, size: bytes.length}));
  };
  const most = await watchMemory(read());
  t.true(most > 10 * MEGABYTE, 'it was seen at work');
  t.true(most < 520 * MEGABYTE, `${most / MEGABYTE} MiB`);
});

test.serial('threat: a program on the card is not run for who stands on the card', async (t) => {
  const card = await makeTemporaryFolder(t);
  const sign = join(card, 'sign');
  const code = `open(my $f, '>', '${sign}'); close $f; 1;`;
  // Settings of exiftool are a Perl program; an old Perl takes its modules from the working folder too.
  await writeFile(join(card, '.ExifTool_config'), code);
  for (const name of ['strict.pm', 'Time/HiRes.pm', 'Compress/Zlib.pm', 'IO/Compress/Brotli.pm']) {
    await mkdir(join(card, name, '..'), {recursive: true});
    await writeFile(join(card, name), code);
  }
  const before = process.cwd();
  process.chdir(card);
  try {
    const {Model} = await askExiftool(picture, 'IMG_0001.JPG', ['-Model']);
    t.is(Model, CAMERA.model);
  } finally {
    process.chdir(before);
  }
  t.false(existsSync(sign));
});
