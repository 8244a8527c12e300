import {join} from 'node:path';
import type {CardFile, CardListing} from '../../core/card.ts';
import {cropBars} from '../../core/pictures/crop-bars.ts';
import type {Picture} from '../../core/pictures/picture.ts';
import {type Box, fitInto, shrinkPicture} from '../../core/pictures/shrink-picture.ts';
import {turnPicture} from '../../core/pictures/turn-picture.ts';
import {type PictureFiles, PictureSpread} from '../../core/survey/picture-spread.ts';
import type {Thumbnail} from '../../core/thumbnail.ts';
import {holdExiftool} from '../../system/exiftool.ts';
import {type DecodeJpeg, decodeJpeg} from '../../system/picture-decoder.ts';
import {exifPreviews, type PreviewReader} from '../../system/preview-reader.ts';
import type {Program} from '../program.ts';
import {visitFiles} from './visit-files.ts';

/** As many as a person looks at to know the card again. */
const MOST_THUMBNAILS = 24;

export interface ThumbnailRequest {
  /** The card's root without links. */
  readonly real: string;
  readonly listing: CardListing;
  /** Pixels that a thumbnail may have at the most. */
  readonly width: number;
  readonly height: number;
  /** Stops after the picture in hand. */
  readonly signal: AbortSignal;
  /** Called for each picture in camera order. */
  readonly onThumbnail: (thumbnail: Thumbnail) => void;
  /** Where previews come from, and who decodes them. */
  readonly previews?: PreviewReader;
  readonly decode?: DecodeJpeg;
}

/**
 * Makes thumbnails of up to 24 pictures that are spread evenly over the card, one after the other: a file is read at a time, and decoding is done off the main
 * thread. A picture without a preview that can be read has none. Writes nothing to the card. Never rejects for a picture or a card.
 */
export async function makeThumbnails(program: Program, request: ThumbnailRequest): Promise<void> {
  const {listing, signal, onThumbnail} = request;
  const spread = new PictureSpread();
  await visitFiles(listing.files, (file) => spread.add(file), signal);
  await holdExiftool(async () => {
    for (const picture of spread.choose(MOST_THUMBNAILS)) {
      if (signal.aborted) return;
      const thumbnail = await makeThumbnail(program, request, picture);
      if (!signal.aborted) onThumbnail(thumbnail);
    }
  });
}

async function makeThumbnail(
  program: Program,
  request: ThumbnailRequest,
  {shown, others}: PictureFiles,
): Promise<Thumbnail> {
  for (const file of [shown, ...others]) {
    const picture = await findPicture(program, request, file);
    if (picture === undefined) continue;
    const size = fitInto(picture, request);
    return {path: shown.path, ...size, pixels: shrinkPicture(picture, size)};
  }
  return {path: shown.path, ...emptyBox(request), pixels: null};
}

async function findPicture(
  {files}: Program,
  {real, signal, previews = exifPreviews, decode = decodeJpeg}: ThumbnailRequest,
  {path, size}: CardFile,
): Promise<Picture | undefined> {
  for await (const {jpeg, orientation} of previews.read(files, {path: join(real, path), size})) {
    if (signal.aborted) return undefined;
    const picture = await decode(jpeg);
    if (picture !== undefined) return turnPicture(cropBars(picture), orientation);
  }
  return undefined;
}

/** The form of most cameras' pictures, for what cannot be shown. */
const emptyBox = ({width, height}: Box): Box =>
  fitInto({width: 3000, height: 2000}, {width, height});
