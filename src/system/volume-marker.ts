import {dirname, join} from 'node:path';
import * as z from 'zod';
import {errnoOf} from '../core/cause.ts';
import type {Volume} from '../core/drive.ts';
import type {Files} from './files.ts';
import {readText, writeNewText} from './read-text.ts';
import {systemError} from './system-error.ts';

/** The file by which a volume is known again on any letter and any computer (design, section 6). */
export const MARKER_NAME = '.offload-volume.json';

/** A marker that has no name yet: `.offload-volume-<id>.part`. */
const PART_START = '.offload-volume-';
const PART_END = '.part';

const marker = z.object({
  schema: z.literal('offload-volume/1'),
  id: z.uuid(),
  name: z.string(),
  /** Null when the user took its role away. */
  role: z.enum(['working', 'backup', 'off-site']).nullable(),
  createdAt: z.iso.datetime(),
  /** The file system's own id and size when the marker was made: a clone that copies the marker differs in them. */
  fsUuid: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  /** Where the drive is kept, in the user's words: `desk`, `bank`. Markers of earlier versions have none. */
  place: z.string().nullable().optional(),
});
export type VolumeMarker = z.infer<typeof marker>;

export interface FoundMarker {
  readonly marker: VolumeMarker;
  /** The folder that it lies in, absolute. */
  readonly folder: string;
}

/**
 * Looks for the marker of a volume, from a folder up to the volume's mount point.
 * @returns undefined when there is none that this version can read.
 */
export async function findMarker(
  files: Files,
  folder: string,
  volume: Volume,
): Promise<FoundMarker | undefined> {
  for (let place = folder; ; place = dirname(place)) {
    const found = await readMarker(files, join(place, MARKER_NAME));
    if (found !== undefined) return {marker: found, folder: place};
    if (place === volume.mountPoint || place === dirname(place)) return undefined;
  }
}

async function readMarker(files: Files, path: string): Promise<VolumeMarker | undefined> {
  try {
    return marker.parse(JSON.parse(await readText(files, path)));
  } catch (error) {
    // No marker, or one that somebody damaged: the volume gets a new one where the old one does not stand in the way.
    const expected =
      errnoOf(error) !== undefined || error instanceof SyntaxError || error instanceof z.ZodError;
    if (!expected) throw error;
    return undefined;
  }
}

/**
 * Makes a marker in a folder: whole, or not at all when the power goes.
 * @returns the marker, or the one that another process made meanwhile; undefined when a file of that name is there that this version cannot read, which is left alone.
 * @throws the system's error when the folder cannot be written.
 */
export async function makeMarker(
  files: Files,
  folder: string,
  made: Omit<VolumeMarker, 'schema'>,
): Promise<VolumeMarker | undefined> {
  const text = {schema: 'offload-volume/1', ...made} as const;
  const path = join(folder, MARKER_NAME);
  const temporary = join(folder, `${PART_START}${made.id}${PART_END}`);
  await writeNewText(files, temporary, `${JSON.stringify(text, null, 1)}\n`);
  try {
    await files.publish(temporary, path);
    await files.syncFolder(folder);
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'ENOENT') await files.removeFile(temporary);
    // ENOENT: the process that made the marker has swept this one away.
    if (code !== 'EEXIST' && code !== 'ENOENT') throw error;
    return await readMarker(files, path);
  }
  await sweepParts(files, folder);
  return text;
}

/**
 * Gives a volume that is known another role, or takes it away: its id stays.
 * @throws the system's error when the folder cannot be written.
 */
export async function giveRole(
  files: Files,
  {folder}: FoundMarker,
  role: VolumeMarker['role'],
): Promise<void> {
  await changeMarker(files, folder, {role});
}

/** What may be changed: the id only by `offload volumes adopt`. */
export type MarkerChange = Partial<Omit<VolumeMarker, 'schema' | 'createdAt'>>;

/**
 * Changes members of a marker and keeps the others, those of newer versions too. The new one is written under a temporary name, flushed, read back, and takes the old one's
 * place in one step.
 * @returns the marker as it is now.
 * @throws the system's error when the folder cannot be written, when the marker is gone or is none any more (ENOENT), and when other bytes were read back (EIO).
 */
export async function changeMarker(
  files: Files,
  folder: string,
  change: MarkerChange,
): Promise<VolumeMarker> {
  const path = join(folder, MARKER_NAME);
  const before = await readMarker(files, path);
  if (before === undefined) throw systemError('ENOENT', path);
  const members: object = JSON.parse(await readText(files, path));
  const after = {...members, ...change};
  const text = `${JSON.stringify(after, null, 1)}\n`;
  const temporary = join(folder, `${PART_START}${before.id}-change${PART_END}`);
  await sweepParts(files, folder);
  await writeNewText(files, temporary, text);
  if ((await readText(files, temporary)) !== text) {
    await files.removeFile(temporary);
    throw systemError('EIO', path);
  }
  await files.replace(temporary, path);
  await files.syncFolder(folder);
  return marker.parse(after);
}

/** Removes what runs that died left of markers that were never named. */
async function sweepParts(files: Files, folder: string): Promise<void> {
  for (const name of await files.list(folder)) {
    if (!name.startsWith(PART_START) || !name.endsWith(PART_END)) continue;
    try {
      await files.removeFile(join(folder, name));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
}
