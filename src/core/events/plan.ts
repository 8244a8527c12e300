/** What an offload is going to do: told before the first byte is copied. */
import type {CardPath, CardRef} from '../card.ts';
import type {MediumRead} from '../drive.ts';

/** The card is listed, the destinations are probed, nothing is written yet but the journal. */
export interface RunPlanned {
  readonly type: 'run-planned';
  readonly card: CardRef;
  /** Id of the offload: the name of its manifest, list and journal. */
  readonly offload: string;
  /** True when an interrupted run of the same card into the same shoot goes on. */
  readonly resumed: boolean;
  readonly shoot: string;
  /** Name of the card's folder in the shoot. */
  readonly folder: string;
  readonly files: number;
  /** Bytes of all files that are to be kept. */
  readonly bytes: number;
  readonly leftOut: number;
  readonly destinations: readonly PlannedDestination[];
}

export interface PlannedDestination {
  /** The `--to` folder, absolute. */
  readonly to: string;
  /** The shoot folder on it, absolute. */
  readonly shoot: string;
  /** Id from the volume's marker file. */
  readonly volume: string;
  /** What a person calls it: label, model or path. */
  readonly name: string;
  readonly mediumRead: MediumRead;
}

/** One row of `--dry-run`: where a file would go. */
export interface CopyPlanned {
  readonly type: 'copy-planned';
  readonly card: CardRef;
  readonly path: CardPath;
  readonly to: string;
  /** Below the `--to` folder, the shoot included. */
  readonly target: string;
  readonly size: number;
  /** True when a file of that size is already there and would only be proved. */
  readonly present: boolean;
}
