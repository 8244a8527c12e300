/**
 * exiftool as one process for all who ask: started at the first question, ended when nobody holds it any more, because a process that waits would keep the program from
 * ending. exiftool never opens the card: it gets the head of a file, read by this program, which asks for no access time.
 */
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExifTool} from 'exiftool-vendored';
import {errnoOf} from '../core/cause.ts';

const TIME_LIMIT_MS = 15_000;

/** Values by the names of their tags. */
export type Tags = Readonly<Record<string, unknown>>;

let holders = 0;
let started: Promise<ExifTool> | undefined;

/** Keeps exiftool for the questions that `work` asks: starting it takes a quarter of a second, a question 20 ms. */
export async function holdExiftool<T>(work: () => Promise<T>): Promise<T> {
  holders += 1;
  try {
    return await work();
  } finally {
    holders -= 1;
    if (holders === 0) await endExiftool();
  }
}

async function endExiftool(): Promise<void> {
  const ending = started;
  started = undefined;
  try {
    await (await ending)?.end();
  } catch {
    // It did not start: whoever asked was told.
  }
}

async function startExiftool(): Promise<ExifTool> {
  // Loaded when it is needed: it is a large package, and most commands read no metadata.
  const {ExifTool} = await import('exiftool-vendored');
  return new ExifTool({
    maxProcs: 1,
    taskTimeoutMillis: TIME_LIMIT_MS,
    spawnTimeoutMillis: TIME_LIMIT_MS,
  });
}

/**
 * @param head the beginning of a file.
 * @param path the file it is from: exiftool looks at the extension.
 * @param options for exiftool, the tags among them.
 * @returns what exiftool says. Rejects when it says nothing in time, or is not there.
 */
export async function askExiftool(
  head: Uint8Array,
  path: string,
  options: readonly string[],
): Promise<Tags> {
  const folder = await mkdtemp(join(tmpdir(), 'offload-'));
  try {
    const place = join(folder, `head${extensionOf(path)}`);
    await writeFile(place, head, {mode: 0o600});
    return await holdExiftool(async () => {
      started ??= startExiftool();
      const tool = await started;
      return {...(await tool.readRaw(place, {readArgs: ['-fast', ...options]}))};
    });
  } finally {
    await removeFolder(folder);
  }
}

/** Plain letters and digits only: the name goes to another program. */
function extensionOf(path: string): string {
  return /\.[a-z0-9]{1,5}$/i.exec(path)?.[0] ?? '';
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, {recursive: true, force: true});
  } catch (error) {
    // The system empties its folder for temporary files by itself.
    if (errnoOf(error) === undefined) throw error;
  }
}
