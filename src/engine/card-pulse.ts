import {join} from 'node:path';
import type {CardFile} from '../core/card.ts';
import {type Cause, causeFrom} from '../core/cause.ts';
import {ALIGNMENT, alignDown, BlockPool} from '../system/block-pool.ts';
import type {Clock} from '../system/clock.ts';
import type {Files} from '../system/files.ts';
import {isReadError} from './read-errors.ts';

/** Before each further try, in ms: a reader that starts anew after an error is back by then. */
const PAUSES_MS = [500, 1500, 2500];

/** So many files must all be silent: one worn sector can hit one of them. Where a card has fewer files, so many blocks. */
const WITNESSES = 3;

/** Where in a file each try reads, as a share of its size: a bad place at the beginning of all that is asked, or of the only file, is no dead card. */
const PLACES = [0, 0.5, 1, 0.25];

interface Asked {
  readonly files: Files;
  /** What is on the card. */
  readonly listed: readonly CardFile[];
  readonly clock: Clock;
  /** The card's folder, absolute. */
  readonly root: string;
  readonly stop: AbortSignal;
}

/**
 * Tells a card that is dead from one with a bad place. A dead card may still be mounted, and the system may list it from memory; so parts of some files are asked for past the cache:
 * of the first and the last one that it gave in this run, and of others that are spread over it. A card of which too little can be asked is never called dead.
 */
export class CardPulse {
  #first: CardFile | undefined;
  #last: CardFile | undefined;
  #asking: Promise<Cause | undefined> | undefined;
  readonly #blocks = new BlockPool(1, ALIGNMENT);

  /** A file was read whole. */
  note(file: CardFile): void {
    if (file.size === 0) return;
    this.#first ??= file;
    this.#last = file;
  }

  /** @returns the last error when the card gives nothing of what is asked for; undefined when it lives, or where nothing can be read past the cache. */
  findSilence(asked: Asked): Promise<Cause | undefined> {
    this.#asking ??= this.#ask(asked).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(asked: Asked): Promise<Cause | undefined> {
    const witnesses = this.#chooseWitnesses(asked.listed);
    if (countBlocks(witnesses) < WITNESSES) return undefined;
    let silence: Cause | undefined;
    for (const [index, pause] of [0, ...PAUSES_MS].entries()) {
      if (asked.stop.aborted) return undefined;
      if (pause > 0) await asked.clock.sleep(pause);
      for (const file of witnesses) {
        silence = await this.#tryToRead(asked, file, placeIn(file, PLACES[index] ?? 0));
        if (silence === undefined) return undefined;
      }
    }
    return silence;
  }

  #chooseWitnesses(listed: readonly CardFile[]): readonly CardFile[] {
    const filled = listed.filter(({size}) => size > 0);
    const spread = [0, 0.5, 0.25, 0.75, 1].map(
      (share) => filled[Math.floor(share * (filled.length - 1))],
    );
    const all = [this.#first, this.#last, ...spread].filter((file) => file !== undefined);
    return [...new Set(all)].slice(0, WITNESSES);
  }

  async #tryToRead(
    {files, root}: Asked,
    file: CardFile,
    position: number,
  ): Promise<Cause | undefined> {
    const block = await this.#blocks.take();
    try {
      const opened = await files.openToRead(join(root, file.path), {direct: true});
      try {
        await opened.read(block, ALIGNMENT, position);
      } finally {
        await opened.close();
      }
      return undefined;
    } catch (error) {
      const cause = causeFrom(error, 'reading any of its files', file.path);
      return isSilent(cause.code) ? cause : undefined;
    } finally {
      this.#blocks.give(block);
    }
  }
}

/** @returns the beginning of a block of the file, in bytes. */
const placeIn = ({size}: CardFile, share: number) => alignDown(share * (size - 1));

const countBlocks = (files: readonly CardFile[]) =>
  files.reduce((sum, file) => sum + new Set(PLACES.map((share) => placeIn(file, share))).size, 0);

/** No medium, or no device. A file system that knows no direct reads, or a file that is gone, says nothing of the medium. */
const isSilent = (code: string) => isReadError(code) || code === 'ENODEV' || code === 'ENXIO';
