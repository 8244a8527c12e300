import type {Cause} from './cause.ts';
import type {LeaveOutRule} from './leave-out.ts';

/**
 * A path below the card's root, parts joined by `/`, exactly as the card has it. Bytes that are not UTF-8 stand as the lone
 * surrogates U+DC80 to U+DCFF, one each, as PEP 383 does it; `file-names.ts` turns them back.
 */
export type CardPath = string;

export interface CardFile {
  readonly path: CardPath;
  /** Bytes. */
  readonly size: number;
  /** Modification time in ns since 1970 (UTC), as the card's file system gives it. */
  readonly mtimeNs: bigint;
  /** When anything about the file was changed last, in ns: it moves even where somebody set the modification time back. */
  readonly changedNs: bigint;
}

/** Something on the card that is not copied, with the rule that says so. */
export interface LeftOut {
  readonly path: CardPath;
  readonly rule: LeaveOutRule;
}

/** What lies on a card at one moment. All lists are in directory order. */
export interface CardListing {
  readonly files: readonly CardFile[];
  /** Every folder that is not left out, the root excluded: empty ones are kept too. */
  readonly folders: readonly CardPath[];
  readonly leftOut: readonly LeftOut[];
  /** Folders that could not be listed and files that could not be looked at. */
  readonly unreadable: readonly Cause[];
}

/** What a card is called in events and messages. */
export interface CardRef {
  /** As the user gave it, made absolute. */
  readonly path: string;
  readonly label: string;
}
