import type {Files} from './files.ts';

/** @returns the first bytes of a file, up to `length`, from wherever the system has them. Rejects with the system's error. */
export async function readHead(files: Files, path: string, length: number): Promise<Buffer> {
  const file = await files.openToRead(path, {direct: false});
  try {
    const head = Buffer.alloc(length);
    let filled = 0;
    while (filled < head.length) {
      const bytes = await file.read(head.subarray(filled), head.length - filled, filled);
      if (bytes === 0) break;
      filled += bytes;
    }
    return head.subarray(0, filled);
  } finally {
    await file.close();
  }
}
