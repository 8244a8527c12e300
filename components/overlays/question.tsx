import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {KeyPlace} from '../../src/core/session/keys.ts';
import {wrapWords} from '../../src/core/wrap-words.ts';
import {Footer} from '../footer.tsx';
import {sideMargin, textWidth} from '../grid.ts';
import {Line, spell} from '../ready/line.tsx';
import type {Symbols} from '../theme.ts';

export interface QuestionProps {
  /** Whose keys answer it. */
  readonly place: KeyPlace;
  /** Printable. */
  readonly title: string;
  readonly explanation: string;
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines that it may take at most; its title and its keys always stand. @default all that it needs */
  readonly most?: number;
  readonly symbols: Symbols;
}

/** A question with what its answer does. Stands below what goes on meanwhile. */
export function Question(props: QuestionProps): ReactElement {
  const {place, columns, symbols} = props;
  const width = textWidth(columns);
  const {decision} = symbols.styles;
  const {title, explanation} = layOutQuestion(props);
  return (
    <Box flexDirection="column" flexShrink={0} width={columns} paddingLeft={sideMargin(columns)}>
      <Line text={symbols.rest.repeat(width)} width={width} symbols={symbols} style={decision} />
      {title.map((text) => (
        <Line
          key={text}
          text={text}
          width={width}
          symbols={symbols}
          style={{...decision, bold: true}}
        />
      ))}
      {explanation.map((text) => (
        <Line key={text} text={text} width={width} symbols={symbols} />
      ))}
      <Footer place={place} width={width} symbols={symbols} />
    </Box>
  );
}

/** @returns lines that `Question` takes: what stands above has the others. */
export function countQuestionLines(props: QuestionProps): number {
  const {title, explanation} = layOutQuestion(props);
  return title.length + explanation.length + 2;
}

function layOutQuestion({title, explanation, columns, symbols, most}: QuestionProps): {
  readonly title: readonly string[];
  readonly explanation: readonly string[];
} {
  const width = textWidth(columns);
  const head = wrapWords(spell(title, symbols), width);
  const words = wrapWords(spell(explanation, symbols), width);
  const room = Math.max(0, (most ?? Number.POSITIVE_INFINITY) - 2);
  const first = head.slice(0, Math.max(1, room));
  return {title: first, explanation: words.slice(0, Math.max(0, room - first.length))};
}
