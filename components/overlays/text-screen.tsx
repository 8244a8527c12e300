import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {KeyPlace} from '../../src/core/session/keys.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {chooseForm, countCells} from '../../src/core/wrap-words.ts';
import {Footer} from '../footer.tsx';
import {FullScreen} from '../full-screen.tsx';
import {textWidth} from '../grid.ts';
import {Line} from '../ready/line.tsx';
import type {ScreenLine} from '../screen-line.tsx';
import {lastScroll, ScrolledLines} from '../scrolled-lines.tsx';
import type {Symbols} from '../theme.ts';
import {describeStatus} from './status-words.ts';

export interface TextScreenProps {
  readonly place: KeyPlace;
  readonly title: string;
  /** What is left of it where room is short. */
  readonly shortTitle: string;
  readonly lines: readonly ScreenLine[];
  readonly scroll: number;
  /** What the screen behind is about stands at the right of the title; nothing without it. */
  readonly state: SessionState | null;
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines that may be drawn. */
  readonly rows: number;
  readonly symbols: Symbols;
}

/** Below this there is no room for blank lines. */
const ROOMY = 16;

/** A text in front of a screen: title, as many lines as have room, keys. */
export function TextScreen(props: TextScreenProps): ReactElement {
  const {place, lines, scroll, columns, symbols} = props;
  const rows = Math.max(3, Math.floor(props.rows));
  const width = textWidth(columns);
  return (
    <FullScreen columns={columns} rows={rows}>
      <Title {...props} width={width} />
      {rows < ROOMY ? null : <Box height={1} flexShrink={0} />}
      <ScrolledLines
        lines={lines}
        scroll={scroll}
        width={width}
        rows={countTextRows(rows)}
        symbols={symbols}
      />
      <Box flexGrow={1} />
      <Footer place={place} width={width} symbols={symbols} />
    </FullScreen>
  );
}

/** @returns the furthest `scroll` that shows anything new. */
export function lastTextScroll(lines: number, rows: number): number {
  return lastScroll(lines, countTextRows(Math.max(3, Math.floor(rows))));
}

function countTextRows(rows: number): number {
  return rows < ROOMY ? rows - 2 : rows - 4;
}

function Title({
  title: longTitle,
  shortTitle,
  state,
  width,
  symbols,
}: TextScreenProps & {readonly width: number}): ReactElement {
  const status = state === null ? null : describeStatus(state);
  const needed = status === null ? 0 : countCells(status.forms[0]) + 2;
  const title = chooseForm([longTitle, shortTitle], width - needed);
  const left = status === null ? width : Math.min(width, title.length + 2);
  const style = status?.isBad === true ? symbols.styles.failure : symbols.styles.quiet;
  return (
    <Box height={1} flexShrink={0}>
      <Line text={title} width={left} symbols={symbols} style={symbols.styles.strong} />
      {status === null || width <= left ? null : (
        <Line
          text={chooseForm(status.forms, width - left)}
          width={width - left}
          symbols={symbols}
          style={style}
          align="right"
        />
      )}
    </Box>
  );
}
