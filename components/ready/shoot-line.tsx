import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import {printable} from '../../src/core/printable.ts';
import type {ShootEntry} from '../../src/core/session/overlay.ts';
import {chooseForm, countCells} from '../../src/core/wrap-words.ts';
import type {Symbols} from '../theme.ts';
import {Line, Name} from './line.tsx';
import {POINTER_CELLS, Pointer} from './pointer.tsx';
import {ScrolledRows} from './scrolled-rows.tsx';

export interface ShootLineProps {
  /** The name that was given; null for none. */
  readonly shoot: string | null;
  /** What a shoot without a name is called; null when nothing tells yet. */
  readonly defaultShoot: string | null;
  /** Null while no name is typed. */
  readonly entry: ShootEntry | null;
  /** Cells. */
  readonly width: number;
  /** Lines for suggestions. */
  readonly room: number;
  readonly symbols: Symbols;
}

const LABEL = 'Shoot  ';

/** The name of the next shoot, the line in which it is typed, and under it the names that it could become. */
export function ShootLine(props: ShootLineProps): ReactElement {
  const {entry, width, room, symbols} = props;
  const inner = Math.max(1, width - POINTER_CELLS - LABEL.length);
  return (
    <Box flexDirection="column" flexShrink={0} paddingLeft={POINTER_CELLS}>
      <Box height={1} flexShrink={0}>
        <Line
          text={LABEL}
          width={LABEL.length}
          symbols={symbols}
          style={entry === null ? symbols.styles.quiet : {}}
        />
        {entry === null ? (
          <ShootName {...props} width={inner} />
        ) : (
          <TypedName {...props} entry={entry} width={inner} />
        )}
      </Box>
      {entry === null ? null : (
        <Suggestions entry={entry} width={inner} room={room} symbols={symbols} />
      )}
    </Box>
  );
}

function ShootName({shoot, defaultShoot, width, symbols}: ShootLineProps): ReactElement {
  if (shoot !== null) return <Name text={printable(shoot)} width={width} symbols={symbols} />;
  return (
    <Line
      text={describeDefault(defaultShoot, width)}
      width={width}
      symbols={symbols}
      style={symbols.styles.quiet}
    />
  );
}

function describeDefault(defaultShoot: string | null, width: number): string {
  const date = 'date of the first picture';
  if (defaultShoot === null) return date;
  const name = printable(defaultShoot);
  return chooseForm([`${name}, the ${date}`, `${name} (first picture)`], width);
}

interface TypedNameProps extends ShootLineProps {
  readonly entry: ShootEntry;
}

/** The text with its cursor; of a long one the part around the cursor. */
function TypedName({entry, defaultShoot, width, symbols}: TypedNameProps): ReactElement {
  const {before, after} = showAroundCursor(entry, width - 1);
  return (
    <Box width={width} height={1} flexShrink={0}>
      <Text wrap="truncate-end">
        {before}
        <Text {...symbols.styles.accent}>{symbols.cursor}</Text>
        {entry.text === '' ? (
          <Text {...symbols.styles.quiet}>{describeDefault(defaultShoot, width - 1)}</Text>
        ) : (
          after
        )}
      </Text>
    </Box>
  );
}

/** @param width cells. @returns printable text before and after the cursor that has room together. */
export function showAroundCursor(
  {text, at}: Pick<ShootEntry, 'text' | 'at'>,
  width: number,
): {readonly before: string; readonly after: string} {
  const signs = [...text].map(printSign);
  const before = signs.slice(0, at);
  const after = signs.slice(at);
  // A third of the room for what follows, so that one sees where one is.
  const ahead = Math.min(measure(after), Math.floor(width / 3));
  while (before.length > 0 && measure(before) > width - ahead) before.shift();
  while (after.length > 0 && measure(before) + measure(after) > width) after.pop();
  return {before: before.join(''), after: after.join('')};
}

/** A blank at the end is no mistake while one types. */
const printSign = (sign: string): string => (sign === ' ' ? sign : printable(sign));
const measure = (signs: readonly string[]): number => countCells(signs.join(''));

interface SuggestionsProps {
  readonly entry: ShootEntry;
  readonly width: number;
  readonly room: number;
  readonly symbols: Symbols;
}

function Suggestions({entry, width, room, symbols}: SuggestionsProps): ReactElement {
  const {suggestions, chosen} = entry;
  return (
    <Box flexShrink={0} paddingLeft={LABEL.length - POINTER_CELLS}>
      <ScrolledRows
        heights={suggestions.map(() => 1)}
        gap={0}
        room={room}
        selected={chosen ?? -1}
        width={width + POINTER_CELLS}
        symbols={symbols}
        draw={(index) => {
          const name = suggestions[index] ?? '';
          const selected = index === chosen;
          const style = selected ? symbols.styles.accent : symbols.styles.quiet;
          return (
            <Box key={name} height={1} flexShrink={0}>
              <Pointer selected={selected} focused={true} symbols={symbols} />
              <Name text={printable(name)} width={width} symbols={symbols} style={style} />
            </Box>
          );
        }}
      />
    </Box>
  );
}
