/** JPEGs that lie within other files: EXIF thumbnails, previews of raw files. Found by their first bytes, whatever is around them. */
import {type JpegSize, readJpegSize} from './jpeg-size.ts';

/** SOI, and the first byte of the next marker (ITU-T T.81, B.1.1). */
const START = Buffer.of(0xff, 0xd8, 0xff);
/** A file can be made to hold any number of beginnings. */
const MOST = 64;

export interface EmbeddedJpeg extends JpegSize {
  /** Bytes from the beginning of what was searched. */
  readonly position: number;
}

/** @returns every JPEG in the bytes whose headers can be read, in their order. Where one ends only a decoder knows. */
export function findJpegs(bytes: Buffer): readonly EmbeddedJpeg[] {
  const found: EmbeddedJpeg[] = [];
  let at = bytes.indexOf(START);
  for (let tried = 0; at !== -1 && tried < MOST; tried++) {
    const size = readJpegSize(bytes.subarray(at));
    if (size !== undefined) found.push({...size, position: at});
    at = bytes.indexOf(START, at + 1);
  }
  return found;
}
