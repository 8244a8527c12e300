import {setImmediate as nextTurn} from 'node:timers/promises';
import type {CardFile} from '../../core/card.ts';

/** Takes some 10 ms: what a person sees as at once. */
const AT_ONCE = 2000;

/** Shows every file to `visit`, and lets everything else go on in between. Stops early when the signal says so. */
export async function visitFiles(
  files: readonly CardFile[],
  visit: (file: CardFile) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let start = 0; start < files.length; start += AT_ONCE) {
    if (signal.aborted) return;
    files.slice(start, start + AT_ONCE).forEach(visit);
    await nextTurn();
  }
}
