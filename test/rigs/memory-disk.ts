/** A disk whose every block is in our hand: it has a write cache that a power cut empties, and can be told to fail. */
import {type BlockStore, NBD_EIO} from './nbd-server.ts';

const PAGE = 4096;

/** Content by number of page; a page that was never written is zeros. Pages are replaced, never changed. */
export type Pages = ReadonlyMap<number, Buffer>;

export interface BlockCommand {
  readonly kind: 'read' | 'write' | 'flush';
  readonly offset: number;
  /** Bytes that are read or written. */
  readonly length: number;
  /** Of a write. */
  readonly bytes: Buffer | undefined;
}

export class MemoryDisk implements BlockStore {
  readonly size: number;
  /** Writes and flushes so far. */
  changes = 0;
  /** Asked before each command; true makes it fail with EIO. */
  fails: (command: BlockCommand) => boolean = () => false;
  /** Called behind each write and flush. */
  onChange: () => void = () => {};
  /** Called behind each flush, before it is answered. */
  onFlush: () => void = () => {};
  /** What reads see. */
  #now: Map<number, Buffer>;
  /** What a power cut cannot take. */
  #stable: Map<number, Buffer>;
  /** Pages of each write since the last flush, in order. */
  #unflushed: (readonly (readonly [number, Buffer])[])[] = [];

  constructor(size: number, pages: Pages = new Map()) {
    this.size = size;
    this.#now = new Map(pages);
    this.#stable = new Map(pages);
  }

  read(offset: number, into: Buffer): number {
    if (this.fails({kind: 'read', offset, length: into.length, bytes: undefined})) return NBD_EIO;
    for (let done = 0; done < into.length; ) {
      const [page, start, length] = locate(offset + done, into.length - done);
      const content = this.#now.get(page);
      if (content === undefined) into.fill(0, done, done + length);
      else content.copy(into, done, start, start + length);
      done += length;
    }
    return 0;
  }

  write(offset: number, bytes: Buffer): number {
    if (this.fails({kind: 'write', offset, length: bytes.length, bytes})) return NBD_EIO;
    const written: [number, Buffer][] = [];
    for (let done = 0; done < bytes.length; ) {
      const [page, start, length] = locate(offset + done, bytes.length - done);
      const content = Buffer.alloc(PAGE);
      if (length < PAGE) this.#now.get(page)?.copy(content);
      bytes.copy(content, start, done, done + length);
      this.#now.set(page, content);
      written.push([page, content]);
      done += length;
    }
    this.#unflushed.push(written);
    this.#changed();
    return 0;
  }

  flush(): number {
    if (this.fails({kind: 'flush', offset: 0, length: 0, bytes: undefined})) return NBD_EIO;
    for (const written of this.#unflushed) {
      for (const [page, content] of written) this.#stable.set(page, content);
    }
    this.#unflushed = [];
    this.onFlush();
    this.#changed();
    return 0;
  }

  /**
   * @param survives asked for each page of each write that no flush followed; without it all are lost.
   * @returns what would be on it if the power went now.
   */
  cutPower(survives: () => boolean = () => false): Pages {
    const left = new Map(this.#stable);
    for (const [page, content] of this.#unflushed.flat()) {
      if (survives()) left.set(page, content);
    }
    return left;
  }

  /** Changes one bit of what lies in a page, behind everybody's back. */
  flipBit(page: number, byte: number): void {
    const content = Buffer.from(this.#now.get(page) ?? Buffer.alloc(PAGE));
    content.writeUInt8(content.readUInt8(byte) ^ 0b100, byte);
    this.#now.set(page, content);
    this.#stable.set(page, content);
  }

  /** @returns all pages whose content begins so. */
  findPages(begins: Buffer): readonly number[] {
    return [...this.#now].flatMap(([page, content]) =>
      content.subarray(0, begins.length).equals(begins) ? [page] : [],
    );
  }

  /** Overwrites all pages whose content begins so with zeros, behind everybody's back. */
  forget(begins: Buffer): void {
    for (const page of this.findPages(begins)) {
      this.#now.set(page, Buffer.alloc(PAGE));
      this.#stable.set(page, Buffer.alloc(PAGE));
    }
  }

  #changed(): void {
    this.changes++;
    this.onChange();
  }
}

/** @returns the page of a byte, where in it the byte lies, and how many of the wanted bytes it holds. */
function locate(at: number, wanted: number): readonly [number, number, number] {
  const start = at % PAGE;
  return [(at - start) / PAGE, start, Math.min(wanted, PAGE - start)];
}
