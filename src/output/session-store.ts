import type {Effect} from '../core/session/effects.ts';
import type {KeyPress} from '../core/session/key-press.ts';
import {initialPace, paceAfterDrawing, waitToDraw} from '../core/session/redraw-pace.ts';
import type {SessionEvent} from '../core/session/session-events.ts';
import {initialSessionState, type SessionState} from '../core/session/session-state.ts';
import type {StartTimer} from './store.ts';

export interface SessionStoreOptions {
  /** ms of a clock that goes forward. */
  readonly now: () => number;
  /** @returns the same state when the event changes nothing that is shown. */
  readonly evolve: (state: SessionState, event: SessionEvent, atMs: number) => SessionState;
  readonly press: (
    state: SessionState,
    press: KeyPress,
    atMs: number,
  ) => {readonly state: SessionState; readonly effects: readonly Effect[]};
  readonly startTimer?: StartTimer;
  /** The shortest time between two notifications of progress, in ms. */
  readonly everyMs?: number;
  readonly initial?: SessionState;
}

/** The state of the terminal UI, in the form that React's `useSyncExternalStore` takes. */
export interface SessionStore {
  dispatch(event: SessionEvent): void;
  /** @returns what the key asks of the world. */
  press(press: KeyPress): readonly Effect[];
  /** @returns how to stop listening. */
  subscribe(listener: () => void): () => void;
  /** The state after every event and key, told or not. */
  getSnapshot(): SessionState;
  /** Tells what is still held back. */
  end(): void;
}

/** Seven a second leave room for keys in the ten that a terminal is drawn. */
const EVERY_MS = 150;

const startRealTimer: StartTimer = (ms, callBack) => {
  const timer = setTimeout(callBack, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/**
 * Folds each event and key at once. Listeners hear of progress and of pictures every `everyMs` at the most, of everything else at
 * once; never of what changes nothing, and never more than ten times in any second.
 */
export function createSessionStore(options: SessionStoreOptions): SessionStore {
  const {now, evolve, press, startTimer = startRealTimer, everyMs = EVERY_MS} = options;
  const listeners = new Set<() => void>();
  let state = options.initial ?? initialSessionState;
  let pace = initialPace;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let held: {readonly dueMs: number; readonly takeBack: () => void} | null = null;

  const tell = () => {
    held?.takeBack();
    held = null;
    toldAtMs = now();
    pace = paceAfterDrawing(pace, toldAtMs);
    for (const listener of [...listeners]) listener();
  };

  const change = (next: SessionState, earliestMs: number) => {
    if (next === state) return;
    state = next;
    const nowMs = now();
    const dueMs = Math.max(earliestMs, nowMs + waitToDraw(pace, nowMs));
    if (dueMs <= nowMs) return tell();
    if (held !== null && held.dueMs <= dueMs) return;
    held?.takeBack();
    held = {dueMs, takeBack: startTimer(dueMs - nowMs, tell)};
  };

  return {
    dispatch(event) {
      const atMs = now();
      change(evolve(state, event, atMs), isFrequent(event) ? toldAtMs + everyMs : atMs);
    },
    press(key) {
      const atMs = now();
      const pressed = press(state, key, atMs);
      change(pressed.state, atMs);
      return pressed.effects;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    getSnapshot: () => state,
    end() {
      if (held !== null) tell();
    },
  };
}

/** What comes many times a second and is soon replaced by the next of its kind. */
function isFrequent(event: SessionEvent): boolean {
  return (
    event.type === 'thumbnail-made' ||
    event.type === 'status-shoot' ||
    (event.type === 'run-event' && event.event.type === 'progress') ||
    (event.type === 'backup-event' && BACKUP_SAMPLES.has(event.event.type))
  );
}

const BACKUP_SAMPLES: ReadonlySet<string> = new Set(['backup-progress', 'backup-step']);
