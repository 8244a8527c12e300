import type {CardFile} from '../core/card.ts';
import type {Lane} from './lane.ts';

/** What is to be done with one file on one destination. `hash` is what an earlier run of this offload read from the card. */
export type Step =
  /** Nothing of that name is there: write it. */
  | {
      readonly kind: 'write';
      readonly lane: Lane;
      readonly target: string;
      readonly hash?: string;
    }
  /** A file of that name and size is there: it may be this one. Its hash decides. */
  | {
      readonly kind: 'check';
      readonly lane: Lane;
      readonly target: string;
      readonly wanted: string;
      readonly hash?: string;
    }
  /** An earlier run of this offload proved it there: prove it again, without the card. */
  | {
      readonly kind: 'prove-again';
      readonly lane: Lane;
      readonly target: string;
      readonly wanted: string;
      readonly hash: string;
      readonly origin: 'copied' | 'present';
      readonly source?: 'copy';
    }
  /** An earlier run of this offload wrote and flushed it under a temporary name. */
  | {
      readonly kind: 'prove-temporary';
      readonly lane: Lane;
      readonly target: string;
      readonly wanted: string;
      readonly temporary: string;
      readonly hash: string;
      readonly source?: 'copy';
    };

export interface FilePlan {
  readonly file: CardFile;
  readonly steps: readonly Step[];
  /** Reads that had to be tried again in an earlier run. */
  readonly retries: number;
}

/** The hash that earlier runs of this offload recorded for the file; undefined when there is none or they disagree. */
export function knownHash(steps: readonly Step[]): string | undefined {
  const hashes = new Set(steps.flatMap(({hash}) => hash ?? []));
  const [hash] = hashes;
  return hashes.size === 1 ? hash : undefined;
}
