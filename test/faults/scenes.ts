/** What goes on when the fault comes: a first run, one that goes on, one that has trouble already. */
import {mkdir, readFile, stat, utimes, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {OffloadOptions} from '../../src/commands/offload/options.ts';
import type {Files} from '../../src/system/files.ts';
import {
  badSectors,
  failsCalls,
  flipsLastByte,
  interceptCalls,
  partsIn,
} from '../helpers/faulty-files.ts';
import {seededBytes, type Tree, type Trial} from '../helpers/run-offload.ts';
import {listPaths} from '../rigs/trees.ts';
import type {Bench} from './bench.ts';
import {sha256Of} from './card-truth.ts';

/** A picture that is flushed together with others, a clip that is written past the cache in three blocks and flushed alone, an empty file, an empty folder. */
export const FAULT_CARD: Tree = {
  'DCIM/100EOS/IMG_0001.JPG': 10_000,
  'DCIM/100EOS/MVI_0002.MP4': 1_060_001,
  'EMPTY.LOG': 0,
  'MISC/': 0,
};

export const SHOOT = 'Shoot';
const CLIP = 'DCIM/100EOS/MVI_0002.MP4';
const PICTURE = 'DCIM/100EOS/IMG_0001.JPG';
const SCENE_FOLDER = 'Shoot/EOS';

export interface Scene {
  readonly name: string;
  readonly options: Partial<OffloadOptions>;
  /** Faults that are there in the whole run besides. */
  readonly spoil?: (files: Files, bench: Bench) => Files;
  /** What was there before: files of somebody else. */
  readonly stands?: (trial: Trial) => Promise<void>;
  /** What an earlier run left: it was killed at this call, or had this fault. */
  readonly before?: {readonly fault: 'dies-before' | 'ENODEV-on'; readonly call: string};
  /** What happened to the drives since. */
  readonly since?: (trial: Trial) => Promise<void>;
  /** It ends SAFE in spite of what it has against it. */
  readonly safe: boolean;
}

/** The empty file is proved on both, the picture on one, the clip waits under its temporary name. */
const KILLED = {fault: 'dies-before', call: 'publish B:Shoot/EOS/DCIM/100EOS/*.part #1'} as const;

export const SCENES: readonly Scene[] = [
  {name: 'first', options: {}, safe: true},
  {name: 'full', options: {verify: 'full'}, safe: true},
  {name: 'after', options: {order: 'after'}, safe: true},
  {
    name: 'resumed',
    options: {verify: 'full'},
    before: KILLED,
    safe: true,
  },
  {name: 'rotten', options: {}, before: KILLED, since: rot, safe: true},
  {
    name: 'from-copy',
    options: {fromCopy: true},
    before: {fault: 'ENODEV-on', call: 'createFile B:Shoot/EOS/DCIM/100EOS/*.part #1'},
    safe: true,
  },
  {name: 'standing', options: {}, stands: putStrangers, safe: true},
  {name: 'taken', options: {}, spoil: takeNames, safe: true},
  {
    name: 'spoiled',
    options: {},
    safe: true,
    spoil: (files, {trial: {b}}) =>
      flipsLastByte(files, onceFor(partsIn(join(b, SCENE_FOLDER, 'DCIM/100EOS')))),
  },
  {
    name: 'no-journal',
    options: {},
    safe: false,
    spoil: (files, {trial: {w}}) =>
      failsCalls(
        files,
        ['write'],
        (path) => path.startsWith(w) && path.endsWith('.journal'),
        'EIO',
      ),
  },
  {
    name: 'worn',
    options: {salvage: true},
    safe: false,
    spoil: (files, {trial: {card}}) =>
      badSectors(files, {path: join(card, CLIP), ranges: [{from: 700_000, to: 700_512}]}),
  },
];

/** One bit of everything that the killed run left is another one, under final and under temporary names. */
async function rot({w, b}: Trial): Promise<void> {
  for (const root of [w, b]) {
    for (const path of await listPaths(join(root, SCENE_FOLDER), '')) {
      const place = join(root, SCENE_FOLDER, path);
      const {size, atime, mtime} = await stat(place);
      if (size === 0 || !/\.(?:JPG|MP4|part)$/.test(path)) continue;
      const bytes = await readFile(place);
      // Another bit than a faulty read turns: the two would undo each other.
      bytes[size - 1] = (bytes[size - 1] ?? 0) ^ 4;
      await writeFile(place, bytes);
      await utimes(place, atime, mtime);
    }
  }
}

/** Just before a copy gets its name somebody else takes it, for two of the files. */
function takeNames(files: Files, {trial: {w, b}, appeared}: Bench): Files {
  const wanted = new Set([join(w, SCENE_FOLDER, PICTURE), join(b, SCENE_FOLDER, CLIP)]);
  return interceptCalls(files, async (call, proceed) => {
    if (call.method === 'publish' && call.to !== undefined && wanted.delete(call.to)) {
      const bytes = Buffer.from(`somebody's ${call.to}`);
      await writeFile(call.to, bytes, {flag: 'wx'});
      appeared.set(call.to, sha256Of(bytes));
    }
    return await proceed();
  });
}

/** A match that comes true for one path: the first that fits. */
function onceFor(match: (path: string) => boolean): (path: string) => boolean {
  let hit: string | undefined;
  return (path) => {
    if (hit === undefined && match(path)) hit = path;
    return hit === path;
  };
}

/** The same picture on one destination, others of the same name and of the same or another size on the other. */
async function putStrangers({card, w, b}: Trial): Promise<void> {
  const same = seededBytes(PICTURE, 10_000);
  const files: readonly (readonly [string, Buffer])[] = [
    [join(w, SCENE_FOLDER, PICTURE), same],
    [join(b, SCENE_FOLDER, PICTURE), seededBytes('stranger', 10_000)],
    [join(b, SCENE_FOLDER, CLIP), seededBytes('stranger', 5000)],
    [join(w, 'NOTES.TXT'), Buffer.from(`not from ${card}`)],
  ];
  for (const [path, bytes] of files) {
    await mkdir(dirname(path), {recursive: true});
    await writeFile(path, bytes);
  }
}
