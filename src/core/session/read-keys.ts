import {CTRL_C, CTRL_Z, ESCAPE, type InputToken, readToken} from './input-tokens.ts';
import type {KeyPress} from './key-press.ts';

/** What is read of a terminal's input: a key, or what only the terminal itself is concerned with. */
export type KeyRead = KeyPress | {readonly key: 'suspend'} | {readonly key: 'redraw'};

/** What the next bytes are read with. */
export interface KeyReading {
  /** Bytes of a character or sequence that is not complete. */
  readonly pending: Uint8Array;
  /** What was pasted so far; null outside of a paste. */
  readonly paste: string | null;
}

export const initialKeyReading: KeyReading = {pending: new Uint8Array(), paste: null};

/** A shoot's name is shorter than any of this; what is longer was pasted by mistake. In UTF-16 units. */
const LONGEST_PASTE = 4096;

const CONTROLS: ReadonlyMap<number, KeyRead> = new Map<number, KeyRead>([
  [CTRL_C, {key: 'ctrl-c'}],
  [CTRL_Z, {key: 'suspend'}],
  [0x0c, {key: 'redraw'}],
  [0x09, {key: 'tab'}],
  [0x0a, {key: 'enter'}],
  [0x0d, {key: 'enter'}],
  [0x08, {key: 'backspace'}],
  [0x7f, {key: 'backspace'}],
  [ESCAPE, {key: 'escape'}],
]);

/**
 * Keys by their sequence without `ESC [` or, with `O`, without `ESC`: xterm, its application mode, the Linux console, rxvt and tmux;
 * those that end in `u` are of terminals that some other program left in kitty's keyboard protocol.
 */
const SEQUENCES: Readonly<Record<string, KeyRead['key']>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  OH: 'home',
  OF: 'end',
  OM: 'enter',
  '1~': 'home',
  '3~': 'delete',
  '4~': 'end',
  '5~': 'page-up',
  '6~': 'page-down',
  '7~': 'home',
  '8~': 'end',
  '9u': 'tab',
  '13u': 'enter',
  '27u': 'escape',
  '127u': 'backspace',
  '99;5u': 'ctrl-c',
  '122;5u': 'suspend',
};

const PASTE_BEGINS = '200~';
const PASTE_ENDS = '201~';

/** `1;5C` is Ctrl-Right, `3;2~` Shift-Delete: read as the key without the others that are held. */
const HELD = /^(?:1;\d+(?=[A-Z]$)|(\d+);\d+(?=~$))/;

/**
 * Reads keys from a terminal in raw mode. Typed text comes one character a key, pasted text as one key, on one line and without
 * controls. Sequences that are not known are no keys and never text. The keys do not depend on where the input was cut.
 */
export function readKeys(
  chunk: Uint8Array,
  reading: KeyReading,
): {readonly keys: readonly KeyRead[]; readonly reading: KeyReading} {
  const bytes = join(reading.pending, chunk);
  const keys: KeyRead[] = [];
  let {paste} = reading;
  let at = 0;
  for (let read = readToken(bytes, at); read !== null; read = readToken(bytes, at)) {
    const {token, end} = read;
    at = end;
    if (paste === null) {
      if (isKey(token, PASTE_BEGINS)) paste = '';
      else keys.push(...readKey(token));
    } else if (isKey(token, PASTE_ENDS)) {
      keys.push(...readPaste(paste));
      paste = null;
    } else paste = addToPaste(paste, token);
  }
  return {keys, reading: {pending: bytes.slice(at), paste}};
}

/** The Escape key is the beginning of every sequence: it is one when nothing follows within this time, in ms. */
const ESCAPE_MS = 50;
const SEQUENCE_MS = 500;
/** A paste that does not end must not keep the keys for ever. */
const PASTE_MS = 1000;

/** @returns ms after which `endReading` is to be called when no more input comes; null when nothing is pending. */
export function waitForInput({pending, paste}: KeyReading): number | null {
  if (paste !== null) return PASTE_MS;
  if (pending.length === 0) return null;
  return isEscapeAlone(pending) ? ESCAPE_MS : SEQUENCE_MS;
}

/** @returns the keys of what is pending, when nothing more comes. */
export function endReading({pending, paste}: KeyReading): readonly KeyRead[] {
  if (paste !== null) return readPaste(paste);
  return isEscapeAlone(pending) ? [{key: 'escape'}] : [];
}

function isEscapeAlone(pending: Uint8Array): boolean {
  return pending.length === 1 && pending[0] === ESCAPE;
}

function join(before: Uint8Array, after: Uint8Array): Uint8Array {
  if (before.length === 0) return after;
  const joined = new Uint8Array(before.length + after.length);
  joined.set(before);
  joined.set(after, before.length);
  return joined;
}

function isKey(token: InputToken, name: string): boolean {
  return token.type === 'key' && token.name === name;
}

function readKey(token: InputToken): readonly KeyRead[] {
  if (token.type === 'text') return [{key: 'text', text: token.text}];
  if (token.type === 'nothing') return [];
  if (token.type === 'control') {
    const found = CONTROLS.get(token.code);
    return found === undefined ? [] : [found];
  }
  const name = token.name.replace(HELD, '$1');
  const key = Object.hasOwn(SEQUENCES, name) ? SEQUENCES[name] : undefined;
  return key === undefined || key === 'text' ? [] : [{key}];
}

function addToPaste(paste: string, token: InputToken): string {
  if (paste.length >= LONGEST_PASTE) return paste;
  if (token.type === 'text') return paste + token.text;
  const isBreak = token.type === 'control' && BREAKS.has(token.code);
  return isBreak ? `${paste}\n` : paste;
}

/** Tab, line feed and carriage return. */
const BREAKS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d]);

/** Lines become words; the end of the last line is no blank. */
function readPaste(paste: string): readonly KeyRead[] {
  const text = paste.replace(/^\n+|\n+$/g, '').replace(/[\n\u2028\u2029]+/g, ' ');
  return text === '' ? [] : [{key: 'text', text}];
}
