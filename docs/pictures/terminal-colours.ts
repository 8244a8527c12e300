/** Colours of the drawn terminal. Those with numbers of their own stand well apart from the ground (contrast of 4.5 and more, WCAG 2.2). */

export const GROUND = '#14171c';
export const INK = '#d6dae0';
/** Around the window, so that it has an edge on a dark page too. */
export const EDGE = '#3b414a';

/** 0 to 7, then the bright ones: SGR 30 to 37 and 90 to 97 (ECMA-48, 8.3.117; the bright ones from aixterm). */
const NAMED = [
  ...['#5b636e', '#ff6b68', '#5fd38d', '#e8c14a', '#6ea8fe', '#d58be8', '#4fc3d9', INK],
  ...['#7d8590', '#ff8f8c', '#85e3a9', '#f4d675', '#93c0ff', '#e3aef1', '#7fd9ea', '#ffffff'],
] as const;

/** The cube of 6x6x6 colours and the ramp of greys that follow the sixteen (xterm, 256colres.pl). */
const CUBE_LEVELS = [0, 95, 135, 175, 215, 255] as const;
const CUBE_START = 16;
const GREY_START = 232;

/** @param number 0 to 255, as behind `38;5;`. @returns `#rrggbb`. @throws for a number that names no colour. */
export function numberedColour(number: number): string {
  if (!Number.isInteger(number) || number < 0 || number > 255) {
    throw new Error(`no such colour: ${number}`);
  }
  const named = NAMED[number];
  if (named !== undefined) return named;
  if (number >= GREY_START) {
    const grey = 8 + (number - GREY_START) * 10;
    return toHex(grey, grey, grey);
  }
  const place = number - CUBE_START;
  const level = (step: number) => CUBE_LEVELS[Math.floor(place / step) % 6] ?? 0;
  return toHex(level(36), level(6), level(1));
}

/** @param parts 0 to 255 each. */
export function toHex(...parts: readonly [red: number, green: number, blue: number]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
