/** What the working screen and the verdict screen are tested with: folded from events, as in a session. */
import type {CopySummary, OffloadEvent, VerdictReached} from '../../src/core/events.ts';
import {evolveSession} from '../../src/core/session/evolve-session.ts';
import type {SessionEvent} from '../../src/core/session/session-events.ts';
import type {SessionCard, SessionState} from '../../src/core/session/session-state.ts';
import {
  eos,
  fileFailed,
  lane,
  nikon,
  planned,
  progress,
  steadyProgress,
  verdict,
} from '../helpers/run-events.ts';
import {cardSurvey, eosCard, run, sessionCard, sessionState} from '../helpers/session-states.ts';

export const nikonCard = sessionCard({
  ...nikon,
  survey: cardSurvey({files: 288, bytes: 13_100_000_000, cameras: ['Nikon Z 8']}),
});
export const gopro = {path: '/mnt/G', label: 'GOPRO'};
export const goproCard = sessionCard({
  ...gopro,
  survey: cardSurvey({files: 31, bytes: 8_900_000_000, cameras: ['HERO12']}),
});

/** One event a second, from 0 on. */
export function fold(start: SessionState, events: readonly SessionEvent[]): SessionState {
  return events.reduce((state, event, second) => evolveSession(state, event, second * 1000), start);
}

export interface Happening {
  readonly cards?: readonly SessionCard[];
  /** Of the run; all that are there without it. */
  readonly offloaded?: readonly string[];
  readonly events: readonly OffloadEvent[];
  /** What happens beside the run, after it. */
  readonly beside?: readonly SessionEvent[];
}

/** A session in which a run was started and these things happened in it, one a second. */
export function happened({
  cards = [eosCard],
  offloaded = cards.map(({path}) => path),
  events,
  beside = [],
}: Happening): SessionState {
  const started: SessionEvent = {type: 'run-started', cards: offloaded};
  return fold(sessionState({cards}), [started, ...events.map(run), ...beside]);
}

export const phase = (
  name: Extract<OffloadEvent, {type: 'phase-started'}>['phase'],
  card = eos,
): OffloadEvent => ({type: 'phase-started', card, phase: name});

const prepared = (...cards: readonly (typeof eos)[]): OffloadEvent[] =>
  cards.flatMap((card) => [phase('scan', card), phase('plan', card)]);

/** Copying the first of two cards in one reader, at 71 %. */
export const working: readonly OffloadEvent[] = [
  ...prepared(eos, nikon),
  planned(),
  phase('copy'),
  ...steadyProgress(46),
];

export const failures: readonly OffloadEvent[] = [
  fileFailed({
    message: 'reading it from the card at byte 12400000 failed (EIO)',
    next: 'The device reports an error there: try another reader, cable or port, then run the same command again.',
  }),
  fileFailed({
    path: '100CANON/IMG_0142.CR3',
    to: '/mnt/B',
    code: 'ENOSPC',
    message: 'writing failed (ENOSPC)',
    next: 'Free space on that drive or choose a larger one, then run the same command again.',
  }),
];

/** Two cards in two readers. */
export const twoAtOnce: readonly OffloadEvent[] = [
  ...prepared(eos, nikon),
  planned(),
  planned({card: nikon, files: 288, bytes: 13_100_000_000}),
  ...steadyProgress(20).flatMap((event, second) => [
    event,
    progress({
      card: nikon,
      bytes: 13_100_000_000,
      read: second * 90e6,
      lanes: [
        lane({written: second * 90e6, proved: second * 70e6}),
        lane({to: '/mnt/B', written: second * 60e6, proved: second * 30e6}),
      ],
      now: `DCIM/102NCZ_8/DSC_${String(second).padStart(4, '0')}.NEF`,
    }),
  ]),
];

/** Ten cards: two safe, one not, two being copied, the others wait. */
export function tenCards(): SessionState {
  const refs = Array.from({length: 10}, (_, index) => ({
    path: `/mnt/card${index}`,
    label: `CARD_${index}`,
  }));
  const cards = refs.map((ref) => sessionCard(ref));
  const [a = eos, b = eos, c = eos, d = eos, e = eos] = refs;
  const events = [
    ...prepared(...refs),
    ...[a, b, c, d, e].map((card) => planned({card})),
    verdict({card: a}),
    verdict({card: b}),
    notSafe({card: c}),
    ...steadyProgress(20).flatMap((event) =>
      event.type === 'progress'
        ? [
            {...event, card: d},
            {...event, card: e},
          ]
        : [],
    ),
  ];
  return happened({cards, events});
}

const copies = (change: (copy: CopySummary, index: number) => Partial<CopySummary>) =>
  verdict().copies.map((copy, index) => ({...copy, ...change(copy, index)}));

/** B was full at the end. */
export function notSafe(change: Partial<VerdictReached> = {}): VerdictReached {
  return verdict({
    card: nikon,
    safe: false,
    reasons: [
      {
        code: 'file-failed',
        message:
          '1 file (DCIM/102NCZ_8/DSC_0142.NEF) is not on every drive. Mend what failed, then run the same command again.',
      },
      {
        code: 'manifest-missing',
        message:
          'the record of this offload is not on B. Free some space there, then run the same command again.',
      },
    ],
    account: {found: 288, copied: 287, present: 0, leftOut: 0, failed: 1, bytes: 13_100_000_000},
    leftOut: [],
    copies: copies((_, index) =>
      index === 0 ? {proved: 288} : {proved: 287, manifest: null, checksums: null},
    ),
    ...change,
  });
}

export const fullB = fileFailed({
  card: nikon,
  path: 'DCIM/102NCZ_8/DSC_0142.NEF',
  to: '/mnt/B',
  code: 'ENOSPC',
  message: 'writing failed (ENOSPC)',
  next: 'Free space on that drive or choose a larger one, then run the same command again.',
});

export const runEnded = (
  outcome: Extract<OffloadEvent, {type: 'run-ended'}>['outcome'],
): OffloadEvent => ({
  type: 'run-ended',
  outcome,
  exitCode: outcome === 'complete' ? 0 : outcome === 'cancelled' ? 130 : 1,
});

/** One card that was offloaded alone. */
export function oneCard(
  last: OffloadEvent,
  beside: readonly SessionEvent[] = [],
  cards: readonly SessionCard[] = [eosCard],
): SessionState {
  const events = [...prepared(eos), planned(), phase('copy'), ...steadyProgress(46), last];
  return happened({cards, events: [...events, runEnded('complete')], beside});
}

/** B was full for the last 16 files, which were copied side by side. */
export function manyFull(): SessionState {
  const numbers = [5, 4, ...Array.from({length: 14}, (_, index) => index + 6)];
  const names = numbers.map((number) => `DCIM/100CANON/IMG_${String(number).padStart(4, '0')}.CR3`);
  const failed = names.map((path) => ({...fullB, card: eos, path}));
  const subject =
    '16 files (DCIM/100CANON/IMG_0004.CR3, DCIM/100CANON/IMG_0005.CR3 and 14 more) are';
  const again = 'run the same command again';
  const last = notSafe({
    card: eos,
    reasons: [
      {
        code: 'file-failed',
        message: `${subject} not on every drive. Mend what failed, then ${again}.`,
      },
      {code: 'copies-missing', message: `${subject} not proved on two drives. R${again.slice(1)}.`},
      {
        code: 'manifest-missing',
        message: `the record of this offload is not on B. Free some space there, then ${again}.`,
      },
    ],
  });
  return happened({
    events: [
      ...prepared(eos),
      planned(),
      ...steadyProgress(46),
      ...failed,
      last,
      runEnded('complete'),
    ],
  });
}

/** Two cards that were copied into one shoot. */
export function twoSafe(): SessionState {
  const offload = '20261124-185010-nik';
  const second = verdict({
    card: nikon,
    leftOut: [],
    account: {found: 288, copied: 288, present: 0, leftOut: 0, failed: 0, bytes: 13_100_000_000},
    copies: copies(({shoot}) => ({
      proved: 288,
      manifest: `${shoot}/_offload/${offload}.json`,
      checksums: `${shoot}/_offload/${offload}.b3`,
    })),
  });
  const other = planned({card: nikon, files: 288, bytes: 13_100_000_000});
  return happened({
    cards: [eosCard, nikonCard],
    events: [...working, verdict(), other, second, runEnded('complete')],
  });
}

/** One safe, one not. */
export function mixedState(): SessionState {
  return happened({
    cards: [eosCard, nikonCard],
    events: [
      ...working,
      verdict(),
      planned({card: nikon, files: 288, bytes: 13_100_000_000}),
      fullB,
      notSafe(),
      runEnded('complete'),
    ],
  });
}
