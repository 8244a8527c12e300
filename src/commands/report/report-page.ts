import {dirname, join} from 'node:path';
import {type Cause, causeFrom, errnoOf} from '../../core/cause.ts';
import type {Files, OpenedFile} from '../../system/files.ts';
import {writeWhole} from '../../system/read-text.ts';

/** Bytes that are written at a time. */
const CHUNK = 1024 * 1024;

interface Page {
  readonly path: string;
  readonly temporary: string;
  readonly file: OpenedFile;
  position: number;
}

interface PagePlaces {
  readonly files: Files;
  /** Where it is to lie in the end, absolute. */
  readonly paths: readonly string[];
  /** A word that no other running program uses, for the temporary names. */
  readonly token: string;
  /** Gives a flushed file its name. */
  readonly publish: (temporary: string, path: string) => Promise<string>;
  /** Told of each place that fails; the others go on. */
  readonly onFailed: (cause: Cause) => void;
}

/** One text that grows at several places at the same time, under temporary names until it is whole. */
export class ReportPage {
  readonly #places: PagePlaces;
  readonly #pages: Page[] = [];
  #waiting: string[] = [];
  #waitingLength = 0;

  constructor(places: PagePlaces) {
    this.#places = places;
  }

  /** Begins at every place that lets it. */
  async open(): Promise<void> {
    const {files, paths, token} = this.#places;
    for (const path of paths) {
      const temporary = join(dirname(path), `.offload-${token}.part`);
      try {
        const file = await files.createFile(temporary, {direct: false});
        this.#pages.push({path, temporary, file, position: 0});
      } catch (error) {
        this.#places.onFailed(causeFrom(error, 'beginning the report', path));
      }
    }
  }

  /** False when no place is left. */
  get isOpen(): boolean {
    return this.#pages.length > 0;
  }

  async write(text: string): Promise<void> {
    this.#waiting.push(text);
    this.#waitingLength += text.length;
    if (this.#waitingLength >= CHUNK) await this.#writeWaiting();
  }

  async #writeWaiting(): Promise<void> {
    // A surrogate that stands alone was made printable before.
    const bytes = Buffer.from(this.#waiting.join(''), 'utf8');
    this.#waiting = [];
    this.#waitingLength = 0;
    await this.#eachPage('writing the report', async (page) => {
      await writeWhole(page.file, bytes, page.position);
      page.position += bytes.length;
    });
  }

  /** Flushes it and gives it its name. @returns where it lies. */
  async publish(): Promise<readonly string[]> {
    const {files, publish} = this.#places;
    await this.#writeWaiting();
    await this.#eachPage('flushing the report', ({file}) => file.sync());
    const published: string[] = [];
    await this.#eachPage('naming the report', async ({file, temporary, path}) => {
      await file.close();
      published.push(await publish(temporary, path));
      await files.syncFolder(dirname(path));
    });
    this.#pages.length = 0;
    return published;
  }

  /** Removes what was begun. */
  async discard(): Promise<void> {
    for (const page of this.#pages.splice(0)) await this.#drop(page);
  }

  async #eachPage(doing: string, work: (page: Page) => Promise<void>): Promise<void> {
    for (const page of [...this.#pages]) {
      try {
        await work(page);
      } catch (error) {
        this.#pages.splice(this.#pages.indexOf(page), 1);
        await this.#drop(page);
        this.#places.onFailed(causeFrom(error, doing, page.path));
      }
    }
  }

  async #drop({file, temporary}: Page): Promise<void> {
    for (const step of [() => file.close(), () => this.#places.files.removeFile(temporary)]) {
      try {
        await step();
      } catch (error) {
        // The drive is gone, or it was closed before: what led here is told already.
        if (errnoOf(error) === undefined) throw error;
      }
    }
  }
}
