import {type Orientation, toOrientation} from '../core/pictures/turn-picture.ts';
import {formOf} from '../core/survey/file-kind.ts';
import {askExiftool, type Tags} from './exiftool.ts';
import type {Files} from './files.ts';
import {readHead} from './read-head.ts';

/** A small JPEG that a camera put into its picture, or a whole JPEG. */
export interface Preview {
  readonly jpeg: Uint8Array;
  /** How it is to be turned. */
  readonly orientation: Orientation;
}

export interface PreviewReader {
  /**
   * Gives the previews of one picture, the smallest first; each is read when it is asked for. Ends without a word where there is none, and where the picture
   * cannot be read. Never rejects.
   */
  read(files: Files, picture: {path: string; size: number}): AsyncIterable<Preview>;
}

/** EXIF has its thumbnail in the first 64 kB; raw files have theirs before the sensor's data, nearly always within this. */
const HEAD_BYTES = 1024 * 1024;
const LARGE_HEAD_BYTES = 4 * HEAD_BYTES;
/** A JPEG without a preview is decoded itself. No camera writes larger ones. */
const MOST_WHOLE_BYTES = 48 * HEAD_BYTES;

const SMALLEST = ['ThumbnailImage'];
const LARGER = ['PreviewImage', 'JpgFromRaw', 'OtherImage'];

/** Reads previews with exiftool. */
export const exifPreviews: PreviewReader = {
  async *read(files, picture) {
    try {
      yield* readPreviews(files, picture);
    } catch {
      // A picture that cannot be read, or no exiftool on this machine: there is nothing to show.
    }
  },
};

async function* readPreviews(
  files: Files,
  {path, size}: {path: string; size: number},
): AsyncGenerator<Preview> {
  const form = formOf(path);
  const isJpeg = form === 'jpeg' || form === 'still';
  const head = await readHead(files, path, Math.min(size, HEAD_BYTES));
  const small = await askForImages(head, path, SMALLEST);
  yield* small.previews;
  yield* (await askForImages(head, path, LARGER)).previews;
  if (isJpeg && size <= MOST_WHOLE_BYTES) {
    const whole = size <= head.length ? head : await readHead(files, path, size);
    yield {jpeg: whole, orientation: small.orientation};
  }
  if (isJpeg || size <= HEAD_BYTES) return;
  const large = await readHead(files, path, Math.min(size, LARGE_HEAD_BYTES));
  yield* (await askForImages(large, path, [...SMALLEST, ...LARGER])).previews;
}

interface Images {
  readonly previews: readonly Preview[];
  readonly orientation: Orientation;
}

async function askForImages(
  head: Uint8Array,
  path: string,
  names: readonly string[],
): Promise<Images> {
  // `-b` gives the bytes, `#` the number instead of its meaning (exiftool's documentation).
  const options = ['-b', '-Orientation#', ...names.map((name) => `-${name}`)];
  const tags = await askExiftool(head, path, options);
  const orientation = toOrientation(tags.Orientation);
  const previews = names
    .flatMap((name) => bytesOf(tags, name))
    .sort((a, b) => a.length - b.length)
    .map((jpeg) => ({jpeg, orientation}));
  return {previews, orientation};
}

/** exiftool writes bytes into its JSON as text with this before it. */
const BASE64 = 'base64:';

function bytesOf(tags: Tags, name: string): readonly Buffer[] {
  const value = tags[name];
  if (typeof value !== 'string' || !value.startsWith(BASE64)) return [];
  return [Buffer.from(value.slice(BASE64.length), 'base64')];
}
