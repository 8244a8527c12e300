/** What became of the runs of the backup jobs, and how this program's own files on this computer are read and written. Several processes may read and write them at the same time. */
import {mkdir} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import * as z from 'zod';
import {
  type BackupHistory,
  HISTORY_NAME,
  HISTORY_SCHEMA,
  historyForm,
  NO_HISTORY,
} from '../core/backup/jobs/backup-history.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import type {Files} from './files.ts';
import {readText, writeNewText} from './read-text.ts';

/** Takes a lock. @param path of the lock file. @returns how to let it go, or who has it (`file-busy`) or what failed. */
export type TakeLock = (path: string) => Promise<Result<{release(): Promise<void>}>>;

export interface OwnFiles {
  readonly files: Files;
  readonly lock: TakeLock;
  readonly sleep: (ms: number) => Promise<void>;
  /** A word that nobody else uses: in the names of temporary files. */
  readonly newWord: () => string;
}

/** Code of the cause with which {@link TakeLock} says that another process has it. */
export const BUSY = 'file-busy';

/** Others hold these files for some ms: 10 s is a process that hangs. */
const LOOKS = 200;
const LOOK_MS = 50;

/** Characters: a thousand jobs, and far more runs than jobs have targets. */
const LONGEST_FILE = 16 * 1024 * 1024;

const PART = '.part';

/** Makes the folder of one's own files when it is missing. @returns why it cannot be had. */
export async function makeOwnFolder(folder: string): Promise<Result<null>> {
  try {
    await mkdir(folder, {recursive: true, mode: 0o700});
    return ok(null);
  } catch (error) {
    return failed(causeFrom(error, 'making the folder', folder));
  }
}

/** @param folder the data folder, absolute. @returns what is remembered, nothing where there is no file; or why it cannot be read. Writes nothing. */
export async function readHistory(files: Files, folder: string): Promise<Result<BackupHistory>> {
  const path = join(folder, HISTORY_NAME);
  const text = await readOwnText(files, path, 'reading the history of the backups');
  if (!text.ok) return text;
  return text.value === null ? ok(NO_HISTORY) : parseHistory(text.value, path);
}

/**
 * Reads the history, changes it and writes it back, alone. A damaged file is put aside under a name of its own; one of a newer version stays as it is.
 * @returns the history as it is now.
 */
export async function changeHistory(
  own: OwnFiles,
  folder: string,
  change: (history: BackupHistory) => BackupHistory,
): Promise<Result<BackupHistory>> {
  const path = join(folder, HISTORY_NAME);
  return await alone(own, path, 'writing the history of the backups', async () => {
    const before = await readHistory(own.files, folder);
    if (!before.ok && before.cause.code !== 'history-damaged') return before;
    if (!before.ok) await own.files.publish(path, `${path}.damaged-${own.newWord()}`);
    const after = change(before.ok ? before.value : NO_HISTORY);
    await replaceText(own, path, `${JSON.stringify(after, null, 1)}\n`);
    return ok(after);
  });
}

function parseHistory(text: string, path: string): Result<BackupHistory> {
  try {
    const json: unknown = JSON.parse(text);
    const schema = z.object({schema: z.string()}).safeParse(json);
    if (schema.success && isNewer(schema.data.schema)) return failed(newerHistory(path));
    return ok(historyForm.parse(json));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error;
    return failed(damagedHistory(path));
  }
}

const isNewer = (schema: string): boolean =>
  schema !== HISTORY_SCHEMA && /^offload-backup-history\/\d+$/.test(schema);

/** @returns null when there is no such file. */
export async function readOwnText(
  files: Files,
  path: string,
  doing: string,
): Promise<Result<string | null>> {
  try {
    // Many people keep such files as links to a folder of their own.
    const place = await files.resolve(path);
    const {kind, size} = await files.look(place);
    if (kind !== 'file' || size > LONGEST_FILE) {
      const message = `${doing} failed: it is ${kind === 'file' ? 'far too long' : 'no file'}`;
      return failed({code: 'own-file-odd', path, message, next: 'Look at it, and move it away.'});
    }
    return ok(await readText(files, place));
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? ok(null) : failed(causeFrom(error, doing, path));
  }
}

/** Does something with one of these files while nobody else does. @param doing as the start of a sentence. */
export async function alone<T>(
  {lock, sleep}: OwnFiles,
  path: string,
  doing: string,
  work: () => Promise<Result<T>>,
): Promise<Result<T>> {
  try {
    await mkdir(dirname(path), {recursive: true, mode: 0o700});
    const locked = await waitForLock(lock, sleep, `${path}.lock`);
    if (!locked.ok) return locked;
    try {
      return await work();
    } finally {
      await locked.value.release();
    }
  } catch (error) {
    return failed(causeFrom(error, doing, path));
  }
}

async function waitForLock(lock: TakeLock, sleep: OwnFiles['sleep'], path: string) {
  for (let look = 1; ; look++) {
    const locked = await lock(path);
    if (locked.ok || locked.cause.code !== BUSY || look >= LOOKS) return locked;
    await sleep(LOOK_MS);
  }
}

/** Under another name first, flushed, then in one step: a power cut leaves the old file or the new one. */
export async function replaceText(
  {files, newWord}: OwnFiles,
  path: string,
  text: string,
): Promise<void> {
  const place = await resolveLink(files, path);
  const temporary = `${place}.${newWord()}${PART}`;
  await writeNewText(files, temporary, text);
  try {
    await files.replace(temporary, place);
  } catch (error) {
    await files.removeFile(temporary);
    throw error;
  }
  await files.syncFolder(dirname(place));
}

async function resolveLink(files: Files, path: string): Promise<string> {
  try {
    return await files.resolve(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return path;
  }
}

const damagedHistory = (path: string): Cause => ({
  code: 'history-damaged',
  path,
  message:
    'what was remembered of the backups on this computer is damaged: when each target was last in step is not known, so every job is due',
  next: 'The file is put aside at the next run. What lies on the drives is not touched by that.',
});

const newerHistory = (path: string): Cause => ({
  code: 'history-newer',
  path,
  message:
    'a newer version of offload wrote what is remembered of the backups, so it is not used and stays as it is',
  next: 'Use that version.',
});
