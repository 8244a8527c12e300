import type {StartFile} from '../core/backup/jobs/install/launch.ts';
import {causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import type {Files} from './files.ts';
import {writeWhole} from './read-text.ts';

/** Far more than any of these files has. */
const LONGEST = 1024 * 1024;

/** Windows knows the order of the bytes by it. */
const MARK = '\ufeff';

/** @returns the text of a file that tells the system when to start the program; null when it is not there. */
export async function readStartText(
  files: Files,
  {path, encoding}: StartFile,
): Promise<Result<string | null>> {
  try {
    const file = await files.openToRead(path, {direct: false});
    try {
      const bytes = Buffer.alloc(Math.min((await file.facts()).size, LONGEST));
      const read = await file.read(bytes, bytes.length, 0);
      return ok(bytes.toString(encoding, 0, read));
    } finally {
      await file.close();
    }
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? ok(null) : failed(causeFrom(error, 'reading it', path));
  }
}

/**
 * Writes it under another name, flushes it and gives it its name in one step.
 * @param word that nobody else uses.
 * @throws the system's error.
 */
export async function writeStartFile(
  files: Files,
  {path, text, encoding}: StartFile,
  word: string,
): Promise<void> {
  const temporary = `${path}.${word}.part`;
  const bytes = Buffer.from(encoding === 'utf16le' ? MARK + text : text, encoding);
  const file = await files.createFile(temporary, {direct: false});
  try {
    try {
      await writeWhole(file, bytes, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.replace(temporary, path);
  } catch (error) {
    await files.removeFile(temporary);
    throw error;
  }
}
