import type {CardFile} from '../card.ts';
import type {Warning} from '../verdict.ts';

/**
 * Looks at the listing of a card and tells what seems to be missing. It never blocks a verdict: the copies hold all that the card lists, and this asks whether the card
 * lists all that was taken. The message of a warning with a path begins with a verb, so that it can be said of several files.
 */
export type CardCheck = (files: readonly CardFile[]) => readonly Warning[];

/** What it means for the card that a file is not on it any more. */
export const ABSENT =
  'The copies have all that the card lists. If you did not delete it yourself, do not format yet: a recovery program may still find it on the card';
