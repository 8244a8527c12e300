import type {SeededRandom} from '../faults/seeded-random.ts';
import type {Tree} from '../helpers/run-offload.ts';

/** Around every border that something counts in: sectors, blocks, the pools of the run, small and large files. */
const EDGES = [0, 1, 511, 512, 513, 4095, 4096, 4097, 65_535, 65_536, 65_537, 1_048_575, 1_048_577];
const MOST_BYTES = 3_000_000;

const FOLDERS = [
  '',
  'DCIM/100EOS',
  'DCIM/101EOS',
  'PRIVATE/M4ROOT/CLIP',
  'MISC',
  'a b',
  'Zoë/写真',
  'deep/er/and/deeper/still',
];
const NAMES = [
  'IMG',
  'MVI',
  'DSC',
  '_DSC',
  'Größe',
  "it's",
  ' lead',
  'two  spaces',
  '-rf',
  '$HOME',
  '写真',
  'dot.dot',
  'new\nline',
  'back\\slash',
  'trailing ',
  'CON',
  'colon:x',
];
const ENDS = ['.JPG', '.CR3', '.MP4', '.XML', '', '.jpg', '.tar.gz'];

/** A card of 1 to 25 files, with what else lies on cards. */
export function makeRandomCard(random: SeededRandom): Tree {
  const tree: Record<string, Tree[string]> = {};
  const count = random.chance(0.15) ? random.whole(40, 90) : random.whole(1, 25);
  for (let index = 0; index < count; index++) {
    const name = `${random.pick(NAMES)}_${random.whole(1, 60)}${random.pick(ENDS)}`;
    tree[joinPath(random.pick(FOLDERS), name)] =
      count > 30 ? random.whole(0, 5000) : randomSize(random);
  }
  if (random.chance(0.3)) tree['EMPTY FOLDER/'] = 0;
  if (random.chance(0.3)) tree['DCIM/.DS_Store'] = 6148;
  if (random.chance(0.2)) tree['.Trashes/501/OLD.JPG'] = 900;
  if (random.chance(0.2)) tree['a link'] = {link: 'DCIM'};
  // Two files of one content.
  if (random.chance(0.2)) Object.assign(tree, {'TWIN_1.TXT': 'the same', 'TWIN_2.TXT': 'the same'});
  return tree;
}

const joinPath = (folder: string, name: string) => (folder === '' ? name : `${folder}/${name}`);

function randomSize(random: SeededRandom): number {
  if (random.chance(0.4)) return random.pick(EDGES);
  return Math.floor(MOST_BYTES * random.next() ** 4);
}
