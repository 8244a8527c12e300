/** What the terminal UI keeps of a run beside the fold that all outputs share. */
import {describeMismatch} from '../describe-mismatch.ts';
import type {OffloadEvent} from '../events.ts';
import {evolve, initialRunState} from '../run-state.ts';
import type {SessionFailure, SessionRun} from './session-state.ts';

/** More than anybody reads on a screen; the manifest has them all. */
export const NEWEST_FAILURES = 1000;

/**
 * Starts a run, or goes on with one that is over and still on the screen.
 * @param atMs of a clock that goes forward.
 */
export function startRun(
  before: SessionRun | null,
  cards: readonly string[],
  atMs: number,
): SessionRun {
  if (before === null) {
    return {
      cards,
      state: initialRunState,
      startedMs: atMs,
      cardStartedMs: new Map(),
      verdictMs: new Map(),
      failures: [],
      gone: new Set(),
      endedMs: null,
    };
  }
  const isOther = (path: string) => !cards.includes(path);
  const without = <T>(map: ReadonlyMap<string, T>) =>
    new Map([...map].filter(([path]) => isOther(path)));
  const {state} = before;
  return {
    ...before,
    cards: [...before.cards.filter(isOther), ...cards],
    state: {
      ...state,
      // What was said of a card before, or of another card that was mounted there, is not said of this one.
      cards: state.cards.filter(({card}) => isOther(card.path)),
      refused: null,
      cancelRequested: null,
      ended: null,
    },
    cardStartedMs: without(before.cardStartedMs),
    verdictMs: without(before.verdictMs),
    // What fails again is told again.
    failures: before.failures.filter(({card}) => isOther(card.path)),
    gone: new Set([...before.gone].filter(isOther)),
    endedMs: null,
  };
}

/** @returns the run after an event of the engine; the same object when nothing that is shown changes. */
export function evolveRun(run: SessionRun, event: OffloadEvent, atMs: number): SessionRun {
  const state = evolve(run.state, event, atMs);
  const known = state === run.state ? run : {...run, state};
  switch (event.type) {
    case 'phase-started':
      return run.cardStartedMs.has(event.card.path)
        ? known
        : {...known, cardStartedMs: new Map([...run.cardStartedMs, [event.card.path, atMs]])};
    case 'verdict':
      return {...known, verdictMs: new Map([...run.verdictMs, [event.card.path, atMs]])};
    case 'file-failed': {
      const {card, path, code, message, next} = event;
      return addFailure(known, {card, path, to: event.to ?? null, code, message, next});
    }
    case 'file-mismatched': {
      // It is written again: a failure only if that does not help.
      if (event.rewrite !== undefined) return known;
      const {code, message, next} = describeMismatch(event);
      const {card, path} = event;
      return addFailure(known, {card, path, to: event.to ?? null, code, message, next});
    }
    case 'run-ended':
      return {...known, endedMs: atMs};
    default:
      return known;
  }
}

function addFailure(run: SessionRun, failure: SessionFailure): SessionRun {
  return {...run, failures: [...run.failures, failure].slice(-NEWEST_FAILURES)};
}

/** True while the engine works on it. */
export const isRunning = (run: SessionRun | null): boolean => run !== null && run.endedMs === null;

/** True when there is anything that a list of failures would tell. */
export const hasFailed = ({failures, state}: SessionRun): boolean =>
  failures.length > 0 || state.cards.some(({lanes}) => lanes.some(({lost}) => lost));

/** @returns paths of the run's cards whose last word is SAFE TO FORMAT. */
export function safeCards({cards, state}: SessionRun): readonly string[] {
  return cards.filter(
    (path) => state.cards.find(({card}) => card.path === path)?.verdict?.safe === true,
  );
}
