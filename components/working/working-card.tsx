import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {CardState} from '../../src/core/card-state.ts';
import {cardSpeed, perCentOf} from '../../src/core/figures.ts';
import {printable} from '../../src/core/printable.ts';
import {countCells} from '../../src/core/wrap-words.ts';
import {describeNow, NowLine} from '../card-progress.tsx';
import {Cut} from '../cut.tsx';
import type {Grid} from '../grid.ts';
import {describeSpeed, Lane, Right, Row} from '../lane.tsx';
import {Line} from '../ready/line.tsx';
import type {Symbols} from '../theme.ts';
import {CardLine, describeSize, PULLED, type WorkingCardProps} from './card-line.tsx';

/** One card of the run: with its destinations while it is copied, otherwise on one line. */
export function WorkingCard(props: WorkingCardProps): ReactElement {
  const {card, detail, grid, symbols} = props;
  const {state, stage} = card;
  if (stage !== 'busy' || state === null || detail === 'line') return <CardLine {...props} />;
  const lanes = state.lanes.map((lane) => (
    <Lane key={lane.to} lane={lane} bytes={state.bytes} grid={grid} symbols={symbols} />
  ));
  const isWide = grid.note > 0;
  return (
    <Box flexDirection="column" flexShrink={0} width={grid.total}>
      {isWide && detail === 'full' ? <Head {...props} /> : <ShortHead {...props} state={state} />}
      {isWide && detail === 'full' ? <ReadRow card={state} grid={grid} symbols={symbols} /> : null}
      {lanes}
      {detail === 'lanes' ? null : (
        <Now card={state} pulled={card.seen === null} grid={grid} symbols={symbols} />
      )}
    </Box>
  );
}

/** Label, camera and size. */
function Head({card, grid, labelWidth, symbols}: WorkingCardProps): ReactElement {
  const size = describeSize(card);
  const sizeWidth = countCells(size) + 2;
  return (
    <Box flexShrink={0} height={1}>
      <Cut
        text={printable(card.label)}
        width={labelWidth}
        symbols={symbols}
        style={symbols.styles.strong}
      />
      <Box width={2} flexShrink={0} />
      <Line
        text={card.seen === null ? PULLED : printable(card.camera)}
        width={grid.total - labelWidth - 2 - sizeWidth}
        symbols={symbols}
        style={card.seen === null ? symbols.styles.decision : symbols.styles.quiet}
      />
      <Right width={sizeWidth} text={size} />
    </Box>
  );
}

const SPEED = '  1,234 MB/s'.length;

/** Label and speed: how far it is stands on the bars. */
function ShortHead({
  card,
  state,
  grid,
  symbols,
}: WorkingCardProps & {readonly state: CardState}): ReactElement {
  return (
    <Box flexShrink={0} height={1}>
      <Cut
        text={printable(card.label)}
        width={grid.total - SPEED}
        symbols={symbols}
        style={symbols.styles.strong}
      />
      <Right width={SPEED} text={describeSpeed(cardSpeed(state))} />
    </Box>
  );
}

interface PartProps {
  readonly card: CardState;
  readonly grid: Grid;
  readonly symbols: Symbols;
}

function ReadRow({card, grid, symbols}: PartProps): ReactElement {
  return (
    <Row
      grid={grid}
      symbols={symbols}
      name="  read"
      total={card.bytes}
      proved={card.read}
      copied={card.read}
      figure={`${perCentOf(card.read, card.bytes)} %`}
      note={card.read < card.bytes ? describeSpeed(card.readRate) : ''}
    />
  );
}

/** Without the legend where there is no room for it. */
function Now({card, pulled, grid, symbols}: PartProps & {readonly pulled: boolean}): ReactElement {
  if (grid.note > 0) return <NowLine card={card} grid={grid} symbols={symbols} />;
  const text = pulled ? PULLED : describeNow(card);
  const style = pulled ? symbols.styles.decision : symbols.styles.quiet;
  return (
    <Box flexShrink={0} height={1} paddingLeft={2}>
      <Cut text={text} width={grid.total - 2} symbols={symbols} style={style} />
    </Box>
  );
}
