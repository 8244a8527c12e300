import {dirname} from 'node:path';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import type {Volume} from '../core/drive.ts';
import {parseUserPath} from '../core/drive-paths.ts';
import type {Files} from '../system/files.ts';
import type {Program} from './program.ts';

/** A folder that the user named, looked at once. */
export interface UserFolder {
  /** Absolute, as the user named it. */
  readonly path: string;
  /** The same without links. */
  readonly real: string;
  readonly device: bigint;
  readonly inode: bigint;
  /** The folder itself and all above it, as words that are equal exactly for one folder, through bind mounts too. */
  readonly lineage: readonly string[];
  readonly volume: Volume;
}

/**
 * @param role how the folder is called in messages: "card", "destination".
 * @returns the folder, or why it cannot be used: it is missing, no folder, or not readable.
 */
export async function resolveFolder(
  {files, workingFolder, pathPlatform, describeVolume}: Program,
  text: string,
  role: string,
): Promise<Result<UserFolder>> {
  const parsed = parseUserPath({text, cwd: workingFolder, platform: pathPlatform});
  if (!parsed.ok) return parsed;
  const path = parsed.value;
  try {
    const facts = await files.follow(path);
    if (facts.kind !== 'folder') return failed(notAFolder(path, role));
    const real = await files.resolve(path);
    const {device, inode} = facts;
    const lineage = await findLineage(files, real);
    return ok({path, real, device, inode, lineage, volume: await describeVolume(real)});
  } catch (error) {
    return failed(
      errnoOf(error) === 'ENOENT'
        ? missing(path, role)
        : causeFrom(error, `opening the ${role}`, path),
    );
  }
}

/** Where a platform gives no inodes (0), the path itself is the word. */
async function findLineage(files: Files, real: string): Promise<readonly string[]> {
  const words: string[] = [];
  for (let place = real; ; place = dirname(place)) {
    const {device, inode} = await files.follow(place);
    words.push(inode === 0n ? place : `${device}:${inode}`);
    if (place === dirname(place)) return words;
  }
}

const missing = (path: string, role: string): Cause => ({
  code: `${role}-missing`,
  path,
  message: `the ${role} does not exist`,
  next: `Check that it is plugged in and that the path is right${role === 'destination' ? ', or make the folder first' : ''}.`,
});

const notAFolder = (path: string, role: string): Cause => ({
  code: `${role}-not-a-folder`,
  path,
  message: `the ${role} is not a folder`,
  next: 'Name the folder or the root of the drive.',
});
