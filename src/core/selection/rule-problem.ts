import type {Refusal} from '../cause.ts';

export interface RuleProblem {
  /** UTF-16 units from the beginning of the text. */
  readonly at: number;
  /** What could stand there. */
  readonly expected: string;
  readonly found: string;
}

/** @returns why a text is no rule, with the place of the mark below it. */
export const badRule = (text: string, {at, expected, found}: RuleProblem): Refusal => ({
  code: 'bad-rule',
  message: `the rule makes no sense at character ${at + 1}: ${found}, and ${expected} is expected`,
  next: 'Write it like: rating >= 3 or pick, not reject, label = red, keyword = "Wedding/Portfolio"; with and, or, not and parentheses.',
  excerpt: {text, at},
});
