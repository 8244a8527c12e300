import type {CardFile} from '../card.ts';
import type {Warning} from '../verdict.ts';
import {checkAvchdClips} from './avchd-clips.ts';
import type {CardCheck} from './card-check.ts';
import {findLoneCompanions} from './film-companions.ts';
import {findMissingParts} from './film-parts.ts';
import {findMissingFrames} from './frame-sequences.ts';
import {findMissingChapters} from './gopro-films.ts';
import {findMissingLenses} from './lens-files.ts';
import {findLoneClips} from './lone-clips.ts';
import {findLonePictures} from './lone-pictures.ts';
import {findNumberingGaps} from './numbering-gaps.ts';
import {checkP2Clips} from './p2-clips.ts';
import {checkXavcClips} from './xavc-clips.ts';

/** Every check of a card's listing, in the order in which its warnings are told. What each says stands in `docs/warnings.md`. */
export const CARD_CHECKS: Readonly<Record<string, CardCheck>> = {
  numbering: findNumberingGaps,
  pairs: findLonePictures,
  chapters: findMissingChapters,
  parts: findMissingParts,
  lenses: findMissingLenses,
  xavc: checkXavcClips,
  avchd: checkAvchdClips,
  p2: checkP2Clips,
  companions: findLoneCompanions,
  clips: findLoneClips,
  frames: findMissingFrames,
};

/** @returns what seems to be missing on a card, by its listing alone. */
export function checkCard(files: readonly CardFile[]): readonly Warning[] {
  return Object.values(CARD_CHECKS).flatMap((check) => check(files));
}
