import type {OffloadEvent} from '../core/events.ts';
import {evolve, initialRunState, type RunState} from '../core/run-state.ts';
import type {Sink} from './sink.ts';

/** Calls back once after `ms` without keeping the process alive. @returns how to take it back. */
export type StartTimer = (ms: number, callBack: () => void) => () => void;

export interface RunStoreOptions {
  /** ms of a clock that goes forward. */
  readonly now: () => number;
  readonly startTimer?: StartTimer;
  /** The shortest time between two notifications of progress, in ms. */
  readonly everyMs?: number;
}

/** The run's state for React's `useSyncExternalStore`. */
export interface RunStore extends Sink {
  /** @returns how to stop listening. */
  subscribe(listener: () => void): () => void;
  /** The state after every event that was written, shown or not. */
  getSnapshot(): RunState;
}

/** Ten redraws a second at the most (design, section 8). */
const EVERY_MS = 100;

const startRealTimer: StartTimer = (ms, callBack) => {
  const timer = setTimeout(callBack, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/**
 * Folds each event at once. Listeners hear of progress every `everyMs` at the most, of everything else at once, and of events that
 * change nothing not at all. `end` tells what was still held back.
 */
export function createRunStore(options: RunStoreOptions): RunStore {
  const {now, startTimer = startRealTimer, everyMs = EVERY_MS} = options;
  const listeners = new Set<() => void>();
  let state = initialRunState;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let takeBack: (() => void) | null = null;

  const tell = () => {
    takeBack?.();
    takeBack = null;
    toldAtMs = now();
    for (const listener of [...listeners]) listener();
  };

  const tellSoon = () => {
    if (takeBack !== null) return;
    const waitMs = toldAtMs + everyMs - now();
    if (waitMs <= 0) tell();
    else takeBack = startTimer(waitMs, tell);
  };

  return {
    write(event: OffloadEvent) {
      const next = evolve(state, event, now());
      if (next === state) return;
      state = next;
      if (event.type === 'progress') tellSoon();
      else tell();
    },
    async end() {
      if (takeBack !== null) tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => state,
  };
}
