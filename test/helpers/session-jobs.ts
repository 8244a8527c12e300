/** Shoots, jobs and backups as the screens of the terminal UI are told of them. */
import type {
  BackupFinished,
  BackupProgress,
  BackupStarted,
  BackupStep,
  JobKnown,
  OffloadEvent,
  OffsiteKnown,
  ShootStatus,
} from '../../src/core/events.ts';
import type {SessionEvent} from '../../src/core/session/session-events.ts';

const GB = 1_000_000_000;

type ShootVolume = ShootStatus['volumes'][number];
type JobTarget = JobKnown['targets'][number];

function offsiteCopy(
  change: Partial<OffsiteKnown['copies'][number]> = {},
): OffsiteKnown['copies'][number] {
  return {
    volume: 'id of V',
    name: 'Vault',
    folder: 'Photos',
    place: null,
    connected: true,
    lastSeen: null,
    lastRun: '2026-11-24T15:00:00Z',
    lastGood: '2026-11-24T15:00:00Z',
    lastResult: 'good',
    message: null,
    files: 1224,
    bytes: 18.4 * GB,
    ...change,
  };
}

export function shootVolume(change: Partial<ShootVolume> = {}): ShootVolume {
  return {
    volume: 'id of W',
    name: 'T7 Shield',
    role: 'working',
    place: 'desk',
    connected: true,
    asOf: '2026-11-24T17:00:00Z',
    files: 1224,
    lastProof: '2026-11-24T15:00:00Z',
    ...change,
  };
}

export const onB = shootVolume({volume: 'id of B', name: 'LaCie Rugged', role: 'backup'});
export const onVault = shootVolume({
  volume: 'id of V',
  name: 'Vault',
  role: 'off-site',
  place: 'bank',
  connected: false,
  asOf: '2026-09-30T10:00:00Z',
  lastProof: '2026-09-30T10:00:00Z',
});

/** The copy in the bank. */
const offSiteVault: ShootStatus['offSite'] = {
  volume: 'id of V',
  name: 'Vault',
  place: 'bank',
  connected: false,
  files: 1224,
  lastProof: '2026-09-30T10:00:00Z',
};

/** Three copies, one of them away. */
export function shootStatus(change: Partial<ShootStatus> = {}): ShootStatus {
  return {
    type: 'shoot-status',
    shoot: '2026-11-24 Wedding Marta & Jan',
    files: 1224,
    letGo: 0,
    bytes: 18.4 * GB,
    copies: 3,
    drives: 3,
    places: ['desk', 'bank'],
    oldestProof: '2026-09-30T10:00:00Z',
    lastProof: '2026-11-24T15:00:00Z',
    reached: true,
    missing: null,
    next: null,
    volumes: [shootVolume(), onB, onVault],
    offSite: offSiteVault,
    ...change,
  };
}

/** Two copies at one place. */
export const lackingShoot = shootStatus({
  shoot: '2026-11-20 Aerial',
  files: 288,
  bytes: 13.1 * GB,
  copies: 2,
  drives: 2,
  places: ['desk'],
  lastProof: '2026-11-21T08:00:00Z',
  reached: false,
  missing: 'its files are on two drives, and no third copy is off-site',
  next: 'Bring a proved copy to a third drive with the role offsite, and keep it elsewhere.',
  volumes: [shootVolume({files: 288}), {...onB, files: 280}],
  offSite: null,
});

/** Two drives take turns: it is time to swap them. The clock of the screens says 2026-11-24 18:42. */
export const swapSet: OffsiteKnown = {
  type: 'offsite-known',
  job: 'bank',
  kind: 'drives',
  place: 'safe',
  source: {volume: 'id of W', name: 'T7 Shield', folder: 'Photos', connected: true},
  trigger: 'on arrival',
  swapAfterDays: 30,
  copies: [
    offsiteCopy({
      volume: 'id of 1',
      name: 'bank-1',
      connected: false,
      lastSeen: '2026-10-14T11:00:00Z',
      lastGood: '2026-10-14T10:00:00Z',
    }),
    offsiteCopy({volume: 'id of 2', name: 'bank-2'}),
  ],
  overdue: false,
  swap: true,
  next: 'bank-2 is up to date: take it to the safe and bring bank-1 (41 days old).',
};

/** Nothing to be done. */
export const cloudSet: OffsiteKnown = {
  ...swapSet,
  job: 'cloud',
  kind: 'cloud',
  place: 'b2',
  swapAfterDays: null,
  copies: [offsiteCopy({volume: 'id of cloud', name: 'b2:bucket/photos'})],
  swap: false,
  next: null,
};

export function jobTarget(change: Partial<JobTarget> = {}): JobTarget {
  return {
    volume: 'id of B',
    name: 'LaCie Rugged',
    folder: '',
    connected: true,
    graceDays: 30,
    lastRun: '2026-11-24T15:00:00Z',
    lastGood: '2026-11-24T15:00:00Z',
    lastResult: 'good',
    message: null,
    nextRun: '2026-11-25T15:00:00Z',
    due: false,
    overdue: false,
    ...change,
  };
}

export function jobKnown(change: Partial<JobKnown> = {}): JobKnown {
  return {
    type: 'job-known',
    job: 'photos',
    source: {volume: 'id of W', name: 'T7 Shield', folder: 'Photos', connected: true},
    leaveOut: [],
    trigger: 'every 24 hours',
    offsite: null,
    targets: [jobTarget()],
    ...change,
  };
}

/** A set of drives that are to be swapped. */
export const swapJob = jobKnown({
  job: 'bank',
  trigger: 'on arrival',
  offsite: {place: 'safe', swap: swapSet.next},
  targets: [
    jobTarget({
      volume: 'id of 1',
      name: 'bank-1',
      connected: false,
      lastRun: '2026-10-14T10:00:00Z',
      lastGood: '2026-10-14T10:00:00Z',
      nextRun: null,
    }),
    jobTarget({volume: 'id of 2', name: 'bank-2', nextRun: null}),
  ],
});

/** One target in step, the other away for long. */
export const overdueJob = jobKnown({
  targets: [
    jobTarget(),
    jobTarget({
      volume: 'id of V',
      name: 'Vault',
      folder: 'Mirror',
      connected: false,
      lastRun: '2026-11-10T10:00:00Z',
      lastGood: '2026-11-10T10:00:00Z',
      nextRun: '2026-11-11T10:00:00Z',
      due: false,
      overdue: true,
    }),
  ],
});

export const waitingJob = jobKnown({
  job: 'edits',
  source: {volume: 'id of W', name: 'T7 Shield', folder: 'Edits', connected: true},
  trigger: 'when the drives arrive',
  targets: [
    jobTarget({
      lastRun: '2026-11-24T16:00:00Z',
      lastGood: '2026-11-23T16:00:00Z',
      lastResult: 'waiting',
      message: '214 deletions are held back',
      nextRun: null,
    }),
  ],
});

export const awayJob = jobKnown({
  job: 'catalog',
  source: {volume: 'id of M', name: 'Mac mini', folder: 'Lightroom', connected: false},
  trigger: 'every 6 hours, not from 09:00 to 18:00',
  targets: [jobTarget({lastGood: null, lastRun: null, lastResult: null, nextRun: null})],
});

export const listed = (...jobs: readonly JobKnown[]): SessionEvent => ({
  type: 'jobs-listed',
  jobs,
  problem: null,
});

export const told = (event: OffloadEvent): SessionEvent => ({type: 'backup-event', event});

export const backupStarted: BackupStarted = {
  type: 'backup-started',
  job: 'photos',
  source: 'T7 Shield',
  from: '/mnt/W/Photos',
  target: 'LaCie Rugged',
  to: '/mnt/B',
  preview: false,
};

export function backupProgress(change: Partial<BackupProgress> = {}): BackupProgress {
  return {
    type: 'backup-progress',
    job: 'photos',
    to: '/mnt/B',
    phase: 'copy',
    looked: 12_400,
    steps: 340,
    done: 120,
    bytes: 12 * GB,
    read: 5 * GB,
    now: '2026/2026-11-24 Wedding/EOS_DIGITAL/DCIM/100CANON/IMG_0412.CR3',
    ...change,
  };
}

export function backupStep(change: Partial<BackupStep> = {}): BackupStep {
  return {
    type: 'backup-step',
    job: 'photos',
    to: '/mnt/B',
    action: 'copy',
    state: 'done',
    path: '2026/2026-11-24 Wedding/IMG_0412.CR3',
    size: 30_000_000,
    ...change,
  };
}

export function backupFinished(change: Partial<BackupFinished> = {}): BackupFinished {
  return {
    type: 'backup-finished',
    job: 'photos',
    target: 'LaCie Rugged',
    to: '/mnt/B',
    preview: false,
    result: 'good',
    files: 12_400,
    bytes: 412 * GB,
    unchanged: 12_060,
    copied: 320,
    replaced: 8,
    patched: 1,
    moved: 11,
    adopted: 0,
    retimed: 0,
    archived: 4,
    purged: 0,
    alarms: 0,
    held: 0,
    failed: 0,
    strangers: 0,
    bytesWritten: 12 * GB,
    cached: 0,
    ...change,
  };
}

export const failedStep = backupStep({
  state: 'failed',
  path: '2026/2026-11-24 Wedding/IMG_0413.CR3',
  code: 'EIO',
  message: 'reading the source failed: input/output error',
  next: 'The copy on the backup stays as it was. Copy the file from another drive, or offload the card again.',
});

export const heldStep = backupStep({
  action: 'hold',
  path: '2026/2026-10-01 Portraits/IMG_0007.CR3',
  code: 'raw-changed',
  message: 'a raw file has other bytes than before',
  next: 'Compare both; accept the change only if it was made on purpose.',
});

export const ended = (exitCode: 0 | 1 | 130 = 0): SessionEvent =>
  told({type: 'run-ended', outcome: exitCode === 130 ? 'cancelled' : 'complete', exitCode});

export const begun = (change: Partial<Extract<SessionEvent, {type: 'backup-begun'}>> = {}) =>
  ({type: 'backup-begun', job: 'photos', preview: false, ...change}) as const;
