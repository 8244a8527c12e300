import type {CardFile} from '../card.ts';
import {splitName} from '../split-name.ts';
import {cameraOrderKey} from './camera-order.ts';
import {type FileForm, formOf, isInDcim, isPicture} from './file-kind.ts';

/** The files of one picture: a raw file and the JPEG beside it are one. */
export interface PictureFiles {
  /** The one that is easiest to show. */
  readonly shown: CardFile;
  /** In the order in which they are worth a try. */
  readonly others: readonly CardFile[];
}

/** A JPEG has a small picture at its front; a raw file nearly always; a HEIF often only one that few programs can decode. */
const RANK: Readonly<Record<FileForm, number>> = {jpeg: 0, still: 1, raw: 2, heif: 3, film: 4};

/**
 * Chooses pictures that are spread evenly over a card: those of the camera's own folder, or else from anywhere, or else the stills of films. Takes one file after the other
 * and sorts only the folders that are chosen from, because a card may hold a hundred thousand files.
 */
export class PictureSpread {
  readonly #ofCamera = new PictureFolders();
  readonly #elsewhere = new PictureFolders();
  readonly #stills = new PictureFolders();

  add(file: CardFile): void {
    if (file.size === 0) return;
    if (isPicture(file.path)) {
      (isInDcim(file.path) ? this.#ofCamera : this.#elsewhere).add(file);
    } else if (formOf(file.path) === 'still') {
      this.#stills.add(file);
    }
  }

  /** @returns up to `count` pictures in camera order, the first and the last among them. */
  choose(count: number): Iterable<PictureFiles> {
    const found = [this.#ofCamera, this.#elsewhere].find(({size}) => size > 0) ?? this.#stills;
    return found.pick(placesEvenly(found.size, count));
  }
}

/** @returns up to `count` different places below `length`, evenly apart, from 0 to the last. */
function placesEvenly(length: number, count: number): readonly number[] {
  const wanted = Math.min(length, count);
  const step = wanted < 2 ? 0 : (length - 1) / (wanted - 1);
  return Array.from({length: wanted}, (_, index) => Math.round(index * step));
}

class PictureFolders {
  /** By folder, then by the path without its extension, both in capitals. */
  readonly #folders = new Map<string, Map<string, CardFile[]>>();
  #size = 0;

  /** How many pictures there are. */
  get size(): number {
    return this.#size;
  }

  add(file: CardFile): void {
    const path = file.path.toUpperCase();
    const slash = path.lastIndexOf('/') + 1;
    const stem = path.slice(0, slash) + splitName(path.slice(slash)).stem;
    const folder = this.#folderOf(path.slice(0, slash));
    const picture = folder.get(stem);
    if (picture !== undefined) {
      picture.push(file);
      return;
    }
    folder.set(stem, [file]);
    this.#size += 1;
  }

  /** @param places in camera order, rising. */
  *pick(places: readonly number[]): Generator<PictureFiles> {
    const folders = [...this.#folders].map(([name, pictures]) => ({
      key: cameraOrderKey(name),
      pictures,
    }));
    folders.sort((a, b) => (a.key < b.key ? -1 : 1));
    let before = 0;
    for (const {pictures} of folders) {
      const here = places.filter((place) => place >= before && place < before + pictures.size);
      if (here.length > 0) yield* pickFrom(pictures, here, before);
      before += pictures.size;
    }
  }

  #folderOf(name: string): Map<string, CardFile[]> {
    const known = this.#folders.get(name);
    if (known !== undefined) return known;
    const folder = new Map<string, CardFile[]>();
    this.#folders.set(name, folder);
    return folder;
  }
}

function* pickFrom(
  pictures: ReadonlyMap<string, readonly CardFile[]>,
  places: readonly number[],
  before: number,
): Generator<PictureFiles> {
  const byKey = new Map([...pictures].map(([stem, files]) => [cameraOrderKey(stem), files]));
  // Without a function of its own, sorting is several times faster.
  const keys = [...byKey.keys()].sort();
  for (const place of places) {
    const files = byKey.get(keys[place - before] ?? '') ?? [];
    const [shown, ...others] = files.toSorted((a, b) => rankOf(a) - rankOf(b));
    if (shown !== undefined) yield {shown, others};
  }
}

function rankOf({path}: CardFile): number {
  const form = formOf(path);
  return form === undefined ? 0 : RANK[form];
}
