import type {OffloadEvent} from '../core/events.ts';
import type {Sink} from './sink.ts';

export interface JsonLinesOptions {
  /** Takes one line without its line end. */
  readonly write: (line: string) => void;
  readonly now: () => Date;
}

/** The version of the stream: new types and new fields may appear within it (design, section 7). */
const STREAM_VERSION = 1;

/** One JSON object a line for each event, numbered from 1 without gaps. */
export function jsonLines({write, now}: JsonLinesOptions): Sink {
  let written = 0;
  return {
    write(event) {
      written += 1;
      write(formatEventLine(event, {seq: written, at: now()}));
    },
    async end() {},
  };
}

/** @returns the event as one line of JSON in which nothing steers a terminal. */
export function formatEventLine(
  event: OffloadEvent,
  {seq, at}: {readonly seq: number; readonly at: Date},
): string {
  // `type` is named first so that it stands in the same place on every line.
  const {type, ...rest} = event;
  const line = JSON.stringify({v: STREAM_VERSION, seq, at: at.toISOString(), type, ...rest});
  return line.replace(UNSEEN, escapeUnits);
}

/**
 * JSON itself escapes only U+0000 to U+001F. The C1 controls, the formatting characters (direction, zero width, tags) and the line
 * separators stand outside of its syntax only in strings, where `\u` means the same.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function escapeUnits(character: string): string {
  const units = Array.from({length: character.length}, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
