/** What goes on when the fault comes: a first run, one that goes on, one that has trouble already. */
import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {OffloadOptions} from '../../src/commands/offload/options.ts';
import type {Files} from '../../src/system/files.ts';
import {badSectors, failsCalls, flipsLastByte, partsIn} from '../helpers/faulty-files.ts';
import {seededBytes, type Tree, type Trial} from '../helpers/run-offload.ts';

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
  readonly spoil?: (files: Files, trial: Trial) => Files;
  /** What was there before: files of somebody else. */
  readonly stands?: (trial: Trial) => Promise<void>;
  /** What an earlier run left: it was killed at this call, or had this fault. */
  readonly before?: {readonly fault: 'dies-before' | 'ENODEV-on'; readonly call: string};
}

export const SCENES: readonly Scene[] = [
  {name: 'first', options: {}},
  {name: 'full', options: {verify: 'full'}},
  {name: 'after', options: {order: 'after'}},
  {
    name: 'resumed',
    options: {verify: 'full'},
    before: {fault: 'dies-before', call: 'publish B:Shoot/EOS/DCIM/100EOS/*.part #1'},
  },
  {
    name: 'from-copy',
    options: {fromCopy: true},
    before: {fault: 'ENODEV-on', call: 'createFile B:Shoot/EOS/DCIM/100EOS/*.part #1'},
  },
  {name: 'standing', options: {}, stands: putStrangers},
  {
    name: 'spoiled',
    options: {},
    spoil: (files, {b}) =>
      flipsLastByte(files, onceFor(partsIn(join(b, SCENE_FOLDER, 'DCIM/100EOS')))),
  },
  {
    name: 'no-journal',
    options: {},
    spoil: (files, {w}) =>
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
    spoil: (files, {card}) =>
      badSectors(files, {path: join(card, CLIP), ranges: [{from: 700_000, to: 700_512}]}),
  },
];

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
