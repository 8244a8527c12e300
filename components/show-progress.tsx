import {render} from 'ink';
import type {ReactElement} from 'react';
import {RunProgress} from './run-progress.tsx';
import type {Symbols} from './theme.ts';
import {type ReadableStore, useStore} from './use-store.ts';
import {useTerminalSize} from './use-terminal-size.ts';

export interface ShowProgressOptions {
  readonly store: ReadableStore;
  /** The terminal, usually stderr: stdout is for results. */
  readonly stream: NodeJS.WriteStream;
  readonly symbols: Symbols;
}

/** Ten redraws a second at the most (design, section 8). */
const MAX_FPS = 10;

/**
 * Draws the run on a terminal until `end` is called. Takes no keys, so that Ctrl-C stays a signal.
 * @returns `end`: draws the last state, leaves it on the terminal and gives the cursor back. Never rejects; may be called twice.
 */
export function showProgress(options: ShowProgressOptions): {end(): Promise<void>} {
  const screen = <Screen {...options} />;
  const app = render(screen, {
    stdout: options.stream,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: MAX_FPS,
    // React's development build leaves some fifty measures a frame in Node's timeline, which keeps them all: 0.2 MB a frame.
    onRender: () => performance.clearMeasures(),
  });
  // Asked for at once: in Ink 6 a promise that is first asked for after `unmount` never settles. A screen that broke has said so
  // itself, and must not stop the copying.
  const exited = app.waitUntilExit().then(ignore, ignore);
  let ending: Promise<void> | null = null;
  const leave = () => {
    // React draws an update in a later microtask, and `unmount` would come before it. `rerender` draws what is pending at once.
    app.rerender(screen);
    app.unmount();
    return exited;
  };
  return {
    end() {
      ending ??= leave();
      return ending;
    },
  };
}

function Screen({store, stream, symbols}: ShowProgressOptions): ReactElement {
  const state = useStore(store);
  const {columns, rows} = useTerminalSize(stream);
  return <RunProgress state={state} columns={columns} rows={rows} symbols={symbols} />;
}

function ignore(): void {}
