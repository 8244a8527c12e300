import type {CardFile} from '../core/card.ts';
import {type Cause, causeFrom, type Result} from '../core/cause.ts';
import type {MediumRead} from '../core/drive.ts';
import {alignDown, alignUp} from '../system/block-pool.ts';
import type {Files, OpenedFile} from '../system/files.ts';
import {readsDirect} from '../system/medium.ts';
import {systemError} from '../system/system-error.ts';
import type {Lane} from './lane.ts';
import type {BlockSource} from './pump-blocks.ts';

/** A copy on a destination, read front to back and past the cache as its drive allows. What it gives is believed for its hash alone. */
export class CopyReader implements BlockSource {
  readonly file: CardFile;
  readonly mediumRead: MediumRead;
  readonly #path: string;
  readonly #opened: OpenedFile;
  readonly #direct: boolean;

  private constructor(setting: {
    file: CardFile;
    path: string;
    opened: OpenedFile;
    direct: boolean;
    mediumRead: MediumRead;
  }) {
    this.file = setting.file;
    this.mediumRead = setting.mediumRead;
    this.#path = setting.path;
    this.#opened = setting.opened;
    this.#direct = setting.direct;
  }

  /** @param target below the shoot folder. @returns the opened copy, or why it could not be opened. */
  static async open(
    files: Files,
    {lane, target}: {readonly lane: Lane; readonly target: string},
    file: CardFile,
  ): Promise<Result<CopyReader>> {
    const path = lane.absolute(target);
    const direct = readsDirect(lane.access.method);
    try {
      const mediumRead = await lane.evict(path);
      const opened = await files.openToRead(path, {direct});
      return {ok: true, value: new CopyReader({file, path, opened, direct, mediumRead})};
    } catch (error) {
      return {ok: false, cause: causeFrom(error, 'opening the other copy', path)};
    }
  }

  async read(block: Buffer, position: number): Promise<Result<number>> {
    const wanted = Math.min(block.length, this.file.size - position);
    try {
      for (let filled = 0; filled < wanted; ) {
        // After a short read a direct one begins again at the aligned position below.
        const start = this.#direct ? alignDown(filled) : filled;
        const rest = block.subarray(start);
        const length = Math.min(alignUp(wanted - start), rest.length);
        const end = start + (await this.#opened.read(rest, length, position + start));
        // It is shorter than the file on the card.
        if (end <= filled) throw systemError('ENODATA', this.#path);
        filled = end;
      }
      return {ok: true, value: wanted};
    } catch (error) {
      return {ok: false, cause: causeFrom(error, 'reading the other copy', this.#path)};
    }
  }

  async finish(): Promise<Cause | undefined> {
    return undefined;
  }

  /** Never rejects for a drive that is gone. */
  async close(): Promise<void> {
    try {
      await this.#opened.close();
    } catch (error) {
      causeFrom(error, 'closing the other copy', this.#path);
    }
  }
}
