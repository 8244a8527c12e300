import type {XmpFacts} from '../../core/selection/read-xmp.ts';
import type {Files} from '../files.ts';
import {askForXmp, PICTURES_AT_ONCE, type PictureFile} from './read-embedded.ts';

/** ms for which a question waits for others to go with it. */
const WAIT_MS = 20;
/** Pictures that may each be too much for exiftool before nothing more is asked: each costs the time limit of a question. */
const MOST_FAILURES = 3;

interface Waiting {
  readonly picture: PictureFile;
  readonly resolve: (facts: XmpFacts | undefined) => void;
}

/** Puts pictures that are asked for at about the same time into one question to exiftool. */
export class XmpAsker {
  readonly #files: Files;
  readonly #onTrouble: (reason: unknown) => void;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;

  /** @param onTrouble told once, when exiftool is not there or gave up. */
  constructor(files: Files, onTrouble: (reason: unknown) => void) {
    this.#files = files;
    this.#onTrouble = onTrouble;
  }

  /** @returns undefined when exiftool does not say; never rejects. */
  ask(picture: PictureFile): Promise<XmpFacts | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push({picture, resolve});
      if (this.#waiting.length >= PICTURES_AT_ONCE) void this.#flush();
      else this.#timer ??= setTimeout(() => void this.#flush(), WAIT_MS);
    });
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const asked = this.#waiting;
    this.#waiting = [];
    const answers = await this.#askAll(asked.map(({picture}) => picture));
    for (const [at, {resolve}] of asked.entries()) resolve(answers[at]);
  }

  /** When one question fails, each picture is asked for alone: one of them may have been too much. */
  async #askAll(pictures: readonly PictureFile[]): Promise<readonly (XmpFacts | undefined)[]> {
    try {
      if (this.#failures < MOST_FAILURES) return await askForXmp(this.#files, pictures);
    } catch {
      return await this.#askEach(pictures);
    }
    return [];
  }

  async #askEach(pictures: readonly PictureFile[]): Promise<readonly (XmpFacts | undefined)[]> {
    const answers: (XmpFacts | undefined)[] = [];
    for (const picture of pictures) {
      if (this.#failures >= MOST_FAILURES) break;
      try {
        answers.push((await askForXmp(this.#files, [picture]))[0]);
      } catch (error) {
        answers.push(undefined);
        this.#failures += 1;
        if (this.#failures === MOST_FAILURES) this.#onTrouble(error);
      }
    }
    return answers;
  }
}
