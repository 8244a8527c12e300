import type {Cause} from '../cause.ts';
import {unreachable} from '../unreachable.ts';
import {type BackupRun, isBackingUp} from './backup-run.ts';
import {stopComing} from './coming-backup.ts';
import {editShoot, openShootEntry} from './edit-shoot.ts';
import type {Effect} from './effects.ts';
import {beginRun, chooseDestinations, showVerdicts} from './evolve-session.ts';
import type {KeyPress} from './key-press.ts';
import {type Action, findAction, type KeyPlace} from './keys.ts';
import {openBackups, pressOnBackups, pressOnFront, quit} from './press-on-backups.ts';
import {openStatus, pressOnStatus} from './press-on-status.ts';
import {scrolled} from './scroll-steps.ts';
import {isRunning, safeCards} from './session-run.ts';
import type {DriveRole, SessionCard, SessionState} from './session-state.ts';
import {tell} from './tell-notice.ts';
import {cardsToQueue, isWaiting} from './waiting-cards.ts';

export interface Pressed {
  readonly state: SessionState;
  readonly effects: readonly Effect[];
}

/**
 * @param atMs of a clock that goes forward.
 * @returns the state after a key and what is to be done; the same state when the key means nothing here.
 */
export function pressKey(state: SessionState, press: KeyPress, atMs: number): Pressed {
  const place = placeOf(state);
  const action = findAction(place, press);
  if (state.coming !== null) {
    const stopped = stopComing(state);
    return GO_FIRST.has(action) ? pressKey(stopped, press, atMs) : only(stopped);
  }
  if (place === 'shoot') return only(editShoot(state, press, action));
  if (action === null) return only(state);
  switch (place) {
    case 'ready':
      return pressOnReady(state, action, atMs);
    case 'working':
      return pressOnWorking(state, action, press);
    case 'verdict':
      return pressOnVerdict(state, action, atMs);
    case 'help':
    case 'failures':
      return only(pressOnText(state, action));
    case 'confirm-stop':
      return answerStop(state, action);
    case 'pictures':
      return pressOnPictures(state, action);
    case 'status':
      return pressOnStatus(state, action);
    case 'backups':
      return pressOnBackups(state, action, press, atMs);
    case 'backup-steps':
    case 'confirm-deletions':
    case 'confirm-backup-stop':
      return pressOnFront(state, action, atMs);
    default:
      return unreachable(place);
  }
}

/** What a backup that is about to start must not swallow. */
const GO_FIRST: ReadonlySet<Action | null> = new Set([
  'offload',
  'offload-all',
  'retry',
  'quit',
] as const);

/** Where a key means what it means. */
export function placeOf({screen, overlay}: SessionState): KeyPlace {
  if (overlay === null) return screen;
  return overlay.type === 'backups' ? (overlay.front?.type ?? 'backups') : overlay.type;
}

const only = (state: SessionState): Pressed => ({state, effects: []});

function pressOnReady(state: SessionState, action: Action, atMs: number): Pressed {
  const selected = state.cards.find(({path}) => path === state.selectedCard);
  switch (action) {
    case 'offload':
      return selected === undefined ? only(tell(state, NO_CARD)) : start(state, [selected], atMs);
    case 'offload-all': {
      const waiting = state.cards.filter(isWaiting);
      if (waiting.length > 0) return start(state, waiting, atMs);
      if (state.cards.length === 0) return only(tell(state, NO_CARD));
      return only(tell(state, state.cards.every(wasSafe) ? ALL_SAFE : NOTHING_WAITS));
    }
    case 'name-shoot':
      return only(openShootEntry(state));
    case 'pictures':
      return selected === undefined ? only(tell(state, NO_CARD)) : openPictures(state, selected);
    case 'working-drive':
      return giveRole(state, 'working');
    case 'backup-drive':
      return giveRole(state, 'backup');
    case 'other-column': {
      const focus = state.focus === 'cards' && state.drives.length > 0 ? 'drives' : 'cards';
      return only({...state, focus});
    }
    case 'eject':
      return selected === undefined ? only(tell(state, NO_CARD)) : eject(state, [selected]);
    case 'next':
      return only(move(state, 1));
    case 'previous':
      return only(move(state, -1));
    case 'help':
      return only({...state, overlay: {type: 'help', scroll: 0}});
    case 'status':
      return openStatus(state);
    case 'backups':
      return openBackups(state);
    case 'quit':
      return quit(state);
    default:
      return only(state);
  }
}

const wasSafe = ({problem, history}: SessionCard): boolean =>
  problem === null && history?.state === 'safe';

function start(state: SessionState, cards: readonly SessionCard[], atMs: number): Pressed {
  const {drives, backup} = state;
  const makesRoom = isBackingUp(backup) && backup.byItself;
  if (isBackingUp(backup) && !makesRoom) return only(tell(state, backupRuns(backup)));
  if (chooseDestinations(drives).length === 0) {
    const focus = drives.length === 0 ? state.focus : 'drives';
    return only(tell({...state, focus}, NO_WORKING_DRIVE));
  }
  const ejected = cards.find((card) => card.ejected !== 'no');
  if (ejected !== undefined) return only(tell(state, isEjected(ejected)));
  const paths = cards.map(({path}) => path);
  const effects: readonly Effect[] = makesRoom ? [{type: 'put-job-aside'}] : [];
  return {
    state: beginRun(state, paths, atMs),
    effects: [...effects, {type: 'start', cards: paths, shoot: state.shoot}],
  };
}

function openPictures(state: SessionState, card: SessionCard): Pressed {
  const {path, ejected} = card;
  // Reading it would keep it from going.
  if (ejected !== 'no') return only(tell(state, isEjected(card)));
  const overlay = {
    type: 'pictures',
    card: path,
    thumbnails: [],
    complete: false,
    first: 0,
  } as const;
  return {state: {...state, overlay}, effects: [{type: 'make-thumbnails', card: path}]};
}

function giveRole(state: SessionState, role: DriveRole): Pressed {
  const drive = state.drives.find(({path}) => path === state.selectedDrive);
  if (drive === undefined) return only(tell(state, NO_DRIVE));
  if (drive.role === 'off-site') return only(tell(state, isOffSite(drive.name)));
  const given = drive.role === role ? null : role;
  return {
    state: {...state, focus: 'drives'},
    effects: [{type: 'give-role', drive: drive.path, role: given}],
  };
}

function eject(state: SessionState, cards: readonly SessionCard[]): Pressed {
  const paths = cards.filter(({ejected}) => ejected === 'no').map(({path}) => path);
  return {
    state: {
      ...state,
      cards: state.cards.map((card) =>
        paths.includes(card.path) ? {...card, ejected: 'asked'} : card,
      ),
    },
    effects: paths.map((card) => ({type: 'eject', card})),
  };
}

function move(state: SessionState, by: number): SessionState {
  const step = (all: readonly {readonly path: string}[], selected: string | null) => {
    const at = all.findIndex(({path}) => path === selected);
    const to = Math.min(all.length - 1, Math.max(0, at + by));
    return all[to]?.path ?? selected;
  };
  return state.focus === 'cards'
    ? {...state, selectedCard: step(state.cards, state.selectedCard)}
    : {...state, selectedDrive: step(state.drives, state.selectedDrive)};
}

function pressOnWorking(state: SessionState, action: Action, press: KeyPress): Pressed {
  switch (action) {
    case 'stop': {
      // Asked and answered: whoever presses it again does not want to wait for a drive that hangs.
      if (isRunning(state.run) && state.run?.state.cancelRequested !== null)
        return {state, effects: [{type: 'leave-at-once'}]};
      const leaves = press.key !== 'ctrl-c';
      return only({...state, overlay: {type: 'confirm-stop', leaves}});
    }
    case 'failures':
      return only(openFailures(state));
    case 'offload': {
      // A run that is to stop is followed by none.
      if (state.run?.state.cancelRequested !== null) return only(state);
      const paths = cardsToQueue(state).map(({path}) => path);
      return only({...state, queue: [...state.queue, ...paths]});
    }
    case 'backups':
      return only(tell(state, CARDS_FIRST));
    case 'help':
      return only({...state, overlay: {type: 'help', scroll: 0}});
    default:
      return only(state);
  }
}

function openFailures(state: SessionState): SessionState {
  const failures = state.run?.failures ?? [];
  return {...state, overlay: {type: 'failures', failures, scroll: 0}};
}

function pressOnVerdict(state: SessionState, action: Action, atMs: number): Pressed {
  const {run} = state;
  if (run === null) return only({...state, screen: 'ready'});
  const safe = safeCards(run);
  const here = state.cards.filter(({path}) => run.cards.includes(path) && !run.gone.has(path));
  switch (action) {
    case 'back':
      return only({...state, screen: 'ready', run: null, scroll: 0, notices: []});
    case 'eject': {
      const cards = here.filter(({path}) => safe.includes(path));
      return cards.length === 0 ? only(tell(state, NOTHING_TO_EJECT)) : eject(state, cards);
    }
    case 'retry': {
      const cards = here.filter(({path}) => !safe.includes(path));
      return cards.length === 0 ? only(tell(state, NOTHING_TO_RETRY)) : start(state, cards, atMs);
    }
    case 'failures':
      return only(openFailures(state));
    case 'next':
    case 'previous':
    case 'page-down':
    case 'page-up':
      return only({...state, scroll: scrolled(state.scroll, action)});
    case 'help':
      return only({...state, overlay: {type: 'help', scroll: 0}});
    case 'quit':
      return {state, effects: [{type: 'leave'}]};
    default:
      return only(state);
  }
}

function pressOnText(state: SessionState, action: Action): SessionState {
  const {overlay} = state;
  if (overlay?.type !== 'help' && overlay?.type !== 'failures') return state;
  if (action === 'close') return {...state, overlay: null};
  return {...state, overlay: {...overlay, scroll: scrolled(overlay.scroll, action)}};
}

function answerStop(state: SessionState, action: Action): Pressed {
  const {overlay} = state;
  if (overlay?.type !== 'confirm-stop' || action !== 'yes') return only({...state, overlay: null});
  const {leaves} = overlay;
  const answered = {...state, overlay: null, queue: []};
  if (isRunning(state.run)) return {state: answered, effects: [{type: 'stop', leaves}]};
  // Between two runs there is nothing to stop but the next one.
  return {state: showVerdicts(answered), effects: leaves ? [{type: 'leave'}] : []};
}

function pressOnPictures(state: SessionState, action: Action): Pressed {
  const {overlay} = state;
  if (overlay?.type !== 'pictures') return only(state);
  if (action === 'close') {
    return {state: {...state, overlay: null}, effects: [{type: 'stop-thumbnails'}]};
  }
  const step = action === 'next' ? 1 : action === 'previous' ? -1 : 0;
  const last = Math.max(0, overlay.thumbnails.length - 1);
  const first = Math.min(last, Math.max(0, overlay.first + step));
  return only({...state, overlay: {...overlay, first}});
}

const NO_CARD: Cause = {
  code: 'no-card',
  message: 'there is no card',
  next: 'Insert one.',
};

const NO_DRIVE: Cause = {
  code: 'no-drive',
  message: 'there is no drive that could have a role',
  next: 'Connect the working drive and the backup.',
};

const NO_WORKING_DRIVE: Cause = {
  code: 'no-working-drive',
  message: 'no drive that is connected is the working drive',
  next: 'Select one with Tab and the arrow keys and press w; press b for the backup.',
};

const ALL_SAFE: Cause = {
  code: 'all-safe',
  message: 'every card here was offloaded and was safe then',
  next: 'Press Enter to offload the selected one once more.',
};

const NOTHING_WAITS: Cause = {
  code: 'nothing-waits',
  message: 'no card here is waiting to be offloaded',
  next: 'See what is said of each card; Enter offloads the selected one.',
};

const NOTHING_TO_EJECT: Cause = {
  code: 'nothing-to-eject',
  message: 'no card here is safe to format and still inserted',
  next: 'See what each card needs.',
};

const NOTHING_TO_RETRY: Cause = {
  code: 'nothing-to-retry',
  message: 'no card that is still inserted needs another try',
  next: 'Press Enter, insert the card again and offload it from there.',
};

const backupRuns = ({job, preview}: BackupRun): Cause => ({
  code: 'backup-running',
  message: `${preview ? 'a preview' : 'a backup'} of ${job} is running, and a card would be slowed down by it`,
  next: 'Wait for its end, or stop it: u, then q.',
});

const CARDS_FIRST: Cause = {
  code: 'cards-first',
  message: 'backups wait until the cards are done',
  next: 'Press u on the ready screen then.',
};

const isEjected = ({label, ejected}: SessionCard): Cause => ({
  code: 'ejected',
  message: `${label} is ${ejected === 'asked' ? 'being ejected' : 'ejected'}`,
  next: 'When it is, pull it out and insert it again.',
});

const isOffSite = (name: string): Cause => ({
  code: 'off-site-drive',
  message: `${name} is an off-site drive`,
  next: 'It keeps that role here, so that it does not become a daily drive by one key.',
});
