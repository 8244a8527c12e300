import type {OpenedFile} from '../system/files.ts';

/** Bytes that are read at once. */
const BLOCK = 1024 * 1024;

/** A file in order, block by block, the buffer reused. @throws the system's error. */
export async function* readBlocks(file: OpenedFile, length = BLOCK): AsyncGenerator<Buffer> {
  const block = Buffer.allocUnsafe(length);
  for (let position = 0; ; ) {
    const bytes = await file.read(block, length, position);
    if (bytes === 0) return;
    yield block.subarray(0, bytes);
    position += bytes;
  }
}
