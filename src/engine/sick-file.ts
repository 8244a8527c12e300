import type {Cause, Result} from '../core/cause.ts';
import {formatCount} from '../core/format-amounts.ts';
import {countMissing, type MissingRange} from '../core/rescue-map.ts';
import {type Fight, fightForBlock} from './fight-for-block.ts';
import type {BlockSource} from './pump-blocks.ts';

const SALVAGE_ADVICE = 'With --salvage its readable parts are kept.';

/** How the next block is read: with all means, with one try, or not at all. */
type Manner = 'fight' | 'skim' | 'leave';

/**
 * A file of the card that gave a read error, read front to back once more with all means. What cannot be had ends the reading, or is filled with zeros and noted when the readable
 * parts are wanted.
 */
export class SickFile implements BlockSource {
  /** The read that made it sick is the first that is tried again. */
  retries = 1;
  /** Bytes that were read. */
  had = 0;
  readonly #fight: Fight;
  readonly #keepsParts: boolean;
  readonly #missing: MissingRange[] = [];
  #manner: Manner = 'fight';
  /** The first read error. */
  #cause: Cause | undefined;
  /** Why nothing more can be had. */
  #end: Cause | undefined;

  /** @param keepsParts true when what can be read is wanted without the rest. */
  constructor(fight: Fight, keepsParts: boolean) {
    this.#fight = fight;
    this.#keepsParts = keepsParts;
  }

  get file() {
    return this.#fight.reader.file;
  }

  /** In ascending order. */
  get missing(): readonly MissingRange[] {
    return this.#missing;
  }

  /** @returns bytes in the block, or why they are not all to be had. */
  async read(block: Buffer, position: number): Promise<Result<number>> {
    const size = Math.min(block.length, this.file.size - position);
    const missing = await this.#take(block, {position, size});
    this.had += size - countMissing(missing);
    this.#missing.push(...missing);
    if (missing.length === 0) return {ok: true, value: size};
    const isHopeless = this.#manner === 'leave' && this.had === 0;
    if (!this.#keepsParts || this.#isChanged || isHopeless) {
      return {ok: false, cause: this.describe()};
    }
    for (const part of missing) {
      const from = part.position - position;
      block.fill(0, from, from + part.size);
    }
    return {ok: true, value: size};
  }

  async #take(
    block: Buffer,
    {position, size}: {position: number; size: number},
  ): Promise<readonly MissingRange[]> {
    if (this.#manner === 'leave') return [{position, size, status: '?'}];
    const once = this.#manner === 'skim';
    const result = await fightForBlock(this.#fight, block, {position, size, once});
    this.retries += result.gains;
    if (result.end === undefined) this.#cause ??= result.cause;
    else this.#end = result.end;
    this.#manner = this.#chooseManner(result);
    return result.missing.map(({from, to, status}) => ({
      position: position + from,
      size: to - from,
      status,
    }));
  }

  #chooseManner({end, missing}: {end: Cause | undefined; missing: readonly unknown[]}): Manner {
    const {limits} = this.#fight;
    if (end !== undefined) return 'leave';
    if (this.#manner === 'skim') {
      if (limits.isSkimmed) return 'leave';
      // The bad place lies behind: the next one is fought for again.
      return missing.length === 0 && !limits.isUsedUp ? 'fight' : 'skim';
    }
    if (missing.length === 0 || !limits.isOver) return 'fight';
    limits.turnToSkimming();
    return limits.isSkimmed ? 'leave' : 'skim';
  }

  get #isChanged(): boolean {
    return this.#end?.code === 'changed-while-read';
  }

  /** Why the file is not whole, with how much is missing as far as that is known. */
  describe(): Cause {
    const {path, size} = this.file;
    const cause = this.#end ?? this.#cause;
    const [first] = this.#missing;
    if (cause === undefined || first === undefined)
      throw new Error(`${path} is said to miss something and is whole`);
    if (this.#isChanged) return cause;
    const least = this.#keepsParts ? '' : 'at least ';
    const amount = `${least}${formatCount(countMissing(this.#missing))} of its ${formatCount(size)} bytes cannot be read`;
    const why =
      this.#end === undefined
        ? `reading it from the card at byte ${first.position} failed (${cause.code}), however often it was tried`
        : cause.message;
    const next = this.#keepsParts ? cause.next : `${cause.next} ${SALVAGE_ADVICE}`;
    return {code: cause.code, path, message: `${why}: ${amount}`, next};
  }

  /** That a card with a hole cannot be asked is no objection to the parts that were read; that the file is another one now is. */
  async finish(): Promise<Cause | undefined> {
    const cause = await this.#fight.reader.finish();
    const isPart = this.#missing.length > 0;
    return isPart && cause?.code !== 'changed-while-read' ? undefined : cause;
  }
}
