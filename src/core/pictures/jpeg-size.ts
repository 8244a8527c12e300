/**
 * What a JPEG says of its size before a decoder is asked: a header of a few bytes may claim gigabytes. Markers and headers: ITU-T T.81, annex B.
 */

export interface JpegSize {
  readonly width: number;
  readonly height: number;
  /** True when a decoder has to keep all coefficients in memory: progressive pictures, and those in several scans. */
  readonly buffered: boolean;
}

const SOI = 0xffd8;
const SOS = 0xda;
/** SOF0 and SOF1 are sequential, SOF2 progressive; the others are lossless, hierarchical or arithmetic, and no camera's preview. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
const OTHER_FRAMES = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
const PROGRESSIVE = 0xc2;

/** @returns the size, or undefined when the bytes are no JPEG up to its first scan. */
export function readJpegSize(jpeg: Uint8Array): JpegSize | undefined {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  if (jpeg.length < 4 || view.getUint16(0) !== SOI) return undefined;
  let frame: {width: number; height: number; components: number; progressive: boolean} | undefined;
  let at = 2;
  while (at + 4 <= jpeg.length) {
    if (jpeg[at] !== 0xff) return undefined;
    const marker = jpeg[at + 1] ?? 0;
    // Any number of fill bytes may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // Those below have no length, and nothing to do before a scan.
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9) || OTHER_FRAMES.has(marker)) {
      return undefined;
    }
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > jpeg.length) return undefined;
    if (marker === SOS) {
      if (frame === undefined || length < 3) return undefined;
      const {width, height, components, progressive} = frame;
      return {width, height, buffered: progressive || jpeg[at + 4] !== components};
    }
    if (FRAMES.has(marker)) {
      // A second frame could claim another size.
      if (frame !== undefined || length < 8) return undefined;
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      if (width === 0 || height === 0) return undefined;
      const components = jpeg[at + 9] ?? 0;
      frame = {width, height, components, progressive: marker === PROGRESSIVE};
    }
    at = end;
  }
  return undefined;
}

/** More than the largest sensors have (150 megapixels). Read row by row, they take little memory. */
const MOST_PIXELS = 160e6;
/** Six to eight bytes of memory for each pixel. */
const MOST_BUFFERED_PIXELS = 24e6;

/** @returns true when decoding takes no more time and memory than a small picture is worth. */
export function isDecodable({width, height, buffered}: JpegSize): boolean {
  return width * height <= (buffered ? MOST_BUFFERED_PIXELS : MOST_PIXELS);
}
