/** The rating alone, of what XMP says. */
import {findXmp} from '../selection/find-xmp.ts';
import {readXmp} from '../selection/read-xmp.ts';

export interface XmpRating {
  /** `xmp:Rating`, -1 (rejected) to 5; undefined when nothing says it, or nothing that can be one. */
  readonly rating: number | undefined;
  /** `photoshop:SidecarForExtension` in capitals: which of several files of one name a sidecar belongs to. */
  readonly extension: string | undefined;
}

/** @returns what the first description of the text says. */
export function readXmpRating(text: string): XmpRating {
  const {rating, extension} = readXmp(text);
  return {rating, extension};
}

/** @param bytes of a picture as Latin-1 text. @returns the rating of the first XMP in it that has one. */
export function findEmbeddedRating(bytes: string): number | undefined {
  for (const {rating} of findXmp(bytes)) if (rating !== undefined) return rating;
  return undefined;
}
