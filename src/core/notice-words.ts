import type {Cause} from './cause.ts';
import {causeText} from './cause-text.ts';
import {type Again, sayAgain} from './failure-words.ts';

/** What can wait is told in a few words on a screen; the plain output and a screen reader have its whole cause. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['awake-not-held', 'the computer may fall asleep: switch sleep off'],
  ['awake-unknown', 'the computer may fall asleep: switch sleep off'],
]);

/** @returns a notice for a screen, as printable sentences. */
export function noticeText(notice: Cause, again: Again): string {
  return SHORT.get(notice.code) ?? sayAgain(causeText(notice), again);
}
