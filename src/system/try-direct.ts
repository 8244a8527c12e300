/** Tries with one block whether a file can be written and read past the operating system's cache. */
import {errnoOf} from '../core/cause.ts';
import type {Files} from './files.ts';

interface Trial {
  readonly files: Files;
  readonly path: string;
  readonly block: Buffer;
}

interface WriteTrial extends Trial {
  readonly direct: boolean;
  /** The file is cut to a size that is no multiple of a sector, as copies are: whether Windows does that through a handle without buffering is tried, not assumed. */
  readonly isCut: boolean;
}

/** Takes the probe away again, where it is there. */
export async function removeProbe(files: Files, path: string): Promise<void> {
  try {
    await files.removeFile(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

/** Makes the file and writes the block. Nothing is left when it fails. @throws the system's error. */
export async function writeBlock({files, path, block, direct, isCut}: WriteTrial): Promise<void> {
  const file = await files.createFile(path, {direct});
  try {
    try {
      await file.write(block, block.length, 0);
      if (isCut) await file.truncate(block.length - 1);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await removeProbe(files, path);
    throw error;
  }
}

/** @returns false when a file cannot be written so. @throws EEXIST when the name is taken. */
export async function writesBlock(trial: WriteTrial): Promise<boolean> {
  try {
    await writeBlock(trial);
    return true;
  } catch (error) {
    // A file that has the name already is not the probe's to remove.
    if (errnoOf(error) === undefined || errnoOf(error) === 'EEXIST') throw error;
    // open(2) with O_DIRECT may refuse the flag and leave the new file behind.
    await removeProbe(trial.files, trial.path);
    return false;
  }
}

/**
 * True when a file is read past the cache. Windows refuses a transfer of a part of a sector through a handle without buffering ("File Buffering", Microsoft Learn): where one byte is given, the flag
 * was taken and ignored, as Wine does and as drivers of other file systems may.
 */
export async function readsPast({
  platform,
  ...trial
}: Trial & {readonly platform: string}): Promise<boolean> {
  if (!trial.files.knowsDirect || (await readDirect(trial, trial.block.length)) !== 'read') {
    return false;
  }
  return platform !== 'win32' || (await readDirect(trial, 1)) === 'EINVAL';
}

/** @returns `read`, `nothing` at the end of the file, or the errno of the refusal: EINVAL on tmpfs, ENOTSUP elsewhere. */
async function readDirect({files, path, block}: Trial, length: number): Promise<string> {
  try {
    const file = await files.openToRead(path, {direct: true});
    try {
      return (await file.read(block, length, 0)) > 0 ? 'read' : 'nothing';
    } finally {
      await file.close();
    }
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    return errno;
  }
}
