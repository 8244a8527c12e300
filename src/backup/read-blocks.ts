import type {OpenedFile} from '../system/files.ts';

/** Bytes that are read at once. */
const BLOCK = 1024 * 1024;

/** A part of a file in order, block by block, the buffer reused. Ends early where the file does. @param from and `to` in bytes. @throws the system's error. */
export async function* readBlocks(
  file: OpenedFile,
  {from, to}: {readonly from: number; readonly to: number},
): AsyncGenerator<Buffer> {
  const block = Buffer.allocUnsafe(Math.max(1, Math.min(BLOCK, to - from)));
  for (let position = from; position < to; ) {
    const bytes = await file.read(block, Math.min(block.length, to - position), position);
    if (bytes === 0) return;
    yield block.subarray(0, bytes);
    position += bytes;
  }
}

/** @returns the bytes from a position on, fewer where the file ends. @throws the system's error. */
export async function readPart(file: OpenedFile, from: number, length: number): Promise<Buffer> {
  const part = Buffer.allocUnsafe(Math.max(0, length));
  let filled = 0;
  while (filled < part.length) {
    const rest = part.subarray(filled);
    const bytes = await file.read(rest, rest.length, from + filled);
    if (bytes === 0) break;
    filled += bytes;
  }
  return part.subarray(0, filled);
}
