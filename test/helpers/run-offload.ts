/** Whole runs of `offload` on temporary folders with real files. */
import {createCipheriv} from 'node:crypto';
import {getEventListeners} from 'node:events';
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {OffloadOptions} from '../../src/commands/offload/options.ts';
import {offload, type RunEnd} from '../../src/commands/offload.ts';
import type {Program} from '../../src/commands/program.ts';
import {failed} from '../../src/core/cause.ts';
import type {Volume} from '../../src/core/drive.ts';
import type {OffloadEvent, VerdictReached} from '../../src/core/events.ts';
import {DEFAULT_LAYOUT} from '../../src/core/layout.ts';
import {type Manifest, parseManifest} from '../../src/core/manifest.ts';
import {DEFAULT_SETTINGS} from '../../src/core/settings.ts';
import {ALIGNMENT, BlockPool} from '../../src/system/block-pool.ts';
import type {Capture} from '../../src/system/capture-reader.ts';
import type {Clock} from '../../src/system/clock.ts';
import type {Files} from '../../src/system/files.ts';
import {hashText, loadHashEngine} from '../../src/system/hasher.ts';
import {signWith} from '../../src/system/own-secret.ts';
import {exifFacts} from '../../src/system/photo-facts-reader.ts';
import {realFiles} from '../../src/system/real-files.ts';
import type {SmallFileCalls} from '../../src/system/small-files/small-file-calls.ts';
import type {RunTool} from '../../src/system/tools.ts';
import {type Closable, pretendsDirect, tracksHandles} from './faulty-files.ts';
import {forgetfulCatalog} from './forgetful-catalog.ts';
import {quickFiles} from './quick-files.ts';

/** A tree as data: bytes of seeded content, a text, a folder (a name that ends with `/`), or a link. */
export type Tree = Readonly<Record<string, number | string | Buffer | {readonly link: string}>>;

/** Modification time of the first file of a tree in ns; each next one is a second later. Odd nanoseconds, as cameras on ext4 and exFAT write them. */
export const FIRST_MTIME_MS = Date.UTC(2026, 10, 20, 9, 0, 0, 250);

/** The same bytes for the same seed; no two blocks alike, so that a shifted or doubled block is seen. */
export function seededBytes(seed: string, length: number): Buffer {
  const key = Buffer.alloc(16, seed.padEnd(16, '.').slice(-16));
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16, seed.length)).update(
    Buffer.alloc(length),
  );
}

export async function makeTree(root: string, tree: Tree): Promise<void> {
  let index = 0;
  for (const [path, what] of Object.entries(tree)) {
    const place = join(root, path);
    if (path.endsWith('/')) {
      await mkdir(place, {recursive: true});
      continue;
    }
    await mkdir(dirname(place), {recursive: true});
    if (typeof what === 'object' && 'link' in what) {
      await symlink(what.link, place);
      continue;
    }
    await writeFile(place, typeof what === 'number' ? seededBytes(path, what) : what);
    const at = (FIRST_MTIME_MS + 1000 * index++) / 1000;
    await utimes(place, at, at);
  }
}

/** A small card: two folders, a file of odd size, one over a block, an empty file and an empty folder. */
export const SMALL_CARD: Tree = {
  'DCIM/100CANON/IMG_0001.JPG': 10_000,
  'DCIM/100CANON/IMG_0002.JPG': 8192,
  'DCIM/101CANON/MVI_0003.MP4': 150_001,
  'DCIM/101CANON/EMPTY.LOG': 0,
  'MISC/': 0,
};

export interface Trial {
  /** The temporary folder that holds the others. */
  readonly folder: string;
  readonly card: string;
  readonly w: string;
  readonly b: string;
}

/** Makes a card and two empty destinations; they are removed after the test. */
export async function makeTrial(t: ExecutionContext, tree: Tree = SMALL_CARD): Promise<Trial> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'offload-test-')));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  const trial = {folder, card: join(folder, 'EOS'), w: join(folder, 'W'), b: join(folder, 'B')};
  for (const place of [trial.card, trial.w, trial.b]) await mkdir(place);
  await makeTree(trial.card, tree);
  return trial;
}

/** The name of a folder in small letters: that of the disk that it stands for. */
export const diskOf = (folder: string): string =>
  folder.slice(folder.lastIndexOf('/') + 1).toLowerCase();

/** A volume of its own on a disk of its own. */
export function diskVolume(mountPoint: string, disk: string, change: Partial<Volume> = {}): Volume {
  return {
    mountPoint,
    device: `/dev/${disk}1`,
    fileSystem: 'ext4',
    kind: 'disk',
    label: null,
    uuid: null,
    size: 64_000_000_000,
    physical: {known: true, ids: [`disk:${disk}`]},
    rotating: false,
    model: null,
    removable: null,
    ...change,
  };
}

/** Every given folder is a volume on a disk of its own, named like the folder; `changes` says otherwise. */
function volumesOf(
  folders: readonly string[],
  changes: Readonly<Record<string, Partial<Volume>>>,
): (path: string) => Promise<Volume> {
  return async (path) => {
    const root = folders.find((folder) => path === folder || path.startsWith(`${folder}/`)) ?? path;
    return diskVolume(root, diskOf(root), changes[root]);
  };
}

/** A second passes at every look; sleeping takes no time. */
export function tickingClock(start = Date.UTC(2026, 10, 22, 20)): Clock {
  let at = start;
  let ms = 0;
  return {
    now() {
      at += 1000;
      return new Date(at);
    },
    monotonic() {
      ms += 1;
      return ms;
    },
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

/** `sync` succeeds at once, no other tool is installed: each run would start a hundred of them. */
export const fewTools: RunTool = async (command) =>
  command === 'sync'
    ? {ok: true, value: ''}
    : {ok: false, cause: {code: 'ENOENT', message: `${command} failed`, next: 'Install it.'}};

export async function knowsDirect(folder: string): Promise<boolean> {
  const path = join(folder, `probe-${process.pid}-${Math.random()}`);
  try {
    const file = await realFiles.createFile(path, {direct: true});
    try {
      return (await file.write(await new BlockPool(1, ALIGNMENT).take(), ALIGNMENT, 0)) > 0;
    } finally {
      await file.close();
    }
  } catch {
    return false;
  } finally {
    await rm(path, {force: true});
  }
}

export const hashEngine = await loadHashEngine();
export const hashOfText = (text: string): string => hashText(hashEngine, text);

/** Real files, with a stand-in for direct transfers where the temporary folder lies in memory. */
export const testFiles: Files = (await knowsDirect(tmpdir()))
  ? realFiles
  : pretendsDirect(realFiles);

/** A block is small, so that a file of 150 kB has several. */
const TEST_BLOCK = 64 * 1024;

let words = 0;

export interface RunSetting {
  readonly cards: readonly string[];
  readonly to: readonly string[];
  readonly files?: Files;
  /** The calls of the quick way for small files; without them there is none. */
  readonly quick?: SmallFileCalls;
  readonly options?: Partial<OffloadOptions>;
  readonly stop?: AbortController;
  /** What differs from a volume on a disk of its own, by folder. */
  readonly volumes?: Readonly<Record<string, Partial<Volume>>>;
  readonly capture?: Capture;
  readonly run?: RunTool;
  readonly program?: Partial<Program>;
  readonly pid?: number;
  readonly onEvent?: (event: OffloadEvent) => void;
}

export interface RunReport {
  readonly end: RunEnd;
  readonly events: readonly OffloadEvent[];
  readonly verdicts: readonly VerdictReached[];
}

/** Processes that the locks of tests name; a run takes its own off when it ends. */
export const runningPids = new Set<number>();
let nextPid = 5000;

/** One computer for all tests. */
export const signText = signWith(Buffer.alloc(32, 7));

export function testProgram(setting: RunSetting, files: Files): Program {
  const pid = setting.pid ?? nextPid++;
  runningPids.add(pid);
  return {
    version: '0.0.0-test',
    files,
    run: setting.run ?? fewTools,
    rclone: async () => ({kind: 'not-started', errno: 'ENOENT'}),
    clock: tickingClock(),
    hashEngine,
    hashOfText,
    signText,
    self: {
      host: 'studio',
      pid,
      isRunning: (one) => runningPids.has(one),
      markOf: async (one) => `started-${one}`,
    },
    workingFolder: tmpdir(),
    pathPlatform: 'posix',
    describeVolume: volumesOf([...setting.cards, ...setting.to], setting.volumes ?? {}),
    listVolumes: async () => [],
    watchVolumes: async () => {},
    ejectVolume: async () => ({ok: true, value: 'safe-to-pull'}),
    keepAwake: () => ({state: Promise.resolve({type: 'held'}), release: async () => {}}),
    openCatalog: async () => ({ok: true, value: forgetfulCatalog}),
    dataFolder: failed({code: 'no-home-folder', message: 'm', next: 'n'}),
    configFolder: failed({code: 'no-home-folder', message: 'm', next: 'n'}),
    launch: {
      platform: 'linux',
      command: ['/usr/bin/node', '/opt/offload/bin/offload.cjs'],
      userId: 1000,
      homeFolder: '/nowhere',
      configHome: '/nowhere/.config',
      environment: {},
    },
    close: async () => {},
    settings: {settings: DEFAULT_SETTINGS, problems: []},
    captures: {read: async () => setting.capture},
    photoFacts: exifFacts,
    newWord: () => `w${(words++).toString(36).padStart(5, '0')}`,
    newVolumeId: () => `00000000-0000-4000-8000-${(words++).toString(16).padStart(12, '0')}`,
    timeZone: 'Europe/Vienna',
    copyBlocks: new BlockPool(8, TEST_BLOCK),
    proofBlocks: new BlockPool(4, TEST_BLOCK),
    ...setting.program,
  };
}

export const DEFAULT_OPTIONS: Omit<OffloadOptions, 'cards' | 'destinations'> = {
  shoot: 'Shoot',
  layout: DEFAULT_LAYOUT,
  verify: 'copies',
  order: 'auto',
  eject: false,
  dryRun: false,
  salvage: false,
  allowSameDrive: false,
  acceptCached: false,
  fromCopy: false,
  onlyNew: false,
  report: false,
};

/**
 * Runs an offload to its end.
 * @throws when it leaves a file open or a listener on the signal: no run may do that, whatever else happens.
 */
export async function runOffload(setting: RunSetting): Promise<RunReport> {
  const open = new Map<Closable, string>();
  const tracked = tracksHandles(setting.files ?? testFiles, open);
  const {quick} = setting;
  const files = quick === undefined ? tracked : await quickFiles(tracked, quick);
  const program = testProgram(setting, files);
  const {signal} = setting.stop ?? new AbortController();
  const events: OffloadEvent[] = [];
  const emit = (event: OffloadEvent) => {
    events.push(event);
    setting.onEvent?.(event);
  };
  const options = {
    ...DEFAULT_OPTIONS,
    cards: setting.cards,
    destinations: setting.to,
    ...setting.options,
  };
  let end: RunEnd;
  try {
    end = await offload(program, options, {emit, signal});
  } finally {
    runningPids.delete(program.self.pid);
  }
  expectNothingLeft(open, signal);
  return {end, events, verdicts: events.filter((event) => event.type === 'verdict')};
}

/** @throws when a file was left open, or a listener on the signal. */
export function expectNothingLeft(open: ReadonlyMap<Closable, string>, signal: AbortSignal): void {
  if (open.size > 0) throw new Error(`left open: ${[...open.values()].join(', ')}`);
  const listeners = getEventListeners(signal, 'abort').length;
  if (listeners > 0) throw new Error(`${listeners} listeners are left on the signal`);
}

/** The run of a trial's card to both of its destinations. */
export function offloadTrial(
  {card, w, b}: Trial,
  setting: Partial<RunSetting> = {},
): Promise<RunReport> {
  return runOffload({cards: [card], to: [w, b], ...setting});
}

/** A trial whose card lies on both of its destinations as `Shoot`, and is safe. */
export async function makeShoot(t: ExecutionContext, tree?: Tree): Promise<Trial> {
  const trial = await makeTrial(t, tree);
  t.true((await offloadTrial(trial)).verdicts[0]?.safe);
  return trial;
}

/** Names, kinds and contents below a folder, in the order of names. */
export async function readTree(root: string): Promise<Readonly<Record<string, string>>> {
  const rows: Record<string, string> = {};
  const names = await readdir(root, {recursive: true});
  for (const name of names.sort()) {
    const path = join(root, name);
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) rows[name] = `link to ${await readlink(path)}`;
    else if (stats.isFile()) rows[name] = hashOfBytes(await readFile(path));
    else rows[name] = stats.isDirectory() ? 'folder' : 'special';
  }
  return rows;
}

export function hashOfBytes(bytes: Uint8Array): string {
  const hasher = hashEngine.create();
  hasher.update(bytes);
  return hasher.digest();
}

/** The tree without the records and the marker: what a photographer sees. */
export async function readCopies(root: string): Promise<Readonly<Record<string, string>>> {
  const rows = Object.entries(await readTree(root));
  return Object.fromEntries(
    rows.filter(
      ([name]) => !/(?:^|\/)_offload(?:\/|$)/.test(name) && name !== '.offload-volume.json',
    ),
  );
}

/** What a run leaves that it should not: temporary files, journals, locks. */
export async function findLitter(root: string): Promise<readonly string[]> {
  const names = await readdir(root, {recursive: true});
  return names
    .filter((name) => /(?:\.part|\.mismatch|\.journal|probe-[^/]*|\/lock[^/]*)$/.test(name))
    .sort();
}

export async function readManifests(shoot: string): Promise<readonly Manifest[]> {
  const folder = join(shoot, '_offload');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return await Promise.all(
    names.sort().map(async (name) => {
      const path = join(folder, name);
      const parsed = parseManifest(await readFile(path, 'utf8'), path, hashOfText);
      if (!parsed.ok) throw new Error(parsed.cause.message);
      return parsed.value;
    }),
  );
}

export const codesOf = ({verdicts}: RunReport): readonly string[] =>
  verdicts.flatMap(({reasons}) => reasons.map(({code}) => code));

export const refusalOf = ({events}: RunReport): string | undefined =>
  events.find((event) => event.type === 'refused')?.code;
