/** JPEGs as cameras write them: an EXIF segment with an orientation and a thumbnail, and a picture behind it. */
import sharp from 'sharp';

interface Wanted {
  readonly width: number;
  readonly height: number;
  readonly colour: string;
  /** EXIF 2.32, 4.6.4; 1 is upright. */
  readonly orientation?: number;
  readonly thumbnail?: Buffer;
  /** Noise makes a file large. */
  readonly noise?: boolean;
}

export async function makeJpeg({width, height, colour, orientation = 1, thumbnail, noise}: Wanted) {
  const create = {width, height, channels: 3, background: colour} as const;
  const plain = noise
    ? sharp({create: {...create, noise: {type: 'gaussian', mean: 128, sigma: 40}}})
    : sharp({create});
  const jpeg = await plain.jpeg({quality: 92}).toBuffer();
  const exif = makeExif(orientation, thumbnail);
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

/** APP1 with a TIFF of two directories: the picture's orientation, and the thumbnail's place (EXIF 2.32, 4.5.2 to 4.6). */
function makeExif(orientation: number, thumbnail: Buffer = Buffer.alloc(0)): Buffer {
  const first = makeDirectory([[0x0112, 3, orientation]], 26);
  const second = makeDirectory(
    [
      [0x0103, 3, 6],
      [0x0201, 4, 26 + 42],
      [0x0202, 4, thumbnail.length],
    ],
    0,
  );
  const header = Buffer.from('4d4d002a00000008', 'hex');
  const tiff = Buffer.concat([header, first, second, thumbnail]);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([marker, body]);
}

function makeDirectory(rows: readonly (readonly [number, number, number])[], next: number): Buffer {
  const bytes = Buffer.alloc(2 + 12 * rows.length + 4);
  bytes.writeUInt16BE(rows.length, 0);
  for (const [index, [tag, type, value]] of rows.entries()) {
    const at = 2 + 12 * index;
    bytes.writeUInt16BE(tag, at);
    bytes.writeUInt16BE(type, at + 2);
    bytes.writeUInt32BE(1, at + 4);
    if (type === 3) bytes.writeUInt16BE(value, at + 8);
    else bytes.writeUInt32BE(value, at + 8);
  }
  bytes.writeUInt32BE(next, bytes.length - 4);
  return bytes;
}
