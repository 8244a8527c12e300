/** The guards: what looks like a wrong or an unmounted folder is asked about before anything goes to the archive. */
import type {Cause} from '../cause.ts';
import {formatCount} from '../format-amounts.ts';
import {countFiles} from '../words.ts';

/** Design, section 9: more than 10 % or more than 200 stop and ask. */
const MOST_SHARE = 0.1;
const MOST_FILES = 200;

const isTooMany = (some: number, all: number) => some > MOST_FILES || some > all * MOST_SHARE;

/** @returns `source-empty` when the source lists no file though there were some: nothing at all is to be done then. */
export function judgeSource({
  files,
  records,
}: {
  readonly files: number;
  readonly records: number;
}): Cause | null {
  if (files > 0 || records === 0) return null;
  return {
    code: 'source-empty',
    message: `the source lists no file, and the last run knew ${countFiles(records)}: an unmounted or a wrong folder looks like this`,
    next: 'Check that the source is mounted and holds its files. If all of them were deleted on purpose, remove the job; the backup stays as it is.',
  };
}

/**
 * @param vanishing files that would go to the archive because their source is gone, moved ones not among them.
 * @param unchosen those of them that the source has, and that the rule of the job chooses no more.
 * @returns `many-deletions`, or null when they may go.
 */
export function judgeDeletions({
  records,
  vanishing,
  unchosen = 0,
}: {
  readonly records: number;
  readonly vanishing: number;
  readonly unchosen?: number;
}): Cause | null {
  if (!isTooMany(vanishing, records)) return null;
  const all = `${countFiles(vanishing)} of ${formatCount(records)}`;
  const what =
    unchosen === 0
      ? `${all} are gone from the source`
      : `the rule chooses ${all} no more${unchosen < vanishing ? ', or they are gone from the source' : ''}`;
  return {
    code: 'many-deletions',
    message: `${what}: their copies stay where they are`,
    next: `Look at the preview. If ${unchosen === 0 ? 'they were deleted on purpose' : 'it is meant so'}, run the job again with --accept-deletions.`,
  };
}

/** @param files files of the source; `replacing`: files of the target that nobody recorded and that would go to the archive for files of the source. @returns `many-replacements`, or null when they may go. */
export function judgeReplacements({
  files,
  replacing,
}: {
  readonly files: number;
  readonly replacing: number;
}): Cause | null {
  if (!isTooMany(replacing, files)) return null;
  return {
    code: 'many-replacements',
    message: `${countFiles(replacing)} on the target would be replaced though this job did not put them there: the target may be the wrong folder`,
    next: 'Look at the preview and at the target folder. If they are to be replaced, run the job again with --accept-deletions.',
  };
}
