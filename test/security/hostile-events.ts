/** One event of each type in which every text that may come from outside is hostile. The compiler asks for every type and every member, the optional ones too. */
import type {Account} from '../../src/core/account.ts';
import type {Volume} from '../../src/core/drive.ts';
import type {DriveSeen, OffloadEvent} from '../../src/core/events.ts';
import type {SessionEvent} from '../../src/core/session/session-events.ts';

/** A title, colours, a new line, a bell, NUL, DEL, C1, directions, zero width, a mark, separators, a byte that is not UTF-8. */
export const HOSTILE =
  'x\u001b]0;owned\u0007\u001b[31;47m\u001b[2J\n\r\t\0\u007f\u009b31m\u202e\u2066\u200b\ufeff\u2028\u2029\udce9y';

/** What must not reach a terminal, wherever it comes from. */
export const STEERS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

type Leaf = string | number | boolean | bigint;

/** The same with every member there, and none of them null. */
type Filled<T> = T extends Leaf
  ? T
  : T extends readonly (infer Each)[]
    ? readonly Filled<Each>[]
    : {readonly [Key in keyof T]-?: Filled<NonNullable<T[Key]>>};

type OneOfEach<Union extends {readonly type: string}> = {
  readonly [Type in Union['type']]: Filled<Extract<Union, {readonly type: Type}>>;
};

const card = {path: HOSTILE, label: HOSTILE};
const cause = {code: HOSTILE, path: HOSTILE, message: HOSTILE, next: HOSTILE};
const file = {card, path: HOSTILE, size: 1, mtimeNs: '1'};
const account: Account = {found: 1, copied: 1, present: 0, leftOut: 0, failed: 0, bytes: 1};
const instant = '2026-11-22T19:04:00.000Z';

const drive: Filled<Omit<DriveSeen, 'type'>> = {
  path: HOSTILE,
  role: 'working',
  name: HOSTILE,
  label: HOSTILE,
  fileSystem: HOSTILE,
  size: 2e9,
  free: 1e9,
  drive: HOSTILE,
  drives: {known: true, ids: [HOSTILE]},
  rotating: true,
  mediumRead: 'cached',
  why: HOSTILE,
};

/** In an order in which they could come. */
export const hostileEvents: OneOfEach<OffloadEvent> = {
  'phase-started': {type: 'phase-started', card, phase: 'scan'},
  'run-planned': {
    type: 'run-planned',
    card,
    offload: HOSTILE,
    resumed: true,
    shoot: HOSTILE,
    folder: HOSTILE,
    files: 1,
    bytes: 1,
    leftOut: 1,
    destinations: [
      {to: HOSTILE, shoot: HOSTILE, volume: HOSTILE, name: HOSTILE, mediumRead: 'direct'},
    ],
  },
  progress: {
    type: 'progress',
    card,
    bytes: 10,
    read: 1,
    lanes: [{to: HOSTILE, written: 1, proved: 1, lost: false}],
    now: HOSTILE,
  },
  'copy-planned': {
    type: 'copy-planned',
    card,
    path: HOSTILE,
    to: HOSTILE,
    target: HOSTILE,
    size: 1,
    present: true,
  },
  'file-copied': {
    type: 'file-copied',
    ...file,
    to: HOSTILE,
    target: HOSTILE,
    temporary: HOSTILE,
    hash: HOSTILE,
    retries: 1,
    source: 'copy',
  },
  'file-proved': {
    type: 'file-proved',
    ...file,
    to: HOSTILE,
    target: HOSTILE,
    hash: HOSTILE,
    mediumRead: 'direct',
    origin: 'copied',
    retries: 1,
    source: 'copy',
  },
  'file-mismatched': {
    type: 'file-mismatched',
    ...file,
    to: HOSTILE,
    target: HOSTILE,
    expected: HOSTILE,
    actual: HOSTILE,
    mediumRead: 'direct',
    evidence: HOSTILE,
    rewrite: 1,
  },
  'file-failed': {type: 'file-failed', ...cause, card, to: HOSTILE},
  'file-salvaged': {
    type: 'file-salvaged',
    card,
    path: HOSTILE,
    to: HOSTILE,
    target: HOSTILE,
    map: HOSTILE,
    bytes: 1,
    missing: 1,
  },
  'destination-lost': {type: 'destination-lost', ...cause, card, to: HOSTILE},
  noticed: {type: 'noticed', level: 'warning', ...cause},
  'cancel-requested': {type: 'cancel-requested', by: 'key'},
  'manifest-written': {
    type: 'manifest-written',
    card,
    to: HOSTILE,
    manifest: HOSTILE,
    checksums: HOSTILE,
    hash: HOSTILE,
  },
  verdict: {
    type: 'verdict',
    card,
    safe: false,
    reasons: [{code: 'file-failed', message: HOSTILE}],
    waived: ['same-drive'],
    warnings: [{code: HOSTILE, message: HOSTILE, path: HOSTILE}],
    account,
    leftOut: [{rule: HOSTILE, count: 1}],
    copies: [
      {
        to: HOSTILE,
        shoot: HOSTILE,
        manifest: HOSTILE,
        checksums: HOSTILE,
        drive: HOSTILE,
        mediumRead: 'direct',
        proved: 1,
      },
    ],
  },
  'copy-checked': {
    type: 'copy-checked',
    path: HOSTILE,
    cardPath: HOSTILE,
    size: 1,
    state: 'unreadable',
    mediumRead: 'direct',
    message: HOSTILE,
    next: HOSTILE,
  },
  'shoot-verified': {
    type: 'shoot-verified',
    shoot: HOSTILE,
    files: 3,
    good: 1,
    bad: 2,
    bytes: 1,
    cached: 1,
    problems: 1,
    allGood: false,
  },
  drive: {type: 'drive', ...drive},
  'volume-arrived': {type: 'volume-arrived', ...drive},
  'volume-left': {type: 'volume-left', path: HOSTILE, role: 'none', name: HOSTILE},
  'card-known': {
    type: 'card-known',
    id: HOSTILE,
    label: HOSTILE,
    cameras: [HOSTILE],
    offloads: 1,
    shoot: HOSTILE,
    files: 1,
    bytes: 1,
    lastOffload: instant,
    safe: true,
  },
  'shoot-known': {
    type: 'shoot-known',
    shoot: HOSTILE,
    cards: 1,
    files: 1,
    bytes: 1,
    firstOffload: instant,
    lastOffload: instant,
    safe: true,
    volumes: [{volume: HOSTILE, name: HOSTILE, path: HOSTILE, files: 1}],
  },
  'file-found': {
    type: 'file-found',
    path: HOSTILE,
    label: HOSTILE,
    shoot: HOSTILE,
    offload: HOSTILE,
    size: 1,
    mtimeNs: '1',
    hash: HOSTILE,
    copies: [
      {
        volume: HOSTILE,
        name: HOSTILE,
        path: HOSTILE,
        provedAt: instant,
        mediumRead: 'direct',
      },
    ],
  },
  'catalog-rebuilt': {
    type: 'catalog-rebuilt',
    catalog: HOSTILE,
    manifests: 1,
    offloads: 1,
    files: 1,
    problems: 1,
  },
  'file-restored': {
    type: 'file-restored',
    shoot: HOSTILE,
    path: HOSTILE,
    hash: HOSTILE,
    size: 1,
    state: 'missing',
    target: HOSTILE,
    from: HOSTILE,
    mediumRead: 'cached',
    drives: [{name: HOSTILE, lastSeen: HOSTILE}],
    code: HOSTILE,
    message: HOSTILE,
    next: HOSTILE,
  },
  'restore-finished': {
    type: 'restore-finished',
    to: HOSTILE,
    files: 4,
    restored: 1,
    present: 1,
    missing: 1,
    failed: 1,
    bytes: 1,
    cached: 1,
    test: 'left',
  },
  'volume-known': {
    type: 'volume-known',
    volume: HOSTILE,
    name: HOSTILE,
    role: 'working',
    place: HOSTILE,
    state: 'doubted',
    path: HOSTILE,
    fileSystem: HOSTILE,
    size: 1,
    free: 1,
    asOf: instant,
    lastProof: instant,
  },
  'shoot-status': {
    type: 'shoot-status',
    shoot: HOSTILE,
    files: 1,
    bytes: 1,
    copies: 1,
    drives: 1,
    places: [HOSTILE],
    oldestProof: instant,
    lastProof: instant,
    reached: false,
    missing: HOSTILE,
    next: HOSTILE,
    volumes: [
      {
        volume: HOSTILE,
        name: HOSTILE,
        role: 'backup',
        place: HOSTILE,
        connected: true,
        asOf: instant,
        files: 1,
        lastProof: instant,
      },
    ],
  },
  refused: {type: 'refused', ...cause},
  'run-ended': {type: 'run-ended', outcome: 'crashed', exitCode: 1},
};

const volume: Filled<Volume> = {
  mountPoint: HOSTILE,
  device: HOSTILE,
  fileSystem: HOSTILE,
  kind: 'disk',
  label: HOSTILE,
  uuid: HOSTILE,
  size: 2e9,
  physical: {known: false, why: HOSTILE},
  rotating: true,
  model: HOSTILE,
  removable: true,
};

/** All that happens to the terminal UI; the events of a run are put in for `run-event`. */
export const hostileSession: OneOfEach<Exclude<SessionEvent, {readonly type: 'run-event'}>> = {
  'card-arrived': {type: 'card-arrived', path: HOSTILE, label: HOSTILE, volume},
  'drive-seen': {
    type: 'drive-seen',
    drive: {
      path: `/${HOSTILE}`,
      name: HOSTILE,
      volume,
      role: 'working',
      free: 1e9,
      mediumRead: 'cached',
    },
  },
  looked: {type: 'looked'},
  'shoots-remembered': {type: 'shoots-remembered', names: [HOSTILE, `more ${HOSTILE}`]},
  'card-surveyed': {
    type: 'card-surveyed',
    path: HOSTILE,
    survey: {
      files: 3,
      bytes: 3e9,
      kinds: [{kind: HOSTILE, count: 3}],
      cameras: [HOSTILE],
      firstTaken: HOSTILE,
      lastTaken: HOSTILE,
      shootDate: HOSTILE,
      unreadable: 1,
    },
  },
  'card-remembered': {
    type: 'card-remembered',
    path: HOSTILE,
    history: {state: 'not-safe', at: instant, shoot: HOSTILE},
  },
  told: {type: 'told', cause},
  'eject-failed': {type: 'eject-failed', path: HOSTILE, cause},
  'thumbnail-made': {
    type: 'thumbnail-made',
    card: HOSTILE,
    thumbnail: {path: HOSTILE, width: 2, height: 2, pixels: [0, 1, 2, 3]},
  },
  'thumbnails-complete': {type: 'thumbnails-complete', card: HOSTILE},
  'card-unreadable': {type: 'card-unreadable', path: HOSTILE, problem: cause},
  'run-started': {type: 'run-started', cards: [HOSTILE]},
  'card-ejected': {type: 'card-ejected', path: HOSTILE},
  'volume-left': {type: 'volume-left', path: `/${HOSTILE}`},
};
