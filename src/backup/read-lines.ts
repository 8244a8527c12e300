import type {Files, OpenedFile} from '../system/files.ts';

/** Bytes that are read at once. */
const BLOCK = 1024 * 1024;
const NEWLINE = 0x0a;

/** Whole blocks of a file in order, the buffer reused. @throws the system's error. */
export async function* readBlocks(file: OpenedFile): AsyncGenerator<Buffer> {
  const block = Buffer.allocUnsafe(BLOCK);
  for (let position = 0; ; ) {
    const bytes = await file.read(block, BLOCK, position);
    if (bytes === 0) return;
    yield block.subarray(0, bytes);
    position += bytes;
  }
}

/** Reads a text in groups of whole lines, without their newlines. What follows the last newline is no line. @throws the system's error. */
export async function* readLines(files: Files, path: string): AsyncGenerator<readonly string[]> {
  const file = await files.openToRead(path, {direct: false});
  try {
    let rest: Buffer = Buffer.alloc(0);
    for await (const block of readBlocks(file)) {
      const end = block.lastIndexOf(NEWLINE);
      if (end === -1) {
        rest = Buffer.concat([rest, block]);
        continue;
      }
      const whole =
        rest.length === 0 ? block.subarray(0, end) : Buffer.concat([rest, block.subarray(0, end)]);
      yield whole.toString('utf8').split('\n');
      rest = Buffer.from(block.subarray(end + 1));
    }
  } finally {
    await file.close();
  }
}
