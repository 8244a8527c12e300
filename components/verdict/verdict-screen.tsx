import {Box} from 'ink';
import type {ReactElement} from 'react';
import {noticeText} from '../../src/core/notice-words.ts';
import {printable} from '../../src/core/printable.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {tellsNotice, verdictBlocks} from '../../src/core/verdict-block.ts';
import {countCells, cutEnd, wrapWords} from '../../src/core/wrap-words.ts';
import {Cut} from '../cut.tsx';
import {Footer} from '../footer.tsx';
import {FullScreen} from '../full-screen.tsx';
import {textWidth} from '../grid.ts';
import {describeVerdicts} from '../overlays/status-words.ts';
import {Line} from '../ready/line.tsx';
import {DrawnLine, type ScreenLine} from '../screen-line.tsx';
import {lastScroll, ScrolledLines} from '../scrolled-lines.tsx';
import type {Symbols} from '../theme.ts';
import {verdictLines} from './verdict-lines.ts';

export interface VerdictScreenProps {
  readonly state: SessionState;
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines that may be drawn. */
  readonly rows: number;
  readonly symbols: Symbols;
}

/** Below this there is room for the verdicts only. */
const ROOMY = 16;

/** What may be formatted and what not: a block for each card, those that are not safe first. */
export function VerdictScreen(props: VerdictScreenProps): ReactElement {
  const {state, columns, symbols} = props;
  const {lines, notices, height, body} = layOutVerdicts(props);
  const width = textWidth(columns);
  return (
    <FullScreen columns={columns} rows={height}>
      {height < ROOMY ? null : <Title state={state} width={width} symbols={symbols} />}
      <ScrolledLines
        lines={lines}
        scroll={state.scroll}
        width={width}
        rows={body}
        symbols={symbols}
        aside={height < ROOMY ? countVerdicts(state) : ''}
      />
      <Box flexGrow={1} />
      {notices.map((line) => (
        <DrawnLine key={line.key} line={line} width={width} symbols={symbols} />
      ))}
      <Footer place="verdict" state={state} width={width} symbols={symbols} />
    </FullScreen>
  );
}

/** @returns the furthest `scroll` that shows anything new on a terminal of that size. */
export function lastVerdictScroll(props: VerdictScreenProps): number {
  const {lines, body} = layOutVerdicts(props);
  return lastScroll(lines.length, body);
}

interface VerdictLayout {
  readonly lines: readonly ScreenLine[];
  readonly notices: readonly ScreenLine[];
  /** Lines of the whole screen, and of the verdicts. */
  readonly height: number;
  readonly body: number;
}

function layOutVerdicts({state, columns, rows, symbols}: VerdictScreenProps): VerdictLayout {
  const height = Math.max(3, Math.floor(rows));
  const isLow = height < ROOMY;
  const notices = layOutNotices({state, width: textWidth(columns), isLow, symbols});
  // Title and footer, each with a blank line, where there is room.
  const body = height - notices.length - (isLow ? 1 : 4);
  return {lines: verdictLines(state, columns, symbols), notices, height, body};
}

interface NoticesProps {
  readonly state: SessionState;
  readonly width: number;
  readonly isLow: boolean;
  readonly symbols: Symbols;
}

/** A notice takes no more: what stands above it matters more. */
const LONGEST_NOTICE = 2;

/** @returns the first lines, the last of them with a sign that there is more. */
function shorten(lines: readonly string[], width: number, {ellipsis}: Symbols): readonly string[] {
  const shown = lines.slice(0, LONGEST_NOTICE);
  const last = shown.at(-1);
  if (last === undefined || lines.length <= LONGEST_NOTICE) return shown;
  return [...shown.slice(0, -1), cutEnd(`${last}${ellipsis}`, width, ellipsis)];
}

/** Those that are not told in the block of a card. */
function layOutNotices({state, width, isLow, symbols}: NoticesProps): readonly ScreenLine[] {
  const about = state.notices.filter(({path}) => !tellsNotice(state, path));
  return about.slice(isLow ? -1 : 0).flatMap((notice, index) => {
    const words = `${symbols.trouble} ${noticeText(notice, 'now')}`;
    const lines = isLow ? [words] : shorten(wrapWords(words, width), width, symbols);
    return lines.map(
      (text, number): ScreenLine => ({
        kind: 'text',
        key: `notice ${index} ${number}`,
        text,
        indent: 0,
        style: symbols.styles.decision,
      }),
    );
  });
}

/** Where there is no title, and only where there is more than one card. */
function countVerdicts(state: SessionState): string {
  const blocks = verdictBlocks(state);
  const counts = blocks.length > 1 ? describeVerdicts(blocks) : null;
  return counts?.forms.at(-1) ?? '';
}

interface TitleProps {
  readonly state: SessionState;
  readonly width: number;
  readonly symbols: Symbols;
}

function Title({state, width, symbols}: TitleProps): ReactElement {
  const counts = describeVerdicts(verdictBlocks(state));
  const text = counts?.forms[0] ?? '';
  const shoot = state.run?.state.cards.find(({plan}) => plan !== null)?.plan?.shoot;
  const name = shoot === undefined ? 'offload' : `offload ${symbols.separator} ${printable(shoot)}`;
  const style = counts?.isBad === true ? symbols.styles.failure : symbols.styles.safe;
  const cells = countCells(text) + 2;
  return (
    <Box height={1} flexShrink={0} marginBottom={1}>
      <Cut text={name} width={width - cells} symbols={symbols} />
      <Line text={text} width={cells} symbols={symbols} style={style} align="right" />
    </Box>
  );
}
