import {unreachable} from '../unreachable.ts';
import {hasDetails, isBackingUp} from './backup-run.ts';
import {selectedJob} from './evolve-backups.ts';
import {chooseDestinations} from './evolve-session.ts';
import {type Action, KEYS, type KeyBinding, type KeyPlace} from './keys.ts';
import {findDeletions, waits, whyNotRun} from './press-on-backups.ts';
import {hasFailed, safeCards} from './session-run.ts';
import type {SessionState} from './session-state.ts';
import {cardsToQueue, isWaiting} from './waiting-cards.ts';

/** @returns the keys of a place that can do something now, as a footer offers them. The others tell why they cannot. */
export function availableKeys(place: KeyPlace, state: SessionState): readonly KeyBinding[] {
  return orderKeys(place, state)
    .filter(({action}) => isAvailable(place, action, state))
    .map((binding) =>
      binding.action === 'other-column' && state.focus === 'drives'
        ? {...binding, word: 'cards'}
        : binding,
    );
}

const OTHER_SCREENS: readonly Action[] = ['status', 'backups'];

/** Drives that are selected, or that need a role before anything can be done, come before other screens. */
function orderKeys(place: KeyPlace, {focus, drives}: SessionState): readonly KeyBinding[] {
  const isAboutDrives = focus === 'drives' || chooseDestinations(drives).length === 0;
  if (place !== 'ready' || !isAboutDrives) return KEYS[place];
  const isOther = ({action}: KeyBinding) => OTHER_SCREENS.includes(action);
  const eject = KEYS.ready.findIndex(({action}) => action === 'eject');
  const before = KEYS.ready.slice(0, eject).filter((binding) => !isOther(binding));
  return [...before, ...KEYS.ready.filter(isOther), ...KEYS.ready.slice(eject)];
}

function isAvailable(place: KeyPlace, action: Action, state: SessionState): boolean {
  switch (place) {
    case 'ready':
      return isAvailableOnReady(action, state);
    case 'working':
      return isAvailableOnWorking(action, state);
    case 'verdict':
      return isAvailableOnVerdict(action, state);
    case 'shoot': {
      const {overlay} = state;
      return action !== 'complete' || (overlay?.type === 'shoot' && overlay.suggestions.length > 0);
    }
    case 'help':
    case 'failures':
    case 'confirm-stop':
    case 'pictures':
    case 'status':
    case 'backup-steps':
    case 'confirm-deletions':
    case 'confirm-backup-stop':
      return true;
    case 'backups':
      return isAvailableOnBackups(action, state);
    default:
      return unreachable(place);
  }
}

function isAvailableOnReady(action: Action, {cards, drives, selectedCard}: SessionState): boolean {
  const selected = cards.find(({path}) => path === selectedCard);
  const isThere = selected?.ejected === 'no';
  switch (action) {
    case 'offload':
      return isThere && chooseDestinations(drives).length > 0;
    case 'offload-all':
      return cards.some(isWaiting) && chooseDestinations(drives).length > 0;
    case 'pictures':
    case 'eject':
      return isThere;
    case 'other-column':
    case 'working-drive':
    case 'backup-drive':
      return drives.length > 0;
    default:
      return true;
  }
}

function isAvailableOnWorking(action: Action, state: SessionState): boolean {
  switch (action) {
    case 'failures':
      return state.run !== null && hasFailed(state.run);
    case 'offload':
      return state.run?.state.cancelRequested === null && cardsToQueue(state).length > 0;
    default:
      return true;
  }
}

function isAvailableOnVerdict(action: Action, {run, cards}: SessionState): boolean {
  const safe = run === null ? [] : safeCards(run);
  const here = cards.filter(({path}) => run?.cards.includes(path) === true && !run.gone.has(path));
  switch (action) {
    case 'eject':
      return here.some(({path, ejected}) => ejected === 'no' && safe.includes(path));
    case 'retry':
      return here.some(({path, ejected}) => ejected === 'no' && !safe.includes(path));
    case 'failures':
      return run !== null && hasFailed(run);
    default:
      return true;
  }
}

function isAvailableOnBackups(action: Action, state: SessionState): boolean {
  const {backup} = state;
  const job = selectedJob(state);
  const canRun = job !== undefined && whyNotRun(state, job) === null;
  switch (action) {
    case 'run':
    case 'preview':
      return canRun;
    case 'accept-deletions':
      return canRun && (findDeletions(state, job) !== null || waits(job));
    case 'details':
      return backup !== null && hasDetails(backup);
    case 'stop':
      return isBackingUp(backup) && !backup.preview;
    default:
      return true;
  }
}
