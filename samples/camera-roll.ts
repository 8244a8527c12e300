/** What the camera itself wrote on the card: pictures with their raw files, a film, a voice note, a print order. */
import {type CardTime, clockTime, toEpochMs} from './card-time.ts';
import {writeCr2} from './cr2.ts';
import {type Shot, writeExif} from './exif.ts';
import {encodeJpeg} from './jpeg.ts';
import {writeMp4} from './mp4.ts';
import {makeThumbnail, type Picture, shrinkPicture, turnLeft} from './picture.ts';
import {imagineScene, paintScene} from './scene.ts';
import {pickBetween, pickOne, seedRandom} from './seeded-random.ts';
import {writePrintOrder, writeSidecar} from './side-files.ts';
import {hum, writeWav} from './wav.ts';

/** A file as it is to lie on the card. */
export interface NewFile {
  /** Below the card's root, parts joined by `/`. */
  readonly path: string;
  readonly bytes: Buffer;
  readonly modified: CardTime;
}

const FOLDER = 'DCIM/100CANON';
const LAST_NUMBER = 11;
/** One counter runs through pictures and films, so this number is not missing among the pictures. */
const FILM_NUMBER = 7;
const UPRIGHT_NUMBERS = [4, 9];
const RATED_NUMBERS = [1, 2, 4, 6, 8, 11];
const NOTED_NUMBER = 3;

/** @returns all files, in the order of the camera's counter. The same seed gives the same bytes. */
export function shootRoll(seed: number): NewFile[] {
  const numbers = Array.from({length: LAST_NUMBER}, (_, index) => index + 1);
  const files = numbers.flatMap((number) =>
    number === FILM_NUMBER ? shootFilm(seed) : shootStill(seed, number),
  );
  const ordered = [`${FOLDER}/IMG_0001.JPG`, `${FOLDER}/IMG_0005.JPG`];
  const orderedAt = clockTime(17, 54, 30);
  const order = writePrintOrder(ordered, orderedAt);
  return [...files, {path: 'MISC/AUTPRINT.MRK', bytes: order, modified: orderedAt}];
}

/** @returns a picture that lies in some folder by itself, with its EXIF. */
export function shootSingle(seed: number, path: string, takenAt: CardTime): NewFile {
  const picture = seeStill(seed, path, takenAt);
  const exif = writeExif({shot: aim(seed, path, takenAt), ...picture});
  return {path, bytes: encodeJpeg({picture, quality: 85, app1: exif}), modified: takenAt};
}

function shootStill(seed: number, number: number): NewFile[] {
  const name = nameFile('IMG', number);
  const takenAt = timeOf(seed, number);
  const shot: Shot = {
    ...aim(seed, name, takenAt),
    orientation: UPRIGHT_NUMBERS.includes(number) ? 6 : 1,
  };
  const picture = seeStill(seed, name, takenAt, shot.orientation === 6);
  const thumbnail = encodeJpeg({picture: makeThumbnail(picture), quality: 80});
  const small = shrinkPicture(picture, 360, 240);
  const preview = {...small, jpeg: encodeJpeg({picture: small, quality: 80})};
  const grain = seedRandom(seed, `${name}/sensor`);
  // Only every other JPEG carries a thumbnail: both kinds exist in the wild.
  const app1 = writeExif({shot, ...picture, ...(number % 2 === 1 && {thumbnail})});
  const files = [
    {name: 'JPG', bytes: encodeJpeg({picture, quality: 90, app1}), modified: takenAt},
    {
      name: 'CR2',
      bytes: writeCr2({shot, picture, preview, thumbnail, grain}),
      modified: takenAt,
    },
    ...noteRating(seed, number),
    ...noteVoice(seed, number, takenAt),
  ];
  return files.map((file) => ({...file, path: `${FOLDER}/${name}.${file.name}`}));
}

function shootFilm(seed: number): NewFile[] {
  const name = `${FOLDER}/${nameFile('MVI', FILM_NUMBER)}`;
  const takenAt = timeOf(seed, FILM_NUMBER);
  const random = seedRandom(seed, name);
  const scene = imagineScene(random, duskAt(takenAt));
  const size = {width: 384, height: 216};
  const count = 48;
  const pictures = Array.from({length: count}, (_, index) =>
    paintScene(scene, {...size, drift: index / count / 4, grain: random}),
  );
  const frames = pictures.map((picture) => encodeJpeg({picture, quality: 88}));
  const created = toEpochMs(takenAt);
  const film = writeMp4({...size, frames, framesPerSecond: 24, createdMs: created});
  const still = makeThumbnail(pictures[0] ?? paintScene(scene, {...size, grain: random}));
  const exif = writeExif({shot: aim(seed, name, takenAt), ...still});
  return [
    {path: `${name}.MP4`, bytes: film, modified: takenAt},
    {
      path: `${name}.THM`,
      bytes: encodeJpeg({picture: still, quality: 80, app1: exif}),
      modified: takenAt,
    },
  ];
}

function noteRating(seed: number, number: number) {
  if (!RATED_NUMBERS.includes(number)) return [];
  const random = seedRandom(seed, `rating/${number}`);
  const rating = pickBetween(random, 1, 5);
  const label = pickOne(random, ['Red', 'Yellow', 'Green', 'Blue']);
  const modified = clockTime(17, 46) + number * 20;
  return [{name: 'XMP', bytes: writeSidecar({rating, label, at: modified}), modified}];
}

function noteVoice(seed: number, number: number, takenAt: CardTime) {
  if (number !== NOTED_NUMBER) return [];
  const rate = 16_000;
  const voice = hum(seedRandom(seed, `voice/${number}`), 4, rate);
  return [{name: 'WAV', bytes: writeWav(voice, rate), modified: takenAt + 30}];
}

function seeStill(seed: number, name: string, takenAt: CardTime, upright = false): Picture {
  const random = seedRandom(seed, name);
  const scene = imagineScene(random, duskAt(takenAt));
  if (!upright) return paintScene(scene, {width: 720, height: 480, grain: random});
  return turnLeft(paintScene(scene, {width: 480, height: 720, grain: random}));
}

function aim(seed: number, name: string, takenAt: CardTime): Shot {
  const random = seedRandom(seed, `${name}/settings`);
  return {
    takenAt,
    orientation: 1,
    exposure: [1, pickOne(random, [60, 125, 250, 500, 1000])],
    fNumber: pickOne(random, [[4, 1] as const, [56, 10] as const, [8, 1] as const]),
    iso: pickOne(random, [100, 200, 400, 800, 1600]),
    focalLength: pickBetween(random, 24, 105),
  };
}

/** A picture every 21 minutes or so, the first at 14:02, all before 17:45. */
function timeOf(seed: number, number: number): CardTime {
  const late = pickBetween(seedRandom(seed, `time/${number}`), 0, 270);
  return clockTime(14, 2) + (number - 1) * 21 * 60 + late * 2;
}

function duskAt(time: CardTime): number {
  return (time - clockTime(14, 0)) / (clockTime(18, 0) - clockTime(14, 0));
}

function nameFile(prefix: 'IMG' | 'MVI', number: number): string {
  return `${prefix}_${String(number).padStart(4, '0')}`;
}
