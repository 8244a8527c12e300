import type {MediumRead} from '../core/drive.ts';
import {evidenceOf} from '../core/temporary-names.ts';
import {unreachable} from '../core/unreachable.ts';
import {systemError} from '../system/system-error.ts';
import {blameLane, type CopyRun} from './copy-run.ts';
import {putAside, warnOfDrive} from './keep-evidence.ts';
import {REWRITES} from './mismatched-copies.ts';
import {
  publish,
  recordProof,
  removeTemporary,
  type StandingCopy,
  type WrittenCopy,
} from './name-copy.ts';
import {type OtherBytes, readCopy, readStanding} from './read-copy.ts';

/**
 * Reads a written copy back from the medium, compares it, and only then gives it its final name. Records `file-proved`, `file-mismatched` or `file-failed`. Bytes that do not match
 * are put aside.
 * @returns `mismatched` when the copy is to be written again.
 */
export async function proveWritten(
  run: CopyRun,
  copy: WrittenCopy,
): Promise<'done' | 'mismatched'> {
  const {file, lane, temporary} = copy;
  const reading = await readCopy(run, copy, temporary);
  switch (reading.kind) {
    case 'stopped':
      return 'done';
    case 'unreadable': {
      const error = systemError(reading.cause.code, lane.absolute(temporary));
      await blameLane(run, lane, {path: file.path, cause: reading.cause, error});
      await removeTemporary(run, lane, temporary);
      return 'done';
    }
    case 'other':
      return await recordMismatch(run, copy, reading);
    case 'same':
      await nameProved(run, copy, reading.mediumRead);
      return 'done';
    default:
      return unreachable(reading);
  }
}

/** The fact is durable before anything is done about it, so that a run that dies here does not begin to count anew. */
async function recordMismatch(
  run: CopyRun,
  {file, lane, target, temporary, hash}: WrittenCopy,
  {actual, mediumRead}: OtherBytes,
): Promise<'done' | 'mismatched'> {
  const {to} = lane.destination;
  const rewrite = lane.mismatched.countOf(file.path) + 1;
  const isWrittenAgain = rewrite <= REWRITES;
  await run.journal.recordLasting({
    type: 'file-mismatched',
    card: run.card.ref,
    path: file.path,
    size: file.size,
    mtimeNs: `${file.mtimeNs}`,
    to,
    target,
    expected: hash,
    actual,
    mediumRead,
    evidence: evidenceOf(temporary),
    ...(isWrittenAgain ? {rewrite} : {}),
  });
  await putAside(run, {path: file.path, lane, temporary});
  warnOfDrive(run, lane);
  return isWrittenAgain ? 'mismatched' : 'done';
}

/**
 * The same for a copy that an earlier run wrote and flushed.
 * @returns `different` when it cannot be read or does not match: it is removed then, and nothing is recorded, because a power cut may have taken its bytes and it can be
 * written again.
 */
export async function proveLeft(
  run: CopyRun,
  copy: WrittenCopy,
): Promise<'done' | 'different' | 'stopped'> {
  const {lane, temporary} = copy;
  const reading = await readStanding(run, copy, temporary);
  if (reading.kind === 'stopped') return 'stopped';
  if (reading.kind === 'same') {
    await nameProved(run, copy, reading.mediumRead);
    return 'done';
  }
  await removeTemporary(run, lane, temporary);
  return 'different';
}

async function nameProved(run: CopyRun, copy: WrittenCopy, mediumRead: MediumRead): Promise<void> {
  const target = await publish(run, copy);
  if (target !== undefined) await recordProof(run, {...copy, target, origin: 'copied'}, mediumRead);
}

/**
 * Reads a file back that was there before and compares it with what the card gave.
 * @returns whether it is the copy; records `file-proved` when it is, nothing when it is not.
 */
export async function proveStanding(
  run: CopyRun,
  copy: StandingCopy,
): Promise<'proved' | 'different' | 'stopped'> {
  const reading = await readStanding(run, copy, copy.target);
  if (reading.kind === 'stopped') return 'stopped';
  if (reading.kind !== 'same') return 'different';
  await recordProof(run, copy, reading.mediumRead);
  return 'proved';
}
