import type {CardFile} from '../card.ts';
import {cameraOrderKey} from './camera-order.ts';
import {formOf, isInDcim, isPicture} from './file-kind.ts';

/** The first and the last files that may say when and by what they were taken. */
export interface CardEnds {
  /** First taken first. */
  readonly first: readonly CardFile[];
  /** Last taken first. */
  readonly last: readonly CardFile[];
}

/**
 * Finds the ends of a card in camera order: pictures of the camera's own folder, or else pictures from anywhere, or else films. Takes one file after
 * the other, because a card may hold a hundred thousand of them.
 */
export class EndFinder {
  readonly #ofCamera: Ends;
  readonly #elsewhere: Ends;
  readonly #films: Ends;

  /** @param count files that are wanted from each end. */
  constructor(count: number) {
    this.#ofCamera = new Ends(count);
    this.#elsewhere = new Ends(count);
    this.#films = new Ends(count);
  }

  add(file: CardFile): void {
    if (file.size === 0) return;
    if (isPicture(file.path)) {
      (isInDcim(file.path) ? this.#ofCamera : this.#elsewhere).add(file);
    } else if (formOf(file.path) === 'film') {
      this.#films.add(file);
    }
  }

  /** @returns empty lists where there is neither a picture nor a film. */
  find(): CardEnds {
    const found = [this.#ofCamera, this.#elsewhere].find((ends) => !ends.isEmpty) ?? this.#films;
    return found.list();
  }
}

interface Keyed {
  readonly file: CardFile;
  readonly key: string;
}

class Ends {
  readonly #count: number;
  readonly #first: Keyed[] = [];
  readonly #last: Keyed[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  get isEmpty(): boolean {
    return this.#first.length === 0;
  }

  add(file: CardFile): void {
    const one = {file, key: cameraOrderKey(file.path)};
    this.#insert(this.#first, one, (a, b) => a < b);
    this.#insert(this.#last, one, (a, b) => a > b);
  }

  list(): CardEnds {
    return {
      first: this.#first.map(({file}) => file),
      last: this.#last.map(({file}) => file),
    };
  }

  #insert(into: Keyed[], one: Keyed, comesBefore: (a: string, b: string) => boolean): void {
    const place = into.findIndex(({key}) => comesBefore(one.key, key));
    if (place === -1 && into.length === this.#count) return;
    into.splice(place === -1 ? into.length : place, 0, one);
    if (into.length > this.#count) into.pop();
  }
}
