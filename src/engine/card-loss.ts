import {type Cause, causeFrom} from '../core/cause.ts';
import type {CopyRun} from './copy-run.ts';

/**
 * Decides after a failed read whether the whole card is gone: its folder must still be there, on the same file system, and can be listed.
 * @returns why it is gone (`card-lost`), or undefined when only the file is hit.
 */
export async function findCardLoss({card, files}: CopyRun): Promise<Cause | undefined> {
  const {root, device} = card;
  try {
    if ((await files.follow(root)).device === device) {
      await files.list(root);
      return undefined;
    }
  } catch (error) {
    return {...causeFrom(error, 'finding the card again', root), code: 'card-lost'};
  }
  return {
    code: 'card-lost',
    path: root,
    message: 'the card is gone from its place',
    next: 'Put the card in again, then run the same command again.',
  };
}
