/**
 * What the catalog knows of a card that is inserted: a hint for people, never evidence. A card that the catalog calls safe is still
 * proved again before anything says SAFE TO FORMAT.
 */
export type CardHistory =
  | {readonly state: 'new'}
  /** Every file that is on it now was in an offload that ended SAFE. */
  | {readonly state: 'safe'; readonly at: string; readonly shoot: string}
  /** `count` files on it were in no offload that ended SAFE; the others were, last at `since`. */
  | {readonly state: 'more'; readonly count: number; readonly since: string}
  /** An offload of it began and never reached its end. */
  | {readonly state: 'interrupted'; readonly at: string}
  /** The last offload of it ended NOT SAFE. */
  | {readonly state: 'not-safe'; readonly at: string; readonly shoot: string}
  /** The catalog cannot be read. */
  | {readonly state: 'unknown'; readonly why: string};
