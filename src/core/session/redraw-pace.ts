/**
 * How often a terminal is drawn anew: ten times in any second at the most (design, section 8), yet at once after a quiet moment, so
 * that a key is answered when it is pressed. This is the generic cell rate algorithm (ITU-T I.371): the pace is one point in time.
 */

/** When the next drawing is due if all came evenly spaced, in ms of a clock that goes forward. */
export type Pace = number;

export const initialPace: Pace = Number.NEGATIVE_INFINITY;

/** Drawings that may follow each other at once. */
const AT_ONCE = 3;
/** Time between two drawings when there is always something to draw, in ms. 3 + 1000 / 140 is ten in any second. */
const EVERY_MS = 140;

/** @returns ms until the next drawing may come; 0 for now. */
export function waitToDraw(pace: Pace, nowMs: number): number {
  return Math.max(0, pace - (AT_ONCE - 1) * EVERY_MS - nowMs);
}

/** @returns the pace after a drawing. */
export function paceAfterDrawing(pace: Pace, nowMs: number): Pace {
  return Math.max(pace, nowMs) + EVERY_MS;
}
