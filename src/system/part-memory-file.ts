/** The small files that remember which slices of a volume were read, one for each volume. */
import {dirname, join} from 'node:path';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import {nothingRead, type PartMemory, parsePartMemory} from '../core/verify/part-memory.ts';
import type {Files} from './files.ts';
import {readText, writeNewText} from './read-text.ts';

const FOLDER = 'verify';
/** Bytes. A thousand slices in each of a hundred numbers need less. */
const MOST_BYTES = 16_000_000;

export interface PartPlace {
  /** The `data` folder of this program, absolute. */
  readonly data: string;
  /** Id from the volume's marker: a UUID. */
  readonly volume: string;
}

const pathOf = ({data, volume}: PartPlace) => join(data, FOLDER, `${volume}.json`);

/** @returns what is remembered, and why it is nothing although there is a file. */
export async function readPartMemory(
  files: Files,
  place: PartPlace,
): Promise<{readonly memory: PartMemory; readonly problem: Cause | undefined}> {
  const path = pathOf(place);
  const memory = nothingRead(place.volume);
  try {
    const {kind, size} = await files.look(path);
    const text = kind === 'file' && size <= MOST_BYTES ? await readText(files, path) : '';
    const parsed = parsePartMemory(text, place.volume);
    if (parsed !== undefined) return {memory: parsed, problem: undefined};
    return {memory, problem: damaged(path)};
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return {memory, problem: undefined};
    const cause = causeFrom(error, 'reading which slices were verified', path);
    return {memory, problem: {...cause, next: BEGINS_ANEW}};
  }
}

/** Written under a temporary name, flushed, and put in the place of the old one in one step. @param word that no other run has. */
export async function writePartMemory(
  files: Files,
  place: PartPlace,
  {memory, word}: {readonly memory: PartMemory; readonly word: string},
): Promise<Result<void>> {
  const path = pathOf(place);
  const folder = join(place.data, FOLDER);
  const temporary = `${path}.${word}.part`;
  try {
    await makeFolders(files, folder);
    await writeNewText(files, temporary, `${JSON.stringify(memory, null, 1)}\n`);
    try {
      await files.replace(temporary, path);
    } catch (error) {
      await files.removeFile(temporary);
      throw error;
    }
    await files.syncFolder(folder);
    return ok(undefined);
  } catch (error) {
    const cause = causeFrom(error, 'remembering which slices were verified', path);
    return failed({
      ...cause,
      next: `${cause.next} The next run with --part next reads this slice again.`,
    });
  }
}

/** With those around it; where one can be made, the ones around it are there. */
async function makeFolders(files: Files, folder: string): Promise<void> {
  try {
    await files.makeFolder(folder, {onlyOwner: true});
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return;
    if (errnoOf(error) !== 'ENOENT' || folder === dirname(folder)) throw error;
    await makeFolders(files, dirname(folder));
    await files.makeFolder(folder, {onlyOwner: true});
  }
}

const BEGINS_ANEW = 'It begins anew with the first slice.';

const damaged = (path: string): Cause => ({
  code: 'slices-forgotten',
  path,
  message: 'what was remembered of verified slices is damaged',
  next: BEGINS_ANEW,
});
