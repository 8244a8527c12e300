import type {MhlFormat} from '../../core/mhl/formats.ts';
import type {ProofOrder} from '../../engine/lane.ts';

/** What `offload --card … --to …` was asked to do, as typed. */
export interface OffloadOptions {
  readonly cards: readonly string[];
  readonly destinations: readonly string[];
  readonly shoot: string | undefined;
  readonly layout: string;
  /** `copies`: every copy is read back. `full`: the card is read a second time as well. */
  readonly verify: 'copies' | 'full';
  readonly order: 'auto' | ProofOrder;
  /** Eject each card that is safe to format. */
  readonly eject: boolean;
  readonly dryRun: boolean;
  /** Keep the readable parts of files that cannot be read whole. */
  readonly salvage: boolean;
  /** Read what a destination lacks from a copy that an earlier run proved, and not from the card. */
  readonly fromCopy: boolean;
  /** Copy only what is not on two connected drives already, by its bytes. */
  readonly onlyNew: boolean;
  /** Write an ASC MHL history with hashes of this format beside the copies. */
  readonly mhl?: MhlFormat;
  /** Make a page with the pictures and a table beside each manifest, after the verdict. */
  readonly report: boolean;
  readonly allowSameDrive: boolean;
  readonly acceptCached: boolean;
}
