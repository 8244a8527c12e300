import type {CardFile} from '../card.ts';
import {cameraOrderKey} from '../survey/camera-order.ts';
import {type FileForm, formOf} from '../survey/file-kind.ts';
import type {Warning} from '../verdict.ts';
import {ABSENT, type CardCheck} from './card-check.ts';
import {groupBy, partsOf} from './file-parts.ts';
import {findUnusual} from './neighbours.ts';

/** Fewer say nothing: a camera was switched between two pictures. */
const FEWEST_NEIGHBOURS = 4;

type Shots = ReadonlyMap<FileForm, CardFile>;

/** `raw-without-jpeg`, `jpeg-without-raw`: half of a pair, where nearly all pictures around it are pairs. */
export const findLonePictures: CardCheck = (files) => {
  const pictures = files.filter(({path}) => isStill(formOf(path)));
  const folders = groupBy(pictures, (file) => partsOf(file).folder);
  return [...folders.values()].flatMap(checkFolder);
};

const isStill = (form: FileForm | undefined): boolean =>
  form === 'raw' || form === 'jpeg' || form === 'heif';

function checkFolder(files: readonly CardFile[]): readonly Warning[] {
  // Most folders have one kind only, and no pairs.
  if (!files.some(({path}) => formOf(path) === 'raw')) return [];
  if (files.every(({path}) => formOf(path) === 'raw')) return [];
  const keyed = files.map((file) => ({file, key: cameraOrderKey(file.path)}));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const shots = [...groupBy(keyed, ({file}) => partsOf(file).stem).values()].map(
    (group): Shots => new Map(group.flatMap(({file}) => formed(file))),
  );
  return findUnusual(shots, isPair, FEWEST_NEIGHBOURS).flatMap(({one, whole}) =>
    describe(one, whole),
  );
}

function formed(file: CardFile): [FileForm, CardFile][] {
  const form = formOf(file.path);
  return form === undefined ? [] : [[form, file]];
}

const isPair = (shot: Shots): boolean => shot.has('raw') && (shot.has('jpeg') || shot.has('heif'));

function describe(shot: Shots, pairs: readonly Shots[]): Warning[] {
  const raw = shot.get('raw');
  const [lone] = shot.values();
  if (lone === undefined) return [];
  const developed = pairs.some((pair) => pair.has('jpeg')) ? 'JPEG' : 'HEIF';
  const partner = raw === undefined ? 'RAW' : developed;
  return [
    {
      code: raw === undefined ? 'jpeg-without-raw' : 'raw-without-jpeg',
      path: lone.path,
      message: `has no ${partner} beside it, and the pictures around it have one. ${ABSENT}`,
    },
  ];
}
