import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {errnoOf} from '../core/cause.ts';
import type {Files} from './files.ts';

/** What a picture says of its taking. Empty strings where it says nothing. */
export interface Capture {
  /** Date as the camera recorded it: YYYY-MM-DD, in the camera's own time zone. */
  readonly date: string;
  readonly make: string;
  readonly model: string;
  readonly serial: string;
}

export interface CaptureReader {
  /** @returns what the picture says, or undefined when it cannot be read or says nothing. Never rejects. */
  read(files: Files, path: string): Promise<Capture | undefined>;
}

/** Cameras write their metadata at the front; reading more of a card for a name would only cost time. */
const HEAD_BYTES = 1024 * 1024;
const TIME_LIMIT_MS = 15_000;

const TAGS = [
  'DateTimeOriginal',
  'CreateDate',
  'Make',
  'Model',
  'SerialNumber',
  'BodySerialNumber',
  'InternalSerialNumber',
];

/**
 * Reads metadata with exiftool. The head of the picture is read by this program, which asks for no access time, and given to exiftool as a file of its own: exiftool never
 * opens the card.
 */
export const exifCaptures: CaptureReader = {
  async read(files, path) {
    let folder: string | undefined;
    try {
      folder = await mkdtemp(join(tmpdir(), 'offload-'));
      const head = join(folder, `head${extensionOf(path)}`);
      await writeFile(head, await readHead(files, path), {mode: 0o600});
      return await readTags(head);
    } catch {
      // A picture without readable metadata, or no exiftool on this machine: callers fall back to file times.
      return undefined;
    } finally {
      await removeFolder(folder);
    }
  },
};

async function removeFolder(folder: string | undefined): Promise<void> {
  try {
    if (folder !== undefined) await rm(folder, {recursive: true, force: true});
  } catch (error) {
    // The system empties its folder for temporary files by itself.
    if (errnoOf(error) === undefined) throw error;
  }
}

/** Plain letters and digits only: the name goes to another program. */
function extensionOf(path: string): string {
  return /\.[a-z0-9]{1,5}$/i.exec(path)?.[0] ?? '';
}

async function readHead(files: Files, path: string): Promise<Buffer> {
  const file = await files.openToRead(path, {direct: false});
  try {
    const head = Buffer.alloc(HEAD_BYTES);
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

async function readTags(path: string): Promise<Capture | undefined> {
  // Loaded when it is needed: it is a large package, and most commands read no metadata.
  const {ExifTool} = await import('exiftool-vendored');
  const exiftool = new ExifTool({
    maxProcs: 1,
    taskTimeoutMillis: TIME_LIMIT_MS,
    spawnTimeoutMillis: TIME_LIMIT_MS,
  });
  try {
    const readArgs = ['-fast', ...TAGS.map((tag) => `-${tag}`)];
    const tags: Readonly<Record<string, unknown>> = await exiftool.readRaw(path, {readArgs});
    const text = (...names: readonly string[]) => {
      const found = names
        .map((name) => tags[name])
        .find((value) => value !== undefined && value !== '');
      return found === undefined ? '' : String(found).slice(0, 200);
    };
    const date = /^(\d{4}):(\d{2}):(\d{2})\b/.exec(text('DateTimeOriginal', 'CreateDate'));
    return {
      date: date === null ? '' : validDate(date.slice(1, 4).join('-')),
      make: text('Make'),
      model: text('Model'),
      serial: text('SerialNumber', 'BodySerialNumber', 'InternalSerialNumber'),
    };
  } finally {
    await exiftool.end();
  }
}

/** A date of the calendar, or empty: cameras write 0000-00-00 when their clock was never set. */
function validDate(date: string): string {
  const parsed = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(date) ? '' : date;
}
