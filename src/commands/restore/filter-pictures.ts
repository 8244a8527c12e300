import type {Cause} from '../../core/cause.ts';
import {formatCount} from '../../core/format-amounts.ts';
import type {Rule} from '../../core/selection/rule.ts';
import {countFiles} from '../../core/words.ts';
import type {Program} from '../program.ts';
import type {Wanted} from './place-files.ts';
import {PictureJudge} from './read-picture-facts.ts';

export interface ChosenPictures {
  readonly files: readonly Wanted[];
  /** Files of which nothing connected says enough: unknown is not a no, and not a yes. */
  readonly unrated: number;
}

/** @param rules all must hold; none: every file is taken. Ends early when the signal is given. */
export async function filterPictures(
  {files}: Program,
  wanted: readonly Wanted[],
  {rules, signal}: {readonly rules: readonly Rule[]; readonly signal: AbortSignal},
): Promise<ChosenPictures> {
  if (rules.length === 0) return {files: wanted, unrated: 0};
  const judge = new PictureJudge(files, rules);
  const taken: Wanted[] = [];
  let unrated = 0;
  for (const one of wanted) {
    if (signal.aborted) break;
    const truth = await judge.judge(one);
    if (truth === 'unknown') unrated++;
    else if (truth === 'yes') taken.push(one);
  }
  return {files: taken, unrated};
}

export const noneChosen = (count: number, unrated: number): Cause => ({
  code: 'nothing-found',
  message: `of ${countFiles(count)} none is chosen by that rule; of ${formatCount(unrated)} nobody knows`,
  next: 'Ratings, flags, labels and keywords are read from XMP sidecars and pictures on connected drives: connect the working drive, and save metadata to files in the program that rates.',
});
