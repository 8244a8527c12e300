/** Where everything on the ready screen stands. It depends on the terminal alone as far as it can: what comes and goes moves nothing. */
import {measureRows} from './window.ts';

export interface ReadyLayout {
  /** Cells of a line. */
  readonly width: number;
  /** Lines of the frame. */
  readonly height: number;
  /** Little height: no header, no headings, no blank lines, fewer words. */
  readonly low: boolean;
  /** Drives below the cards and not beside them. */
  readonly stacked: boolean;
  /** Blank lines above and below the shoot's line. */
  readonly gap: number;
  /** Lines between the header and the shoot's line, and how many there would be if nothing was told or typed. */
  readonly body: number;
  readonly calmBody: number;
}

/** Lines that come and go. */
export interface Extras {
  /** 0 where the line is not shown. */
  readonly shoot: number;
  readonly suggestions: number;
  readonly notices: number;
}

/** Below this the drives stand below the cards. */
const SIDE_BY_SIDE = 70;
/** Below this a margin at the right is a waste. */
const WITH_MARGIN = 60;
/** No line gets longer than this: an eye that has to travel loses it. */
const WIDEST = 120;
const LOW = 18;
/** From here on the cards have all the room that they need. */
const ROOMY = 100;

export const HEADER_LINES = 2;
/** The footer. */
const LAST_LINE = 1;

/** @returns true when the terminal is too low for headings and blank lines. */
export function isLow(rows: number): boolean {
  return rows < LOW;
}

/**
 * @param rows lines of the terminal.
 */
export function layOutReady(columns: number, rows: number, extras: Extras): ReadyLayout {
  const total = Math.max(1, Math.floor(columns));
  const height = Math.max(1, Math.floor(rows));
  const low = isLow(rows);
  const gap = low ? 0 : 1;
  const room = height - (low ? 0 : HEADER_LINES) - gap - LAST_LINE;
  const bodyAbove = (lines: number) => Math.max(1, room - lines - (lines > 0 ? gap : 0));
  return {
    width: measureWidth(columns),
    height,
    low,
    stacked: total < SIDE_BY_SIDE,
    gap,
    body: bodyAbove(extras.shoot + extras.suggestions + extras.notices),
    calmBody: bodyAbove(extras.shoot),
  };
}

/** @returns cells of a line. */
export function measureWidth(columns: number): number {
  const total = Math.max(1, Math.floor(columns));
  return Math.min(WIDEST, total) - (total < WITH_MARGIN ? 0 : 2);
}

/** Cells of two columns beside each other. */
export interface Columns {
  readonly cards: number;
  readonly between: number;
  readonly drives: number;
}

export function layOutColumns({width, stacked, low}: ReadyLayout): Columns {
  if (stacked) return {cards: width, between: 0, drives: width};
  const between = 2;
  // The rows of a low screen say `free` themselves; where there is room, sentences about all drives stand on one line.
  const share = low ? 0.42 : width < ROOMY ? 0.37 : 0.4;
  const drives = clamp(Math.round((width - between) * share), 26, 46);
  return {cards: width - between - drives, between, drives};
}

/** How much of each card is told. */
export interface CardStyle {
  /** Lines of a card. */
  readonly lines: 1 | 3;
  /** Blank lines between cards. */
  readonly gap: 0 | 1;
}

export const FULLEST: CardStyle = {lines: 3, gap: 1};
const SHORTEST: CardStyle = {lines: 1, gap: 0};
const CARD_STYLES: readonly CardStyle[] = [FULLEST, {lines: 3, gap: 0}];

/** Three cards are to be seen at once; as many lines each as that allows. */
const CARDS_SEEN = 3;

/** @param room lines. */
export function chooseCardStyle(room: number): CardStyle {
  return CARD_STYLES.find((style) => measureCards(CARDS_SEEN, style) <= room) ?? SHORTEST;
}

/** Lines of two lists below each other. */
export interface Split {
  readonly cards: number;
  readonly between: number;
  readonly drives: number;
}

/** @param cards,drives lines that each would like to have. @returns what each gets of `room`: what one does not need goes to the other. */
export function splitRoom(room: number, cards: number, drives: number): Split {
  const between = room > 8 || cards + drives < room ? 1 : 0;
  const lines = Math.max(0, room - between);
  const least = Math.floor(lines * 0.45);
  const forDrives = Math.min(drives, Math.max(least, lines - cards));
  return {cards: lines - forDrives, between, drives: forDrives};
}

/** @returns lines of so many cards. */
export function measureCards(count: number, {lines, gap}: CardStyle): number {
  return measureRows(
    Array.from({length: count}, () => lines),
    gap,
  );
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
