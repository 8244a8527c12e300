import type {Warning} from '../verdict.ts';
import {ABSENT, type CardCheck} from './card-check.ts';
import {type FileParts, groupBy, highestOf, missingNumbers, partsOf} from './file-parts.ts';

interface PartName {
  readonly folder: RegExp;
  /** First group: the clip; second: the number of its part. */
  readonly stem: RegExp;
  readonly ext: string;
  readonly first: number;
}

/** Clips that a camera cuts into files of 2 or 4 GB, where every file must be present for the clip to be readable. */
const PARTS: readonly PartName[] = [
  // RED, "R3D File Structure": A001_C001_0118AB.RDC/A001_C001_0118AB_002.R3D.
  {folder: /\.RDC\/$/, stem: /^(.+)_(\d{3})$/, ext: 'R3D', first: 1},
  // Canon XF: CONTENTS/CLIPS001/AA0001/AA000102.MXF.
  {folder: /(?:^|\/)CONTENTS\/CLIPS\d{3}\/[^/]+\/$/, stem: /^(.{6})(\d\d)$/, ext: 'MXF', first: 1},
];

/** `chapter-missing`: a clip in several files lacks one before its last. */
export const findMissingParts: CardCheck = (files) => {
  const parts = files.flatMap((file) => readPart(partsOf(file)));
  return [...groupBy(parts, ({clip}) => clip).values()].flatMap(checkClip);
};

interface Part {
  readonly file: FileParts;
  readonly clip: string;
  readonly number: number;
  readonly first: number;
}

function readPart(file: FileParts): Part[] {
  const form = PARTS.find(({folder, ext}) => ext === file.ext && folder.test(file.folder));
  const [, clip, number] = form?.stem.exec(file.stem) ?? [];
  if (form === undefined || clip === undefined) return [];
  return [{file, clip: `${file.folder}${clip}`, number: Number(number), first: form.first}];
}

function checkClip(parts: readonly Part[]): readonly Warning[] {
  const [about] = parts.toSorted((a, b) => a.number - b.number);
  if (about === undefined) return [];
  const highest = highestOf(parts);
  const missing = missingNumbers(new Set(parts.map(({number}) => number)), about.first, highest);
  if (missing.length === 0) return [];
  const what = missing.length === 1 ? `part ${missing[0]}` : `parts ${missing.join(', ')}`;
  const message = `belongs to a clip in ${highest} parts: ${what} ${missing.length === 1 ? 'is' : 'are'} missing, and such a clip is read only whole. ${ABSENT}`;
  return [{code: 'chapter-missing', path: about.file.path, message}];
}
