import type {Now} from '../../src/core/format-dates.ts';
import {describeOffsite, describeOldest} from '../../src/core/offsite/offsite-words.ts';
import type {StatusView} from '../../src/core/session/overlay.ts';
import {paragraph} from '../paragraph.ts';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';

export interface OffsiteLinesOptions {
  readonly now: Now;
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
}

/** @returns what is to be swapped first, then how old the oldest copy elsewhere is, then where each drive is. */
export function offsiteLines(
  {offsite, shoots, complete}: StatusView,
  {now, width, symbols}: OffsiteLinesOptions,
): readonly ScreenLine[] {
  const {decision, quiet} = symbols.styles;
  const sentences = offsite.flatMap((set) => describeOffsite(set, now.ms));
  const oldest = complete ? describeOldest(shoots, now.ms) : null;
  const all = [
    ...sentences.filter(({warns}) => warns),
    ...(oldest === null ? [] : [{words: oldest, warns: false}]),
    ...sentences.filter(({warns}) => !warns),
  ];
  return all.flatMap(({words, warns}, index) =>
    paragraph(words, {
      key: `offsite ${index}`,
      width,
      symbols,
      sign: warns ? symbols.trouble : symbols.dash,
      style: warns ? decision : quiet,
    }),
  );
}
