/** Sessions as the ready screen meets them, with values that are easy to check by eye. */
import type {CardSurvey} from '../../../src/core/card-survey.ts';
import type {Volume} from '../../../src/core/drive.ts';
import type {Now} from '../../../src/core/format-dates.ts';
import {
  initialSessionState,
  type SessionCard,
  type SessionDrive,
  type SessionState,
} from '../../../src/core/session/session-state.ts';
import {cardSurvey, sessionCard, sessionDrive, volumeAt} from '../../helpers/session-states.ts';

const GB = 1_000_000_000;

/** Tuesday, 2026-11-24 18:42 in Berlin. */
export const now: Now = {ms: Date.parse('2026-11-24T17:42:10Z'), utcOffsetMinutes: 60};

export function volume(mountPoint: string, disk: string, change: Partial<Volume> = {}): Volume {
  return volumeAt(mountPoint, {
    device: `/dev/${disk}1`,
    uuid: null,
    size: null,
    physical: {known: true, ids: [`disk:${disk}`]},
    ...change,
  });
}

/** 1,224 pictures of a Canon EOS R6, 18.4 GB, taken today. */
export function survey(change: Partial<CardSurvey> = {}): CardSurvey {
  return cardSurvey({
    firstTaken: '2026-11-24T14:02:11',
    shootDate: '2026-11-24',
    lastTaken: '2026-11-24T17:55:40',
    ...change,
  });
}

/** `EOS_DIGITAL` at `/mnt/E`, which is new. */
export function card(change: Partial<SessionCard> = {}): SessionCard {
  return sessionCard({volume: volume('/mnt/E', 'mmc0'), survey: survey(), ...change});
}

export const nikon = card({
  path: '/mnt/F',
  label: 'NIKON Z 8',
  volume: volume('/mnt/F', 'mmc1'),
  survey: survey({
    files: 288,
    bytes: 13.1 * GB,
    kinds: [{kind: 'NEF', count: 288}],
    cameras: ['Nikon Z 8'],
    firstTaken: '2026-11-22T10:11:00',
    shootDate: '2026-11-22',
    lastTaken: '2026-11-24T17:20:00',
  }),
  history: {state: 'more', count: 4, since: '2026-11-22T12:00:00Z'},
});

export const gopro = card({
  path: '/mnt/G',
  label: 'GOPRO',
  volume: volume('/mnt/G', 'mmc2'),
  survey: survey({
    files: 33,
    bytes: 8.9 * GB,
    kinds: [
      {kind: 'MP4', count: 31},
      {kind: 'THM', count: 1},
      {kind: 'other', count: 1},
    ],
    cameras: ['HERO12 Black'],
    firstTaken: '2026-03-02T09:00:00',
    shootDate: '2026-03-02',
    lastTaken: '2026-03-02T09:48:00',
  }),
  history: {state: 'safe', at: '2026-11-24T15:30:00Z', shoot: '2026-03-02'},
});

/** The working drive `T7 Shield` at `/mnt/W`, with 1.2 TB free. */
export function drive(change: Partial<SessionDrive> = {}): SessionDrive {
  return sessionDrive({volume: volume('/mnt/W', 'sda'), ...change});
}

export const lacie = drive({
  path: '/mnt/B',
  name: 'LaCie Rugged',
  volume: volume('/mnt/B', 'sdb'),
  role: 'backup',
  letter: 'B',
  free: 3400 * GB,
});

export const stick = drive({
  path: '/mnt/S',
  name: 'USB stick',
  volume: volume('/mnt/S', 'sdc'),
  role: null,
  letter: null,
  free: 12 * GB,
});

/** Three cards, two drives with roles and one without. */
export function session(change: Partial<SessionState> = {}): SessionState {
  return {
    ...initialSessionState,
    cards: [card(), nikon, gopro],
    drives: [drive(), lacie, stick],
    selectedCard: '/mnt/E',
    selectedDrive: '/mnt/W',
    recentShoots: ['2026-11-22 Marta & Jan', '2026-11-14 Market', '2026-11-01 Fog'],
    looked: true,
    ...change,
  };
}

export const manyCards: readonly SessionCard[] = Array.from({length: 20}, (_, index) =>
  card({path: `/mnt/card${index}`, label: `CARD ${index + 1}`}),
);

export const manyDrives: readonly SessionDrive[] = [
  drive(),
  lacie,
  ...Array.from({length: 28}, (_, index) =>
    drive({
      ...stick,
      path: `/mnt/drive${index}`,
      name: `Disk ${index + 1}`,
      volume: volume(`/mnt/drive${index}`, `sd${index}x`),
      free: (index + 1) * 37 * GB,
    }),
  ),
];

/** Colour codes, a title, a line end, an override of direction. */
export const hostile = '\u001B[31mEOS\u001B]0;owned\u0007\n\u202Egpj';
