import {constants} from 'node:buffer';
import {errnoOf} from '../core/cause.ts';
import type {Files, OpenedFile} from './files.ts';

/**
 * Reads a text file of this program.
 * @throws the system's error; EFBIG when it is longer than a string can be.
 */
export async function readText(files: Files, path: string): Promise<string> {
  const file = await files.openToRead(path, {direct: false});
  try {
    const {size} = await file.facts();
    if (size > constants.MAX_STRING_LENGTH) {
      throw Object.assign(new Error(`EFBIG: ${path}`), {code: 'EFBIG'});
    }
    const bytes = Buffer.alloc(size);
    let filled = 0;
    while (filled < size) {
      const read = await file.read(bytes.subarray(filled), size - filled, filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.toString('utf8', 0, filled);
  } finally {
    await file.close();
  }
}

/**
 * Writes a new small file of this program and flushes it.
 * @throws the system's error; EEXIST when the name is taken. What was begun is removed then.
 */
export async function writeNewText(files: Files, path: string, text: string): Promise<void> {
  const file = await files.createFile(path, {direct: false});
  try {
    try {
      await writeWhole(file, Buffer.from(text, 'utf8'), 0);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await removeBegun(files, path);
    throw error;
  }
}

/**
 * Writes all bytes from a position on, however few a single write takes.
 * @throws the system's error; ENOSPC when a write takes none.
 */
export async function writeWhole(file: OpenedFile, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const rest = bytes.subarray(done);
    const taken = await file.write(rest, rest.length, position + done);
    if (taken === 0) throw Object.assign(new Error('ENOSPC: no byte was taken'), {code: 'ENOSPC'});
    done += taken;
  }
}

/** Half a record would stand in the way of the next run. The error that led here is the one to tell. */
async function removeBegun(files: Files, path: string): Promise<void> {
  try {
    await files.removeFile(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}
