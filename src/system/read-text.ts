import {constants} from 'node:buffer';
import type {Files} from './files.ts';

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

/** Writes a new small file of this program and flushes it. @throws the system's error; EEXIST when the name is taken. */
export async function writeNewText(files: Files, path: string, text: string): Promise<void> {
  const file = await files.createFile(path, {direct: false});
  try {
    const bytes = Buffer.from(text, 'utf8');
    for (let done = 0; done < bytes.length; ) {
      const rest = bytes.subarray(done);
      done += await file.write(rest, rest.length, done);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
