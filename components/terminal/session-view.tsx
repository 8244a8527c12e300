import type {ComponentType} from 'react';
import type {Now} from '../../src/core/format-dates.ts';
import {describeChange} from '../../src/core/session/describe-change.ts';
import {initialSessionState, type SessionState} from '../../src/core/session/session-state.ts';
import {followRun, unknownTime} from '../../src/core/steady-time.ts';
import type {SessionScreenProps} from '../session-screen.tsx';
import type {Symbols} from '../theme.ts';
import {describeFault} from './describe-fault.ts';
import type {Terminal} from './open-terminal.ts';
import {renderLines} from './render-lines.ts';

/** How a session is told on a terminal. */
export interface SessionView {
  /** Tells the state as it is now. */
  show(): void;
}

export interface SessionViewOptions {
  readonly terminal: Terminal;
  readonly state: () => SessionState;
  readonly now: () => Now;
  readonly symbols: Symbols;
  readonly Screen: ComponentType<SessionScreenProps>;
}

/** As a picture of the whole terminal. */
export function drawScreens({
  terminal,
  state,
  now,
  symbols,
  Screen,
}: SessionViewOptions): SessionView {
  let time = unknownTime;
  return {
    show() {
      const size = terminal.size();
      const session = state();
      time = session.run === null ? unknownTime : followRun(time, session.run.state);
      const screen = (
        <Screen {...size} state={session} symbols={symbols} now={now()} timeLeftMs={time.shownMs} />
      );
      terminal.draw(renderLines(screen, size.columns));
    },
  };
}

/** As lines that stay, one for each change: what a screen reader reads aloud. */
export function speakChanges({terminal, state, now}: SessionViewOptions): SessionView {
  let told: SessionState | null = null;
  const describe = (next: SessionState): readonly string[] => {
    try {
      return describeChange(told ?? initialSessionState, next, now());
    } catch (error) {
      return describeFault(error);
    }
  };
  return {
    show() {
      if (told === null) terminal.print('offload: ? lists the keys');
      const next = state();
      for (const line of describe(next)) terminal.print(line);
      told = next;
    },
  };
}
