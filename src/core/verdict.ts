/** The words of a verdict. How it is reached is in `verify/verdict.ts`. */

export const REASON_CODES = [
  'file-failed',
  'file-unproved',
  'copies-missing',
  'same-drive',
  'drive-unknown',
  'volatile-drive',
  'cache-possible',
  'card-changed',
  'account-open',
  'manifest-missing',
  'interrupted',
  'source-mismatch',
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];

/** One reason why a card is not safe: the sentence says what is wrong and what to do. */
export interface Reason {
  readonly code: ReasonCode;
  readonly message: string;
}

/** A rule that the user has set aside: `--allow-same-drive`, `--accept-cached`. */
export type Waiver = 'same-drive' | 'cached';

/** Does not block, but is shown above the verdict. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

export interface Verdict {
  readonly safe: boolean;
  /** Empty exactly when `safe`. */
  readonly reasons: readonly Reason[];
  /** The waivers without which this card would not be safe. */
  readonly waived: readonly Waiver[];
}
