import type {CardPath} from '../core/card.ts';
import {errnoOf} from '../core/cause.ts';
import {type ByteRange, type Finding, LARGEST_RANGE, type Look} from '../core/content/look.ts';
import {lookAtFile} from '../core/content/look-at-file.ts';
import type {Clock} from './clock.ts';
import type {Files, OpenedFile} from './files.ts';

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

/** Most files need three. A look that wants more is given up: it is a guess at a damage, not worth the time. */
const MOST_READS = 2000;
/** For a JPEG whose end has to be looked for. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What is read at least, so that neighbouring questions are answered by one read. */
const BLOCK = 4096;

/**
 * Looks into pictures and films for damage, a few KB of each. A file that cannot be read is passed over: that its copy is proved does not depend on it.
 * Never rejects with a system error.
 */
export async function checkContent(
  files: Files,
  requests: readonly ContentRequest[],
  {signal, clock, limitMs}: ContentLimits,
): Promise<ContentReport> {
  const found = new Map<number, ContentFinding>();
  const endMs = clock.monotonic() + limitMs;
  const queue = requests.entries();
  let unchecked = 0;
  const work = async () => {
    for (const [index, {path, place, size}] of queue) {
      const look = lookAtFile(path, size);
      if (look === undefined) continue;
      if (signal.aborted || clock.monotonic() > endMs) {
        unchecked += 1;
        continue;
      }
      const finding = await runLook(files, place, look);
      if (finding !== undefined) found.set(index, {...finding, path});
    }
  };
  await Promise.all(Array.from({length: FILES_AT_ONCE}, work));
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

/** Gives a look the bytes that it asks for, as long as it asks for few. */
async function answer(file: OpenedFile, look: Look): Promise<Finding | undefined> {
  let [reads, bytes] = [0, 0];
  let known: Known = {position: 0, bytes: Buffer.alloc(0), isEnd: false};
  let step = look.next();
  while (step.done !== true) {
    const range = step.value;
    if (range.length > LARGEST_RANGE)
      throw new Error(`${range.length} bytes are asked for at once`);
    if (!covers(known, range)) {
      if (reads >= MOST_READS || bytes >= MOST_BYTES) return undefined;
      known = await readRange(file, range);
      reads += 1;
      bytes += known.bytes.length;
    }
    const from = range.position - known.position;
    step = look.next(known.bytes.subarray(from, from + range.length));
  }
  return step.value;
}

interface Known {
  readonly position: number;
  readonly bytes: Buffer;
  /** True when the file ends with them. */
  readonly isEnd: boolean;
}

function covers({position, bytes, isEnd}: Known, range: ByteRange): boolean {
  if (range.position < position) return false;
  const end = position + bytes.length;
  return range.position + range.length <= end || (isEnd && range.position <= end);
}

async function readRange(file: OpenedFile, {position, length}: ByteRange): Promise<Known> {
  const buffer = Buffer.alloc(Math.max(BLOCK, length));
  let filled = 0;
  while (filled < buffer.length) {
    const rest = buffer.subarray(filled);
    const bytes = await file.read(rest, rest.length, position + filled);
    if (bytes === 0) return {position, bytes: buffer.subarray(0, filled), isEnd: true};
    filled += bytes;
  }
  return {position, bytes: buffer, isEnd: false};
}
