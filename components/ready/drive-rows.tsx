import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {Fit} from '../../src/core/drive-words.ts';
import {formatBytes} from '../../src/core/format-amounts.ts';
import {printable} from '../../src/core/printable.ts';
import type {DriveRole, SessionDrive} from '../../src/core/session/session-state.ts';
import {chooseForm, countCells} from '../../src/core/wrap-words.ts';
import type {Symbols, TextStyle} from '../theme.ts';
import {Line, Name} from './line.tsx';
import {POINTER_CELLS, Pointer} from './pointer.tsx';
import {ScrolledRows} from './scrolled-rows.tsx';

/** A drive with what there is to say about it. */
export interface ShownDrive {
  readonly drive: SessionDrive;
  /** Null for drives that nothing is copied to, and when it cannot be told. */
  readonly fit: Fit | null;
  /** True when a warning is about it. */
  readonly warned: boolean;
}

export interface DriveRowsProps {
  readonly drives: readonly ShownDrive[];
  /** Path. */
  readonly selected: string | null;
  readonly focused: boolean;
  /** Cells. */
  readonly width: number;
  /** Lines. */
  readonly room: number;
  /** One line for each drive, and `free` in it. */
  readonly low: boolean;
  readonly symbols: Symbols;
}

/** The longest amounts, with a blank before them; under a heading they do without the word. */
const FREE_CELLS = {headed: ' 18.4 GB'.length, worded: ' 18.4 GB free'.length} as const;

/** The drives that are there, around the selected one. */
export function DriveRows(props: DriveRowsProps): ReactElement {
  const {drives, selected, focused, width, room, low, symbols} = props;
  const letters = Math.max(2, ...drives.map(({drive}) => drive.letter?.length ?? 0)) + 1;
  return (
    <ScrolledRows
      heights={measureDrives(drives, low)}
      gap={0}
      room={room}
      selected={drives.findIndex(({drive}) => drive.path === selected)}
      width={width}
      symbols={symbols}
      draw={(index) => {
        const shown = drives[index];
        if (shown === undefined) return null;
        const isSelected = shown.drive.path === selected;
        const row = {shown, selected: isSelected, focused, letters, width, low, symbols};
        return <DriveRow key={shown.drive.path} {...row} />;
      }}
    />
  );
}

/** @returns the lines of each drive: those with a role have a second one, where there is height. */
export function measureDrives(drives: readonly ShownDrive[], low: boolean): readonly number[] {
  return drives.map(({drive}) => (low || drive.role === null ? 1 : 2));
}

interface RowProps {
  readonly shown: ShownDrive;
  readonly selected: boolean;
  readonly focused: boolean;
  /** Cells of the letters. */
  readonly letters: number;
  readonly width: number;
  readonly low: boolean;
  readonly symbols: Symbols;
}

function DriveRow(props: RowProps): ReactElement {
  const {shown, selected, focused, letters, width, low, symbols} = props;
  const {drive, warned, fit} = shown;
  const free = low ? FREE_CELLS.worded : FREE_CELLS.headed;
  const name = Math.max(1, width - POINTER_CELLS - letters - free);
  const style = styleDrive({drive, yellow: warned || fit?.fits === false}, symbols);
  const nameStyle =
    selected && focused ? {...symbols.styles.strong, ...symbols.styles.accent} : style;
  return (
    <Box flexDirection="column" flexShrink={0} width={width}>
      <Box height={1} flexShrink={0}>
        <Pointer selected={selected} focused={focused} symbols={symbols} />
        <Line text={drive.letter ?? '-'} width={letters} symbols={symbols} style={style} />
        <Name text={printable(drive.name)} width={name} symbols={symbols} style={nameStyle} />
        <Line
          text={describeFree(drive, low)}
          width={free}
          symbols={symbols}
          style={style}
          align="right"
        />
      </Box>
      {low || drive.role === null ? null : (
        <DriveDetail {...props} indent={POINTER_CELLS + letters} role={drive.role} />
      )}
    </Box>
  );
}

/** Its role at the left, whether the cards fit at the right; that they do not takes the place of the role where it must. */
function DriveDetail({
  shown,
  width,
  symbols,
  indent,
  role,
}: RowProps & {readonly indent: number; readonly role: DriveRole}): ReactElement {
  const {styles} = symbols;
  const room = Math.max(1, width - indent);
  const {fit} = shown;
  const words = fit === null ? '' : chooseForm(fit.forms, room);
  const left = room - countCells(words) - 1;
  const name = ROLE_NAMES[role].length <= left ? ROLE_NAMES[role] : '';
  return (
    <Box height={1} flexShrink={0} paddingLeft={indent}>
      {name === '' ? null : (
        <Line text={name} width={name.length} symbols={symbols} style={styles.quiet} />
      )}
      <Line
        text={words}
        width={room - name.length}
        symbols={symbols}
        style={fit?.fits === false ? styles.decision : styles.quiet}
        align="right"
      />
    </Box>
  );
}

const ROLE_NAMES: Readonly<Record<DriveRole, string>> = {
  working: 'working',
  backup: 'backup',
  'off-site': 'off-site',
};

function describeFree({free}: SessionDrive, low: boolean): string {
  if (free === null) return 'unknown';
  return low ? `${formatBytes(free)} free` : formatBytes(free);
}

function styleDrive(
  {drive, yellow}: {readonly drive: SessionDrive; readonly yellow: boolean},
  {styles}: Symbols,
): TextStyle {
  if (yellow) return styles.decision;
  return drive.letter === null ? styles.quiet : {};
}
