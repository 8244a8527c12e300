/** The small JPEGs that cameras put into raw files and films, asked for many files in one question. */
import {findJpegs} from '../../core/pictures/embedded-jpegs.ts';
import {readTiffOrientation} from '../../core/pictures/tiff-orientation.ts';
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

/** Small ones. Large ones are found in the bytes themselves: exiftool takes a second to write a megabyte into its answer. */
const NAMES = ['ThumbnailImage', 'CoverArt'];
/** `-b` gives the bytes, `#` the number instead of its meaning (exiftool's documentation). */
const OPTIONS = ['-fast', '-b', '-Orientation#', ...NAMES.map((name) => `-${name}`)];
/** exiftool writes bytes into its JSON as text with this before it. */
const BASE64 = 'base64:';

/** With bytes that can be searched. */
interface OwnHead extends Head {
  readonly bytes: Buffer;
}

const NOTHING: FoundPreviews = {jpegs: [], orientation: 1};

/** Pixels of the longer side, from which on a preview needs no other one. */
const LARGE = 300;

/**
 * @param headBytes as much of each file is looked at; of a film its metadata, wherever they lie.
 * @returns what each file holds, in their order. Never rejects: what cannot be read, or is too much for exiftool, holds nothing.
 */
export async function findPreviews(
  files: Files,
  shown: readonly ShownFile[],
  headBytes: number,
): Promise<readonly FoundPreviews[]> {
  const heads: (OwnHead | undefined)[] = [];
  for (const one of shown) heads.push(await readOne(files, one, headBytes));
  const seen = heads.map((head) => (head === undefined ? NOTHING : findHere(head)));
  // A raw file that is a TIFF says itself what is needed, a hundred times as fast.
  const open = heads.filter((head, index) => head !== undefined && seen[index] === undefined);
  const answers = await askAll(open.filter((head) => head !== undefined));
  return heads.map((head, index) => {
    const found = seen[index];
    if (head === undefined || found !== undefined) return found ?? NOTHING;
    const told = readTags(answers.get(head) ?? {});
    return {...told, jpegs: [...told.jpegs, ...jpegsIn(head.bytes)]};
  });
}

function findHere({bytes}: OwnHead): FoundPreviews | undefined {
  const orientation = readTiffOrientation(bytes);
  if (orientation === undefined) return undefined;
  const isLarge = findJpegs(bytes).some(({width, height}) => Math.max(width, height) >= LARGE);
  return isLarge ? {jpegs: jpegsIn(bytes), orientation} : undefined;
}

async function askAll(heads: readonly OwnHead[]): Promise<ReadonlyMap<OwnHead, Tags | undefined>> {
  const answers = new Map<OwnHead, Tags | undefined>();
  if (heads.length === 0) return answers;
  try {
    const found = await askExiftoolAll(heads, OPTIONS);
    for (const [index, head] of heads.entries()) answers.set(head, found[index]);
  } catch {
    // One of them was too much: each for itself.
    if (heads.length > 1) for (const head of heads) answers.set(head, await askOne(head));
  }
  return answers;
}

/** @returns the JPEGs that begin in some bytes, each with all that follows: a decoder knows where it ends. */
export const jpegsIn = (bytes: Buffer): readonly Buffer[] =>
  findJpegs(bytes).map(({position}) => bytes.subarray(position));

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
): Promise<OwnHead | undefined> {
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
