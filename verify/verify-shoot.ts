import {join} from 'node:path';
import {errnoOf} from '../src/core/cause.ts';
import type {MediumRead} from '../src/core/drive.ts';
import type {Manifest, RecordedFile} from '../src/core/manifest.ts';
import type {FileFacts} from '../src/system/files.ts';
import type {MediumMethod} from '../src/system/medium.ts';
import type {MhlHashes} from '../src/system/mhl-hasher.ts';
import {type MediumReader, readMedium} from './read-medium.ts';
import {staysInside} from './stays-inside.ts';

/** What came of one recorded copy. */
export type CopyState =
  | {readonly kind: 'good'; readonly mediumRead: MediumRead}
  | {readonly kind: 'missing'}
  /** Other bytes than were proved. */
  | {
      readonly kind: 'changed';
      readonly actual: string;
      readonly mediumRead: MediumRead;
      /** As the file was right after it was read; undefined when it was gone. */
      readonly found: FileFacts | undefined;
    }
  | {readonly kind: 'unreadable'; readonly code: string; readonly message: string}
  | {readonly kind: 'stopped'};

export interface CheckedCopy {
  /** Below the shoot folder. */
  readonly target: string;
  readonly file: RecordedFile;
  readonly state: CopyState;
}

/** How copies in a folder are read. */
export interface CopyCheck {
  readonly reader: MediumReader;
  /** The shoot folder in which the manifest was found, or the folder of a mirror, absolute and without links. */
  readonly shoot: string;
  readonly method: MediumMethod;
  readonly signal: AbortSignal;
  /** Hashes for an ASC MHL history, taken in the same reads. */
  readonly mhl?: MhlHashes | undefined;
}

interface ShootCheck extends CopyCheck {
  readonly manifest: Manifest;
  /** True while the shoot lies where it lay: on a drive that was pulled out nothing is missing. */
  readonly isThere: () => Promise<boolean>;
  /** Limits the check to a part of the shoot; true for every copy that is wanted. */
  readonly wants: (target: string, file: RecordedFile) => boolean;
  readonly onChecked: (copy: CheckedCopy) => void;
}

/**
 * Reads the copies of one manifest back from the medium and compares them with it. Paths come from the manifest, which may come from anywhere: its form allows only paths that stay below
 * the shoot folder, and links are not followed at their end.
 * @returns false when the shoot went away: the copy in hand and those behind it are not told of.
 */
export async function verifyShoot(check: ShootCheck): Promise<boolean> {
  for (const {file, target} of copiesHere(check.manifest)) {
    if (check.signal.aborted) return true;
    if (!check.wants(target, file)) continue;
    const state = await verifyCopy(check, file, target);
    const isLost = state.kind === 'missing' || state.kind === 'unreadable';
    if (isLost && !(await check.isThere())) return false;
    check.onChecked({file, target, state});
  }
  return true;
}

/** The copies that the manifest says lie beside it. */
export function copiesHere(
  manifest: Manifest,
): readonly {readonly file: RecordedFile; readonly target: string}[] {
  return manifest.files.flatMap((file) =>
    file.copies
      .filter(({destination}) => destination === manifest.writtenTo)
      .map(({target}) => ({file, target})),
  );
}

/** Reads one copy back and compares it with what is recorded of it. @param target below the shoot folder. */
export async function verifyCopy(
  {reader, shoot, method, signal, mhl}: CopyCheck,
  file: Pick<RecordedFile, 'blake3' | 'size'>,
  target: string,
): Promise<CopyState> {
  const path = join(shoot, target);
  if (!(await staysInside(reader.files, shoot, path))) {
    const message = 'its record names a place outside of the shoot, which is not read';
    return {kind: 'unreadable', code: 'outside-shoot', message};
  }
  const request = {path, method, signal};
  const reading =
    mhl === undefined
      ? await readMedium(reader, request)
      : await mhl.beside((also) => readMedium(reader, {...request, also}));
  if (!reading.ok) {
    const {code, message} = reading.cause;
    if (code === 'stopped') return {kind: 'stopped'};
    return code === 'ENOENT' ? {kind: 'missing'} : {kind: 'unreadable', code, message};
  }
  const {hash, size, mediumRead} = reading.value;
  if (hash === file.blake3 && size === file.size) return {kind: 'good', mediumRead};
  return {kind: 'changed', actual: hash, mediumRead, found: await lookAgain(reader, path)};
}

async function lookAgain({files}: MediumReader, path: string): Promise<FileFacts | undefined> {
  try {
    return await files.look(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
