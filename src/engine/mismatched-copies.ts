import type {CardPath} from '../core/card.ts';

/** A copy that did not match when it was read back. */
export interface MismatchedCopy {
  readonly path: CardPath;
  /** What tells it from others of the file, below the shoot folder: where its bytes are kept, or where it stood before this offload. */
  readonly copy: string;
  /** Where its bytes lie aside, below the shoot folder; undefined when they do not. */
  readonly kept: string | undefined;
}

/** Times that a copy is written again, for each file on each destination, counted over all runs of an offload. */
export const REWRITES = 2;

/** Which copies on one destination did not match, in this run and in earlier ones of the same offload, and where their bytes are kept. */
export class MismatchedCopies {
  readonly #files = new Map<CardPath, Map<string, MismatchedCopy>>();
  /** Kept bytes of which no record says whose they are, below the shoot folder. */
  readonly strangers = new Set<string>();

  /** @returns false when it is known already: two journals tell of one copy. */
  add(mismatch: MismatchedCopy): boolean {
    const {path, copy} = mismatch;
    const copies = this.#files.get(path) ?? new Map<string, MismatchedCopy>();
    this.#files.set(path, copies);
    const isNew = !copies.has(copy);
    copies.set(copy, mismatch);
    return isNew;
  }

  /** Copies of a file that did not match so far. */
  countOf(path: CardPath): number {
    return this.#files.get(path)?.size ?? 0;
  }

  of(path: CardPath): readonly MismatchedCopy[] {
    return [...(this.#files.get(path)?.values() ?? [])];
  }

  /** Those whose bytes lie aside. */
  get kept(): readonly MismatchedCopy[] {
    const all = [...this.#files.values()].flatMap((copies) => [...copies.values()]);
    return all.filter(({kept}) => kept !== undefined);
  }

  /** Its bytes lie elsewhere now, or no more. */
  move(mismatch: MismatchedCopy): void {
    this.#files.get(mismatch.path)?.set(mismatch.copy, mismatch);
  }
}
