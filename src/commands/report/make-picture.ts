/** The small picture of one frame, from the best that its files hold. */
import {cropBars} from '../../core/pictures/crop-bars.ts';
import {findJpegs} from '../../core/pictures/embedded-jpegs.ts';
import {readJpegSize} from '../../core/pictures/jpeg-size.ts';
import type {Picture} from '../../core/pictures/picture.ts';
import {type Orientation, turnPicture} from '../../core/pictures/turn-picture.ts';
import type {SmallPicture} from '../../core/report/render-cell.ts';
import {formOf} from '../../core/survey/file-kind.ts';
import type {Files} from '../../system/files.ts';
import {decodeSmall, readOrientation} from '../../system/picture-decoder.ts';
import {encodeJpeg} from '../../system/picture-encoder.ts';
import {readHead} from '../../system/read-head.ts';
import {type FoundPreviews, findPreviews, jpegsIn, type ShownFile} from './find-previews.ts';

/** Bytes. Raw files have their previews before the sensor's data, nearly always within the first. */
export const HEAD_BYTES = 1024 * 1024;
const LARGE_HEAD_BYTES = 4 * HEAD_BYTES;
/** EXIF has its thumbnail in the first 64 kB. */
const EXIF_BYTES = 128 * 1024;
/** No camera writes larger JPEGs. */
const MOST_WHOLE_BYTES = 48 * HEAD_BYTES;
/** Decoding a smaller one takes no time. */
const QUICK_BYTES = 1024 * 1024;

export interface PictureLimits {
  /** Pixels of the longer side. */
  readonly longSide: number;
  readonly mostBytes: number;
  /** True when time is short: the thumbnail in a large JPEG will do. */
  readonly isLate: () => boolean;
}

interface Candidate {
  readonly jpeg: Uint8Array;
  readonly orientation: Orientation;
  readonly takesBroken: boolean;
}

/**
 * @param shown the files of a frame, the best first.
 * @param previews what was found in them already.
 * @returns the picture, upright; undefined where none of them holds one that can be decoded. Never rejects.
 */
export async function makePicture(
  files: Files,
  shown: readonly ShownFile[],
  previews: ReadonlyMap<ShownFile, FoundPreviews>,
  limits: PictureLimits,
): Promise<SmallPicture | undefined> {
  for (const one of shown) {
    try {
      for await (const candidate of findCandidates(files, one, previews.get(one), limits)) {
        const picture = await decode(candidate, limits);
        if (picture !== undefined) return picture;
      }
    } catch {
      // A copy that cannot be read now; another one may show the frame.
    }
  }
  return undefined;
}

async function decode(
  {jpeg, orientation, takesBroken}: Candidate,
  {longSide, mostBytes}: PictureLimits,
): Promise<SmallPicture | undefined> {
  const decoded = await decodeSmall(jpeg, {longSide, takesBroken});
  if (decoded === undefined) return undefined;
  const picture: Picture = turnPicture(cropBars(decoded), orientation);
  const small = await encodeJpeg(picture, mostBytes);
  if (small === undefined) return undefined;
  const {width, height} = picture;
  return {width, height, base64: small.toString('base64')};
}

async function* findCandidates(
  files: Files,
  shown: ShownFile,
  found: FoundPreviews | undefined,
  limits: PictureLimits,
): AsyncGenerator<Candidate> {
  const form = formOf(shown.path);
  if (form === 'jpeg' || form === 'still') yield* fromJpeg(files, shown, limits);
  else yield* fromPreviews(files, shown, found, limits);
}

async function* fromJpeg(
  files: Files,
  {place, size, isSalvaged}: ShownFile,
  {isLate}: PictureLimits,
): AsyncGenerator<Candidate> {
  if (size === 0 || size > MOST_WHOLE_BYTES) return;
  // What could be read of a lost picture: the thumbnail shows all of it, the rest perhaps a part.
  if (isSalvaged || (size > QUICK_BYTES && isLate())) {
    const head = await readHead(files, place, Math.min(size, EXIF_BYTES));
    const orientation = await readOrientation(head);
    for (const {position} of findJpegs(head)) {
      if (position > 0) yield {jpeg: head.subarray(position), orientation, takesBroken: false};
    }
  }
  const whole = await readHead(files, place, size);
  const orientation = await readOrientation(whole);
  yield {jpeg: whole, orientation, takesBroken: false};
  yield {jpeg: whole, orientation, takesBroken: true};
}

async function* fromPreviews(
  files: Files,
  shown: ShownFile,
  known: FoundPreviews | undefined,
  limits: PictureLimits,
): AsyncGenerator<Candidate> {
  const found = known ?? (await findPreviews(files, [shown], HEAD_BYTES))[0];
  const good = inOrder(found, limits);
  yield* good.large;
  if (shown.size > HEAD_BYTES && formOf(shown.path) !== 'film' && !limits.isLate()) {
    const head = await readHead(files, shown.place, Math.min(shown.size, LARGE_HEAD_BYTES));
    const orientation = found?.orientation ?? 1;
    yield* inOrder({jpegs: jpegsIn(head), orientation}, limits).large;
  }
  yield* good.small;
  // A preview that the head cuts off, or whose middle is lost.
  if (shown.isSalvaged)
    for (const one of [...good.large, ...good.small]) yield {...one, takesBroken: true};
}

/** Large enough first, the smallest of them before the others; then the rest, the largest first. */
function inOrder(
  found: FoundPreviews | undefined,
  {longSide}: PictureLimits,
): {readonly large: readonly Candidate[]; readonly small: readonly Candidate[]} {
  if (found === undefined) return {large: [], small: []};
  const sized = found.jpegs.flatMap((jpeg) => {
    const size = readJpegSize(jpeg);
    return size === undefined ? [] : [{jpeg, side: Math.max(size.width, size.height)}];
  });
  sized.sort((a, b) => a.side - b.side);
  const asCandidate = ({jpeg}: {jpeg: Buffer}): Candidate => {
    return {jpeg, orientation: found.orientation, takesBroken: false};
  };
  const isLarge = ({side}: {side: number}) => side >= 0.9 * longSide;
  return {
    large: sized.filter(isLarge).map(asCandidate),
    small: sized
      .filter((one) => !isLarge(one))
      .reverse()
      .map(asCandidate),
  };
}
