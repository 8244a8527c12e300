/** Asks exiftool what pictures and films say of their taking: heads are read here, many go into one question, and the next ones are read while it answers. */

import {readJpegTags} from '../core/photo/jpeg-facts.ts';
import type {PhotoDetail, PhotoFacts} from '../core/photo/photo-facts.ts';
import {FACT_TAGS, readFacts} from '../core/photo/read-facts.ts';
import {formOf} from '../core/survey/file-kind.ts';
import {askExiftoolAll, type Head, holdExiftool, MOST_PROCESSES, type Tags} from './exiftool.ts';
import type {Files} from './files.ts';
import {looksLikeFilm, readFilmHead} from './film-head.ts';
import {readHead} from './read-head.ts';

export interface FactsRequest {
  /** Absolute. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly mtimeNs: bigint;
}

export interface FactsOptions {
  readonly signal: AbortSignal;
  /** IANA name of the zone in which the times of films are told that are UTC. */
  readonly timeZone: string;
  /** What is to be known beside dates and the camera's name: only where it is missing the maker's own notes are looked into. All of it when it is left out. */
  readonly details?: readonly PhotoDetail[];
  /** Told once when exiftool is not there, died, or was stopped because the files were too much for it. */
  readonly onTrouble?: (reason: unknown) => void;
}

export interface PhotoFactsReader {
  /** Gives the facts of each file, in the order of the requests; undefined where it says nothing. Never rejects; ends early when it is aborted. */
  readAll(
    files: Files,
    requests: readonly FactsRequest[],
    options: FactsOptions,
  ): AsyncIterable<{readonly path: string; readonly facts: PhotoFacts | undefined}>;
}

/** Bytes. A JPEG has its EXIF in the first segment, which holds no more (64 KiB, EXIF 2.32, 4.5.4); of 60 kinds of camera files none needed more for its date. */
const HEAD_BYTES = 68 * 1024;
/** For those that say no date in the small head: raw files with a large preview in front, HEIF with its metadata behind. */
const LARGE_HEAD_BYTES = 1024 * 1024;
/** Canon's first raw files have their directory at the end (CIFF). None was larger. */
const MOST_OF_CRW = 16 * LARGE_HEAD_BYTES;
/** Heads in one question. */
const BATCH = 50;
/** Questions under way: one for each process, and one that is being read. */
const QUESTIONS_AT_ONCE = MOST_PROCESSES + 1;
/** Reads of the card under way: it is to be read in its order. */
const READS_AT_ONCE = 4;
/** Heads that may each be too much for exiftool before nothing more is asked: each costs the time limit of a question. */
const MOST_FAILURES = 5;

const ALL_DETAILS: readonly PhotoDetail[] = ['serial', 'lens'];

/** Reads facts with exiftool. */
export const exifFacts: PhotoFactsReader = {
  async *readAll(files, requests, options) {
    const asking = new Asking(files, options);
    const batches = [];
    for (let at = 0; at < requests.length; at += BATCH) {
      batches.push(requests.slice(at, at + BATCH));
    }
    const underWay: Promise<readonly (PhotoFacts | undefined)[]>[] = [];
    const hold = holdUntil();
    // Every batch resolves: nothing is left that could be an unhandled rejection.
    const held = holdExiftool(() => hold.promise);
    try {
      let begun = 0;
      for (const batch of batches) {
        while (begun < batches.length && underWay.length < QUESTIONS_AT_ONCE) {
          underWay.push(asking.askAll(batches[begun] ?? []));
          begun += 1;
        }
        const found = await underWay.shift();
        if (options.signal.aborted) return;
        for (const [index, {path}] of batch.entries()) yield {path, facts: found?.[index]};
      }
    } finally {
      await Promise.all(underWay);
      hold.release();
      await held;
    }
  },
};

function holdUntil(): {promise: Promise<void>; release: () => void} {
  let release: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {promise, release};
}

/** One pass over the files of one card. */
class Asking {
  readonly #files: Files;
  readonly #options: FactsOptions;
  #failures = 0;
  /** One question's heads are read at a time, so that the card is read in its order. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(files: Files, options: FactsOptions) {
    this.#files = files;
    this.#options = options;
  }

  async askAll(batch: readonly FactsRequest[]): Promise<readonly (PhotoFacts | undefined)[]> {
    const small = await this.#ask(batch, HEAD_BYTES, this.#details.length > 0);
    const late = batch.filter((request, index) => mayHaveMore(request, small[index]));
    if (late.length === 0) return small;
    const large = new Map<string, PhotoFacts | undefined>();
    // Sixteen large heads are 16 MiB, which is memory enough.
    for (let at = 0; at < late.length; at += 16) {
      const part = late.slice(at, at + 16);
      const found = await this.#ask(part, LARGE_HEAD_BYTES, true);
      for (const [index, {path}] of part.entries()) large.set(path, found[index]);
    }
    return batch.map(({path}, index) => large.get(path) ?? small[index]);
  }

  get #details(): readonly PhotoDetail[] {
    return this.#options.details ?? ALL_DETAILS;
  }

  get #isOver(): boolean {
    return this.#options.signal.aborted || this.#failures >= MOST_FAILURES;
  }

  async #ask(
    batch: readonly FactsRequest[],
    bytes: number,
    details: boolean,
  ): Promise<readonly (PhotoFacts | undefined)[]> {
    const reading = this.#reading.then(() => this.#readHeads(batch, bytes));
    this.#reading = reading;
    const heads = await reading;
    const plain = new Map<Head, PhotoFacts>();
    const open: Head[] = [];
    for (const head of heads) {
      if (head === undefined) continue;
      const facts = this.#readPlainly(head);
      // Better than nothing where exiftool cannot be asked.
      if (facts !== undefined) plain.set(head, facts);
      if (!this.#isEnough(facts)) open.push(head);
    }
    const answers = await this.#askHeads(open, optionsOf(details));
    return heads.map((head) => {
      const tags = head === undefined ? undefined : answers.get(head);
      if (head === undefined || tags === undefined) return head && plain.get(head);
      return this.#toFacts(tags, head.path);
    });
  }

  #toFacts(tags: Tags, path: string): PhotoFacts | undefined {
    const {timeZone} = this.#options;
    return readFacts(tags, {timeZone, isFilm: formOf(path) === 'film'});
  }

  /** @returns what a JPEG says plainly; undefined for whatever only exiftool can read. */
  #readPlainly({bytes, path}: Head): PhotoFacts | undefined {
    const tags = formOf(path) === 'jpeg' ? readJpegTags(bytes) : undefined;
    return tags && this.#toFacts(tags, path);
  }

  #isEnough(facts: PhotoFacts | undefined): boolean {
    if (facts?.takenAt === undefined || facts.model === '') return false;
    return this.#details.every((detail) => facts[detail] !== '');
  }

  async #askHeads(
    heads: readonly Head[],
    options: readonly string[],
  ): Promise<ReadonlyMap<Head, Tags>> {
    const answers = new Map<Head, Tags>();
    const ask = async (some: readonly Head[]) => {
      const found = await askExiftoolAll(some, options);
      for (const [index, head] of some.entries()) {
        const tags = found[index];
        if (tags !== undefined) answers.set(head, tags);
      }
    };
    if (this.#isOver || heads.length === 0) return answers;
    try {
      await ask(heads);
    } catch {
      // One of them was too much: each for itself, until it is clear that it is not the heads.
      for (const head of heads) {
        if (this.#isOver) break;
        try {
          await ask([head]);
        } catch (error) {
          this.#failures += 1;
          if (this.#failures === MOST_FAILURES) this.#options.onTrouble?.(error);
        }
      }
    }
    return answers;
  }

  /** @returns the heads in the order of the batch; undefined for what is empty or cannot be read. */
  async #readHeads(
    batch: readonly FactsRequest[],
    bytes: number,
  ): Promise<readonly (Head | undefined)[]> {
    const heads: (Head | undefined)[] = batch.map(() => undefined);
    let next = 0;
    const work = async () => {
      for (let index = next++; index < batch.length; index = next++) {
        const request = batch[index];
        if (request === undefined || request.size === 0 || this.#isOver) continue;
        heads[index] = await this.#readOne(request, bytes);
      }
    };
    await Promise.all(Array.from({length: READS_AT_ONCE}, work));
    return heads;
  }

  async #readOne({path, size}: FactsRequest, bytes: number): Promise<Head | undefined> {
    try {
      const whole = /\.crw$/i.test(path) && size <= MOST_OF_CRW ? size : bytes;
      const head = await readHead(this.#files, path, Math.min(size, whole));
      if (formOf(path) !== 'film' || !looksLikeFilm(head)) return {bytes: head, path};
      const file = await this.#files.openToRead(path, {direct: false});
      try {
        return {bytes: (await readFilmHead(file, size)) ?? head, path};
      } finally {
        await file.close();
      }
    } catch {
      // The copying will tell of it; here it only says nothing.
      return undefined;
    }
  }
}

/** A film's metadata were found wherever they lie; sidecars and the like are small. */
function mayHaveMore({path, size}: FactsRequest, facts: PhotoFacts | undefined): boolean {
  return facts?.takenAt === undefined && size > HEAD_BYTES && formOf(path) !== undefined;
}

/** `-fast2` leaves out the maker's notes (exiftool's documentation), and with them the EXIF of some HEIF. */
const optionsOf = (details: boolean): readonly string[] => [
  details ? '-fast' : '-fast2',
  ...FACT_TAGS.map((tag) => `-${tag}`),
];
