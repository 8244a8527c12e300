/**
 * A raw file in Canon's CR2 container: TIFF 6.0 with a longer header and four directories (preview, thumbnail, small RGB, sensor), as
 * described in "Inside the Canon RAW format version 2" by Laurent Clévy, and in ExifTool's documentation.
 *
 * The sensor's values lie there uncompressed with the tags of TIFF/EP (ISO 12234-2), where a camera writes a lossless JPEG.
 */
import {describeCamera, describeShot, describeThumbnail, type Shot} from './exif.ts';
import {type Picture, shrinkPicture} from './picture.ts';
import type {SeededRandom} from './seeded-random.ts';
import {type Directory, type Field, long, short, writeTiff} from './tiff.ts';

export interface RawFile {
  readonly shot: Shot;
  /** What the sensor saw, as it lay in the camera. */
  readonly picture: Picture;
  /** JPEGs of it. */
  readonly preview: {readonly width: number; readonly height: number; readonly jpeg: Uint8Array};
  readonly thumbnail: Uint8Array;
  /** Noise of the sensor. */
  readonly grain: SeededRandom;
}

/** `CR`, version 2.0; the offset of the sensor's directory follows. */
const CR2_MARK = Buffer.from([0x43, 0x52, 2, 0]);

/** @returns a whole CR2 file. */
export function writeCr2({shot, picture, preview, thumbnail, grain}: RawFile): Buffer {
  const {width, height} = picture;
  const first: Directory = new Map([
    ...describeCamera(shot),
    ...describeStrip({width: preview.width, height: preview.height, bits: 8, samples: 3}),
    [0x0103, short(6)], // Compression: JPEG
    [0x0111, {type: 'offset-of', bytes: preview.jpeg}],
    [0x0117, long(preview.jpeg.length)],
    [0x8769, {type: 'directory', directory: describeShot({shot, width, height})}],
  ]);
  const chain = [
    first,
    describeThumbnail(thumbnail),
    describeSmall(picture),
    describeSensor(picture, grain),
  ];
  const {bytes, directoriesAt} = writeTiff(chain, 8);
  bytes.set(CR2_MARK, 8);
  bytes.writeUInt32LE(directoriesAt[3] ?? 0, 12);
  return bytes;
}

interface Strip {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly samples: number;
}

/** The fields that every image in one strip has (TIFF 6.0, section 8). */
function describeStrip({width, height, bits, samples}: Strip): [number, Field][] {
  return [
    [0x0100, long(width)],
    [0x0101, long(height)],
    [0x0102, short(...new Array<number>(samples).fill(bits))], // BitsPerSample
    [0x0115, short(samples)], // SamplesPerPixel
    [0x0116, long(height)], // RowsPerStrip
    [0x011c, short(1)], // PlanarConfiguration: chunky
  ];
}

function describeSmall(picture: Picture): Directory {
  const {width, height, rgb} = shrinkPicture(picture, picture.width / 8, picture.height / 8);
  return new Map([
    ...describeStrip({width, height, bits: 8, samples: 3}),
    [0x0103, short(1)], // Compression: none
    [0x0106, short(2)], // PhotometricInterpretation: RGB
    [0x0111, {type: 'offset-of', bytes: rgb}],
    [0x0117, long(rgb.length)],
  ]);
}

function describeSensor(picture: Picture, grain: SeededRandom): Directory {
  const {width, height} = picture;
  const values = exposeSensor(picture, grain);
  return new Map([
    ...describeStrip({width, height, bits: 16, samples: 1}),
    [0x0103, short(1)],
    [0x0106, short(32803)], // PhotometricInterpretation: colour filter array (TIFF/EP)
    [0x0111, {type: 'offset-of', bytes: values}],
    [0x0117, long(values.length)],
    [0x828d, short(2, 2)], // CFARepeatPatternDim
    [0x828e, {type: 'byte', bytes: Uint8Array.of(0, 1, 1, 2)}], // CFAPattern2: red green, green blue
  ]);
}

/** @returns one 14-bit value for each pixel behind a red, green or blue filter, 16 bits each, little-endian. */
function exposeSensor({width, height, rgb}: Picture, grain: SeededRandom): Buffer {
  const values = Buffer.alloc(width * height * 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const filter = (x % 2) + (y % 2);
      const light = rgb[(y * width + x) * 3 + filter] ?? 0;
      values.writeUInt16LE(light * 64 + Math.floor(grain() * 64), (y * width + x) * 2);
    }
  }
  return values;
}
