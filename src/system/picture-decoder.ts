import {isDecodable, readJpegSize} from '../core/pictures/jpeg-size.ts';
import type {Picture} from '../core/pictures/picture.ts';
import {type Orientation, toOrientation} from '../core/pictures/turn-picture.ts';
import {loadSharp} from './load-sharp.ts';

/** @returns the pixels of a JPEG, or undefined when they cannot be had. Never rejects. */
export type DecodeJpeg = (jpeg: Uint8Array) => Promise<Picture | undefined>;

/** Pixels of the longer side: enough for the largest thumbnail of a terminal, and as small as the decoder makes it cheaply. */
const LONG_SIDE = 256;
const TIME_LIMIT_S = 5;

/**
 * Decodes off the main thread, a picture that is much larger than needed in an eighth of its size. What claims to be huge is not touched; broken or cut data gives no
 * picture rather than half of one.
 */
export const decodeJpeg: DecodeJpeg = (jpeg) =>
  decodeSmall(jpeg, {longSide: LONG_SIDE, takesBroken: false});

export interface SmallOptions {
  /** Pixels of the longer side; a smaller picture stays as it is. */
  readonly longSide: number;
  /** Half a picture is better than none: what is broken is grey. */
  readonly takesBroken: boolean;
}

/** As {@link decodeJpeg}, in a size of one's choice. */
export async function decodeSmall(
  jpeg: Uint8Array,
  {longSide, takesBroken}: SmallOptions,
): Promise<Picture | undefined> {
  const size = readJpegSize(jpeg);
  if (size === undefined || !isDecodable(size)) return undefined;
  const open = await loadSharp();
  if (open === undefined) return undefined;
  try {
    const {data, info} = await open(jpeg, {failOn: takesBroken ? 'none' : 'error'})
      .timeout({seconds: TIME_LIMIT_S})
      .resize({width: longSide, height: longSide, fit: 'inside', withoutEnlargement: true})
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({resolveWithObject: true});
    return info.channels === 3 ? {width: info.width, height: info.height, rgb: data} : undefined;
  } catch {
    // Broken data, in the decoder's own words, which nobody needs.
    return undefined;
  }
}

/** @returns how a JPEG says it is to be turned; upright where it does not. Its beginning is enough. Never rejects. */
export async function readOrientation(jpeg: Uint8Array): Promise<Orientation> {
  if (readJpegSize(jpeg) === undefined) return 1;
  const open = await loadSharp();
  if (open === undefined) return 1;
  try {
    return toOrientation((await open(jpeg, {failOn: 'none'}).metadata()).orientation);
  } catch {
    return 1;
  }
}
