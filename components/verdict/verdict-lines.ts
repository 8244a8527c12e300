import type {SessionState} from '../../src/core/session/session-state.ts';
import {unreachable} from '../../src/core/unreachable.ts';
import {type Sentence, type VerdictBlock, verdictBlocks} from '../../src/core/verdict-block.ts';
import {countCells, wrapWords} from '../../src/core/wrap-words.ts';
import {textWidth} from '../grid.ts';
import {spell} from '../ready/line.tsx';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols, TextStyle} from '../theme.ts';
import {detailLines} from './detail-lines.ts';

const NARROW = 60;

/**
 * @param columns cells of the terminal.
 * @returns all verdicts, each with what stands in its way, and below them what they rest on; in each block the words that decide come first.
 */
export function verdictLines(
  state: SessionState,
  columns: number,
  symbols: Symbols,
): readonly ScreenLine[] {
  const width = textWidth(columns);
  const blocks = verdictBlocks(state);
  return [
    ...blocks.flatMap((block, index) => [
      // Frames part themselves; sentences do not.
      ...((blocks[index - 1]?.sentences.length ?? 0) > 0 ? [blank(`${block.card} before`)] : []),
      ...frameBlock(block, width, symbols),
      ...block.sentences.flatMap((sentence, place) =>
        wrapSentence({sentence, key: `${block.card} ${place}`, width, symbols}),
      ),
    ]),
    ...(blocks.length > 1 ? [blank('before details')] : []),
    ...detailLines(state, width, symbols),
  ];
}

const blank = (key: string): ScreenLine => ({kind: 'text', key, text: '', indent: 0, style: {}});

function frameBlock(block: VerdictBlock, width: number, symbols: Symbols): readonly ScreenLine[] {
  const {card, label, safe, count, waived} = block;
  const style = safe ? symbols.styles.safe : symbols.styles.failure;
  const padding = width < NARROW ? 1 : 2;
  const gap = ' '.repeat(padding);
  const framed = {
    frame: safe ? symbols.safeFrame : symbols.notSafeFrame,
    style,
    padding,
  };
  const sign = `${safe ? symbols.safe : symbols.notSafe}${gap}`;
  const indent = countCells(sign);
  const inner = width - 2 - padding * 2;
  const head = sign + spell(block.words, symbols);
  const hasRoom = countCells(head) + 2 + countCells(label) <= inner;
  const tell = (part: string, text: string, textStyle: TextStyle): ScreenLine[] =>
    wrapWords(text, inner - indent).map((line, number) => ({
      kind: 'framed',
      key: `${card} ${part} ${number}`,
      ...framed,
      indent,
      text: line,
      textStyle,
      right: '',
    }));
  return [
    {kind: 'edge', key: `${card} top`, at: 'top', ...framed},
    {
      kind: 'framed',
      key: `${card} words`,
      ...framed,
      indent: 0,
      text: head,
      textStyle: {...style, bold: true},
      right: hasRoom ? label : '',
    },
    ...(hasRoom ? [] : tell('label', label, symbols.styles.strong)),
    ...(waived === null ? [] : tell('waived', waived, symbols.styles.decision)),
    ...tell('count', count, {}),
    {kind: 'edge', key: `${card} bottom`, at: 'bottom', ...framed},
  ];
}

interface Wrapping {
  readonly sentence: Sentence;
  readonly key: string;
  readonly width: number;
  readonly symbols: Symbols;
}

/** The first line carries the mark; the following stand below its text. */
function wrapSentence({sentence, key, width, symbols}: Wrapping): readonly ScreenLine[] {
  const {mark, style} = drawKind(sentence.kind, symbols);
  const indent = width < NARROW ? 1 : 3;
  const lines = wrapWords(spell(sentence.text, symbols), width - indent - 2);
  return lines.map((text, number) => ({
    kind: 'text',
    key: `${key} ${number}`,
    text: `${number === 0 ? mark : ' '} ${text}`,
    indent,
    style,
  }));
}

function drawKind(
  kind: Sentence['kind'],
  {styles, trouble}: Symbols,
): {readonly mark: string; readonly style: TextStyle} {
  switch (kind) {
    case 'first':
      return {mark: trouble, style: styles.strong};
    case 'reason':
      return {mark: '-', style: styles.strong};
    case 'failure':
      return {mark: trouble, style: styles.failure};
    case 'warning':
      return {mark: trouble, style: styles.decision};
    case 'eject':
      return {mark: ' ', style: styles.strong};
    case 'next':
      return {mark: ' ', style: {}};
    default:
      return unreachable(kind);
  }
}
