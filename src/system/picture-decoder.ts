import type {Sharp, SharpOptions} from 'sharp';
import {isDecodable, readJpegSize} from '../core/pictures/jpeg-size.ts';
import type {Picture} from '../core/pictures/picture.ts';

/** @returns the pixels of a JPEG, or undefined when they cannot be had. Never rejects. */
export type DecodeJpeg = (jpeg: Uint8Array) => Promise<Picture | undefined>;

/** Pixels of the longer side: enough for the largest thumbnail of a terminal, and as small as the decoder makes it cheaply. */
const LONG_SIDE = 256;
const TIME_LIMIT_S = 5;

type Open = (jpeg: Uint8Array, options: SharpOptions) => Sharp;

let loading: Promise<Open | undefined> | undefined;

/** Binaries of it exist for most platforms, not for all. */
async function loadDecoder(): Promise<Open | undefined> {
  try {
    const {default: sharp} = await import('sharp');
    // It is to decode what cameras write, and nothing else: every other format is one more way in for a hostile file.
    sharp.block({operation: ['VipsForeignLoad']});
    sharp.unblock({operation: ['VipsForeignLoadJpegBuffer']});
    // One thread, so that copying has the others, and nothing kept.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  } catch {
    return undefined;
  }
}

/**
 * Decodes off the main thread, a picture that is much larger than needed in an eighth of its size. What claims to be huge is not touched; broken or cut data gives no
 * picture rather than half of one.
 */
export const decodeJpeg: DecodeJpeg = async (jpeg) => {
  const size = readJpegSize(jpeg);
  if (size === undefined || !isDecodable(size)) return undefined;
  loading ??= loadDecoder();
  const open = await loading;
  if (open === undefined) return undefined;
  try {
    const {data, info} = await open(jpeg, {failOn: 'error'})
      .timeout({seconds: TIME_LIMIT_S})
      .resize({width: LONG_SIDE, height: LONG_SIDE, fit: 'inside', withoutEnlargement: true})
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({resolveWithObject: true});
    return info.channels === 3 ? {width: info.width, height: info.height, rgb: data} : undefined;
  } catch {
    // Broken data, in the decoder's own words, which nobody needs.
    return undefined;
  }
};
