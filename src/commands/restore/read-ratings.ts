/** What sidecars and pictures on connected drives say of ratings. A hint: nothing is proved with it. */
import {basename, dirname, join} from 'node:path';
import {errnoOf} from '../../core/cause.ts';
import {
  findEmbeddedRating,
  readXmpRating,
  type XmpRating,
} from '../../core/restore/read-xmp-rating.ts';
import {splitName} from '../../core/split-name.ts';
import {kindOf} from '../../core/survey/file-kind.ts';
import type {Program} from '../program.ts';
import type {Wanted} from './place-files.ts';

/** Bytes. Sidecars with masks have some megabytes; XMP lies near the start of a picture, or at its end where a program has moved it. */
const LONGEST_SIDECAR = 16 * 1024 * 1024;
const HEAD = 512 * 1024;

/** Kinds in which programs write the rating into the picture itself; for the others a sidecar is newer than the picture. */
const OWN_XMP = new Set('JPG JPEG DNG TIF TIFF PSD PSB HEIC HEIF HIF PNG WEBP AVIF JXL'.split(' '));

interface Reading {
  readonly rating: number;
  /** ns since 1970: of two drives the newer one counts. */
  readonly mtimeNs: bigint;
}

/** Reads ratings of many files; each folder is listed once, and each sidecar read once. */
export class RatingReader {
  readonly #files: Program['files'];
  readonly #listings = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();
  readonly #sidecars = new Map<string, Promise<(XmpRating & {mtimeNs: bigint}) | undefined>>();

  constructor(files: Program['files']) {
    this.#files = files;
  }

  /** @returns -1 to 5; undefined when nothing connected says it. */
  async read({file, places}: Wanted): Promise<number | undefined> {
    const kind = kindOf(file.path);
    const paths = places.map(({path}) => path);
    if (kind === 'XMP') return newest(await this.#each(paths, (path) => this.#ofSidecar(path)));
    const besides = await this.#each(paths, (path) => this.#besides(path));
    const inside = () => this.#each(paths, (path) => this.#inside(path, kind));
    if (!OWN_XMP.has(kind)) return newest(besides) ?? newest(await inside());
    return newest(await inside()) ?? newest(besides);
  }

  async #each(
    paths: readonly string[],
    read: (path: string) => Promise<Reading | undefined>,
  ): Promise<readonly Reading[]> {
    const readings: Reading[] = [];
    for (const path of new Set(paths)) {
      const reading = await read(path);
      if (reading !== undefined) readings.push(reading);
    }
    return readings;
  }

  /** `IMG_1.CR3.xmp` before `IMG_1.xmp`, which may be of another file of that name. */
  async #besides(path: string): Promise<Reading | undefined> {
    const name = basename(path);
    const {stem} = splitName(name);
    const kind = kindOf(name);
    const whole = await this.#newestSidecar(path, `${name}.xmp`, () => true);
    if (whole !== undefined) return whole;
    return await this.#newestSidecar(path, `${stem}.xmp`, ({extension}) =>
      extension === undefined ? !OWN_XMP.has(kind) : extension === kind,
    );
  }

  async #newestSidecar(
    path: string,
    wanted: string,
    isIts: (facts: XmpRating) => boolean,
  ): Promise<Reading | undefined> {
    const folder = dirname(path);
    const names = (await this.#list(folder)).get(wanted.toLowerCase()) ?? [];
    const readings: Reading[] = [];
    for (const name of names) {
      const facts = await this.#sidecar(join(folder, name));
      if (facts?.rating !== undefined && isIts(facts))
        readings.push({rating: facts.rating, mtimeNs: facts.mtimeNs});
    }
    return sortNewest(readings)[0];
  }

  async #ofSidecar(path: string): Promise<Reading | undefined> {
    const facts = await this.#sidecar(path);
    return facts?.rating === undefined ? undefined : {rating: facts.rating, mtimeNs: facts.mtimeNs};
  }

  #sidecar(path: string) {
    const known = this.#sidecars.get(path);
    if (known !== undefined) return known;
    const read = this.#orNothing(async () => {
      const {kind, size, mtimeNs} = await this.#files.look(path);
      if (kind !== 'file' || size > LONGEST_SIDECAR) return undefined;
      const text = (await this.#readBytes(path, 0, size)).toString('utf8');
      return {...readXmpRating(text), mtimeNs};
    });
    this.#sidecars.set(path, read);
    return read;
  }

  #inside(path: string, kind: string): Promise<Reading | undefined> {
    return this.#orNothing(async () => {
      const facts = await this.#files.look(path);
      if (facts.kind !== 'file') return undefined;
      const {size, mtimeNs} = facts;
      const head = (await this.#readBytes(path, 0, Math.min(size, HEAD))).toString('latin1');
      let rating = findEmbeddedRating(head);
      if (rating === undefined && size > HEAD && OWN_XMP.has(kind)) {
        const from = Math.max(HEAD, size - HEAD);
        rating = findEmbeddedRating(
          (await this.#readBytes(path, from, size - from)).toString('latin1'),
        );
      }
      return rating === undefined ? undefined : {rating, mtimeNs};
    });
  }

  async #readBytes(path: string, from: number, length: number): Promise<Buffer> {
    const file = await this.#files.openToRead(path, {direct: false});
    try {
      const bytes = Buffer.alloc(length);
      let filled = 0;
      while (filled < length) {
        const read = await file.read(bytes.subarray(filled), length - filled, from + filled);
        if (read === 0) break;
        filled += read;
      }
      return bytes.subarray(0, filled);
    } finally {
      await file.close();
    }
  }

  /** Names by their small letters. */
  #list(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const known = this.#listings.get(folder);
    if (known !== undefined) return known;
    const listed = this.#orNothing(() => this.#files.list(folder)).then((names) => {
      const byFold = new Map<string, string[]>();
      for (const name of names ?? []) {
        if (!name.toLowerCase().endsWith('.xmp')) continue;
        byFold.set(name.toLowerCase(), [...(byFold.get(name.toLowerCase()) ?? []), name]);
      }
      return byFold;
    });
    this.#listings.set(folder, listed);
    return listed;
  }

  /** What cannot be read says nothing. */
  async #orNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return undefined;
    }
  }
}

const sortNewest = (readings: readonly Reading[]): readonly Reading[] =>
  [...readings].sort((a, b) => (a.mtimeNs < b.mtimeNs ? 1 : a.mtimeNs > b.mtimeNs ? -1 : 0));

const newest = (readings: readonly Reading[]): number | undefined =>
  sortNewest(readings)[0]?.rating;
