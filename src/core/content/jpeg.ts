/** JPEG: ITU-T T.81, annex B. What follows the end of the picture is legal: further pictures (CIPA DC-007, Multi-Picture Format), films, trailers, padding. */
import {
  ask,
  cutPicture,
  type Finding,
  LARGEST_RANGE,
  type Look,
  uint,
  unreadablePicture,
} from './look.ts';

const SOS = 0xda;
const EOI = 0xd9;
const MARKER = 0xff;

/** More than any camera writes before its picture. */
const MOST_SEGMENTS = 600;
/** Bytes between two segments that decoders pass over (libjpeg: "extraneous bytes before marker"). */
const MOST_STRAY = 64;
/** Where the end of the picture stands in nearly all files. */
const TAIL = 4096;

/** Walks the segments up to the picture's data, and looks for its end. */
export function* lookAtJpeg(size: number): Look {
  let at = 2;
  for (let segment = 0; segment < MOST_SEGMENTS; segment++) {
    const head = yield* ask(at, 4);
    const marker = uint(head, 1, {size: 1});
    if (marker === undefined) return cutPicture;
    if (head[0] !== MARKER) {
      const stray = yield* countStray(at);
      if (stray === undefined) return unreadablePicture;
      at += stray;
      continue;
    }
    if (marker === MARKER) {
      at += 1;
      continue;
    }
    // TEM and RSTn have no length.
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
      continue;
    }
    if (marker === EOI) return unreadablePicture;
    const length = uint(head, 2, {size: 2});
    if (length === undefined) return cutPicture;
    if (length < 2) return unreadablePicture;
    at += 2 + length;
    if (at >= size) return cutPicture;
    if (marker === SOS) return yield* lookForEnd(at, size);
  }
  return undefined;
}

/** @returns how many bytes stand before the next marker; undefined when there is none near. */
function* countStray(at: number): Look<number | undefined> {
  const bytes = yield* ask(at, MOST_STRAY);
  for (let index = 1; index + 1 < bytes.length; index++) {
    const next = bytes[index + 1] ?? 0;
    if (bytes[index] === MARKER && next > 0xbf && next !== MARKER) return index;
  }
  return undefined;
}

/** Within a picture's data the two bytes of the end cannot stand: a 0xFF there is followed by a zero or a restart marker. */
function* lookForEnd(from: number, size: number): Look<Finding | undefined> {
  const tail = Math.max(from, size - TAIL);
  if (hasEnd(yield* ask(tail, size - tail))) return undefined;
  // What follows the picture is longer than the tail, or it has no end.
  for (let at = from; at < size; at += LARGEST_RANGE - 1) {
    const bytes = yield* ask(at, LARGEST_RANGE);
    if (hasEnd(bytes)) return undefined;
    if (bytes.length < LARGEST_RANGE) break;
  }
  return cutPicture;
}

function hasEnd(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(MARKER); at !== -1; at = bytes.indexOf(MARKER, at + 1)) {
    if (bytes[at + 1] === EOI) return true;
  }
  return false;
}
