/** What came of a backup or a preview, laid out in lines. */
import {
  describeFinished,
  describeStep,
  describeStepTrouble,
  type ResultWords,
} from '../../src/core/backup-words.ts';
import type {BackupStep} from '../../src/core/events.ts';
import {formatCount} from '../../src/core/format-amounts.ts';
import {noticeText} from '../../src/core/notice-words.ts';
import {printable} from '../../src/core/printable.ts';
import type {BackupRun} from '../../src/core/session/backup-run.ts';
import {paragraph} from '../paragraph.ts';
import type {ScreenLine} from '../screen-line.tsx';
import type {Styles, Symbols, TextStyle} from '../theme.ts';

export interface RunLinesOptions {
  readonly run: BackupRun;
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
}

/** @returns the result of each target with what to do; why nothing was begun, where that is so. */
export function resultLines({run, width, symbols}: RunLinesOptions): readonly ScreenLine[] {
  const {styles} = symbols;
  const results = run.targets.flatMap(({finished, to}) => {
    if (finished === null) return [];
    const {headline, tone, sentences} = describeFinished(finished);
    return [
      ...paragraph(headline, {
        key: `${to} headline`,
        width,
        symbols,
        sign: signOf(tone, symbols),
        style: styleOf(tone, styles),
      }),
      ...sentences.flatMap((words, number) =>
        paragraph(words, {key: `${to} ${number}`, width, symbols, indent: 2}),
      ),
    ];
  });
  const told = run.causes.flatMap((cause, number) =>
    paragraph(noticeText(cause, 'anew'), {
      key: `cause ${number}`,
      width,
      symbols,
      sign: symbols.trouble,
      style: styles.decision,
    }),
  );
  if (results.length + told.length > 0 || run.endedMs === null) return [...results, ...told];
  return paragraph('Nothing was done: no target of it is connected or wanted a run.', {
    key: 'nothing',
    width,
    symbols,
  });
}

function signOf(tone: ResultWords['tone'], symbols: Symbols): string {
  if (tone === 'good') return symbols.safe;
  if (tone === 'failure') return symbols.notSafe;
  return tone === 'decision' ? symbols.trouble : symbols.dash;
}

function styleOf(tone: ResultWords['tone'], styles: Styles): TextStyle {
  if (tone === 'good') return styles.safe;
  if (tone === 'failure' || tone === 'decision' || tone === 'quiet') return styles[tone];
  return styles.strong;
}

/** Cells of what is done with a file. */
const ACTION_CELLS = 'replace  '.length;
const FAILED_CELLS = 'FAILED replace  '.length;

/** @returns each step that is kept: what is done with which file; and why and what to do where it failed. */
export function stepLines({run, width, symbols}: RunLinesOptions): readonly ScreenLine[] {
  const {steps, stepCount, preview} = run;
  const rest = stepCount - steps.length;
  const more =
    rest <= 0
      ? []
      : paragraph(
          preview ? `and ${formatCount(rest)} more` : `the newest of ${formatCount(stepCount)}:`,
          {key: 'more', width, symbols, style: symbols.styles.quiet},
        );
  const lines = steps.flatMap((step, number) => [
    ...placeLines(run, number, {width, symbols}),
    ...describeOne(step, steps[number - 1], {number, width, symbols}),
  ]);
  return preview ? [...lines, ...more] : [...more, ...lines];
}

/** Where there are several targets, each is named before its steps. */
function placeLines(
  {steps, targets}: BackupRun,
  number: number,
  {width, symbols}: Pick<RunLinesOptions, 'width' | 'symbols'>,
): readonly ScreenLine[] {
  const to = steps[number]?.to;
  if (targets.length < 2 || to === steps[number - 1]?.to) return [];
  const name = targets.find((target) => target.to === to)?.target ?? to ?? '';
  return paragraph(`${printable(name)}:`, {
    key: `place ${number}`,
    width,
    symbols,
    style: symbols.styles.strong,
  });
}

interface StepOptions extends Pick<RunLinesOptions, 'width' | 'symbols'> {
  readonly number: number;
}

function describeOne(
  step: BackupStep,
  before: BackupStep | undefined,
  {number, width, symbols}: StepOptions,
): readonly ScreenLine[] {
  const {action, state, path, target} = step;
  const isMoved = target !== undefined && target !== path;
  const arrow = symbols.unicode ? '→' : '->';
  const style = state === 'failed' ? symbols.styles.failure : {};
  const trouble = describeStepTrouble(step);
  const isSame = before !== undefined && describeStepTrouble(before) === trouble;
  return [
    {
      kind: 'file',
      key: `step ${number}`,
      indent: 0,
      where: describeStep(step),
      whereWidth: state === 'planned' ? ACTION_CELLS : FAILED_CELLS,
      path: printable(path) + (isMoved ? ` ${arrow} ${printable(target)}` : ''),
      style: action === 'hold' ? symbols.styles.decision : style,
    },
    ...(trouble === null || (isSame && number > 0)
      ? []
      : paragraph(trouble, {key: `why ${number}`, width, symbols, indent: 2})),
  ];
}
