import {type Cause, causeFrom} from '../core/cause.ts';
import type {CopyRun} from './copy-run.ts';

/**
 * Decides after a failed read whether the whole card is gone: its folder must still be there, on the same file system, can be listed, and gives something of its files.
 * @returns why it is gone (`card-lost`), or undefined when only the file is hit.
 */
export async function findCardLoss({
  card,
  files,
  clock,
  pulse,
  signal,
}: CopyRun): Promise<Cause | undefined> {
  const {root, device, listed} = card;
  try {
    if ((await files.follow(root)).device === device) {
      await files.list(root);
      const silence = await pulse.findSilence({files, clock, root, listed, stop: signal});
      return silence && {...silence, code: 'card-lost', path: root, next: NEXT};
    }
  } catch (error) {
    return {...causeFrom(error, 'finding the card again', root), code: 'card-lost'};
  }
  return {
    code: 'card-lost',
    path: root,
    message: 'the card is gone from its place',
    next: NEXT,
  };
}

const NEXT =
  'Put the card in again, try another reader if that does not help, then run the same command again.';
