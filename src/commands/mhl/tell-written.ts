import type {Emit} from '../../core/events.ts';
import {formatCount} from '../../core/format-amounts.ts';
import type {Appended} from './append-generation.ts';

/** Tells of each generation that was written. */
export function tellWritten({written}: Appended, emit: Emit): void {
  for (const {path, generation, files} of written) {
    emit({
      type: 'noticed',
      level: 'info',
      code: 'mhl-written',
      path,
      message: `generation ${generation} of the ASC MHL history is written: ${formatCount(files)} ${files === 1 ? 'file' : 'files'}`,
      next: 'Nothing is to be done.',
    });
  }
}
