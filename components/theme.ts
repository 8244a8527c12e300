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

/** What a verdict's block is framed with: `sides` on both edges, `fill` between the corners. */
export interface FrameSymbols {
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  readonly fill: string;
  readonly sides: string;
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
  readonly safeFrame: FrameSymbols;
  readonly notSafeFrame: FrameSymbols;
  /** False where only ASCII is shown: signs of keys, shades of pictures. */
  readonly unicode: boolean;
  /** Stands before what is selected. */
  readonly pointer: string;
  /** The same in the column that the arrow keys do not move in. */
  readonly restingPointer: string;
  /** The place in a line where text is typed. */
  readonly cursor: string;
  /** Two pixels in one cell, the upper one drawn, the lower one its background; null where colours or the sign are missing. */
  readonly upperHalf: string | null;
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

const frameOf = (corners: string, fill: string, sides: string): FrameSymbols => {
  const [topLeft = '', topRight = '', bottomLeft = '', bottomRight = ''] = corners;
  return {topLeft, topRight, bottomLeft, bottomRight, fill, sides};
};

const unicode: Omit<Symbols, 'styles' | 'upperHalf'> = {
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
  safeFrame: frameOf('┏┓┗┛', '━', '┃'),
  notSafeFrame: frameOf('╳╳╳╳', '╳', '╳'),
  unicode: true,
  pointer: '▸',
  restingPointer: '▹',
  cursor: '▏',
};

const ascii: Omit<Symbols, 'styles' | 'upperHalf'> = {
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
  safeFrame: frameOf('++++', '=', '|'),
  notSafeFrame: frameOf('XXXX', 'X', 'X'),
  unicode: false,
  pointer: '>',
  restingPointer: ')',
  cursor: '|',
};

/**
 * @param unicode false for terminals that show only ASCII.
 * @param colour false for `NO_COLOR` and terminals without colours.
 */
export function chooseSymbols(can: {readonly unicode: boolean; readonly colour: boolean}): Symbols {
  return {
    ...(can.unicode ? unicode : ascii),
    styles: can.colour ? colours : noColours,
    upperHalf: can.unicode && can.colour ? '▀' : null,
  };
}
