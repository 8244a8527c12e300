import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import {availableKeys} from '../src/core/session/available-keys.ts';
import {
  type Action,
  joinKeys,
  KEYS,
  type KeyPlace,
  type KeyWords,
} from '../src/core/session/keys.ts';
import type {SessionState} from '../src/core/session/session-state.ts';
import {countCells} from '../src/core/wrap-words.ts';
import type {Symbols} from './theme.ts';

export interface FooterProps {
  readonly place: KeyPlace;
  /** Only what can be done now is offered; without it, all keys of the place. */
  readonly state?: SessionState | null;
  /** Cells, the margin at the left among them. */
  readonly width: number;
  /** Cells. @default 0 */
  readonly margin?: number;
  readonly symbols: Symbols;
}

/** The ways on and out: these stay on the narrowest terminal. */
const ALWAYS: ReadonlySet<Action> = new Set(['help', 'quit', 'close', 'yes', 'no']);

/** From an easy distance to the least that keeps keys apart. */
const DISTANCES = [3, 2] as const;

/** The keys of a place on one line, as many as have room. */
export function Footer(props: FooterProps): ReactElement {
  const {place, state = null, width, margin = 0, symbols} = props;
  const offered = state === null ? KEYS[place] : availableKeys(place, state);
  const {keys, distance} = chooseFooterKeys(offered, width - margin, symbols);
  return (
    <Box width={Math.max(1, width)} height={1} flexShrink={0} paddingLeft={margin}>
      <Text wrap="truncate-end">
        {keys.map(({action, sign, word}, index) => (
          <Text key={action}>
            {' '.repeat(index === 0 ? 0 : distance)}
            <Text {...symbols.styles.strong}>{sign}</Text>
            <Text {...symbols.styles.quiet}>{` ${word}`}</Text>
          </Text>
        ))}
      </Text>
    </Box>
  );
}

export interface FooterKey {
  readonly action: Action;
  readonly sign: string;
  readonly word: string;
}

/** @returns the keys that have room, the last ones left out first, and the cells between them. */
export function chooseFooterKeys(
  offered: readonly KeyWords[],
  width: number,
  symbols: Pick<Symbols, 'unicode'>,
): {readonly keys: readonly FooterKey[]; readonly distance: number} {
  const all = joinKeys(offered, 'word').flatMap((binding) => nameKey(binding, symbols));
  let keys = all;
  for (;;) {
    const distance = DISTANCES.find((cells) => measureKeys(keys, cells) <= width);
    if (distance !== undefined) return {keys, distance};
    const last = keys.findLast(({action}) => !ALWAYS.has(action));
    if (last === undefined) return {keys, distance: 1};
    keys = keys.filter((key) => key !== last);
  }
}

function nameKey(
  {action, sign, asciiSign, word}: KeyWords,
  {unicode}: Pick<Symbols, 'unicode'>,
): readonly FooterKey[] {
  return word === null ? [] : [{action, sign: unicode ? sign : asciiSign, word}];
}

function measureKeys(keys: readonly FooterKey[], distance: number): number {
  const cells = keys.map(({sign, word}) => countCells(sign) + 1 + countCells(word));
  return cells.reduce((sum, one) => sum + one, distance * Math.max(0, keys.length - 1));
}
