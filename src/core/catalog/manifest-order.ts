/** Which of two records of one offload counts. */

/** What tells two records of one offload apart. */
export interface RecordAge {
  /** How often the offload was started. */
  readonly runs: number;
  /** ms since 1970. */
  readonly endedMs: number;
  readonly safe: boolean;
  /** Hash of all that is recorded, 64 hex digits: equal only if the records say the same. */
  readonly digest: string;
}

/**
 * An offload that went on after a NOT SAFE end writes its record again where it can; a drive that was away keeps the old one. The result does not depend on which is read
 * first.
 * @returns true when `one` replaces `other`: started more often, ended later; then rather the one that is not safe; then by digest.
 */
export function replaces(one: RecordAge, other: RecordAge): boolean {
  if (one.runs !== other.runs) return one.runs > other.runs;
  if (one.endedMs !== other.endedMs) return one.endedMs > other.endedMs;
  if (one.safe !== other.safe) return other.safe;
  return one.digest > other.digest;
}
