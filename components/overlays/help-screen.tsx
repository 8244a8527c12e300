import type {ReactElement} from 'react';
import {joinKeys, KEYS, type KeyPlace} from '../../src/core/session/keys.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {countCells, wrapWords} from '../../src/core/wrap-words.ts';
import {textWidth} from '../grid.ts';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';
import {explainScreen} from './help-words.ts';
import {lastTextScroll, TextScreen} from './text-screen.tsx';

export interface HelpScreenProps {
  /** The screen that is explained. */
  readonly place: KeyPlace;
  /** The first line shown. */
  readonly scroll: number;
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines that may be drawn. */
  readonly rows: number;
  readonly symbols: Symbols;
  /** Given, the title says what must stay in sight. */
  readonly state?: SessionState;
}

/** What a screen shows, and every key of it. */
export function HelpScreen({place, scroll, state, ...size}: HelpScreenProps): ReactElement {
  return (
    <TextScreen
      place="help"
      title={`Help: ${TITLES[place]}`}
      shortTitle="Help"
      lines={helpLines(place, size.columns, size.symbols)}
      scroll={scroll}
      state={state ?? null}
      {...size}
    />
  );
}

const TITLES: Readonly<Record<KeyPlace, string>> = {
  ready: 'cards and drives',
  working: 'copying and proving',
  verdict: 'what may be formatted',
  help: 'help',
  shoot: 'name of the shoot',
  'confirm-stop': 'stopping',
  failures: 'what failed',
  pictures: 'pictures',
  status: 'how each shoot is kept',
  backups: 'backups',
  'backup-steps': 'steps of a backup',
  'confirm-deletions': 'held deletions',
  'confirm-backup-stop': 'stopping a backup',
};

/** @returns the furthest `scroll` that shows anything new. */
export function lastHelpScroll({place, columns, rows, symbols}: HelpScreenProps): number {
  return lastTextScroll(helpLines(place, columns, symbols).length, rows);
}

/** @returns the keys first, because they are what is looked for, then what the screen means. */
export function helpLines(
  place: KeyPlace,
  columns: number,
  symbols: Symbols,
): readonly ScreenLine[] {
  const width = textWidth(columns);
  const keys = joinKeys(KEYS[place], 'help').map(({action, sign, asciiSign, help}) => ({
    action,
    sign: symbols.unicode ? sign : asciiSign,
    help,
  }));
  const leftWidth = Math.max(0, ...keys.map(({sign}) => countCells(sign))) + 2;
  return [
    ...keys.flatMap(({action, sign, help}) =>
      wrapWords(help, width - leftWidth).map(
        (right, number): ScreenLine => ({
          kind: 'pair',
          key: `${action} ${number}`,
          left: number === 0 ? sign : '',
          leftWidth,
          right,
        }),
      ),
    ),
    ...explainScreen(place, symbols).flatMap((sentences, paragraph) => [
      textLine(`${paragraph} before`, ''),
      ...wrapWords(sentences, width).map((text, number) =>
        textLine(`${paragraph} ${number}`, text),
      ),
    ]),
  ];
}

const textLine = (key: string, text: string): ScreenLine => ({
  kind: 'text',
  key,
  text,
  indent: 0,
  style: {},
});
