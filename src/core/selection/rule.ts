/** Which pictures a job keeps, as it is read from what was typed: `rating >= 3 or pick or label = red`. */

export type Sign = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type SameSign = '=' | '!=';

export type Rule =
  /** Two or more. */
  | {readonly kind: 'or' | 'and'; readonly rules: readonly Rule[]}
  | {readonly kind: 'not'; readonly rule: Rule}
  | RuleTest;

/** What is asked of one fact of a picture. */
export type RuleTest =
  /** Stars from 0 to 5; -1 for what other programs than Lightroom call rejected. */
  | {readonly kind: 'rating'; readonly sign: Sign; readonly stars: number}
  | {readonly kind: 'pick' | 'reject'}
  /** A colour or the text of a label; empty for a picture without one. */
  | {readonly kind: 'label'; readonly sign: SameSign; readonly label: string}
  /** A keyword, or its way down from another one: `Wedding/Portfolio`. */
  | {readonly kind: 'keyword'; readonly sign: SameSign; readonly keyword: string};

/** UTF-16 units. Nobody types a longer one. */
export const LONGEST_RULE = 1000;
/** Parentheses and `not` in one another. */
export const DEEPEST_RULE = 50;

export const LEAST_STARS = -1;
export const MOST_STARS = 5;
