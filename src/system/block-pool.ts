/**
 * Page-aligned buffers for direct I/O, a fixed number of them, so that memory stays flat at any card size.
 *
 * O_DIRECT and FILE_FLAG_NO_BUFFERING want aligned memory. `Buffer.alloc` is not aligned; the memory of a `WebAssembly.Memory` is, by page
 * (measured on Linux: design, section 4).
 */

/** Bytes in a block. 1 to 4 MiB were alike, 8 MiB was slower (measured). */
export const BLOCK_SIZE = 4 * 1024 * 1024;

/** What direct transfers must be multiples of: the page, and the largest logical block that disks have. */
export const ALIGNMENT = 4096;

/** WebAssembly counts memory in pages of 64 KiB (WebAssembly Core Specification, section 4.2.8). */
const WASM_PAGE = 65_536;

export const alignDown = (bytes: number): number => Math.floor(bytes / ALIGNMENT) * ALIGNMENT;
export const alignUp = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

export class BlockPool {
  readonly #count: number;
  readonly #size: number;
  /** Made when the first block is asked for: most commands ask for none, and memory of this size makes the garbage collector run (measured: 15 ms for 96 MiB). */
  #blocks: Buffer[] | undefined;
  readonly #waiting: ((block: Buffer) => void)[] = [];

  /** @param count blocks; @param size bytes of each, a multiple of {@link ALIGNMENT}. */
  constructor(count: number, size: number = BLOCK_SIZE) {
    this.#count = count;
    this.#size = size;
  }

  /** Resolves with a block as soon as one is free, in the order of asking. Who holds one must not wait for a second. */
  take(): Promise<Buffer> {
    const block = this.#free.pop();
    if (block !== undefined) return Promise.resolve(block);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  give(block: Buffer): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(block);
    else next(block);
  }

  get #free(): Buffer[] {
    this.#blocks ??= this.#makeBlocks();
    return this.#blocks;
  }

  #makeBlocks(): Buffer[] {
    const [count, size] = [this.#count, this.#size];
    const memory = new WebAssembly.Memory({initial: Math.ceil((count * size) / WASM_PAGE)});
    return Array.from({length: count}, (_, index) =>
      Buffer.from(memory.buffer, index * size, size),
    );
  }
}
