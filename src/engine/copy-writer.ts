import type {CardFile} from '../core/card.ts';
import type {Cause, Result} from '../core/cause.ts';
import {causeFrom, errnoOf} from '../core/cause.ts';
import {alignDown, alignUp} from '../system/block-pool.ts';
import type {Files, OpenedFile} from '../system/files.ts';
import type {SmallWritten} from '../system/small-files/copy-small-file.ts';
import {NO_TIMES} from '../system/small-files/no-times.ts';
import {SMALL_FILE} from '../system/small-files/small-file-tools.ts';
import {systemError} from '../system/system-error.ts';
import type {Lane} from './lane.ts';

/** One copy while it is written: under a temporary name in its own folder, block by block, in order. */
export class CopyWriter {
  readonly lane: Lane;
  readonly target: string;
  /** Below the shoot folder. */
  readonly temporary: string;
  /** The first error; after it nothing more is written. */
  failure: {readonly cause: Cause; readonly error: unknown} | undefined;
  readonly #files: Files;
  readonly #file: CardFile;
  /** It is flushed together with other small ones. */
  readonly #together: boolean;
  /** Small files go through the cache, where writing them costs least; their flush and their medium read do not. */
  readonly #direct: boolean;
  #opened: OpenedFile | undefined;
  /** It was written and closed in one go, and waits for its flush. */
  #isClosed = false;
  #tail: Promise<void> = Promise.resolve();

  constructor(setting: {
    files: Files;
    lane: Lane;
    target: string;
    temporary: string;
    file: CardFile;
  }) {
    this.#files = setting.files;
    this.lane = setting.lane;
    this.target = setting.target;
    this.temporary = setting.temporary;
    this.#file = setting.file;
    const {flushesFileSystem, writesDirect} = setting.lane.access;
    this.#together = flushesFileSystem && setting.file.size < SMALL_FILE;
    this.#direct = writesDirect && !this.#together;
  }

  /** Makes the folder and the temporary file. Failures are kept in `failure`. */
  async open(): Promise<void> {
    await this.#guard(async () => {
      const {lane} = this;
      const cut = this.target.lastIndexOf('/');
      await lane.makeFolder(this.target.slice(0, Math.max(cut, 0)));
      const {size} = this.#file;
      if (size >= SMALL_FILE && (await this.#files.freeBytes(lane.root)) < size) {
        throw systemError('ENOSPC', lane.absolute(this.target));
      }
      this.#opened = await this.#files.createFile(lane.absolute(this.temporary), {
        direct: this.#direct,
      });
      // The drive was pulled from under its mount point: without a hold this file lies on the disk below, with one on a drive that nobody sees any more.
      const {to, device} = lane.destination;
      if ((await this.#files.follow(to)).device !== device) throw systemError('ENODEV', to);
    });
  }

  /** Takes over what was written under the temporary name in one go. */
  takeWritten(written: SmallWritten | undefined): void {
    if (written === undefined) throw new Error(`nothing is known of ${this.temporary}`);
    if (written.kind === 'failed') {
      this.#fail(systemError(written.errno, this.lane.absolute(this.temporary)));
      return;
    }
    this.#isClosed = true;
    this.lane.written += this.#file.size;
    if (!written.timed) this.lane.untimed++;
  }

  /** Queues a block behind the blocks before it. The buffer must stay as it is until the promise resolves; it never rejects. */
  write(block: Buffer, bytes: number, position: number): Promise<void> {
    this.#tail = this.#tail.then(() => this.#guard(() => this.#writeWhole(block, bytes, position)));
    return this.#tail;
  }

  async #writeWhole(block: Buffer, bytes: number, position: number): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    const direct = this.#direct;
    const length = direct ? alignUp(bytes) : bytes;
    // The padding of the last direct block is cut off again before the flush.
    block.fill(0, bytes, length);
    for (let done = 0; done < length; ) {
      const rest = block.subarray(done, length);
      const end = done + (await opened.write(rest, rest.length, position + done));
      // A direct write must go on at a multiple of the alignment, so what a short one wrote behind it is written again.
      const next = direct ? alignDown(end) : end;
      if (next <= done) throw systemError('ENOSPC', this.lane.absolute(this.temporary));
      done = next;
    }
    this.lane.written += bytes;
  }

  /** After the last block: cuts the padding off, sets the modification time, and closes or keeps the file for its own flush. */
  async finish(): Promise<void> {
    await this.#tail;
    await this.#guard(async () => {
      const opened = this.#opened;
      if (opened === undefined) return;
      const {size, mtimeNs} = this.#file;
      if (this.#direct && size !== alignUp(size)) await opened.truncate(size);
      await this.#setModified(opened, mtimeNs);
    });
  }

  /** On exFAT or NTFS that somebody else mounted only that user may set times; the bytes are the same without them. */
  async #setModified(opened: OpenedFile, mtimeNs: bigint): Promise<void> {
    try {
      await opened.setModified(mtimeNs);
    } catch (error) {
      if (!NO_TIMES.has(errnoOf(error) ?? '')) throw error;
      this.lane.untimed++;
    }
  }

  /** Flushes the copy: by itself, or together with other small ones. Failures are kept in `failure`; the first one is final. */
  async flush(): Promise<void> {
    await this.#guard(async () => {
      const opened = this.#opened;
      if (opened === undefined && !this.#isClosed) return;
      if (!this.#together) await opened?.sync();
      await this.#close();
      if (!this.#together) return;
      const flushed: Result<void> = await this.lane.batch.join(this.#file.size);
      if (!flushed.ok) throw systemError('EIO', this.lane.absolute(this.temporary));
    });
  }

  /** Gives the copy up: closes it and removes what was written. */
  async abandon(): Promise<void> {
    await this.#tail;
    const wasMade = this.#opened !== undefined || this.failure?.cause.code !== 'EEXIST';
    try {
      await this.#close();
      if (wasMade) await this.#files.removeFile(this.lane.absolute(this.temporary));
    } catch (error) {
      // The drive is gone or full of errors: the next run removes what is left.
      causeFrom(error, 'removing an unfinished copy', this.temporary);
    }
  }

  async #close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.close();
  }

  async #guard(step: () => Promise<void>): Promise<void> {
    if (this.failure !== undefined) return;
    try {
      await step();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const {name} = this.lane.destination;
    const cause = causeFrom(error, `writing it to ${name}`, this.lane.absolute(this.target));
    this.failure = {cause, error};
  }
}
