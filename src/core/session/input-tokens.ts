/**
 * A terminal's input cut into characters, controls and sequences. The forms are those of ECMA-48 (5.4 for CSI, 5.6 for strings), with
 * what terminals send beside them: SS3 keys, `ESC [ [ A` of the Linux console and the mouse of X10 (xterm, "Control Sequences").
 */

export type InputToken =
  | {readonly type: 'text'; readonly text: string}
  /** A control character by its code, `ESC` alone among them. */
  | {readonly type: 'control'; readonly code: number}
  /** What stands between `ESC [` or `ESC O` and its end, with the end: `A`, `3~`, `1;5C`. */
  | {readonly type: 'key'; readonly name: string}
  /** Nothing that is typed: broken UTF-8, strings, the mouse, keys with Alt. */
  | {readonly type: 'nothing'};

export interface TokenRead {
  readonly token: InputToken;
  /** Index of the first byte behind it. */
  readonly end: number;
}

export const ESCAPE = 0x1b;
export const CTRL_C = 0x03;
export const CTRL_Z = 0x1a;

const BELL = 0x07;
const BACKSLASH = 0x5c;
/** A string that is longer is none that a terminal sends. */
const LONGEST = 65_536;
/** Bytes of one report of the X10 mouse behind `ESC [ M`. */
const MOUSE_BYTES = 3;

const nothing = (end: number): TokenRead => ({token: {type: 'nothing'}, end});
const control = (code: number, end: number): TokenRead => ({token: {type: 'control', code}, end});

/** @returns the token that begins at `at`; null when its end has not come yet. */
export function readToken(bytes: Uint8Array, at: number): TokenRead | null {
  const first = bytes[at];
  if (first === undefined) return null;
  if (first === ESCAPE) return readEscape(bytes, at);
  return isControl(first) ? control(first, at + 1) : readCharacter(bytes, at);
}

/** Controls break every sequence off: Ctrl-C must not be swallowed by a half one. */
const isControl = (byte: number) => byte < 0x20 || byte === 0x7f;
const isParameter = (byte: number) => byte >= 0x20 && byte <= 0x3f;
const isEnd = (byte: number) => byte >= 0x40 && byte <= 0x7e;

function readEscape(bytes: Uint8Array, at: number): TokenRead | null {
  const next = bytes[at + 1];
  switch (next) {
    case undefined:
      return null;
    case 0x5b: // [
      return readControlSequence(bytes, at);
    case 0x4f: // O
      return readKeySequence(bytes, at);
    case 0x50: // P, device control
    case 0x58: // X
    case 0x5d: // ], operating system command
    case 0x5e: // ^
    case 0x5f: // _
      return skipString(bytes, at);
    case ESCAPE:
    case CTRL_C:
    case CTRL_Z:
      return control(ESCAPE, at + 1);
    default: {
      const withAlt = isControl(next) ? at + 2 : readCharacter(bytes, at + 1)?.end;
      return withAlt === undefined ? null : nothing(withAlt);
    }
  }
}

function readControlSequence(bytes: Uint8Array, at: number): TokenRead | null {
  const body = at + 2;
  const last = skipParameters(bytes, body);
  const byte = bytes[last];
  if (byte === undefined) return null;
  if (!isEnd(byte)) return nothing(last);
  const name = toAscii(bytes, body, last + 1);
  if (name === '[') return skipUpTo(bytes, last + 1, 1);
  if (name === 'M') return skipUpTo(bytes, last + 1, MOUSE_BYTES);
  return {token: {type: 'key', name}, end: last + 1};
}

function readKeySequence(bytes: Uint8Array, at: number): TokenRead | null {
  const body = at + 2;
  const last = skipParameters(bytes, body);
  const byte = bytes[last];
  if (byte === undefined) return null;
  if (!isEnd(byte)) return nothing(last);
  // `ESC O M` is Enter on the number pad, `CSI M` the mouse: told apart by the letter in front.
  return {token: {type: 'key', name: `O${toAscii(bytes, body, last + 1)}`}, end: last + 1};
}

function skipParameters(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at]; byte !== undefined && isParameter(byte); byte = bytes[at]) {
    if (at - from > LONGEST) break;
    at += 1;
  }
  return at;
}

function toAscii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 32)));
}

/** Skips `count` bytes that are no controls. */
function skipUpTo(bytes: Uint8Array, from: number, count: number): TokenRead | null {
  for (let at = from; at < from + count; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return null;
    if (isControl(byte)) return nothing(at);
  }
  return nothing(from + count);
}

/** Up to BEL or `ESC \`; the answer of a terminal to a question of somebody else. */
function skipString(bytes: Uint8Array, at: number): TokenRead | null {
  for (let end = at + 2; ; end += 1) {
    const byte = bytes[end];
    if (byte === undefined) return null;
    if (byte === BELL) return nothing(end + 1);
    if (byte === CTRL_C || byte === CTRL_Z || end - at > LONGEST) return nothing(end);
    if (byte !== ESCAPE) continue;
    const next = bytes[end + 1];
    if (next === undefined) return null;
    return nothing(next === BACKSLASH ? end + 2 : end);
  }
}

/** Length, first code point and bits of the first byte of each form of UTF-8 (RFC 3629). */
const FORMS = [
  {length: 1, from: 0x00, to: 0x7f, least: 0, bits: 0x7f},
  {length: 2, from: 0xc2, to: 0xdf, least: 0x80, bits: 0x1f},
  {length: 3, from: 0xe0, to: 0xef, least: 0x800, bits: 0x0f},
  {length: 4, from: 0xf0, to: 0xf4, least: 0x10000, bits: 0x07},
] as const;

const IS_TEXT = /^[^\p{Cc}\p{Cs}]$/u;

function readCharacter(bytes: Uint8Array, at: number): TokenRead | null {
  const first = bytes[at];
  if (first === undefined) return null;
  const form = FORMS.find(({from, to}) => first >= from && first <= to);
  if (form === undefined) return nothing(at + 1);
  let code = first & form.bits;
  for (let end = at + 1; end < at + form.length; end += 1) {
    const byte = bytes[end];
    if (byte === undefined) return null;
    if ((byte & 0xc0) !== 0x80) return nothing(end);
    code = (code << 6) | (byte & 0x3f);
  }
  const end = at + form.length;
  if (code < form.least || code > 0x10ffff) return nothing(end);
  const text = String.fromCodePoint(code);
  return IS_TEXT.test(text) ? {token: {type: 'text', text}, end} : nothing(end);
}
