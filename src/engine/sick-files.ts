import type {CardFile, CardPath} from '../core/card.ts';
import type {Cause} from '../core/cause.ts';
import type {FileSalvaged} from '../core/events.ts';
import type {CopyRun} from './copy-run.ts';
import {type FightOutcome, fightForFile, type ReadableParts} from './fight-for-file.ts';
import {Patience} from './fight-limits.ts';
import {type ReadOutcome, readAndWrite, type WriteStep} from './offload-file.ts';
import {salvageFile} from './salvage-file.ts';

/** One reading of a file of the card. */
interface Asked {
  /** Destinations where only the readable parts may be wanted: a file of the same size stands there. */
  readonly partsOnly: readonly WriteStep[];
  readonly temporaryName: (target: string) => string;
  readonly stop: AbortSignal;
}

interface PutAside {
  readonly file: CardFile;
  /** Does all that is to be done with the file once more. */
  readonly readAgain: () => Promise<void>;
}

/** The files of one card that gave read errors: put aside at first, so that a card that is about to die gives the healthy ones before, and fought for at the end. */
export class SickFiles {
  /** Readable parts that were kept. */
  readonly salvaged: FileSalvaged[] = [];
  readonly #run: CopyRun;
  #waiting: PutAside[] = [];
  /** What these do not give now has failed. */
  readonly #fought = new Set<CardPath>();
  readonly #patience = new Patience();

  constructor(run: CopyRun) {
    this.#run = run;
  }

  get areWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  isWaiting(file: CardFile): boolean {
    return this.#waiting.some((one) => one.file === file);
  }

  putAside(file: CardFile, cause: Cause, readAgain: () => Promise<void>): void {
    this.#waiting.push({file, readAgain});
    const message = `${cause.message}; it is tried again when all other files are done`;
    this.#run.emit({type: 'noticed', level: 'warning', ...cause, message, next: LEAVE_CARD});
  }

  /** Has all that waits now read again, one file at a time and in the card's order: a sick card is not to jump between them. */
  async fight(stop: AbortSignal, readAll: (again: PutAside['readAgain']) => Promise<void>) {
    const places = new Map(this.#run.plan.map(({file}, index) => [file, index]));
    const placeOf = ({file}: PutAside) => places.get(file) ?? 0;
    const waiting = this.#waiting.toSorted((a, b) => placeOf(a) - placeOf(b));
    this.#waiting = [];
    this.#run.emit({type: 'noticed', level: 'info', ...announceFight(waiting.length)});
    for (const {file, readAgain} of waiting) {
      if (stop.aborted) return;
      this.#fought.add(file.path);
      await readAll(readAgain);
    }
  }

  /** Reads a file of the card and writes it: in one go, or with all means when it was put aside before. */
  read(
    file: CardFile,
    steps: readonly WriteStep[],
    asked: Asked,
  ): Promise<ReadOutcome | FightOutcome> {
    if (!this.#fought.has(file.path)) return readAndWrite(this.#run, file, steps, asked);
    return fightForFile(this.#run, file, steps, {...asked, patience: this.#patience});
  }

  /** Names the readable parts of a file that failed. They count as nothing. */
  async keepParts(
    file: CardFile,
    parts: ReadableParts | undefined,
    temporaryName: (target: string) => string,
  ): Promise<void> {
    if (parts === undefined) return;
    // That the file failed is told before that something of it is kept.
    await this.#run.journal.settle();
    const kept = await salvageFile(this.#run, file, parts, temporaryName);
    this.salvaged.push(...kept);
    for (const event of kept) this.#run.emit(event);
  }
}

const LEAVE_CARD = 'Leave the card in.';

const announceFight = (count: number): Cause => ({
  code: 'reading-again',
  message: `${count === 1 ? '1 file' : `${count} files`} gave read errors: the bad places are read again in small pieces`,
  next: `${LEAVE_CARD} A file that gives nothing for five minutes is given up.`,
});
