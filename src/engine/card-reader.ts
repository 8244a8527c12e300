import {join} from 'node:path';
import type {CardFile} from '../core/card.ts';
import {type Cause, causeFrom, errnoOf, type Result} from '../core/cause.ts';
import {alignDown, alignUp} from '../system/block-pool.ts';
import type {Clock} from '../system/clock.ts';
import type {FileFacts, Files, OpenedFile} from '../system/files.ts';

/** Pauses before a failed read is tried again, in ms. Readers recover from a loose contact within a second or never. */
const RETRY_PAUSES_MS = [100, 500];

interface Opening {
  readonly files: Files;
  readonly clock: Clock;
  /** The card's folder, absolute. */
  readonly root: string;
  readonly direct: boolean;
}

/** One file of the card, read front to back. */
export class CardReader {
  /** Reads that failed first and succeeded when they were tried again. */
  retries = 0;
  readonly file: CardFile;
  readonly #opened: OpenedFile;
  readonly #clock: Clock;
  readonly #direct: boolean;

  private constructor(file: CardFile, opened: OpenedFile, {clock, direct}: Opening) {
    this.file = file;
    this.#opened = opened;
    this.#clock = clock;
    this.#direct = direct;
  }

  /** @returns the opened file, or why not: a system error, or `changed-while-read` when it is not what was listed. */
  static async open(opening: Opening, file: CardFile): Promise<Result<CardReader>> {
    const {files, root, direct} = opening;
    let opened: OpenedFile;
    try {
      opened = await files.openToRead(join(root, file.path), {direct});
    } catch (error) {
      return {ok: false, cause: causeFrom(error, 'opening it on the card', file.path)};
    }
    const reader = new CardReader(file, opened, opening);
    const changed = await reader.#findChange();
    if (changed === undefined) return {ok: true, value: reader};
    await reader.close();
    return {ok: false, cause: changed};
  }

  /**
   * Fills the block from a position on, or up to the file's end.
   * @returns bytes in the block, or why they could not be had.
   */
  async read(block: Buffer, position: number): Promise<Result<number>> {
    const wanted = Math.min(block.length, this.file.size - position);
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#fill(block, wanted, position);
      } catch (error) {
        const pause = RETRY_PAUSES_MS[attempt];
        const cause = causeFrom(
          error,
          `reading it from the card at byte ${position}`,
          this.file.path,
        );
        if (pause === undefined || errnoOf(error) !== 'EIO') return {ok: false, cause};
        await this.#clock.sleep(pause);
        this.retries++;
      }
    }
  }

  async #fill(block: Buffer, wanted: number, position: number): Promise<Result<number>> {
    let filled = 0;
    while (filled < wanted) {
      // Direct reads start and end at multiples of the alignment; the end may lie behind the file's, and the system gives what there is.
      const start = this.#direct ? alignDown(filled) : filled;
      const rest = block.subarray(start);
      const length = Math.min(alignUp(wanted - start), rest.length);
      const end = start + (await this.#opened.read(rest, length, position + start));
      if (end <= filled)
        return {ok: false, cause: changed(this.file.path, 'it is shorter than it was listed')};
      filled = end;
    }
    return {ok: true, value: Math.min(filled, wanted)};
  }

  /** After the last block: the file must still be what was listed. @returns why it is not, or why that cannot be known. */
  async finish(): Promise<Cause | undefined> {
    return await this.#findChange();
  }

  /** Never rejects for a card that is gone: what was read is judged by its hash, not by how the file was closed. */
  async close(): Promise<void> {
    try {
      await this.#opened.close();
    } catch (error) {
      causeFrom(error, 'closing it on the card', this.file.path);
    }
  }

  async #findChange(): Promise<Cause | undefined> {
    let facts: FileFacts;
    try {
      facts = await this.#opened.facts();
    } catch (error) {
      return causeFrom(error, 'looking at it on the card', this.file.path);
    }
    if (facts.kind !== 'file') return changed(this.file.path, 'it is no regular file any more');
    const same = facts.size === this.file.size && facts.mtimeNs === this.file.mtimeNs;
    return same ? undefined : changed(this.file.path, 'its size or time is not what was listed');
  }
}

const changed = (path: string, how: string): Cause => ({
  code: 'changed-while-read',
  path,
  message: `it changed on the card while it was read: ${how}`,
  next: 'Let nothing write on the card, then run the same command again.',
});
