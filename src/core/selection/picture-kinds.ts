/** Which files of a folder are pictures that a rule is asked about, and where each of them has its metadata. */

import type {TreePath} from '../backup/mirror-tree.ts';
import {formOf, kindOf} from '../survey/file-kind.ts';

/** Pictures that no camera writes, and that a photographer makes. */
const MADE = new Set('TIF TIFF PSD PSB PNG WEBP AVIF JXL'.split(' '));
/** Kinds in which programs write metadata into the picture itself. */
const OWN_XMP = new Set('JPG JPEG DNG TIF TIFF PSD PSB HEIC HEIF HIF PNG WEBP AVIF JXL'.split(' '));
/** Those of them that are read with exiftool: where XMP lies in them takes more to find. */
const FOR_EXIFTOOL = new Set('PSD PSB HEIC HEIF HIF PNG WEBP AVIF JXL'.split(' '));

/** @returns true for pictures and films; a small still that stands for a film is none. */
export function isRated(path: TreePath): boolean {
  const form = formOf(path);
  return form === undefined ? MADE.has(kindOf(path)) : form !== 'still';
}

export const hasOwnXmp = (path: TreePath): boolean => OWN_XMP.has(kindOf(path));

/** `none`: films and what is no picture. */
export function embeddedIn(path: TreePath): 'plain' | 'exiftool' | 'none' {
  if (FOR_EXIFTOOL.has(kindOf(path))) return 'exiftool';
  return isRated(path) && formOf(path) !== 'film' ? 'plain' : 'none';
}
