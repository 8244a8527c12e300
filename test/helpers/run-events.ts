/** Events of a run as tests need them: complete, with values that are easy to check by hand. */
import type {
  DestinationLost,
  FileFailed,
  LaneProgress,
  OffloadEvent,
  Progress,
  RunPlanned,
  VerdictReached,
} from '../../src/core/events.ts';

export const eos = {path: '/mnt/E', label: 'EOS_DIGITAL'};
export const nikon = {path: '/mnt/F', label: 'NIKON Z 8'};

/** A title, a line end, an override of direction: everything that a name must not do to a terminal. */
export const hostileName = 'DCIM/\u001B]0;owned\u0007IMG\n\u202Egpj.CR3';
export const hostileEscaped = 'DCIM/\\x1b]0;owned\\x07IMG\\n\\u{202e}gpj.CR3';

export function planned(change: Partial<RunPlanned> = {}): RunPlanned {
  return {
    type: 'run-planned',
    card: eos,
    offload: '20261124-184207-eos',
    resumed: false,
    shoot: 'Marta & Jan',
    folder: 'EOS_DIGITAL',
    files: 1224,
    bytes: 18_400_000_000,
    leftOut: 8,
    destinations: [
      {
        to: '/mnt/W',
        shoot: '/mnt/W/Marta & Jan',
        volume: 'volume-w',
        name: 'T7 Shield',
        mediumRead: 'direct',
      },
      {
        to: '/mnt/B',
        shoot: '/mnt/B/Marta & Jan',
        volume: 'volume-b',
        name: 'LaCie Rugged',
        mediumRead: 'direct',
      },
    ],
    ...change,
  };
}

export function lane(change: Partial<LaneProgress> = {}): LaneProgress {
  return {to: '/mnt/W', written: 0, proved: 0, lost: false, ...change};
}

export function progress(change: Partial<Progress> = {}): Progress {
  return {
    type: 'progress',
    card: eos,
    bytes: 18_400_000_000,
    read: 0,
    lanes: [lane(), lane({to: '/mnt/B'})],
    now: null,
    ...change,
  };
}

export function fileFailed(change: Partial<FileFailed> = {}): FileFailed {
  return {
    type: 'file-failed',
    card: eos,
    path: '100CANON/IMG_0117.CR3',
    code: 'EIO',
    message: 'reading failed (EIO)',
    next: 'Try another reader.',
    ...change,
  };
}

export const lostB: DestinationLost = {
  type: 'destination-lost',
  card: eos,
  to: '/mnt/B',
  code: 'ENODEV',
  message: 'the drive is gone',
  next: 'Plug it in again.',
};

export function verdict(change: Partial<VerdictReached> = {}): VerdictReached {
  return {
    type: 'verdict',
    card: eos,
    safe: true,
    reasons: [],
    waived: [],
    warnings: [],
    account: {
      found: 1232,
      copied: 1224,
      present: 0,
      leftOut: 8,
      failed: 0,
      bytes: 18_400_000_000,
    },
    leftOut: [
      {rule: '._*', count: 5},
      {rule: '.Trashes', count: 3},
    ],
    copies: ['/mnt/W', '/mnt/B'].map((to) => ({
      to,
      shoot: `${to}/Marta & Jan`,
      manifest: `${to}/Marta & Jan/_offload/20261124-184207-eos.json`,
      checksums: `${to}/Marta & Jan/_offload/20261124-184207-eos.b3`,
      drive: `disk of ${to}`,
      mediumRead: 'direct',
      proved: 1224,
    })),
    ...change,
  };
}

/** Steady 284 MB/s from the card and to W, 120 MB/s to B, proofs behind; `seconds` samples, one a second. */
export function steadyProgress(seconds: number): readonly OffloadEvent[] {
  return Array.from({length: seconds + 1}, (_, second) =>
    progress({
      read: second * 284e6,
      lanes: [
        lane({written: second * 284e6, proved: second * 200e6}),
        lane({to: '/mnt/B', written: second * 120e6, proved: second * 60e6}),
      ],
      now: `101CANON/IMG_${String(second).padStart(4, '0')}.CR3`,
    }),
  );
}
