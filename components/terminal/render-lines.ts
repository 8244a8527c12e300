import {renderToString} from 'ink';
import type {ReactElement} from 'react';
import {wrapWords} from '../../src/core/wrap-words.ts';
import {describeFault} from './describe-fault.ts';

/**
 * @returns the lines of a screen in a terminal of that width, without blanks at their ends. Never throws: a screen with a fault must not
 * stop the copying, and its keys still work.
 *
 * Ink lays out and paints, but does not write. Its own `render` empties the whole terminal and its history when a frame is as high as
 * the terminal, leaves old lines behind when it is resized, and writes nothing where `CI` is set.
 */
export function renderLines(screen: ReactElement, columns: number): readonly string[] {
  try {
    return renderToString(screen, {columns}).split('\n');
  } catch (error) {
    return describeFault(error).flatMap((line) => wrapWords(line, columns));
  } finally {
    // React's development build leaves some fifty measures a frame in Node's timeline, which keeps them all.
    performance.clearMeasures();
  }
}
