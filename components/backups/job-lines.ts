import type {JobKnown} from '../../src/core/events.ts';
import type {Now} from '../../src/core/format-dates.ts';
import {describeSet, describeTarget, describeWay} from '../../src/core/job-words.ts';
import {printable} from '../../src/core/printable.ts';
import {paragraph} from '../paragraph.ts';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';

export interface JobLinesOptions {
  readonly job: JobKnown;
  /** Cells. */
  readonly width: number;
  readonly now: Now;
  readonly symbols: Symbols;
}

/** @returns what stands below the name of a job: from where to where, and each target with its age, its next run and what is wrong. */
export function jobLines({job, width, now, symbols}: JobLinesOptions): readonly ScreenLine[] {
  const {quiet, decision} = symbols.styles;
  const way = describeWay(job, symbols.unicode ? '→' : '->');
  const about = {width, symbols};
  return [
    ...paragraph(way, {...about, key: 'way', style: quiet}),
    ...(job.selection === undefined
      ? []
      : paragraph(`keeps ${printable(job.selection.rule)}`, {...about, key: 'rule', style: quiet})),
    ...(job.offsite === null
      ? []
      : describeSet(job.offsite).flatMap(({words, warns}, number) =>
          paragraph(words, {
            ...about,
            key: `set ${number}`,
            ...(warns ? {sign: symbols.trouble, style: decision} : {style: quiet}),
          }),
        )),
    ...job.targets.flatMap((target) =>
      describeTarget(target, job, now).flatMap(({words, warns}, number) =>
        paragraph(words, {
          ...about,
          key: `${target.volume} ${target.folder} ${number}`,
          ...(number === 0 ? {} : {indent: 2}),
          ...(warns ? {sign: symbols.trouble, style: decision} : {}),
        }),
      ),
    ),
  ];
}
