import type {Picture} from '../../samples/picture.ts';

/** Red and green above, blue and white below: whoever turns, mirrors or mixes up colours is seen. */
export const QUADRANTS = [0xe02020, 0x20c020, 0x2020e0, 0xe0e0e0] as const;

/** @returns a picture in four colours. */
export function paintQuadrants(width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = QUADRANTS[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)] ?? 0;
      rgb.set([colour >> 16, (colour >> 8) & 255, colour & 255], (y * width + x) * 3);
    }
  }
  return {width, height, rgb};
}

/** @returns the largest difference in any colour between the middles of the four quarters and what was painted there. */
export function differenceFromQuadrants(
  colourAt: (x: number, y: number) => number,
  {width, height}: {width: number; height: number},
): number {
  const differences = QUADRANTS.flatMap((colour, index) => {
    const x = Math.floor((width * (index % 2 === 0 ? 1 : 3)) / 4);
    const y = Math.floor((height * (index < 2 ? 1 : 3)) / 4);
    const seen = colourAt(x, y);
    return [16, 8, 0].map((shift) => Math.abs(((seen >> shift) & 255) - ((colour >> shift) & 255)));
  });
  return Math.max(...differences);
}

/** @returns the JPEG with another size in its frame header (ITU-T T.81, B.2.2). */
export function claimSize(jpeg: Uint8Array, width: number, height: number): Buffer {
  const bytes = Buffer.from(jpeg);
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (bytes[at + 1] !== 0xc0) continue;
    bytes.writeUInt16BE(height, at + 5);
    bytes.writeUInt16BE(width, at + 7);
    return bytes;
  }
  throw new Error('no frame header');
}
