import {join} from 'node:path';
import type {CardFile} from '../core/card.ts';
import type {Cause} from '../core/cause.ts';
import type {CopyRun} from './copy-run.ts';

/**
 * A read that succeeded only when it was tried again is believed when the whole file reads the same once more, from the medium.
 * @returns why it is not believed; `stopped` when the signal was given.
 */
export async function confirmRetried(
  run: CopyRun,
  file: CardFile,
  {hash, stop}: {readonly hash: string; readonly stop: AbortSignal},
): Promise<Cause | undefined> {
  const path = join(run.card.root, file.path);
  const again = await run.readBack({path, method: run.card.method, signal: stop});
  if (!again.ok) return {...again.cause, path: file.path};
  const isSame = again.value.hash === hash;
  if (isSame && again.value.mediumRead !== 'cached') return undefined;
  const doubt = isSame
    ? 'could not be read again past the cache'
    : 'did not give the same bytes twice';
  return {
    code: 'source-mismatch',
    path: file.path,
    message: `the card had to be asked again for this file and ${doubt}`,
    next: 'Try another card reader or cable, then run the same command again.',
  };
}
