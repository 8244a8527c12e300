import type {ReactElement} from 'react';
import {describeBackupPhase} from '../../src/core/backup-words.ts';
import {printable} from '../../src/core/printable.ts';
import {type BackupRun, isBackingUp, targetAtWork} from '../../src/core/session/backup-run.ts';
import {textWidth} from '../grid.ts';
import {lastTextScroll, TextScreen} from '../overlays/text-screen.tsx';
import {paragraph} from '../paragraph.ts';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';
import {resultLines, stepLines} from './run-lines.ts';

export interface StepsScreenProps {
  readonly run: BackupRun;
  /** The first line shown. */
  readonly scroll: number;
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines that may be drawn. */
  readonly rows: number;
  readonly symbols: Symbols;
}

/** Every step of a preview, or what failed and was held back in a run; the result before them. */
export function StepsScreen({run, ...size}: StepsScreenProps): ReactElement {
  const {preview, job} = run;
  return (
    <TextScreen
      place="backup-steps"
      title={
        preview ? `Preview of ${printable(job)}: nothing is written` : `Backup of ${printable(job)}`
      }
      shortTitle={`${preview ? 'Preview' : 'Backup'} of ${printable(job)}`}
      lines={allLines({run, ...size})}
      state={null}
      {...size}
    />
  );
}

/** @returns the furthest `scroll` that shows anything new. */
export function lastStepsScroll(props: StepsScreenProps): number {
  return lastTextScroll(allLines(props).length, props.rows);
}

function allLines({run, columns, symbols}: Omit<StepsScreenProps, 'rows' | 'scroll'>) {
  const width = textWidth(columns);
  const results = resultLines({run, width, symbols});
  const steps = stepLines({run, width, symbols});
  const gap: readonly ScreenLine[] =
    results.length * steps.length === 0
      ? []
      : [{kind: 'text', key: 'gap', text: '', indent: 0, style: {}}];
  return [...busyLines(run, width, symbols), ...results, ...gap, ...steps];
}

function busyLines(run: BackupRun, width: number, symbols: Symbols): readonly ScreenLine[] {
  if (!isBackingUp(run)) return [];
  const progress = targetAtWork(run)?.progress ?? null;
  const words = progress === null ? 'looking at the drives…' : describeBackupPhase(progress);
  return paragraph(words, {key: 'busy', width, symbols, style: symbols.styles.quiet});
}
