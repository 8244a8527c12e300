import {join} from 'node:path';
import type {CardFile} from '../core/card.ts';
import {type Cause, causeFrom, type Result} from '../core/cause.ts';
import {ALIGNMENT} from '../system/block-pool.ts';
import type {Clock} from '../system/clock.ts';
import type {FileFacts, Files, OpenedFile} from '../system/files.ts';
import {isReadError} from './read-errors.ts';

/** Before the one further try of the first pass, in ms: a loose contact is over by then, and a worn sector has its own time later. */
const SECOND_TRY_MS = 100;

interface Opening {
  readonly files: Files;
  readonly clock: Clock;
  /** The card's folder, absolute. */
  readonly root: string;
  /** Number of the card's file system when it was listed. */
  readonly device: bigint;
  readonly direct: boolean;
}

/** A part of a block, in bytes from its start. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** One try to read a piece. */
export interface PieceRead extends Piece {
  /** Where the block begins in the file. */
  readonly position: number;
  /** What a read must begin and end at multiples of, in bytes; `from` is one. Behind the end of the file the system gives what there is. */
  readonly grain: number;
}

/** How far a try came, in bytes from the start of the block, and why not further. */
export interface Filling {
  readonly end: number;
  readonly cause: Cause | undefined;
}

/** One file of the card, read front to back. */
export class CardReader {
  /** Reads that failed first and succeeded when they were tried again. */
  retries = 0;
  readonly file: CardFile;
  readonly direct: boolean;
  readonly #opened: OpenedFile;
  readonly #clock: Clock;

  private constructor(file: CardFile, opened: OpenedFile, {clock, direct}: Opening) {
    this.file = file;
    this.direct = direct;
    this.#opened = opened;
    this.#clock = clock;
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
    const changed = await reader.#findChange(opening);
    if (changed === undefined) return {ok: true, value: reader};
    await reader.close();
    return {ok: false, cause: changed};
  }

  /**
   * Fills the block from a position on, or up to the file's end. A read error gets one further try.
   * @returns bytes in the block, or why they could not be had.
   */
  async read(block: Buffer, position: number): Promise<Result<number>> {
    const to = Math.min(block.length, this.file.size - position);
    const whole = {position, from: 0, to, grain: this.direct ? ALIGNMENT : 1};
    const {cause} = await this.fill(block, whole);
    if (cause === undefined) return {ok: true, value: to};
    if (!isReadError(cause.code)) return {ok: false, cause};
    await this.#clock.sleep(SECOND_TRY_MS);
    this.retries++;
    const again = await this.fill(block, whole);
    return again.cause === undefined ? {ok: true, value: to} : {ok: false, cause: again.cause};
  }

  /** Reads a part of a block once, with as many short reads as the system makes of it. */
  async fill(block: Buffer, {position, from, to, grain}: PieceRead): Promise<Filling> {
    let end = from;
    try {
      while (end < to) {
        const start = end - ((end - from) % grain);
        const rest = block.subarray(start);
        const length = Math.min(Math.ceil((to - start) / grain) * grain, rest.length);
        const next = start + (await this.#opened.read(rest, length, position + start));
        if (next <= end)
          return {end, cause: changed(this.file.path, 'it is shorter than it was listed')};
        end = next;
      }
      return {end: to, cause: undefined};
    } catch (error) {
      const doing = `reading it from the card at byte ${position + end}`;
      return {end, cause: causeFrom(error, doing, this.file.path)};
    }
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

  /** @param opening given when the file was just opened: whose file it is stays the same from then on. */
  async #findChange(opening?: Opening): Promise<Cause | undefined> {
    let facts: FileFacts;
    let isExchanged = false;
    try {
      facts = await this.#opened.facts();
      // A file of another file system lies on a volume that is mounted inside the card, or on another card that was put in the place of this one: then the root is
      // another one too. Names, sizes and times of two cards can be the same.
      if (opening !== undefined && facts.device !== opening.device)
        isExchanged = (await opening.files.follow(opening.root)).device !== opening.device;
    } catch (error) {
      return causeFrom(error, 'looking at it on the card', this.file.path);
    }
    if (facts.kind !== 'file') return changed(this.file.path, 'it is no regular file any more');
    if (isExchanged) return changed(this.file.path, 'another card is in its place');
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
