/** What sidecars and pictures on connected drives say that a rule can ask for. A hint: nothing is proved with it. */
import {basename, dirname, join} from 'node:path';
import {errnoOf} from '../../core/cause.ts';
import {findXmp} from '../../core/selection/find-xmp.ts';
import {judgePicture} from '../../core/selection/judge-picture.ts';
import {
  FACT_NAMES,
  fillFacts,
  NO_FACTS,
  type PictureFacts,
} from '../../core/selection/picture-facts.ts';
import {hasOwnXmp} from '../../core/selection/picture-kinds.ts';
import {readXmp, type XmpFacts} from '../../core/selection/read-xmp.ts';
import type {Rule} from '../../core/selection/rule.ts';
import {allOf, type Truth} from '../../core/selection/truth.ts';
import {splitName} from '../../core/split-name.ts';
import {kindOf} from '../../core/survey/file-kind.ts';
import type {Program} from '../program.ts';
import type {Wanted} from './place-files.ts';

/** Bytes. Sidecars with masks have some megabytes; XMP lies near the start of a picture, or at its end where a program has moved it. */
const LONGEST_SIDECAR = 16 * 1024 * 1024;
const HEAD = 512 * 1024;

interface Reading {
  readonly facts: PictureFacts;
  /** ns since 1970: of two drives the newer one counts. */
  readonly mtimeNs: bigint;
}

/** Asks what is known of many files; each folder is listed once, and each sidecar read once. */
export class PictureJudge {
  readonly #files: Program['files'];
  readonly #rules: readonly Rule[];
  readonly #listings = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();
  readonly #sidecars = new Map<string, Promise<(XmpFacts & {mtimeNs: bigint}) | undefined>>();

  /** @param rules all must hold. */
  constructor(files: Program['files'], rules: readonly Rule[]) {
    this.#files = files;
    this.#rules = rules;
  }

  /** For kinds in which programs write metadata into the picture itself that comes first; for the others a sidecar is newer than the picture. */
  async judge({file, places}: Wanted): Promise<Truth> {
    const paths = places.map(({path}) => path);
    if (kindOf(file.path) === 'XMP')
      return this.#ask(merge(await this.#each(paths, (path) => this.#ofSidecar(path))));
    const besides = () => this.#each(paths, (path) => this.#besides(path));
    const inside = () => this.#each(paths, (path) => this.#inside(path));
    const [first, second] = hasOwnXmp(file.path) ? [inside, besides] : [besides, inside];
    const facts = merge(await first());
    const truth = this.#ask(facts);
    if (truth !== 'unknown') return truth;
    return this.#ask(fillFacts(facts, merge(await second())));
  }

  #ask(facts: PictureFacts): Truth {
    return allOf(this.#rules.map((rule) => judgePicture(rule, facts)));
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
      extension === undefined ? !hasOwnXmp(name) : extension === kind,
    );
  }

  async #newestSidecar(
    path: string,
    wanted: string,
    isIts: (facts: XmpFacts) => boolean,
  ): Promise<Reading | undefined> {
    const folder = dirname(path);
    const names = (await this.#list(folder)).get(wanted.toLowerCase()) ?? [];
    const readings: Reading[] = [];
    for (const name of names) {
      const facts = await this.#sidecar(join(folder, name));
      if (facts !== undefined && saysSomething(facts) && isIts(facts))
        readings.push({facts, mtimeNs: facts.mtimeNs});
    }
    return sortNewest(readings)[0];
  }

  async #ofSidecar(path: string): Promise<Reading | undefined> {
    const facts = await this.#sidecar(path);
    return facts === undefined ? undefined : {facts, mtimeNs: facts.mtimeNs};
  }

  #sidecar(path: string) {
    const known = this.#sidecars.get(path);
    if (known !== undefined) return known;
    const read = this.#orNothing(async () => {
      const {kind, size, mtimeNs} = await this.#files.look(path);
      if (kind !== 'file' || size > LONGEST_SIDECAR) return undefined;
      const text = (await this.#readBytes(path, 0, size)).toString('utf8');
      return {...readXmp(text), mtimeNs};
    });
    this.#sidecars.set(path, read);
    return read;
  }

  #inside(path: string): Promise<Reading | undefined> {
    return this.#orNothing(async () => {
      const {kind, size, mtimeNs} = await this.#files.look(path);
      if (kind !== 'file') return undefined;
      const head = await this.#readBytes(path, 0, Math.min(size, HEAD));
      let facts = factsIn(head);
      if (facts.rating === undefined && size > HEAD && hasOwnXmp(path)) {
        const from = Math.max(HEAD, size - HEAD);
        facts = fillFacts(facts, factsIn(await this.#readBytes(path, from, size - from)));
      }
      return {facts, mtimeNs};
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

const saysSomething = (facts: PictureFacts): boolean =>
  FACT_NAMES.some((name) => facts[name] !== undefined);

/** Of several packets the first that says something counts for that. */
function factsIn(bytes: Buffer): PictureFacts {
  let facts = NO_FACTS;
  for (const one of findXmp(bytes.toString('latin1'))) facts = fillFacts(facts, one);
  return facts;
}

const sortNewest = (readings: readonly Reading[]): readonly Reading[] =>
  [...readings].sort((a, b) => (a.mtimeNs < b.mtimeNs ? 1 : a.mtimeNs > b.mtimeNs ? -1 : 0));

const merge = (readings: readonly Reading[]): PictureFacts =>
  sortNewest(readings).reduce((facts, one) => fillFacts(facts, one.facts), NO_FACTS);
