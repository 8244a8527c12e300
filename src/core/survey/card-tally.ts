import type {CardFile} from '../card.ts';
import type {KindCount} from '../card-survey.ts';
import {kindOf} from './file-kind.ts';

/** Counts the files of a card, one after the other. */
export class CardTally {
  readonly #kinds = new Map<string, number>();
  #files = 0;
  #bytes = 0;
  #oldestNs: bigint | undefined;
  #newestNs: bigint | undefined;

  add({path, size, mtimeNs}: CardFile): void {
    const kind = kindOf(path);
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    this.#files += 1;
    this.#bytes += size;
    if (this.#oldestNs === undefined || mtimeNs < this.#oldestNs) this.#oldestNs = mtimeNs;
    if (this.#newestNs === undefined || mtimeNs > this.#newestNs) this.#newestNs = mtimeNs;
  }

  get files(): number {
    return this.#files;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Times of the oldest and the newest file in ns since 1970; none where there are no files. */
  get times(): readonly bigint[] {
    return [this.#oldestNs, this.#newestNs].filter((time) => time !== undefined);
  }

  /** @returns how many files of each kind there are, most first, those of one number by name. */
  countKinds(): readonly KindCount[] {
    return [...this.#kinds]
      .map(([kind, count]) => ({kind, count}))
      .sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1));
  }
}
