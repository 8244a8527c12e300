/** Every symbol and colour of the screens. Colour is never the only sign; no component asks the environment. */

/** What Ink's `<Text>` understands. */
export interface TextStyle {
  readonly color?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
}

export interface Styles {
  /** What is selected or moves. */
  readonly accent: TextStyle;
  /** Verdicts only. */
  readonly safe: TextStyle;
  /** Verdicts and failures only. */
  readonly failure: TextStyle;
  /** What needs a decision. */
  readonly decision: TextStyle;
  /** What can wait. */
  readonly quiet: TextStyle;
  readonly strong: TextStyle;
}

export interface Symbols {
  readonly styles: Styles;
  /** Cells of a bar. `half` is half a proved cell; null where there is none. */
  readonly proved: string;
  readonly half: string | null;
  readonly copied: string;
  readonly rest: string;
  readonly separator: string;
  /** Marks a cut in ASCII text; elsewhere Ink marks it with `…`. */
  readonly ellipsis: string;
  readonly dash: string;
  readonly trouble: string;
  readonly safe: string;
  readonly notSafe: string;
}

const colours: Styles = {
  accent: {color: 'cyan'},
  safe: {color: 'green', bold: true},
  failure: {color: 'red'},
  decision: {color: 'yellow'},
  quiet: {dimColor: true},
  strong: {bold: true},
};

const noColours: Styles = {
  accent: {},
  safe: {},
  failure: {},
  decision: {},
  quiet: {},
  strong: {},
};

const unicode: Omit<Symbols, 'styles'> = {
  proved: '█',
  half: '▌',
  copied: '▒',
  rest: '─',
  separator: '·',
  ellipsis: '…',
  dash: '–',
  trouble: '!',
  safe: '✔',
  notSafe: '✘',
};

const ascii: Omit<Symbols, 'styles'> = {
  proved: '#',
  half: null,
  copied: '=',
  rest: '-',
  separator: '-',
  ellipsis: '~',
  dash: '-',
  trouble: '!',
  safe: '*',
  notSafe: 'X',
};

/**
 * @param unicode false for terminals that show only ASCII.
 * @param colour false for `NO_COLOR` and terminals without colours.
 */
export function chooseSymbols(can: {readonly unicode: boolean; readonly colour: boolean}): Symbols {
  return {...(can.unicode ? unicode : ascii), styles: can.colour ? colours : noColours};
}
