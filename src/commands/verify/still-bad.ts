/** Which bad copies are healed, and that they are bad still: hours may go between the first reading and the healing, in which somebody edits a file or puts it back. */
import {dirname} from 'node:path';
import {readMedium} from '../../../verify/read-medium.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import type {Lane} from '../../engine/lane.ts';
import {sweepRestores} from '../../engine/restore-temporaries.ts';
import type {FileFacts, Files} from '../../system/files.ts';
import {systemError} from '../../system/system-error.ts';
import type {Program} from '../program.ts';
import {readerOf} from '../restore/place-files.ts';
import type {HealPlace} from './heal-place.ts';
import type {JudgedCopy} from './verify-records.ts';

/** Names of what a drive says when it cannot give bytes that it has. Everything else (no right to read, a link) is no fault of the bytes. */
const LOST = new Set(['EIO', 'EBADMSG', 'EUCLEAN', 'EREMOTEIO', 'ENODATA']);

/** What somebody changed is his: only what the drive lost is brought back. */
export function isCurable({state, change}: JudgedCopy): boolean {
  if (state.kind === 'missing' || change === 'rotten') return true;
  return state.kind === 'unreadable' && LOST.has(state.code);
}

interface SecondLook {
  readonly lane: Lane;
  readonly place: HealPlace;
  /** Folders in which nothing of a dead heal is left. */
  readonly swept: Set<string>;
  readonly signal: AbortSignal;
}

/**
 * Sweeps what a heal left that died, and reads bad bytes a second time.
 * @returns what stands there; undefined when nothing does.
 */
export async function lookAtBad(
  program: Program,
  {lane, place: {isCopy}, swept, signal}: SecondLook,
  {target, file, state}: JudgedCopy,
): Promise<Result<FileFacts | undefined>> {
  const path = lane.absolute(target);
  try {
    const folder = dirname(path);
    if (!swept.has(folder)) {
      await sweepRestores(program.files, folder, {self: program.self, isCopy});
      swept.add(folder);
    }
    const facts = await program.files.look(path);
    const found = state.kind === 'changed' ? state.found : facts;
    if (state.kind === 'missing' || found === undefined || !isSame(facts, found))
      return failed(changedSince(path));
    const {method} = lane.access;
    const reading = await readMedium(readerOf(program), {path, method, signal});
    if (!reading.ok) return LOST.has(reading.cause.code) ? ok(facts) : reading;
    if (reading.value.hash === file.blake3) return failed(readTwice(path));
    return state.kind === 'changed' ? ok(facts) : failed(changedSince(path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return ok(undefined);
    return failed(causeFrom(error, 'looking at it again', path));
  }
}

/** @throws EEXIST when it is not any more what was found bad. */
export async function refuseChange(files: Files, path: string, before: FileFacts): Promise<void> {
  if (!isSame(await files.look(path), before)) throw systemError('EEXIST', path);
}

const isSame = ({kind, size, mtimeNs}: FileFacts, before: FileFacts): boolean =>
  kind === 'file' && size === before.size && mtimeNs === before.mtimeNs;

const readTwice = (path: string): Cause => ({
  code: 'read-differs',
  path,
  message: 'it was bad when it was read first, and right when it was read again',
  next: 'The drive, its cable or the memory of the computer spoils bytes on the way: try another cable or port and verify again.',
});

const changedSince = (path: string): Cause => ({
  code: 'changed-since',
  path,
  message: 'it is not any more what was found bad: somebody has written it since',
  next: 'It is left as it is. Run offload verify on the shoot again to see what it is now.',
});
