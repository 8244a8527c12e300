/** The temporary folder of a test. */
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {causeFrom, failed, type Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import type {Files} from '../../system/files.ts';
import type {Program} from '../program.ts';
import {resolveFolder, type UserFolder} from '../resolve-folder.ts';

/** Where a test makes its folder when `--to` says nothing. */
export const findTestPlace = (): string => tmpdir();

/** @returns a new folder that nobody else has, and nobody else may read. */
export async function makeTestFolder(
  program: Program,
  {real}: UserFolder,
): Promise<Result<UserFolder>> {
  const path = join(real, `offload-restore-test-${program.newWord()}`);
  try {
    await program.files.makeFolder(path, {onlyOwner: true});
  } catch (error) {
    return failed(causeFrom(error, 'making the folder of the test', path));
  }
  return await resolveFolder(program, path, 'destination');
}

/** Removes the folder with all that the test put in. @returns false when something of it is left, which is told. */
export async function removeTestFolder(files: Files, path: string, emit: Emit): Promise<boolean> {
  try {
    await removeBelow(files, path);
    return true;
  } catch (error) {
    const cause = causeFrom(error, 'removing the folder of the test', path);
    emit({type: 'noticed', level: 'warning', ...cause, next: 'Remove it yourself.'});
    return false;
  }
}

/** Links are removed and not followed. */
async function removeBelow(files: Files, folder: string): Promise<void> {
  for (const name of await files.list(folder)) {
    const path = join(folder, name);
    if ((await files.look(path)).kind === 'folder') await removeBelow(files, path);
    else await files.removeFile(path);
  }
  await files.removeFolder(folder);
}
