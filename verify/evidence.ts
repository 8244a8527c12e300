/**
 * What a verdict is judged by: plain data, gathered from durable facts, never from a screen's state.
 */
import type {Account} from '../src/core/account.ts';
import type {CardPath} from '../src/core/card.ts';
import type {MediumRead, PhysicalDrives, VolumeKind} from '../src/core/drive.ts';

export interface DestinationEvidence {
  readonly to: string;
  /** What a person calls it. */
  readonly name: string;
  readonly kind: VolumeKind;
  readonly drives: PhysicalDrives;
  /** It became unusable during the run. */
  readonly lost: boolean;
  /** Its manifest was written, flushed and read back. */
  readonly manifest: boolean;
}

export interface CopyEvidence {
  readonly to: string;
  readonly mediumRead: MediumRead;
}

export interface FileEvidence {
  readonly path: CardPath;
  /** Copies that were read back and matched. */
  readonly copies: readonly CopyEvidence[];
  /** Proved copies that this file was to have, where that is not what others were to have: two for one that lay on other drives already. */
  readonly copiesAsked?: number;
  /** A destination or the card failed for this file. */
  readonly failed: boolean;
  /** A copy was read back and did not match, and nothing was proved in its place since. */
  readonly mismatched: boolean;
  /** The card was read again and gave other bytes. */
  readonly sourceMismatch: boolean;
}

/** The card's listing after the last copy against the one before the first. */
export type Relisting =
  | {readonly kind: 'same'}
  | {readonly kind: 'changed'; readonly paths: readonly CardPath[]}
  | {readonly kind: 'not-done'; readonly why: string};

export interface CardEvidence {
  readonly drives: PhysicalDrives;
  /** The card is a whole mounted volume: a camera that formats it wipes everything on its drive. */
  readonly wholeVolume: boolean;
  /** Only a camera's folder at the root of a card was named, not the card: what lies beside it was not looked at. */
  readonly isPart: boolean;
  readonly relisting: Relisting;
  /** Folders or files on the card that could not be looked at. */
  readonly unreadable: number;
}

/** With `--verify full`: how many files were read from the card a second time, and matched. */
export type SecondRead =
  | {readonly kind: 'not-asked'}
  | {readonly kind: 'asked'; readonly matched: number};

export interface Evidence {
  readonly card: CardEvidence;
  readonly destinations: readonly DestinationEvidence[];
  /** Proved copies that each file was to have: one on every destination of an offload, two for a check. */
  readonly copiesAsked: number;
  /** Every file that is to be kept. */
  readonly files: readonly FileEvidence[];
  readonly account: Account;
  readonly secondRead: SecondRead;
  readonly interrupted: boolean;
}

export interface Waivers {
  readonly sameDrive: boolean;
  readonly cached: boolean;
}
