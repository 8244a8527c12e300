/** Cards for the pictures: names, numbers and sizes of real cameras; made pictures that can be looked at; and filling up to the size. */
import {mkdir, rm, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {encodeJpeg} from '../../samples/jpeg.ts';
import type {Picture} from '../../samples/picture.ts';
import {imagineScene, paintScene} from '../../samples/scene.ts';
import {pickBetween, seedRandom} from '../../samples/seeded-random.ts';
import {ascii, type Directory, short, writeTiff} from '../../samples/tiff.ts';

export interface ShownCamera {
  readonly make: string;
  readonly model: string;
  /** Below `DCIM`. */
  readonly folder: string;
  /** `IMG_`, `DSC_`, `DSCF`. */
  readonly prefix: string;
  readonly firstNumber: number;
  /** Pictures; each is a raw file, and a JPEG where `jpegBytes` is given. */
  readonly count: number;
  readonly raw: 'CR3' | 'NEF' | 'RAF';
  /** About, of each file. */
  readonly rawBytes: number;
  readonly jpegBytes?: number;
}

/** The day and the hours on the camera's clock, and what lies between that clock and UTC. */
export interface ShownHours {
  /** ms since 1970 of the midnight that the day began with, as if the clock were UTC. */
  readonly midnightMs: number;
  readonly utcOffsetMs: number;
  /** Seconds since midnight. */
  readonly from: number;
  readonly to: number;
}

/** As many as the strip of pictures shows, in the same places: neighbours look alike on real cards, too. */
const SCENES = 24;
const SIZE = {width: 480, height: 320} as const;

/** Fills an empty card. */
export async function makeShownCard(
  root: string,
  camera: ShownCamera,
  hours: ShownHours,
): Promise<void> {
  // A camera's file system has none.
  await rm(join(root, 'lost+found'), {recursive: true, force: true});
  const folder = join(root, 'DCIM', camera.folder);
  await mkdir(folder, {recursive: true});
  const random = seedRandom(1, camera.model);
  const scenes = Array.from({length: SCENES}, (_, index) => paint(camera, index / SCENES));
  const step = (hours.to - hours.from) / Math.max(1, camera.count - 1);
  for (let index = 0; index < camera.count; index++) {
    const seconds = Math.round(hours.from + index * step);
    const exif = describe(camera, hours.midnightMs + seconds * 1000);
    const number = String(camera.firstNumber + index).padStart(4, '0');
    const stem = join(folder, `${camera.prefix}${number}`);
    const modified = (hours.midnightMs - hours.utcOffsetMs) / 1000 + seconds;
    const put = async (path: string, head: Uint8Array, bytes: number) => {
      await writeFile(path, fillUp(head, vary(bytes, random), index), {flag: 'wx'});
      await utimes(path, modified, modified);
    };
    await put(`${stem}.${camera.raw}`, exif, camera.rawBytes);
    if (camera.jpegBytes === undefined) continue;
    const picture = scenes[Math.round((index * (SCENES - 1)) / (camera.count - 1))];
    if (picture === undefined) throw new Error('every picture has a scene');
    const app1 = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif]);
    await put(`${stem}.JPG`, encodeJpeg({picture, quality: 88, app1}), camera.jpegBytes);
  }
}

function paint(camera: ShownCamera, share: number): Picture {
  const random = seedRandom(1, `${camera.model}/${share}`);
  return paintScene(imagineScene(random, share), {...SIZE, grain: random});
}

/** @returns the camera and the time, as TIFF 6.0 with the tags of EXIF 2.32: as much of a raw file as a program asks for a name. */
function describe({make, model}: ShownCamera, takenMs: number): Buffer {
  const date = new Date(takenMs).toISOString().slice(0, 19).replaceAll('-', ':').replace('T', ' ');
  const taken: Directory = new Map([
    [0x9003, ascii(date)], // DateTimeOriginal
    [0x9004, ascii(date)], // DateTimeDigitized
  ]);
  const picture: Directory = new Map([
    [0x010f, ascii(make)],
    [0x0110, ascii(model)],
    [0x0112, short(1)], // Orientation: upright
    [0x0132, ascii(date)], // DateTime
    [0x8769, {type: 'directory', directory: taken} as const],
  ]);
  return writeTiff([picture]).bytes;
}

/** By a tenth up or down, as pictures differ. */
const vary = (bytes: number, random: () => number): number =>
  Math.round((bytes * pickBetween(random, 900, 1100)) / 1000);

/** Pages of one byte take no room on a disk in memory (Linux Documentation/admin-guide/blockdev/zram.rst, `same_pages`). */
function fillUp(head: Uint8Array, bytes: number, seed: number): Buffer {
  const file = Buffer.alloc(Math.max(bytes, head.length), (seed % 255) + 1);
  file.set(head);
  return file;
}
