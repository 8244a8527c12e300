/**
 * A baseline JPEG encoder: ITU-T T.81, sequential DCT, 8 bits, Huffman coding, colour at half the width and height (4:2:0, which
 * EXIF 2.32 allows in cameras' files). It counts in whole numbers, so the same pixels give the same bytes everywhere.
 */
import {transformBlock} from './dct.ts';
import {BitWriter, deriveCodes, type HuffmanCodes} from './huffman.ts';
import {
  BRIGHTNESS_AC,
  BRIGHTNESS_DC,
  COLOUR_AC,
  COLOUR_DC,
  type HuffmanTable,
  scaleSteps,
  ZIGZAG,
} from './jpeg-tables.ts';
import type {Picture} from './picture.ts';
import {type Plane, toPlanes} from './ycbcr.ts';

export interface JpegSettings {
  readonly picture: Picture;
  /** 50 to 100, on the scale of the Independent JPEG Group. */
  readonly quality: number;
  /** Contents of an APP1 segment, which then stands first: EXIF 2.32, 4.7.1, wants it there. At most 65,533 bytes. */
  readonly app1?: Uint8Array;
}

/** @returns a whole JPEG file, from SOI to EOI. */
export function encodeJpeg({picture, quality, app1}: JpegSettings): Buffer {
  const steps = scaleSteps(quality);
  return Buffer.concat([
    SOI,
    ...(app1 ? [makeSegment(0xe1, app1)] : []),
    makeSegment(0xdb, [0, ...inZigzag(steps.brightness), 1, ...inZigzag(steps.colour)]),
    makeSegment(0xc0, describeFrame(picture)),
    ...[
      describeHuffman(0x00, BRIGHTNESS_DC),
      describeHuffman(0x10, BRIGHTNESS_AC),
      describeHuffman(0x01, COLOUR_DC),
      describeHuffman(0x11, COLOUR_AC),
    ].map((table) => makeSegment(0xc4, table)),
    makeSegment(0xda, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]),
    encodeScan(picture, steps),
    EOI,
  ]);
}

// Markers: T.81, table B.1.
const SOI = Buffer.from([0xff, 0xd8]);
const EOI = Buffer.from([0xff, 0xd9]);

function makeSegment(marker: number, contents: Iterable<number>): Buffer {
  const body = Buffer.from([...contents]);
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** Frame header (T.81, B.2.2): 8 bits, size, and three components; brightness has 2x2 samples for one of each colour. */
function describeFrame({width, height}: Picture): number[] {
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return [8, ...size, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
}

const describeHuffman = (id: number, {counts, values}: HuffmanTable): number[] => [
  id,
  ...counts,
  ...values,
];

const inZigzag = (block: readonly number[]): number[] => ZIGZAG.map((index) => block[index] ?? 0);

/** Writes 16x16 pixels at a time: four blocks of brightness, one of each colour (T.81, A.2.3). */
function encodeScan(picture: Picture, steps: ReturnType<typeof scaleSteps>): Buffer {
  const {brightness, blue, red} = toPlanes(picture);
  const writer = new BitWriter();
  const writeBrightness = blockEncoder({
    plane: brightness,
    steps: steps.brightness,
    dc: deriveCodes(BRIGHTNESS_DC),
    ac: deriveCodes(BRIGHTNESS_AC),
    writer,
  });
  const colour = {
    steps: steps.colour,
    dc: deriveCodes(COLOUR_DC),
    ac: deriveCodes(COLOUR_AC),
    writer,
  };
  const writeBlue = blockEncoder({...colour, plane: blue});
  const writeRed = blockEncoder({...colour, plane: red});
  for (let y = 0; y < blue.height; y += 8) {
    for (let x = 0; x < blue.width; x += 8) {
      for (const down of [0, 8]) {
        for (const right of [0, 8]) writeBrightness(2 * x + right, 2 * y + down);
      }
      writeBlue(x, y);
      writeRed(x, y);
    }
  }
  return writer.finish();
}

interface Component {
  readonly plane: Plane;
  readonly steps: readonly number[];
  readonly dc: HuffmanCodes;
  readonly ac: HuffmanCodes;
  readonly writer: BitWriter;
}

/** @returns a function that writes the block whose top left sample is at x, y. Each mean is coded as the change since the last one. */
function blockEncoder({plane, steps, dc, ac, writer}: Component): (x: number, y: number) => void {
  let lastMean = 0;
  return (x, y) => {
    const block = transformBlock(plane, x, y, steps);
    const mean = block[0] ?? 0;
    writeNumber(mean - lastMean, 0, dc, writer);
    lastMean = mean;
    let zeros = 0;
    for (let place = 1; place < 64; place++) {
      const value = block[ZIGZAG[place] ?? 0] ?? 0;
      if (value === 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15; zeros -= 16) writer.writeCode(ac, SIXTEEN_ZEROS);
      writeNumber(value, zeros, ac, writer);
      zeros = 0;
    }
    if (zeros > 0) writer.writeCode(ac, END_OF_BLOCK);
  };
}

// T.81, F.1.2.2.1: ZRL and EOB.
const SIXTEEN_ZEROS = 0xf0;
const END_OF_BLOCK = 0x00;

/** One number as T.81, F.1.2, codes it: zeros before it and count of bits in the code, then the bits; negative ones as value - 1. */
function writeNumber(value: number, zeros: number, codes: HuffmanCodes, writer: BitWriter): void {
  const bits = 32 - Math.clz32(Math.abs(value));
  writer.writeCode(codes, (zeros << 4) | bits);
  writer.writeBits(value < 0 ? value - 1 : value, bits);
}
