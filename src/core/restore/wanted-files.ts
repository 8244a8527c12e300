import {type KnownDrive, type KnownFile, keyOf} from './known-file.ts';
import {isMeant, type Meaning, type Question} from './question.ts';

/** A copy that may be read now. @typeParam P what the reader needs to know of its place. */
export interface WantedFile<P> {
  readonly file: KnownFile;
  /** On connected drives, in the order in which they were found. */
  readonly places: readonly P[];
  /** All drives that it was proved on, by volume. */
  readonly drives: ReadonlyMap<string, KnownDrive>;
  /** Of a version that no record knows: until when it was the current one, ISO 8601; null: it still is. */
  readonly version?: {readonly until: string | null};
}

export interface Chosen<P> {
  readonly files: readonly WantedFile<P>[];
  /** What each question was taken for; undefined when it means nothing that is known. */
  readonly answers: readonly {readonly question: Question; readonly meaning: Meaning | undefined}[];
}

interface Collected<P> {
  readonly file: KnownFile;
  readonly places: P[];
  readonly drives: Map<string, KnownDrive>;
}

/** Collects what is asked for from one record after the other; of the rest nothing is kept. */
export class WantedFiles<P> {
  readonly #questions: readonly Question[];
  readonly #files = new Map<string, Collected<P>>();
  /** Keys of the files under each meaning of each question. */
  readonly #meant: readonly ReadonlyMap<Meaning, Set<string>>[];

  /** @param questions none: everything is wanted. */
  constructor(questions: readonly Question[]) {
    this.#questions = questions;
    this.#meant = questions.map(
      ({meanings}) => new Map(meanings.map((meaning) => [meaning, new Set<string>()])),
    );
  }

  /** Places of all files that were heard of, with their shoots: `2026-11-24/EOS/DCIM/…`. */
  get targets(): ReadonlySet<string> {
    return new Set(
      [...this.#files.values()].map(({file: {shoot, target}}) => `${shoot}/${target}`),
    );
  }

  /** True when any question could mean the file. */
  wants(file: KnownFile): boolean {
    const {length} = this.#questions;
    return length === 0 || this.#questions.some((one) => findMeanings(file, one).length > 0);
  }

  add(file: KnownFile, drives: readonly KnownDrive[], places: readonly P[]): void {
    if (!this.wants(file)) return;
    const key = keyOf(file);
    const known: Collected<P> = this.#files.get(key) ?? {file, places: [], drives: new Map()};
    this.#files.set(key, known);
    known.places.push(...places);
    for (const drive of drives) {
      const before = known.drives.get(drive.volume);
      if (before === undefined || before.seenAt < drive.seenAt)
        known.drives.set(drive.volume, drive);
    }
    for (const [index, question] of this.#questions.entries()) {
      for (const meaning of findMeanings(file, question))
        this.#meant[index]?.get(meaning)?.add(key);
    }
  }

  /** @returns what is meant, each file once, in the order of shoots and targets: the same files give the same order on every day. */
  choose(): Chosen<P> {
    const keys = new Set<string>(this.#questions.length === 0 ? this.#files.keys() : []);
    const answers = this.#questions.map((question, index) => {
      const meant = this.#meant[index];
      const meaning = question.meanings.find((one) => (meant?.get(one)?.size ?? 0) > 0);
      const found = meaning === undefined ? [] : [...(meant?.get(meaning) ?? [])].sort();
      // The same bytes in two shoots are one file to who asks for the bytes; the place that can be read now is the better one.
      const one = found.find((key) => (this.#files.get(key)?.places.length ?? 0) > 0) ?? found[0];
      for (const key of meaning === 'hash' && one !== undefined ? [one] : found) keys.add(key);
      return {question, meaning};
    });
    const files = [...keys].sort().flatMap((key) => this.#files.get(key) ?? []);
    return {files, answers};
  }
}

const findMeanings = (file: KnownFile, question: Question): readonly Meaning[] =>
  question.meanings.filter((meaning) => isMeant(file, question, meaning));
