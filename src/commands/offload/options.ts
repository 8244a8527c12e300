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
  readonly allowSameDrive: boolean;
  readonly acceptCached: boolean;
}
