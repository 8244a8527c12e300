/**
 * Why something did not work, as plain data: it is printed, journalled and sent as JSON.
 * A message names the file and the drive; `next` says what to do.
 */
export interface Cause {
  /** An errno name (`EIO`, `ENOSPC`) where a system call failed, otherwise a word of this program (`changed-while-read`). */
  readonly code: string;
  readonly path?: string;
  readonly message: string;
  readonly next: string;
}

/** Why something that was typed is refused. */
export interface Refusal extends Cause {
  /** The typed text in which something is wrong, and the place of it in UTF-16 units: shown with a mark below it. */
  readonly excerpt?: {readonly text: string; readonly at: number};
}

/** Success or an expected failure. Broken invariants throw instead. */
export type Result<T, E = Cause> =
  | {readonly ok: true; readonly value: T}
  | {readonly ok: false; readonly cause: E};

export const ok = <T>(value: T): Result<T, never> => ({ok: true, value});
export const failed = <E>(cause: E): Result<never, E> => ({ok: false, cause});

/**
 * What to do about an errno, in one sentence. The meanings are those of errno(3); the advice is for drives that
 * are plugged into a laptop.
 */
const NEXT: Readonly<Record<string, string>> = {
  EIO: 'The device reports an error there: try another reader, cable or port, then run the same command again.',
  ENOSPC: 'Free space on that drive or choose a larger one, then run the same command again.',
  EDQUOT: 'The quota of that drive is used up: free space, then run the same command again.',
  EROFS:
    'The drive became read-only: unplug it, check it for errors, then run the same command again.',
  ENODEV: 'The device is gone: plug it in again, then run the same command again.',
  ENXIO: 'The device is gone: plug it in again, then run the same command again.',
  ENOTCONN: 'The connection to the drive is gone: mount it again, then run the same command again.',
  ESTALE: 'The network drive answers no more: mount it again, then run the same command again.',
  ENOENT:
    'It is not there any more: check that the drive is still plugged in, then run the same command again.',
  EACCES: 'This user may not open it: change the permissions or run as the user who owns it.',
  EPERM: 'This user may not do that: change the permissions or run as the user who owns it.',
  EMFILE: 'Too many files are open: close other programs, then run the same command again.',
  ENFILE:
    'Too many files are open on this machine: close other programs, then run the same command again.',
  EFBIG:
    'The file is too large for that file system: use a drive formatted with exFAT, ext4, APFS or NTFS.',
  ENAMETOOLONG: 'The name is too long for that drive: use a shorter shoot name or layout.',
  EEXIST: 'Something of that name appeared meanwhile: run the same command again.',
  ETIMEDOUT: 'The drive did not answer in time: check its cable, then run the same command again.',
};

const FALLBACK_NEXT = 'Check the drive, then run the same command again.';

/** @returns what to do about an errno name; never empty. */
export function adviseOn(errno: string): string {
  return (Object.hasOwn(NEXT, errno) ? NEXT[errno] : undefined) ?? FALLBACK_NEXT;
}

/** The errno name of a thrown value, or undefined when it is not a system error. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Turns a caught system error into a {@link Cause}.
 * @param doing what was being done, as the start of a sentence: "reading", "writing".
 * @throws the same value when it carries no errno: that is a bug, not an expected failure.
 */
export function causeFrom(error: unknown, doing: string, path: string): Cause {
  const code = errnoOf(error);
  if (code === undefined) throw error;
  return {code, path, message: `${doing} failed (${code})`, next: adviseOn(code)};
}
