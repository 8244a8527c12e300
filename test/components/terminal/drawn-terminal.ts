import {Socket} from 'node:net';
import {FakeTerminal} from '../../helpers/fake-terminal.ts';

/** A terminal that follows what a full-screen program writes: two screens, the cursor, and every mode that must be given back. */
export class DrawnTerminal extends FakeTerminal {
  /** Everything that was written is read by this one. */
  emulate(): Emulator {
    const emulator = new Emulator(this.columns, this.rows);
    emulator.write(this.writes.join(''));
    return emulator;
  }

  override screen(): string {
    return this.emulate().text();
  }

  /** Writes since the last call, together. */
  taken = 0;
  takeWrites(): readonly string[] {
    const fresh = this.writes.slice(this.taken);
    this.taken = this.writes.length;
    return fresh;
  }

  resizeTo(columns: number, rows: number): void {
    this.rows = rows;
    this.resize(columns);
  }
}

// CSI and SGR sequences (ECMA-48), or one character.
const TOKENS = /\u001B\[([?\d;]*)([A-Za-z])|[\s\S]/gu;

/** The few sequences that may be written; any other throws, so that nothing new is written unseen. */
export class Emulator {
  readonly modes = new Set<string>(['7', '25']);
  readonly #columns: number;
  readonly #rows: number;
  #main: string[][];
  #second: string[][];
  #row = 0;
  #column = 0;
  /** Lines that were pushed out of the screen at the top. */
  scrolled = 0;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
    this.#main = this.#blank();
    this.#second = this.#blank();
  }

  #blank = () => Array.from({length: this.#rows}, () => new Array<string>(this.#columns).fill(' '));

  write(output: string): void {
    for (const [token, parameters, final] of output.matchAll(TOKENS)) {
      if (final === undefined) this.#put(token);
      else this.#obey(parameters ?? '', final);
    }
  }

  /** What a person sees, without blanks at the ends. */
  text(): string {
    const lines = this.#screen().map((row) => row.join('').trimEnd());
    return lines.join('\n').trimEnd();
  }

  #screen = () => (this.modes.has('1049') ? this.#second : this.#main);

  #put(sign: string): void {
    if (sign === '\n') {
      this.#column = 0;
      this.#down();
      return;
    }
    if (this.#column >= this.#columns) {
      if (this.modes.has('7')) {
        this.#column = 0;
        this.#down();
      } else this.#column = this.#columns - 1;
    }
    const row = this.#screen()[this.#row];
    if (row !== undefined) row[this.#column] = sign;
    this.#column += 1;
  }

  #down(): void {
    if (this.#row < this.#rows - 1) {
      this.#row += 1;
      return;
    }
    this.scrolled += 1;
    const screen = this.#screen();
    screen.shift();
    screen.push(new Array<string>(this.#columns).fill(' '));
  }

  #obey(parameters: string, final: string): void {
    const row = this.#screen()[this.#row];
    if (final === 'm') return;
    if (parameters.startsWith('?') && (final === 'h' || final === 'l'))
      this.#setMode(parameters.slice(1), final === 'h');
    else if (final === 'H') {
      const [line = 1, column = 1] = parameters === '' ? [] : parameters.split(';').map(Number);
      this.#row = line - 1;
      this.#column = column - 1;
    } else if (final === 'J' && parameters === '') {
      row?.fill(' ', this.#column);
      for (const below of this.#screen().slice(this.#row + 1)) below.fill(' ');
    } else if (final === 'K' && parameters === '')
      row?.fill(' ', Math.min(this.#column, this.#columns - 1));
    else if (final === 'K' && parameters === '2') row?.fill(' ');
    else throw new Error(`not known: CSI ${parameters}${final}`);
  }

  #setMode(mode: string, isOn: boolean): void {
    if (mode === '1049' && isOn) this.#second = this.#blank();
    if (isOn) this.modes.add(mode);
    else this.modes.delete(mode);
  }
}

/** A keyboard without a device. */
export class FakeKeyboard extends Socket {
  readonly isTTY = true;
  isRaw = false;
  /** Every change of the mode. */
  readonly modes: boolean[] = [];

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    this.modes.push(isRaw);
    return this;
  }

  override _read(): void {}

  /** As if it was typed. */
  type(input: string | Uint8Array): void {
    this.emit('data', Buffer.from(input));
  }
}
