/**
 * What a run looks like at one moment: a pure fold over its events, and the only one. The screen and the plain lines read it; the
 * verdict never does.
 */
import type {CardRef} from './card.ts';
import {
  addFailure,
  advanceCard,
  type CardState,
  loseLane,
  newCard,
  planCard,
  startAnew,
} from './card-state.ts';
import {describeMismatch} from './describe-mismatch.ts';
import type {CancelRequested, Noticed, OffloadEvent, Refused, RunEnded} from './events.ts';
import {unreachable} from './unreachable.ts';

export interface RunState {
  /** In the order in which they were first seen. */
  readonly cards: readonly CardState[];
  /** The newest three, oldest first. */
  readonly notices: readonly Noticed[];
  readonly cancelRequested: CancelRequested['by'] | null;
  readonly refused: Refused | null;
  /** Null while the run goes on; a run that never gets it has crashed. */
  readonly ended: RunEnded | null;
}

export const initialRunState: RunState = {
  cards: [],
  notices: [],
  cancelRequested: null,
  refused: null,
  ended: null,
};

/** As many as a small screen can show. */
const NEWEST_NOTICES = 3;

/**
 * @param atMs when the event came, in ms of a clock that goes forward.
 * @returns the next state; the same object when the event changes nothing that is shown.
 */
export function evolve(state: RunState, event: OffloadEvent, atMs: number): RunState {
  switch (event.type) {
    case 'run-planned':
      return updateCard(state, event.card, (card) => planCard(startAnew(card), event));
    case 'phase-started':
      return updateCard(state, event.card, (card) => ({...startAnew(card), phase: event.phase}));
    case 'progress':
      return updateCard(state, event.card, (card) => advanceCard(card, event, atMs));
    case 'file-mismatched': {
      // It is written again: a failure only if that does not help.
      if (event.rewrite !== undefined) return state;
      const {code, message, next} = describeMismatch(event);
      const failure = {path: event.path, to: event.to ?? null, code, message, next};
      return updateCard(state, event.card, (card) => addFailure(card, failure));
    }
    case 'file-failed': {
      const {path, code, message, next} = event;
      const failure = {path, to: event.to ?? null, code, message, next};
      return updateCard(state, event.card, (card) => addFailure(card, failure));
    }
    case 'destination-lost': {
      const {to, code, message, next} = event;
      return updateCard(state, event.card, (card) => loseLane(card, to, {code, message, next}));
    }
    case 'verdict':
      return updateCard(state, event.card, (card) => ({
        ...card,
        verdict: event,
        now: null,
        timeLeftMs: null,
      }));
    case 'noticed':
      return {...state, notices: [...state.notices, event].slice(-NEWEST_NOTICES)};
    case 'cancel-requested':
      return state.cancelRequested === null ? {...state, cancelRequested: event.by} : state;
    case 'refused':
      return {...state, refused: event};
    case 'run-ended':
      return {...state, ended: event};
    case 'file-copied':
    case 'file-proved':
    case 'file-salvaged':
    case 'manifest-written':
    case 'copy-planned':
    case 'copy-checked':
    case 'copy-healed':
    case 'shoot-verified':
    case 'mirror-verified':
    case 'verify-finished':
    case 'drive':
    case 'volume-arrived':
    case 'volume-left':
    case 'card-known':
    case 'shoot-known':
    case 'file-found':
    case 'catalog-rebuilt':
    case 'volume-known':
    case 'shoot-status':
    case 'offsite-known':
    case 'doctor-finding':
    case 'file-restored':
    case 'file-versions':
    case 'restore-finished':
    case 'backup-started':
    case 'backup-step':
    case 'backup-progress':
    case 'backup-finished':
    case 'backup-selected':
    case 'picture-explained':
    case 'job-known':
    case 'lightroom-started':
    case 'lightroom-snapshot':
    case 'lightroom-finished':
    case 'lightroom-known':
    case 'lightroom-restored':
    case 'cloud-started':
    case 'cloud-step':
    case 'cloud-progress':
    case 'cloud-finished':
    case 'cloud-verified':
      return state;
    default:
      return unreachable(event);
  }
}

function updateCard(
  state: RunState,
  ref: CardRef,
  change: (card: CardState) => CardState,
): RunState {
  const index = state.cards.findIndex(({card}) => card.path === ref.path);
  const known = state.cards[index];
  if (known === undefined) return {...state, cards: [...state.cards, change(newCard(ref))]};
  const changed = change(known);
  return changed === known ? state : {...state, cards: state.cards.with(index, changed)};
}
