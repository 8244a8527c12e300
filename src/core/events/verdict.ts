/** How the offload of a card ends: its record, and the last word on it. */
import type {Account} from '../account.ts';
import type {CardRef} from '../card.ts';
import type {MediumRead} from '../drive.ts';
import type {Reason, Waiver, Warning} from '../verdict.ts';

/** Manifest and list are on the destination, flushed and read back. */
export interface ManifestWritten {
  readonly type: 'manifest-written';
  readonly card: CardRef;
  readonly to: string;
  readonly manifest: string;
  readonly checksums: string;
  /** BLAKE3 of the manifest's bytes. */
  readonly hash: string;
}

/** What the verdict says of one destination. */
export interface CopySummary {
  readonly to: string;
  readonly shoot: string;
  /** Null when no manifest could be written. */
  readonly manifest: string | null;
  readonly checksums: string | null;
  /** Physical disk or disks as a person reads them; `unknown` when they are. */
  readonly drive: string;
  readonly mediumRead: MediumRead;
  /** Files proved on it. */
  readonly proved: number;
}

/** The last word on a card (design, section 7). */
export interface VerdictReached {
  readonly type: 'verdict';
  readonly card: CardRef;
  readonly safe: boolean;
  readonly reasons: readonly Reason[];
  readonly waived: readonly Waiver[];
  readonly warnings: readonly Warning[];
  readonly account: Account;
  /** How many entries each rule left out, most first. */
  readonly leftOut: readonly {readonly rule: string; readonly count: number}[];
  readonly copies: readonly CopySummary[];
}
