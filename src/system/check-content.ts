import type {CardPath} from '../core/card.ts';
import {errnoOf} from '../core/cause.ts';
import type {ByteRange, Finding, Look} from '../core/content/look.ts';
import {lookAtFile} from '../core/content/look-at-file.ts';
import type {Clock} from './clock.ts';
import {feedLook, type Known} from './feed-look.ts';
import type {Files, OpenedFile, QuickFiles} from './files.ts';

/** A proved copy that is to be looked at. */
export interface ContentRequest {
  readonly path: CardPath;
  /** Absolute path of the copy. */
  readonly place: string;
  /** Bytes. */
  readonly size: number;
}

export interface ContentFinding extends Finding {
  readonly path: CardPath;
}

export interface ContentLimits {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** ms after which no further file is opened. */
  readonly limitMs: number;
}

export interface ContentReport {
  /** In the order of the requests. */
  readonly findings: readonly ContentFinding[];
  /** Files that there was no time to look at. */
  readonly unchecked: number;
}

/** Small reads wait for the drive, not for this computer. */
const FILES_AT_ONCE = 4;

/** Where threads look, each has so many before it. */
const QUICK_FILES_AT_ONCE = 64;
/** Files from which on threads are worth their start. */
const MANY = 1000;

/**
 * Looks into pictures and films for damage, a few KB of each. A file that cannot be read is passed over: that its copy is proved does not depend on it.
 * Never rejects with a system error.
 */
export async function checkContent(
  files: QuickFiles,
  requests: readonly ContentRequest[],
  {signal, clock, limitMs}: ContentLimits,
): Promise<ContentReport> {
  const found = new Map<number, ContentFinding>();
  const endMs = clock.monotonic() + limitMs;
  const queue = requests.entries();
  let unchecked = 0;
  const isQuick = files.lookInside !== undefined && requests.length >= MANY;
  const work = async () => {
    for (const [index, {path, place, size}] of queue) {
      const look = lookAtFile(path, size);
      if (look === undefined) continue;
      if (signal.aborted || clock.monotonic() > endMs) {
        unchecked += 1;
        continue;
      }
      const quick = isQuick ? await files.lookInside?.({path, place, size}) : undefined;
      const finding = quick === undefined ? await runLook(files, place, look) : quick.finding;
      if (finding !== undefined) found.set(index, {...finding, path});
    }
  };
  const atOnce = isQuick ? QUICK_FILES_AT_ONCE : FILES_AT_ONCE;
  await Promise.all(Array.from({length: atOnce}, work));
  const findings = [...found].sort(([a], [b]) => a - b).map(([, finding]) => finding);
  return {findings, unchecked};
}

async function runLook(files: Files, place: string, look: Look): Promise<Finding | undefined> {
  try {
    const file = await files.openToRead(place, {direct: false});
    try {
      return await answer(file, look);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

async function answer(file: OpenedFile, look: Look): Promise<Finding | undefined> {
  const feed = feedLook(look);
  let step = feed.next();
  while (step.done !== true) step = feed.next(await readRange(file, step.value));
  return step.value;
}

async function readRange(file: OpenedFile, {position, length}: ByteRange): Promise<Known> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < buffer.length) {
    const rest = buffer.subarray(filled);
    const bytes = await file.read(rest, rest.length, position + filled);
    if (bytes === 0) return {position, bytes: buffer.subarray(0, filled), isEnd: true};
    filled += bytes;
  }
  return {position, bytes: buffer, isEnd: false};
}
