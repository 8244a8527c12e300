import {Box} from 'ink';
import type {ReactElement} from 'react';
import {wrapWords} from '../../src/core/wrap-words.ts';
import type {Symbols, TextStyle} from '../theme.ts';
import {Line, spell} from './line.tsx';

/** A sentence that takes as many lines as it needs. */
export interface Sentence {
  readonly words: string;
  /** Marked with a sign as well as with its colour. */
  readonly warns: boolean;
}

export interface SentencesProps {
  readonly sentences: readonly Sentence[];
  /** Cells. */
  readonly width: number;
  /** Lines at most; what has no room is cut. */
  readonly room: number;
  readonly symbols: Symbols;
}

/** Sentences below each other, in words that are never broken where a line ends. */
export function Sentences(props: SentencesProps): ReactElement {
  const {width, symbols} = props;
  const lines = layOutSentences(props);
  return (
    <Box flexDirection="column" flexShrink={0} width={Math.max(1, width)}>
      {lines.map(({key, text, style}) => (
        <Line key={key} text={text} width={width} symbols={symbols} style={style} />
      ))}
    </Box>
  );
}

interface SentenceLine {
  readonly key: string;
  readonly text: string;
  readonly style: TextStyle;
}

/** @returns the lines; where there are more than have room, the last one shown runs on, so that it is seen to be cut. */
export function layOutSentences({
  sentences,
  width,
  room,
  symbols,
}: SentencesProps): readonly SentenceLine[] {
  const all = sentences.flatMap(({words, warns}) => {
    const sign = warns ? `${symbols.trouble} ` : '';
    const style = warns ? symbols.styles.decision : symbols.styles.quiet;
    const spelled = spell(words, symbols);
    return wrapWords(spelled, width - sign.length).map((text, line, lines) => ({
      key: `${line} ${words}`,
      text: (line === 0 ? sign : ' '.repeat(sign.length)) + text,
      rest: lines.slice(line + 1).join(' '),
      style,
    }));
  });
  const lines = Math.max(0, room);
  return all.slice(0, lines).map(({key, text, rest, style}, line) => {
    const isLast = line === lines - 1 && all.length > lines;
    return {key, text: isLast && rest !== '' ? `${text} ${rest}` : text, style};
  });
}
