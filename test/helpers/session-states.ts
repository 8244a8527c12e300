/** States of the terminal UI as tests need them: two cards that were looked at, a working drive and a backup. */
import type {CardSurvey} from '../../src/core/card-survey.ts';
import type {Volume} from '../../src/core/drive.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import type {Effect} from '../../src/core/session/effects.ts';
import {evolveSession} from '../../src/core/session/evolve-session.ts';
import type {KeyPress} from '../../src/core/session/key-press.ts';
import {type Pressed, pressKey} from '../../src/core/session/press-key.ts';
import type {SeenDrive, SessionEvent} from '../../src/core/session/session-events.ts';
import {startRun} from '../../src/core/session/session-run.ts';
import {
  initialSessionState,
  type SessionCard,
  type SessionDrive,
  type SessionRun,
  type SessionState,
} from '../../src/core/session/session-state.ts';
import {eos, nikon, verdict} from './run-events.ts';

export function volumeAt(mountPoint: string, change: Partial<Volume> = {}): Volume {
  return {
    mountPoint,
    device: `/dev${mountPoint}`,
    fileSystem: 'exfat',
    kind: 'disk',
    label: null,
    uuid: `uuid of ${mountPoint}`,
    size: 64e9,
    physical: {known: true, ids: [`disk:${mountPoint}`]},
    rotating: false,
    model: null,
    removable: true,
    ...change,
  };
}

export function cardSurvey(change: Partial<CardSurvey> = {}): CardSurvey {
  return {
    files: 1224,
    bytes: 18_400_000_000,
    kinds: [
      {kind: 'CR3', count: 612},
      {kind: 'JPG', count: 612},
    ],
    cameras: ['Canon EOS R6'],
    firstTaken: '2026-11-23T14:02:11',
    shootDate: '2026-11-23',
    lastTaken: '2026-11-23T17:55:40',
    unreadable: 0,
    ...change,
  };
}

/** A card that was looked at and is new; `EOS_DIGITAL` when nothing else is said. */
export function sessionCard(change: Partial<SessionCard> = {}): SessionCard {
  const {path = eos.path} = change;
  return {
    path,
    label: eos.label,
    volume: volumeAt(path),
    survey: cardSurvey(),
    problem: null,
    history: {state: 'new'},
    ejected: 'no',
    ...change,
  };
}

/** The working drive when nothing else is said. */
export function sessionDrive(change: Partial<SessionDrive> = {}): SessionDrive {
  const {path = '/mnt/W'} = change;
  return {
    path,
    name: 'T7 Shield',
    volume: volumeAt(path),
    role: 'working',
    letter: 'W',
    free: 1_200_000_000_000,
    mediumRead: 'direct',
    ...change,
  };
}

export const eosCard = sessionCard();
export const nikonCard = sessionCard({...nikon});
export const third = sessionCard({path: '/mnt/G', label: 'GOPRO'});
export const workingDrive = sessionDrive();
export const backupDrive = sessionDrive({
  path: '/mnt/B',
  name: 'LaCie Rugged',
  role: 'backup',
  letter: 'B',
});

/** The ready screen with everything that an offload needs. */
export function sessionState(change: Partial<SessionState> = {}): SessionState {
  const cards = change.cards ?? [eosCard, nikonCard];
  const drives = change.drives ?? [workingDrive, backupDrive];
  return {
    ...initialSessionState,
    cards,
    drives,
    selectedCard: cards[0]?.path ?? null,
    selectedDrive: drives[0]?.path ?? null,
    looked: true,
    ...change,
  };
}

/** A run of `EOS_DIGITAL` that began at 0 ms, when nothing else is said. */
export function sessionRun(change: Partial<SessionRun> = {}): SessionRun {
  return {...startRun(null, [eos.path], 0), ...change};
}

export function seenDrive(change: Partial<SeenDrive> = {}): SeenDrive {
  const {path, name, volume, role, free, mediumRead} = sessionDrive(change);
  return {path, name, volume, role, free, mediumRead};
}

export function arrived({path, label, volume}: SessionCard): SessionEvent {
  return {type: 'card-arrived', path, label, volume};
}

export const run = (event: OffloadEvent): SessionEvent => ({type: 'run-event', event});
export const judged = (card = eos, safe = true): SessionEvent => run(verdict({card, safe}));
export const left = (at: string): SessionEvent => ({type: 'volume-left', path: at});

/** Of what the screen tells. */
export const codesOf = ({notices}: SessionState) => notices.map(({code}) => code);

export const ended = {
  type: 'run-event',
  event: {type: 'run-ended', outcome: 'complete', exitCode: 0},
} as const satisfies SessionEvent;

/** One key: its name, or the character that is typed. */
export function keyOf(name: string): KeyPress {
  const found = NAMED.find((key) => key === name);
  return found === undefined ? {key: 'text', text: name} : {key: found};
}

const NAMED = [
  'enter',
  'escape',
  'up',
  'down',
  'left',
  'right',
  'tab',
  'backspace',
  'delete',
  'home',
  'end',
  'page-up',
  'page-down',
  'ctrl-c',
] as const satisfies readonly KeyPress['key'][];

/** A step is a key by its name or character, or an event. @returns the last state, and all effects on the way. */
export function play(
  state: SessionState,
  steps: readonly (string | SessionEvent)[],
  atMs = 1000,
): Pressed {
  let now = state;
  const effects: Effect[] = [];
  for (const step of steps) {
    if (typeof step === 'string') {
      const pressed = pressKey(now, keyOf(step), atMs);
      now = pressed.state;
      effects.push(...pressed.effects);
    } else now = evolveSession(now, step, atMs);
  }
  return {state: now, effects};
}
