import type {Cause} from './cause.ts';
import type {FileMismatched} from './events.ts';

/** @returns a mismatch in the words of a {@link Cause}, so that every output says the same of it. */
export function describeMismatch(event: FileMismatched): Cause {
  if (event.to === undefined) {
    return {
      code: 'source-mismatch',
      path: event.path,
      message: 'the card gave other bytes when it was read a second time',
      next: 'Try another reader or cable, then run the same command again.',
    };
  }
  return {
    code: 'copy-mismatch',
    path: event.path,
    message: 'what was read back from the drive is not what the card gave',
    next:
      event.rewrite === undefined
        ? 'Check that drive and its cable, then run the same command again.'
        : 'It is read and written once more.',
  };
}
