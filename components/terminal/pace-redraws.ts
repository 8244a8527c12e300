import {initialPace, paceAfterDrawing, waitToDraw} from '../../src/core/session/redraw-pace.ts';

export interface Redraws {
  /** Draws before it returns. */
  now(): void;
  /** Draws soon: many requests at once, and no more than ten times in any second. */
  request(): void;
  /** Takes back what was asked for. */
  stop(): void;
}

export function paceRedraws(draw: () => void): Redraws {
  let pace = initialPace;
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const now = () => {
    stop();
    pace = paceAfterDrawing(pace, performance.now());
    draw();
  };
  return {
    now,
    request() {
      timer ??= setTimeout(now, waitToDraw(pace, performance.now()));
    },
    stop,
  };
}
