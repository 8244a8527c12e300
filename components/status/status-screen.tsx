import {Box} from 'ink';
import type {ReactElement} from 'react';
import {causeText} from '../../src/core/cause-text.ts';
import type {Now} from '../../src/core/format-dates.ts';
import type {StatusView} from '../../src/core/session/overlay.ts';
import {countReached} from '../../src/core/shoot-status-words.ts';
import {Footer} from '../footer.tsx';
import {FullScreen} from '../full-screen.tsx';
import {innerWidth} from '../grid.ts';
import {clipLines, Gap, Lines} from '../lines.tsx';
import {paragraph} from '../paragraph.ts';
import {Line} from '../ready/line.tsx';
import {isLow} from '../ready/ready-layout.ts';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';
import {offsiteLines} from './offsite-lines.ts';
import {shootLines} from './shoot-lines.ts';
import {ShootRows} from './shoot-rows.tsx';

export interface StatusScreenProps {
  readonly view: StatusView;
  readonly now: Now;
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines that may be drawn. */
  readonly rows: number;
  readonly symbols: Symbols;
}

/** No line gets longer than this: an eye that has to travel loses it. */
const WIDEST = 120;

/** How each shoot is kept, and of the selected one where and what is missing. */
export function StatusScreen(props: StatusScreenProps): ReactElement {
  const {view, now, columns, symbols} = props;
  const rows = Math.max(6, Math.floor(props.rows));
  const low = isLow(rows);
  const width = Math.min(WIDEST, innerWidth(columns));
  const gap = low ? 0 : 1;
  const whole = rows - 2 - 2 * gap;
  const warnings = clipLines(warningLines(view, width, symbols), low ? 1 : 4);
  const offsite = clipLines(offsiteLines(view, {now, width, symbols}), low ? 1 : 5);
  const body = whole - offsite.length - (offsite.length > 0 ? gap : 0);
  const shoot = view.shoots[view.selected];
  const wanted = shoot === undefined ? [] : shootLines({shoot, width, named: low, now, symbols});
  const rowLines = low ? 1 : 2;
  const list = Math.max(3, Math.ceil(body / 2), body - warnings.length - gap - wanted.length);
  const listed = Math.min(list, Math.max(1, view.shoots.length * rowLines));
  const details = clipLines(
    wanted,
    Math.max(0, body - warnings.length - gap - listed),
    symbols.styles.quiet,
  );
  return (
    <FullScreen columns={columns} rows={rows}>
      <Title view={view} width={width} symbols={symbols} />
      <Gap lines={gap} />
      <Lines lines={offsite} width={width} symbols={symbols} />
      <Gap lines={offsite.length > 0 ? gap : 0} />
      {view.shoots.length === 0 ? (
        <Nothing view={view} width={width} symbols={symbols} />
      ) : (
        <ShootRows
          shoots={view.shoots}
          selected={view.selected}
          lines={rowLines}
          room={listed}
          now={now}
          width={width}
          symbols={symbols}
        />
      )}
      <Gap lines={details.length > 0 ? gap : 0} />
      <Lines lines={details} width={width} symbols={symbols} />
      <Box flexGrow={1} />
      <Lines lines={warnings} width={width} symbols={symbols} />
      <Gap lines={gap} />
      <Footer place="status" width={width} symbols={symbols} />
    </FullScreen>
  );
}

interface PartProps {
  readonly view: StatusView;
  readonly width: number;
  readonly symbols: Symbols;
}

const TITLE = '3-2-1';

function Title({view: {shoots, complete}, width, symbols}: PartProps): ReactElement {
  const looking = complete ? '' : shoots.length === 0 ? 'looking…' : ', looking…';
  const count = shoots.length === 0 ? '' : countReached(shoots);
  return (
    <Box height={1} flexShrink={0}>
      <Line text={TITLE} width={TITLE.length + 2} symbols={symbols} style={symbols.styles.strong} />
      <Line
        text={count + looking}
        width={width - TITLE.length - 2}
        symbols={symbols}
        style={symbols.styles.quiet}
        align="right"
      />
    </Box>
  );
}

/** What stands where the shoots would. */
function Nothing({view: {problem, complete}, width, symbols}: PartProps): ReactElement {
  const {failure} = symbols.styles;
  const lines =
    problem !== null
      ? paragraph(causeText(problem), {
          key: 'problem',
          width,
          symbols,
          sign: symbols.trouble,
          style: failure,
        })
      : paragraph(complete ? NO_SHOOT : LOOKING, {key: 'nothing', width, symbols});
  return <Lines lines={lines} width={width} symbols={symbols} />;
}

const NO_SHOOT =
  'No shoot is recorded yet. Offload a card, and how its copies are kept is told here.';
const LOOKING = 'Reading the records on the drives that are connected…';

function warningLines(
  {warnings, problem, shoots}: StatusView,
  width: number,
  symbols: Symbols,
): readonly ScreenLine[] {
  const {decision, failure} = symbols.styles;
  const sign = symbols.trouble;
  const broke = problem !== null && shoots.length > 0 ? [problem] : [];
  return [
    ...broke.flatMap((cause) =>
      paragraph(causeText(cause), {key: 'broke', width, symbols, sign, style: failure}),
    ),
    ...warnings.flatMap((cause, index) =>
      paragraph(causeText(cause), {key: `warning ${index}`, width, symbols, sign, style: decision}),
    ),
  ];
}
