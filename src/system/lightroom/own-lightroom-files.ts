/** What became of the Lightroom jobs, on this computer. Several processes may read and write them at the same time. */
import {join} from 'node:path';
import {ok, type Result} from '../../core/cause.ts';
import {
  LIGHTROOM_HISTORY_NAME,
  type LightroomHistory,
  NO_LIGHTROOM_HISTORY,
  parseLightroomHistory,
} from '../../core/lightroom/history.ts';
import {alone, type OwnFiles, readOwnText, replaceText} from '../backup-files.ts';
import type {Files} from '../files.ts';

/** @param folder the data folder, absolute. @returns what is remembered; nothing where there is no file or a damaged one, which makes every job due. */
export async function readLightroomHistory(
  files: Files,
  folder: string,
): Promise<Result<LightroomHistory>> {
  const path = join(folder, LIGHTROOM_HISTORY_NAME);
  const text = await readOwnText(files, path, 'reading the history of the Lightroom jobs');
  if (!text.ok) return text;
  const history = text.value === null ? undefined : parseLightroomHistory(text.value);
  return ok(history ?? NO_LIGHTROOM_HISTORY);
}

/** Reads the history, changes it and writes it back, alone. A damaged file is put aside under a name of its own. */
export async function changeLightroomHistory(
  own: OwnFiles,
  folder: string,
  change: (history: LightroomHistory) => LightroomHistory,
): Promise<Result<LightroomHistory>> {
  const path = join(folder, LIGHTROOM_HISTORY_NAME);
  return await alone(own, path, 'writing the history of the Lightroom jobs', async () => {
    const text = await readOwnText(own.files, path, 'reading the history of the Lightroom jobs');
    if (!text.ok) return text;
    const before = text.value === null ? NO_LIGHTROOM_HISTORY : parseLightroomHistory(text.value);
    if (before === undefined) await own.files.publish(path, `${path}.damaged-${own.newWord()}`);
    const after = change(before ?? NO_LIGHTROOM_HISTORY);
    await replaceText(own, path, `${JSON.stringify(after, null, 1)}\n`);
    return ok(after);
  });
}
