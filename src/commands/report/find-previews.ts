/** The small JPEGs that cameras put into raw files and films, asked for many files in one question. */
import {type Orientation, toOrientation} from '../../core/pictures/turn-picture.ts';
import {formOf} from '../../core/survey/file-kind.ts';
import {askExiftoolAll, type Head, type Tags} from '../../system/exiftool.ts';
import type {Files} from '../../system/files.ts';
import {looksLikeFilm, readFilmHead} from '../../system/film-head.ts';
import {readHead} from '../../system/read-head.ts';

/** A file that may show what a frame is of. */
export interface ShownFile {
  /** On the card: tells its form. */
  readonly path: string;
  /** The copy, absolute. */
  readonly place: string;
  /** Bytes. */
  readonly size: number;
  /** Only its readable parts, with zeros between them. */
  readonly isSalvaged: boolean;
}

export interface FoundPreviews {
  readonly jpegs: readonly Buffer[];
  readonly orientation: Orientation;
}

const NAMES = ['ThumbnailImage', 'PreviewImage', 'JpgFromRaw', 'OtherImage', 'CoverArt'];
/** `-b` gives the bytes, `#` the number instead of its meaning (exiftool's documentation). */
const OPTIONS = ['-fast', '-b', '-Orientation#', ...NAMES.map((name) => `-${name}`)];
/** exiftool writes bytes into its JSON as text with this before it. */
const BASE64 = 'base64:';

export const NOTHING: FoundPreviews = {jpegs: [], orientation: 1};

/**
 * @param headBytes as much of each file is looked at; of a film its metadata, wherever they lie.
 * @returns what each file holds, in their order. Never rejects: what cannot be read, or is too much for exiftool, holds nothing.
 */
export async function findPreviews(
  files: Files,
  shown: readonly ShownFile[],
  headBytes: number,
): Promise<readonly FoundPreviews[]> {
  const heads: (Head | undefined)[] = [];
  for (const one of shown) heads.push(await readOne(files, one, headBytes));
  const full = heads.filter((head) => head !== undefined);
  const answers = new Map<Head, Tags | undefined>();
  if (full.length > 0) {
    try {
      for (const [index, tags] of (await askExiftoolAll(full, OPTIONS)).entries()) {
        const head = full[index];
        if (head !== undefined) answers.set(head, tags);
      }
    } catch {
      // One of them was too much: each for itself.
      if (full.length > 1) for (const head of full) answers.set(head, await askOne(head));
    }
  }
  return heads.map((head) => {
    const tags = head === undefined ? undefined : answers.get(head);
    return tags === undefined ? NOTHING : readTags(tags);
  });
}

async function askOne(head: Head): Promise<Tags | undefined> {
  try {
    const [tags] = await askExiftoolAll([head], OPTIONS);
    return tags;
  } catch {
    return undefined;
  }
}

async function readOne(
  files: Files,
  {path, place, size}: ShownFile,
  headBytes: number,
): Promise<Head | undefined> {
  if (size === 0) return undefined;
  try {
    const bytes = await readHead(files, place, Math.min(size, headBytes));
    if (formOf(path) !== 'film' || !looksLikeFilm(bytes)) return {bytes, path};
    const file = await files.openToRead(place, {direct: false});
    try {
      return {bytes: (await readFilmHead(file, size)) ?? bytes, path};
    } finally {
      await file.close();
    }
  } catch {
    // A copy that cannot be read now has no picture in the report; the verdict is not about that.
    return undefined;
  }
}

/** Tags stand with their groups: `EXIF:ThumbnailImage`. */
function readTags(tags: Tags): FoundPreviews {
  const jpegs: Buffer[] = [];
  let orientation: Orientation = 1;
  for (const [key, value] of Object.entries(tags)) {
    const tag = key.slice(key.lastIndexOf(':') + 1);
    if (tag === 'Orientation' && orientation === 1) orientation = toOrientation(value);
    if (!NAMES.includes(tag) || typeof value !== 'string' || !value.startsWith(BASE64)) continue;
    jpegs.push(Buffer.from(value.slice(BASE64.length), 'base64'));
  }
  return {jpegs, orientation};
}
