/**
 * The account of a card: files on the card = copied + present + left out + failed (design, promise 5). Counts are files, `bytes` is
 * the size of all that is to be kept.
 */
export interface Account {
  readonly found: number;
  readonly copied: number;
  readonly present: number;
  readonly leftOut: number;
  readonly failed: number;
  /** Bytes of the files that are not left out. */
  readonly bytes: number;
}

/** True when every file that was found is in exactly one column. */
export function accountCloses(account: Account): boolean {
  const {found, copied, present, leftOut, failed} = account;
  return found === copied + present + leftOut + failed;
}
