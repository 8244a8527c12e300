import type {Picture} from '../core/pictures/picture.ts';
import {loadSharp} from './load-sharp.ts';

/** From fine to coarse (0 to 100, libjpeg). */
const QUALITIES = [74, 58, 40];

/**
 * @param mostBytes the quality goes down until it has no more, or cannot go down any more.
 * @returns a JPEG of the picture; undefined where no encoder is to be had. Never rejects.
 */
export async function encodeJpeg(
  {width, height, rgb}: Picture,
  mostBytes: number,
): Promise<Buffer | undefined> {
  const open = await loadSharp();
  if (open === undefined) return undefined;
  let jpeg: Buffer | undefined;
  try {
    for (const quality of QUALITIES) {
      jpeg = await open(rgb, {raw: {width, height, channels: 3}})
        .jpeg({quality, optimiseCoding: true})
        .toBuffer();
      if (jpeg.length <= mostBytes) break;
    }
    return jpeg;
  } catch {
    return undefined;
  }
}
