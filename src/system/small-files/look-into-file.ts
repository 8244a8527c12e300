/** Looks into a file for damage, in calls that wait: for a thread of its own. */
import {type ByteRange, type Finding, LARGEST_RANGE} from '../../core/content/look.ts';
import {lookAtFile} from '../../core/content/look-at-file.ts';
import {feedLook, type Known} from '../feed-look.ts';
import {
  closeQuietly,
  mustHaveErrno,
  openQuietly,
  SMALL_FILE,
  type SmallFileTools,
} from './small-file-tools.ts';

export interface LookRequest {
  /** On the card: what kind of file it is. */
  readonly path: string;
  /** Absolute path of the copy. */
  readonly place: string;
  /** Bytes. */
  readonly size: number;
}

/** @returns what is wrong with it; null when nothing is, or when it cannot be read. */
export function lookIntoFile(
  tools: SmallFileTools,
  {path, place, size}: LookRequest,
): Finding | null {
  const look = lookAtFile(path, size);
  if (look === undefined) return null;
  const {calls} = tools;
  let file: number | undefined;
  try {
    file = openQuietly(calls, place, false);
    const feed = feedLook(look);
    let step = feed.next();
    while (step.done !== true) step = feed.next(readRange(tools, file, step.value));
    return step.value ?? null;
  } catch (error) {
    mustHaveErrno(error);
    return null;
  } finally {
    if (file !== undefined) closeQuietly(calls, file);
  }
}

if (LARGEST_RANGE > SMALL_FILE) throw new Error('the buffer of a thread is too small for a look');

/** The bytes lie in the buffer of the thread until the next range is read. */
function readRange(
  {calls, buffer}: SmallFileTools,
  file: number,
  {position, length}: ByteRange,
): Known {
  let filled = 0;
  while (filled < length) {
    const bytes = calls.readAt(file, buffer.subarray(filled, length), position + filled);
    if (bytes === 0) return {position, bytes: buffer.subarray(0, filled), isEnd: true};
    filled += bytes;
  }
  return {position, bytes: buffer.subarray(0, length), isEnd: false};
}
