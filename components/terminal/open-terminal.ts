import type {TerminalSize} from '../use-terminal-size.ts';
import {drawFrame, type Frame} from './draw-frame.ts';

export type TerminalInput = Pick<
  NodeJS.ReadStream,
  'isTTY' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'
>;
export type TerminalOutput = Pick<
  NodeJS.WriteStream,
  'columns' | 'rows' | 'write' | 'writable' | 'writableNeedDrain' | 'on' | 'off'
>;

export interface Terminal {
  /** Takes the terminal: keys come one by one, and in full screen the screen is empty. */
  enter(): void;
  /** Gives the terminal back as it was. At once, never throws, does nothing when it was given back before. */
  restore(): void;
  size(): TerminalSize;
  /** @returns false when the terminal does not follow: the same lines are to be drawn when it is drained. */
  draw(lines: readonly string[]): boolean;
  /** One line that stays, where the screen is not taken. */
  print(line: string): void;
  /** Nothing is known of what stands on the screen: the next frame is drawn whole. */
  forget(): void;
}

export interface TerminalStreams {
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  /** False where lines are printed and stay, without a single sequence: for a screen reader, and for terminals that know none. */
  readonly fullScreen: boolean;
}

// Private modes of DEC and xterm: 1049 the second screen, 25 the cursor, 2004 marks what is pasted, 7 wraps lines, 2026 holds a frame
// back. SGR 0 ends all styles.
const TAKE_SCREEN = '\u001B[?1049h\u001B[?25l\u001B[?2004h';
// Emptied first, for terminals that have one screen only.
const GIVE_SCREEN_BACK =
  '\u001B[?2026l\u001B[0m\u001B[?7h\u001B[?2004l\u001B[H\u001B[J\u001B[?1049l\u001B[?25h';

const CLASSIC: TerminalSize = {columns: 80, rows: 24};

/** Owns the modes of a terminal. Nothing is written before `enter`. */
export function openTerminal({stdin, stdout, fullScreen}: TerminalStreams): Terminal {
  let isTaken = false;
  let stands: Frame | null = null;
  const size = () => ({
    columns: stdout.columns || CLASSIC.columns,
    rows: stdout.rows || CLASSIC.rows,
  });
  const write = (text: string) => {
    if (text !== '' && stdout.writable) stdout.write(text);
  };
  return {
    enter() {
      // First: a process in the background is stopped here, before it writes over what is not its own.
      setRawMode(stdin, true);
      isTaken = true;
      stands = null;
      if (fullScreen) write(TAKE_SCREEN);
    },
    restore() {
      if (!isTaken) return;
      isTaken = false;
      try {
        if (fullScreen) write(GIVE_SCREEN_BACK);
      } catch {
        // The terminal is gone; its modes went with it.
      }
      setRawMode(stdin, false);
    },
    size,
    draw(lines) {
      if (!isTaken) return true;
      if (stdout.writableNeedDrain) return false;
      const frame = {size: size(), lines};
      write(drawFrame(stands, frame));
      stands = frame;
      return true;
    },
    print(line) {
      write(`${line}\n`);
    },
    forget() {
      stands = null;
    },
  };
}

/** A terminal that went away refuses (EIO, EBADF), and has no mode to set. */
function setRawMode(stdin: TerminalInput, isRaw: boolean): void {
  try {
    if (stdin.isTTY) stdin.setRawMode(isRaw);
  } catch {
    // As above.
  }
}
