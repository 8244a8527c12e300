import type {Cause} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {formatCount} from '../../core/format-amounts.ts';
import type {Manifest} from '../../core/manifest.ts';
import {formOf} from '../../core/survey/file-kind.ts';

/** Tells that a report is being made: of a large card it takes most of a minute. */
export function tellStart(emit: Emit, {card, files}: Manifest): void {
  const shot = files.filter(({path}) => formOf(path) !== undefined).length;
  emit({
    type: 'noticed',
    level: 'info',
    code: 'report-begun',
    path: card.label,
    message: `making the report from ${formatCount(shot)} files of pictures and films`,
    next: 'Ctrl-C leaves it out; the verdict stands.',
  });
}

/** Tells where the pages lie, or that it was left out. */
export function tellReport(emit: Emit, pages: readonly string[], signal: AbortSignal): void {
  for (const path of pages) {
    emit({
      type: 'noticed',
      level: 'info',
      code: 'report-written',
      path,
      message: 'the report',
      next: 'Open it in a browser; its table lies beside it.',
    });
  }
  if (pages.length > 0 || !signal.aborted) return;
  emit({
    type: 'noticed',
    level: 'info',
    code: 'report-stopped',
    message: 'the report was left out',
    next: 'offload report makes it later.',
  });
}

/** @returns what tells of a place where the report cannot be written. */
export const tellFailure =
  (emit: Emit) =>
  (cause: Cause): void =>
    emit({type: 'noticed', level: 'warning', ...cause});
