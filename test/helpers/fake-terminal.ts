import {Socket} from 'node:net';

/** A terminal without a device: keeps what is written and knows what a person would see. */
export class FakeTerminal extends Socket {
  readonly isTTY = true;
  columns: number;
  rows: number;
  readonly writes: string[] = [];

  constructor(columns: number, rows = 24) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.writes.push(chunk.toString());
    done();
  }

  resize(columns: number): void {
    this.columns = columns;
    this.emit('resize');
  }

  /** The lines that stand on the screen now. */
  screen(): string {
    return replayTerminal(this.writes.join(''));
  }

  clearLine = () => true;
  clearScreenDown = () => true;
  cursorTo = () => true;
  moveCursor = () => true;
  getColorDepth = () => 1;
  hasColors = () => false;
  getWindowSize = (): [number, number] => [this.columns, this.rows];
}

// Line ends, sequences (ECMA-48 CSI), or text.
const TOKENS = /\n|\u001B\[([?\d;]*)([A-Za-z])|[^\n\u001B]+/g;

/** Follows the few sequences that Ink writes: cursor up, to the first column, erase the line. Others are ignored. */
function replayTerminal(output: string): string {
  const lines = [''];
  let row = 0;
  let column = 0;
  for (const [token, count = '', final] of output.matchAll(TOKENS)) {
    if (token === '\n') {
      row += 1;
      column = 0;
      lines[row] ??= '';
    } else if (final === 'A') row = Math.max(0, row - Number(count || '1'));
    else if (final === 'G') column = Number(count || '1') - 1;
    else if (final === 'K') lines[row] = '';
    else if (final === undefined) {
      lines[row] = (lines[row] ?? '').slice(0, column).padEnd(column) + token;
      column += token.length;
    }
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}
