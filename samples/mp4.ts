/**
 * A film in the ISO base media file format (ISO/IEC 14496-12), with the sample entry of ISO/IEC 14496-14 and one video track whose
 * samples are JPEGs. The index (`moov`) stands behind the pictures, as cameras write it: they know it only at the end.
 */

export interface Film {
  readonly width: number;
  readonly height: number;
  /** JPEGs, one a frame. */
  readonly frames: readonly Uint8Array[];
  readonly framesPerSecond: number;
  /** ms since 1970 (UTC). */
  readonly createdMs: number;
}

/** @returns a whole MP4 file; any player that knows Motion JPEG plays it. */
export function writeMp4(film: Film): Buffer {
  const brands = makeBox('ftyp', text('mp42'), u32(0), text('mp42isom'));
  const pictures = makeBox('mdat', ...film.frames);
  return Buffer.concat([brands, pictures, describeFilm(film, brands.length + 8)]);
}

/** Units a second of every time in the file. */
const TIMESCALE = 24_000;
/** Seconds from 1904, where the format's clock starts, to 1970: 66 years with 17 leap days. */
const FROM_1904 = (66 * 365 + 17) * 24 * 60 * 60;
/** The unit matrix, in 16.16 and 2.30 fixed point: nothing is turned or scaled. */
const UPRIGHT = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
/** `und`, three letters of five bits: no language. */
const NO_LANGUAGE = 0x55c4;

function describeFilm(film: Film, picturesAt: number): Buffer {
  const created = Math.floor(film.createdMs / 1000) + FROM_1904;
  const frameTime = TIMESCALE / film.framesPerSecond;
  const duration = frameTime * film.frames.length;
  const header = makeFullBox(
    'mvhd',
    0,
    u32(created, created, TIMESCALE, duration, 0x10000), // rate 1.0
    u16(0x100, 0), // volume 1.0
    u32(0, 0),
    UPRIGHT,
    u32(0, 0, 0, 0, 0, 0, 2), // the next track would be number 2
  );
  const trackHeader = makeFullBox(
    'tkhd',
    7, // enabled, in the film, in the preview
    u32(created, created, 1, 0, duration, 0, 0),
    u16(0, 0, 0, 0),
    UPRIGHT,
    u32(film.width * 0x10000, film.height * 0x10000),
  );
  const media = makeBox(
    'mdia',
    makeFullBox('mdhd', 0, u32(created, created, TIMESCALE, duration), u16(NO_LANGUAGE, 0)),
    makeFullBox('hdlr', 0, u32(0), text('vide'), u32(0, 0, 0), text('Sample video\0')),
    makeBox(
      'minf',
      makeFullBox('vmhd', 1, u16(0, 0, 0, 0)),
      makeBox('dinf', makeFullBox('dref', 0, u32(1), makeFullBox('url ', 1))),
      indexFrames(film, {frameTime, picturesAt}),
    ),
  );
  return makeBox('moov', header, makeBox('trak', trackHeader, media));
}

/** The sample table (ISO/IEC 14496-12, 8.5 to 8.7): all frames lie in one chunk, all last equally long, each stands alone. */
function indexFrames(film: Film, at: {frameTime: number; picturesAt: number}): Buffer {
  const count = film.frames.length;
  const sizes = film.frames.map((frame) => frame.length);
  return makeBox(
    'stbl',
    makeFullBox('stsd', 0, u32(1), describeCoding(film)),
    makeFullBox('stts', 0, u32(1, count, at.frameTime)),
    makeFullBox('stsc', 0, u32(1, 1, count, 1)),
    makeFullBox('stsz', 0, u32(0, count, ...sizes)),
    makeFullBox('stco', 0, u32(1, at.picturesAt)),
  );
}

function describeCoding({width, height}: Film): Buffer {
  return makeBox(
    'mp4v',
    u16(0, 0, 0, 1), // reserved, data reference
    u32(0, 0, 0, 0),
    u16(width, height),
    u32(0x480000, 0x480000, 0), // 72 dpi
    u16(1), // frames in a sample
    Buffer.alloc(32),
    u16(0x18, 0xffff), // 24 bits a pixel
    makeFullBox('esds', 0, ELEMENTARY_STREAM),
  );
}

/**
 * ISO/IEC 14496-1, 7.2.6: an ES descriptor (tag 3) with a decoder configuration (tag 4: object type 0x6C is JPEG, ISO/IEC 10918-1;
 * stream type 4 is visual; buffer and rates are not told) and a sync layer configuration (tag 6: the one of MP4 files).
 */
const ELEMENTARY_STREAM = Buffer.from([
  ...[3, 21, 0, 0, 0],
  ...[4, 13, 0x6c, (4 << 2) | 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ...[6, 1, 2],
]);

/** A box is its length with these 8 bytes, a type of four letters and its contents (ISO/IEC 14496-12, 4.2). */
function makeBox(type: string, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([u32(length), text(type), ...contents]);
}

/** A box with a version, which is 0 here, and flags. */
function makeFullBox(type: string, flags: number, ...contents: readonly Uint8Array[]): Buffer {
  return makeBox(type, u32(flags), ...contents);
}

function text(letters: string): Buffer {
  return Buffer.from(letters, 'latin1');
}

function u32(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, index) => {
    bytes.writeUInt32BE(number, index * 4);
  });
  return bytes;
}

function u16(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 2);
  numbers.forEach((number, index) => {
    bytes.writeUInt16BE(number, index * 2);
  });
  return bytes;
}
