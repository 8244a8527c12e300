import {quoteName} from '../../../core/backup/jobs/job-faults.ts';
import type {Cause} from '../../../core/cause.ts';
import {formatCount} from '../../../core/format-amounts.ts';
import type {SelectionCounts} from '../../../core/selection/choice.ts';

export const catalogWithoutRule: Cause = {
  code: 'usage',
  message: '--lightroom names where ratings are read, and there is no rule that asks for them',
  next: 'Write --select "rating >= 3 or pick" besides.',
};

export const noCatalog = (path: string, why: string): Cause => ({
  code: 'catalog-missing',
  path,
  message: `this is no catalog of Lightroom Classic: ${why}`,
  next: 'Name the .lrcat file: in Lightroom it is told under Catalog Settings, General.',
});

export const catalogAway = (path: string): Cause => ({
  code: 'catalog-away',
  path,
  message:
    'the Lightroom catalog lies on a drive that is not connected: nobody knows which pictures are chosen, so nothing is copied and nothing is removed',
  next: 'Connect that drive, then run the job again.',
});

/** Nothing to copy is not what a rule is made for: a rule or a catalog that is wrong looks like this. */
export const selectionEmpty = (
  job: string,
  rule: string,
  {out, unknown}: SelectionCounts,
): Cause => ({
  code: 'selection-empty',
  message: `no picture of the source is chosen by ${rule}: ${formatCount(out)} are out, of ${formatCount(unknown)} nobody knows. Nothing is copied and nothing is removed`,
  next: `Ask why with offload backup preview ${quoteName(job)} --explain PATH. Ratings are read from the catalog of --lightroom, from XMP sidecars and from pictures: save metadata to files where there is no catalog.`,
});

export const noRule = (job: string): Cause => ({
  code: 'no-rule',
  message: `${job} has no rule: it keeps every file that is not left out`,
  next: `Give it one with offload backup edit ${quoteName(job)} --select "rating >= 3 or pick".`,
});

export const explainsOne: Cause = {
  code: 'usage',
  message: '--explain asks about pictures of one job',
  next: 'Name the job: offload backup preview NAME --explain PATH.',
};

export const notInSource = (path: string, source: string): Cause => ({
  code: 'picture-elsewhere',
  path,
  message: `it does not lie in the source of the job, ${source}`,
  next: 'Name a picture of the source.',
});

export const noExiftool = (reason: unknown): Cause => ({
  code: 'exiftool-silent',
  message: `exiftool does not say what is in some pictures (${reason instanceof Error ? (reason.message.split('\n', 1)[0] ?? '') : String(reason)}): of these nobody knows`,
  next: 'Copies of them that are there stay. Run the job again; if it stays so, install the program again.',
});
