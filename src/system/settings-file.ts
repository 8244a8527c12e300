import {join} from 'node:path';
import {type Cause, causeFrom, errnoOf} from '../core/cause.ts';
import {
  DEFAULT_SETTINGS,
  LONGEST_SETTINGS,
  parseSettings,
  type ReadSettings,
  refuseLength,
  SETTINGS_NAME,
} from '../core/settings.ts';
import type {Files} from './files.ts';
import {readText} from './read-text.ts';

/**
 * Reads `settings.json`. A file that is not there is no problem; one that cannot be read or understood is told, and the defaults are
 * used. Nothing is written.
 * @param folder the `config` folder of this program, absolute.
 */
export async function readSettings(files: Files, folder: string): Promise<ReadSettings> {
  const path = join(folder, SETTINGS_NAME);
  try {
    // Many people keep such files as links to a folder of their own.
    const place = await files.resolve(path);
    const {kind, size} = await files.look(place);
    if (kind !== 'file') return {settings: DEFAULT_SETTINGS, problems: [isNoFile(path)]};
    // Bytes: never fewer than characters. No character needs more than three of them for each that a string counts.
    if (size > LONGEST_SETTINGS * 3) return refuseLength(path);
    return parseSettings(await readText(files, place), path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return {settings: DEFAULT_SETTINGS, problems: []};
    const cause = causeFrom(error, 'reading the settings', path);
    return {settings: DEFAULT_SETTINGS, problems: [{...cause, next: NEXT}]};
  }
}

const NEXT = 'Until that file can be read, the usual settings are used.';

function isNoFile(path: string): Cause {
  return {code: 'settings-no-file', path, message: 'it is not a file', next: NEXT};
}
