/** A promise that was broken, as a check from the outside found it. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly what: string;
}

export type ViolationKind =
  /** A verdict or a record says SAFE and a copy is not what the card holds. */
  | 'false-safe'
  /** A file of the card has no good copy where it must have one, or somebody's file is gone. */
  | 'file-lost'
  /** A final name holds other bytes than the card's file. */
  | 'wrong-name'
  | 'card-touched'
  /** A file or a listener is left open. */
  | 'left-open'
  /** A record says something that is not so. */
  | 'wrong-record'
  /** Temporary files, journals or locks are left. */
  | 'litter'
  /** What the fault did not hit was not done. */
  | 'not-finished'
  /** What was proved before was copied again. */
  | 'copied-again'
  /** The program threw instead of telling. */
  | 'crashed';
