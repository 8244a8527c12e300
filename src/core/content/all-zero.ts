import {ask, isZero, type Look} from './look.ts';

const SAMPLE = 4096;
/** Between the first and the last block. */
const SAMPLES_BETWEEN = 3;

/** @returns true when the first, the last and some blocks between hold zeros only. An empty file does not. */
export function* isAllZero(size: number): Look<boolean> {
  const last = Math.max(0, size - SAMPLE);
  for (let sample = 0; sample <= SAMPLES_BETWEEN + 1; sample++) {
    const position = Math.floor((last * sample) / (SAMPLES_BETWEEN + 1));
    const bytes = yield* ask(position, SAMPLE);
    if (bytes.length === 0 || !isZero(bytes)) return false;
  }
  return true;
}
