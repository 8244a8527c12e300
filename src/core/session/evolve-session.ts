import type {CardRef} from '../card.ts';
import {letterOf} from '../card-state.ts';
import type {Cause} from '../cause.ts';
import type {Volume} from '../drive.ts';
import type {OffloadEvent, Outcome} from '../events.ts';
import {unreachable} from '../unreachable.ts';
import {showComing, withoutComing} from './coming-backup.ts';
import {beginBackupRun, evolveStatus, followBackup, listJobs} from './evolve-backups.ts';
import type {SeenDrive, SessionEvent} from './session-events.ts';
import {evolveRun, isRunning, startRun} from './session-run.ts';
import type {SessionCard, SessionDrive, SessionRun, SessionState} from './session-state.ts';
import {tell} from './tell-notice.ts';

/**
 * @param atMs when the event came, in ms of a clock that goes forward.
 * @returns the next state; the same object when the event changes nothing.
 */
export function evolveSession(
  state: SessionState,
  event: SessionEvent,
  atMs: number,
): SessionState {
  switch (event.type) {
    case 'card-arrived':
      return addCard(state, event);
    case 'card-surveyed':
      return updateCard(state, event.path, {survey: event.survey, problem: null});
    case 'card-unreadable':
      return updateCard(state, event.path, {problem: event.problem});
    case 'card-remembered':
      return updateCard(state, event.path, {history: event.history});
    case 'card-ejected':
      return updateCard(state, event.path, {ejected: 'yes'});
    case 'eject-failed':
      return tell(updateCard(state, event.path, {ejected: 'no'}), event.cause);
    case 'drive-seen':
      return addDrive(state, event.drive);
    case 'volume-left':
      return removeVolume(state, event.path);
    case 'looked':
      return state.looked ? state : {...state, looked: true};
    case 'shoots-remembered':
      return {...state, recentShoots: event.names};
    case 'thumbnail-made': {
      const {overlay} = state;
      if (overlay?.type !== 'pictures' || overlay.card !== event.card) return state;
      const thumbnails = [...overlay.thumbnails, event.thumbnail];
      return {...state, overlay: {...overlay, thumbnails}};
    }
    case 'thumbnails-complete': {
      const {overlay} = state;
      if (overlay?.type !== 'pictures' || overlay.card !== event.card) return state;
      return {...state, overlay: {...overlay, complete: true}};
    }
    case 'run-started':
      return beginRun(state, event.cards, atMs);
    case 'run-event':
      return followRun(state, event.event, atMs);
    case 'status-shoot':
    case 'status-offsite':
    case 'status-warned':
    case 'status-complete':
      return evolveStatus(state, event);
    case 'jobs-listed':
      return listJobs(state, event);
    case 'backup-coming':
      return showComing(state, event);
    case 'backup-begun':
      return beginBackupRun(state, event, atMs);
    case 'backup-event':
      return followBackup(state, event.event, atMs);
    case 'told':
      return tell(state, event.cause);
    default:
      return unreachable(event);
  }
}

/** Shows the working screen for these cards; the controller starts them. */
export function beginRun(
  state: SessionState,
  cards: readonly string[],
  atMs: number,
): SessionState {
  const before = state.screen === 'ready' ? null : state.run;
  const goesOn = state.screen === 'working';
  const begun: SessionState = {
    ...withoutComing(state),
    screen: 'working',
    overlay: goesOn || state.overlay?.type === 'help' ? state.overlay : null,
    run: startRun(before, cards, atMs),
    queue: state.queue.filter((path) => !cards.includes(path)),
    scroll: 0,
    notices: goesOn ? state.notices : [],
  };
  return findReplaced(before, cards).reduce((told, label) => tell(told, wasNotSafe(label)), begun);
}

/** @returns labels of cards that were pulled out while they were not safe: another card takes their place on the screen. */
function findReplaced(before: SessionRun | null, cards: readonly string[]): readonly string[] {
  if (before === null) return [];
  return before.state.cards
    .filter(({card: {path}, verdict}) => {
      return cards.includes(path) && before.gone.has(path) && verdict?.safe !== true;
    })
    .map(({card}) => card.label);
}

const wasNotSafe = (label: string): Cause => ({
  code: 'replaced-not-safe',
  message: `${label}, which was pulled out, is NOT SAFE`,
  next: 'Do not format it: insert it again and offload it.',
});

function followRun(state: SessionState, event: OffloadEvent, atMs: number): SessionState {
  if (state.run === null) return state;
  const run = evolveRun(state.run, event, atMs);
  if (run === state.run) return state;
  if (event.type === 'noticed') {
    const {code, message, next, path} = event;
    const cause = path === undefined ? {code, message, next} : {code, path, message, next};
    return tell({...state, run}, cause);
  }
  if (event.type !== 'run-ended') return {...state, run};
  return showVerdicts(keepQueue({...withoutNotes(state, run), run}, event.outcome));
}

/** What was only worth a note while it ran (the computer may fall asleep) is over with the run. */
function withoutNotes(state: SessionState, run: SessionRun): SessionState {
  const notes = run.state.notices.filter(({level}) => level === 'info');
  const isNote = ({code, message}: Cause) =>
    notes.some((note) => note.code === code && note.message === message);
  return {...state, notices: state.notices.filter((notice) => !isNote(notice))};
}

/** What ended this run would end the next one as well, and hide its reason; whoever stopped it does not want another. */
function keepQueue(state: SessionState, outcome: Outcome): SessionState {
  if (state.queue.length === 0) return state;
  const emptied = {...state, queue: []};
  if (state.run?.state.cancelRequested !== null || outcome === 'cancelled') return emptied;
  const isDone = outcome === 'complete' || outcome === 'incomplete';
  if (isDone && chooseDestinations(state.drives).length > 0) return state;
  return tell(emptied, NOT_STARTED);
}

const NOT_STARTED: Cause = {
  code: 'queue-dropped',
  message: 'the cards that waited were not started',
  next: 'See why this run ended, then start them.',
};

/** Shows the verdicts once nothing runs and nothing waits. With cards in the queue the next run begins, and they stay beside it. */
export function showVerdicts(state: SessionState): SessionState {
  if (state.screen !== 'working' || isRunning(state.run) || state.queue.length > 0) return state;
  const asksToStop = state.overlay?.type === 'confirm-stop';
  return {...state, screen: 'verdict', scroll: 0, overlay: asksToStop ? null : state.overlay};
}

function addCard(state: SessionState, {path, label, volume}: CardRef & {volume: Volume}) {
  const card: SessionCard = {
    path,
    label,
    volume,
    survey: null,
    problem: null,
    history: null,
    ejected: 'no',
  };
  // Whatever was mounted there is gone, even if nobody saw it go.
  const cleared = removeVolume(state, path);
  const added: SessionState = {
    ...withoutNotices(cleared, path),
    cards: [...cleared.cards, card],
    selectedCard: cleared.selectedCard ?? path,
  };
  // The verdict that is on the screen is not this card's, even where it is mounted at the same place.
  const {screen, run} = cleared;
  const isInPlace = screen === 'working' && run?.cards.includes(path) === true;
  return screen === 'verdict' || isInPlace ? tell(added, cameMeanwhile(label)) : added;
}

/** What was said of a place is over when something else is mounted there. */
function withoutNotices(state: SessionState, place: string): SessionState {
  return {...state, notices: state.notices.filter(({path}) => path !== place)};
}

const cameMeanwhile = (label: string): Cause => ({
  code: 'card-came',
  message: `${label} was inserted meanwhile; what stands here is not about it`,
  next: 'Press Enter to go on with it.',
});

function updateCard(state: SessionState, path: string, change: Partial<SessionCard>): SessionState {
  const index = state.cards.findIndex((card) => card.path === path);
  const known = state.cards[index];
  return known === undefined
    ? state
    : {...state, cards: state.cards.with(index, {...known, ...change})};
}

const ROLES: readonly SessionDrive['role'][] = ['working', 'backup', 'off-site', null];

function addDrive(state: SessionState, seen: SeenDrive): SessionState {
  const index = state.drives.findIndex(({path}) => path === seen.path);
  const unnamed = {...seen, letter: null};
  const drives = index < 0 ? [...state.drives, unnamed] : state.drives.with(index, unnamed);
  return {
    ...(index < 0 ? withoutNotices(state, seen.path) : state),
    drives: giveLetters(drives),
    selectedDrive: state.selectedDrive ?? seen.path,
  };
}

/** In the order in which an offload takes them, with the letters that its lanes will have. */
function giveLetters(drives: readonly SessionDrive[]): readonly SessionDrive[] {
  const sorted = [...drives].sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
  const destinations = chooseDestinations(sorted);
  return sorted.map((drive) => {
    const at = destinations.indexOf(drive);
    return {...drive, letter: at < 0 ? null : letterOf(at)};
  });
}

/** @returns the drives that an offload copies to, the working drive first; none while no drive is the working drive. */
export function chooseDestinations(drives: readonly SessionDrive[]): readonly SessionDrive[] {
  const used = drives.filter(({role}) => role === 'working' || role === 'backup');
  return used[0]?.role === 'working' ? used : [];
}

function removeVolume(state: SessionState, path: string): SessionState {
  const drives = state.drives.filter((drive) => drive.path !== path);
  const cards = state.cards.filter((card) => card.path !== path);
  const run = markGone(state.run, path);
  const isDrive = drives.length < state.drives.length;
  if (!isDrive && cards.length === state.cards.length && run === state.run) return state;
  return showVerdicts({
    ...state,
    cards,
    drives: isDrive ? giveLetters(drives) : state.drives,
    queue: state.queue.filter((one) => one !== path),
    selectedCard: reselect(state.cards, state.selectedCard, path),
    selectedDrive: reselect(state.drives, state.selectedDrive, path),
    focus: drives.length === 0 ? 'cards' : state.focus,
    overlay:
      state.overlay?.type === 'pictures' && state.overlay.card === path ? null : state.overlay,
    run,
  });
}

function markGone(run: SessionRun | null, path: string): SessionRun | null {
  if (run === null || !run.cards.includes(path) || run.gone.has(path)) return run;
  return {...run, gone: new Set([...run.gone, path])};
}

/** @returns the selection, or the neighbour of what is gone. */
function reselect(
  all: readonly {readonly path: string}[],
  selected: string | null,
  gone: string,
): string | null {
  if (selected !== gone) return selected;
  const at = all.findIndex(({path}) => path === gone);
  return (all[at + 1] ?? all[at - 1])?.path ?? null;
}
