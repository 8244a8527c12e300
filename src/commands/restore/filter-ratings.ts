import type {Cause} from '../../core/cause.ts';
import {formatCount} from '../../core/format-amounts.ts';
import {hasRating, type RatingFilter} from '../../core/restore/rating-filter.ts';
import {countFiles} from '../../core/words.ts';
import type {Program} from '../program.ts';
import type {Wanted} from './place-files.ts';
import {RatingReader} from './read-ratings.ts';

export interface RatedFiles {
  readonly files: readonly Wanted[];
  /** Files that nothing connected says a rating of: unknown is not a no, and not a yes. */
  readonly unrated: number;
}

/** @param filters all must hold; none: every file is taken. Ends early when the signal is given. */
export async function filterRatings(
  {files}: Program,
  wanted: readonly Wanted[],
  {filters, signal}: {readonly filters: readonly RatingFilter[]; readonly signal: AbortSignal},
): Promise<RatedFiles> {
  if (filters.length === 0) return {files: wanted, unrated: 0};
  const reader = new RatingReader(files);
  const taken: Wanted[] = [];
  let unrated = 0;
  for (const one of wanted) {
    if (signal.aborted) break;
    const rating = await reader.read(one);
    if (rating === undefined) unrated++;
    else if (filters.every((filter) => hasRating(rating, filter))) taken.push(one);
  }
  return {files: taken, unrated};
}

export const noneRated = (count: number, unrated: number): Cause => ({
  code: 'nothing-found',
  message: `of ${countFiles(count)} none has such a rating; ${formatCount(unrated)} without a rating`,
  next: 'Ratings are read from XMP sidecars and pictures on connected drives: connect the working drive, and save metadata to files in the program that rates.',
});
