import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {ShootStatus} from '../../src/core/events.ts';
import type {Now} from '../../src/core/format-dates.ts';
import {printable} from '../../src/core/printable.ts';
import {describeKept, describeReached} from '../../src/core/shoot-status-words.ts';
import {chooseForm, countCells} from '../../src/core/wrap-words.ts';
import {Line, Name} from '../ready/line.tsx';
import {POINTER_CELLS, Pointer} from '../ready/pointer.tsx';
import {clamp} from '../ready/ready-layout.ts';
import {ScrolledRows} from '../ready/scrolled-rows.tsx';
import type {Symbols} from '../theme.ts';

export interface ShootRowsProps {
  readonly shoots: readonly ShootStatus[];
  readonly selected: number;
  /** Lines of a shoot. */
  readonly lines: 1 | 2;
  /** Lines. */
  readonly room: number;
  readonly now: Now;
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
}

/** The shoots around the selected one. */
export function ShootRows(props: ShootRowsProps): ReactElement {
  const {shoots, selected, lines, room, width, symbols} = props;
  const name = measureNames(shoots, width);
  return (
    <ScrolledRows
      heights={shoots.map(() => lines)}
      gap={0}
      room={room}
      selected={selected}
      width={width}
      symbols={symbols}
      draw={(index) => {
        const shoot = shoots[index];
        return shoot === undefined ? null : (
          <ShootRow
            key={index}
            {...props}
            shoot={shoot}
            name={name}
            isSelected={index === selected}
          />
        );
      }}
    />
  );
}

/** Cells of the sign and the blank after it. */
const SIGN_CELLS = 2;

/** Names stand in one column, which takes two fifths of the line at the most. */
function measureNames(shoots: readonly ShootStatus[], width: number): number {
  const longest = shoots.reduce((most, {shoot}) => Math.max(most, countCells(printable(shoot))), 0);
  return clamp(longest, 10, Math.floor((width - POINTER_CELLS - SIGN_CELLS) * 0.5));
}

interface RowProps extends Omit<ShootRowsProps, 'selected'> {
  readonly shoot: ShootStatus;
  readonly name: number;
  readonly isSelected: boolean;
}

function ShootRow(props: RowProps): ReactElement {
  const {shoot, name, isSelected, lines, now, width, symbols} = props;
  const {strong, accent, quiet, decision} = symbols.styles;
  const state = describeReached(shoot);
  const style = shoot.reached ? quiet : decision;
  const room = width - POINTER_CELLS - SIGN_CELLS - name - 2;
  const below = width - POINTER_CELLS - SIGN_CELLS;
  return (
    <Box flexDirection="column" height={lines} flexShrink={0} width={width}>
      <Box height={1} flexShrink={0}>
        <Pointer selected={isSelected} focused={true} symbols={symbols} />
        <Line
          text={shoot.reached ? symbols.safe : symbols.trouble}
          width={SIGN_CELLS}
          symbols={symbols}
          style={style}
        />
        <Name
          text={printable(shoot.shoot)}
          width={name}
          symbols={symbols}
          style={isSelected ? {...strong, ...accent} : strong}
        />
        <Box width={2} flexShrink={0} />
        <Line text={chooseState(state.forms, room)} width={room} symbols={symbols} style={style} />
      </Box>
      {lines === 1 ? null : (
        <Box height={1} flexShrink={0} paddingLeft={POINTER_CELLS + SIGN_CELLS}>
          <Line
            text={chooseForm(describeKept(shoot, now), below)}
            width={below}
            symbols={symbols}
            style={quiet}
          />
        </Box>
      )}
    </Box>
  );
}

/** A sentence that is cut says more than that there is one, where half of it has room. */
function chooseState(forms: readonly string[], room: number): string {
  const [whole = '', ...shorter] = forms;
  return room >= 30 ? whole : chooseForm([whole, ...shorter], room);
}
