import {wrapWords} from '../src/core/wrap-words.ts';
import {spell} from './ready/line.tsx';
import type {ScreenLine} from './screen-line.tsx';
import type {Symbols, TextStyle} from './theme.ts';

export interface ParagraphOptions {
  /** Of no other line of the screen. */
  readonly key: string;
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
  /** Cells. @default 0 */
  readonly indent?: number;
  readonly style?: TextStyle;
  /** Stands before the first line; the others begin below the words. @default '' */
  readonly sign?: string;
}

/** @returns printable words on as many lines as they need. */
export function paragraph(words: string, options: ParagraphOptions): readonly ScreenLine[] {
  const {key, width, symbols, indent = 0, style = {}, sign = ''} = options;
  const mark = sign === '' ? '' : `${sign} `;
  return wrapWords(spell(words, symbols), width - indent - mark.length).map((line, number) => ({
    kind: 'text',
    key: `${key} ${number}`,
    text: (number === 0 ? mark : ' '.repeat(mark.length)) + line,
    indent,
    style,
  }));
}
