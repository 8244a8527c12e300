import {Box} from 'ink';
import type {ReactElement} from 'react';
import {causeText} from '../../src/core/cause-text.ts';
import {formatBytes} from '../../src/core/format-amounts.ts';
import type {Now} from '../../src/core/format-dates.ts';
import type {Phrase, Tone} from '../../src/core/phrase.ts';
import {printable} from '../../src/core/printable.ts';
import type {SessionCard} from '../../src/core/session/session-state.ts';
import {
  describeCameras,
  describeCard,
  describeKinds,
  describeTaken,
  describeUnreadable,
} from '../../src/core/session-words.ts';
import {chooseForm, wrapWords} from '../../src/core/wrap-words.ts';
import type {Styles, Symbols, TextStyle} from '../theme.ts';
import {Line, Name} from './line.tsx';
import {POINTER_CELLS, Pointer} from './pointer.tsx';
import {type CardStyle, clamp} from './ready-layout.ts';
import {ScrolledRows} from './scrolled-rows.tsx';

export interface CardRowsProps {
  readonly cards: readonly SessionCard[];
  /** Path. */
  readonly selected: string | null;
  readonly focused: boolean;
  readonly now: Now;
  /** Cells. */
  readonly width: number;
  /** Lines. */
  readonly room: number;
  readonly cardStyle: CardStyle;
  readonly symbols: Symbols;
}

/** The cards that are there, around the selected one. */
export function CardRows(props: CardRowsProps): ReactElement {
  const {cards, selected, focused, now, width, room, cardStyle, symbols} = props;
  const Row = cardStyle.lines === 1 ? CardLine : CardBlock;
  return (
    <ScrolledRows
      heights={cards.map(() => cardStyle.lines)}
      gap={cardStyle.gap}
      room={room}
      selected={cards.findIndex(({path}) => path === selected)}
      width={width}
      symbols={symbols}
      draw={(index) => {
        const card = cards[index];
        if (card === undefined) return null;
        const isSelected = card.path === selected;
        const dense = cardStyle.gap === 0;
        const shown = {card, selected: isSelected, focused, dense, now, width, symbols};
        return <Row key={card.path} {...shown} />;
      }}
    />
  );
}

interface RowProps {
  readonly card: SessionCard;
  readonly selected: boolean;
  readonly focused: boolean;
  /** No blank line between cards. */
  readonly dense: boolean;
  readonly now: Now;
  readonly width: number;
  readonly symbols: Symbols;
}

/** Label and state, where there is a line for no more. */
function CardLine(props: RowProps): ReactElement {
  const {card, now} = props;
  const trouble =
    card.survey === null || card.ejected !== 'no' ? null : describeUnreadable(card.survey);
  return <CardHead {...props} state={trouble ?? describeCard(card, now)} />;
}

interface HeadProps extends RowProps {
  readonly state: Phrase;
}

function CardHead({card, selected, focused, state, width, symbols}: HeadProps): ReactElement {
  const {label, detail} = layOutCard(width);
  const quiet = isQuiet(card, state.tone);
  return (
    <Box height={1} flexShrink={0}>
      <Pointer selected={selected} focused={focused} symbols={symbols} />
      <Name
        text={printable(card.label)}
        width={label}
        symbols={symbols}
        style={styleLabel({selected: selected && focused, quiet}, symbols.styles)}
      />
      <Box width={1} flexShrink={0} />
      <Line
        text={chooseForm(state.forms, detail)}
        width={detail}
        symbols={symbols}
        style={styleTone(state.tone, symbols.styles)}
      />
    </Box>
  );
}

/** Label and state, camera and kinds, size and dates. */
function CardBlock(props: RowProps): ReactElement {
  const {card, dense, now, width, symbols} = props;
  const state = describeCard(card, now);
  const quiet = dense || isQuiet(card, state.tone);
  const style = quiet ? symbols.styles.quiet : {};
  return (
    <Box flexDirection="column" height={3} flexShrink={0} width={width}>
      <CardHead {...props} state={state} />
      {card.problem === null ? (
        <CardContent {...props} style={style} />
      ) : (
        <CardProblem words={causeText(card.problem)} width={width} symbols={symbols} />
      )}
    </Box>
  );
}

interface ContentProps extends RowProps {
  readonly style: TextStyle;
}

/** Where no blank line parts the cards, what is below a label stands further in. */
const DENSE_INDENT = 1;

function CardContent(props: ContentProps): ReactElement | null {
  const {card, dense, now, width, symbols, style} = props;
  const {survey} = card;
  if (survey === null) return null;
  const {label, detail} = layOutCard(width);
  const indent = POINTER_CELLS + (dense ? DENSE_INDENT : 0);
  const trouble = describeUnreadable(survey);
  const taken = describeTaken(survey.firstTaken, survey.lastTaken, now);
  const rows = [
    {
      name: describeCameras(survey.cameras),
      text: describeKinds(survey.kinds, detail),
      textStyle: style,
    },
    {
      name: formatBytes(survey.bytes),
      text: trouble === null ? taken : chooseForm(trouble.forms, detail),
      textStyle: trouble === null ? style : styleTone(trouble.tone, symbols.styles),
    },
  ];
  return (
    <>
      {rows.map(({name, text, textStyle}, row) => (
        <Box key={row === 0 ? 'camera' : 'size'} height={1} flexShrink={0}>
          <Box width={indent} flexShrink={0} />
          <Name
            text={name}
            width={POINTER_CELLS + label - indent}
            symbols={symbols}
            style={style}
          />
          <Box width={1} flexShrink={0} />
          <Line text={text} width={detail} symbols={symbols} style={textStyle} />
        </Box>
      ))}
    </>
  );
}

interface ProblemProps {
  readonly words: string;
  readonly width: number;
  readonly symbols: Symbols;
}

/** Why the card cannot be read and what to do, on the two lines of its content. */
function CardProblem({words, width, symbols}: ProblemProps): ReactElement {
  const room = width - POINTER_CELLS;
  const [first = '', ...rest] = wrapWords(words, room);
  return (
    <Box flexDirection="column" flexShrink={0} paddingLeft={POINTER_CELLS}>
      <Line text={first} width={room} symbols={symbols} />
      <Line text={rest.join(' ')} width={room} symbols={symbols} />
    </Box>
  );
}

/** Cells of the two columns of a card. */
function layOutCard(width: number): {readonly label: number; readonly detail: number} {
  const room = Math.max(2, width - POINTER_CELLS - 1);
  const label = Math.min(clamp(Math.round(room * 0.31), 13, 22), room - 1);
  return {label, detail: room - label};
}

/** True for a card that nothing needs to be done with. */
function isQuiet({ejected, problem, survey}: SessionCard, tone: Tone): boolean {
  return tone === 'quiet' && (ejected !== 'no' || (problem === null && survey !== null));
}

function styleLabel(
  {selected, quiet}: {readonly selected: boolean; readonly quiet: boolean},
  styles: Styles,
): TextStyle {
  if (selected) return {...styles.strong, ...styles.accent};
  return quiet ? styles.quiet : styles.strong;
}

function styleTone(tone: Tone, styles: Styles): TextStyle {
  return tone === 'plain' ? {} : styles[tone];
}
