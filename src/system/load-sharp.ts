import type {Sharp, SharpOptions} from 'sharp';

/** Begins with bytes of a file or with pixels. */
export type OpenPicture = (bytes: Uint8Array, options: SharpOptions) => Sharp;

let loading: Promise<OpenPicture | undefined> | undefined;

/** @returns the decoder, loaded at the first call; undefined where there is no binary of it: they exist for most platforms, not for all. */
export function loadSharp(): Promise<OpenPicture | undefined> {
  loading ??= load();
  return loading;
}

async function load(): Promise<OpenPicture | undefined> {
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
