/**
 * One block of a file that gave a read error: read in halves down to the logical block, then what is left again and again with growing pauses. Large pieces come before
 * small ones, and every piece has its first try before one has its second: what a dying card still gives easily is taken first.
 */
import type {Cause} from '../core/cause.ts';
import type {MissingStatus} from '../core/rescue-map.ts';
import {ALIGNMENT} from '../system/block-pool.ts';
import type {Clock} from '../system/clock.ts';
import type {CardReader, Piece} from './card-reader.ts';
import type {FightLimits} from './fight-limits.ts';
import {isReadError} from './read-errors.ts';

/** The logical block of nearly all cards, in bytes; larger ones are multiples of it. */
const SECTOR = 512;
/** Of each smallest piece: more hardly ever helps, and one may keep a card busy for a second. */
const TRIES = 8;
/** Before the second, the third and every further try of what is left, in ms: a card that resets itself needs a moment. */
const PAUSES_MS = [100, 500, 2000];
const LONGEST_PAUSE_MS = 2000;

export interface Fight {
  readonly reader: CardReader;
  readonly clock: Clock;
  readonly limits: FightLimits;
  readonly stop: AbortSignal;
  /** Opens the file once more, for reads through the cache; undefined where that fails. */
  readonly openCached: () => Promise<CardReader | undefined>;
  /** Empties the cache below the file system; undefined where reads do not go through one. */
  readonly evict: (() => Promise<unknown>) | undefined;
  /** Asked once for each block that is fought for. */
  readonly findCardLoss: () => Promise<Cause | undefined>;
}

export interface MissingPiece extends Piece {
  readonly status: MissingStatus;
}

export interface FightResult {
  /** In ascending order. */
  readonly missing: readonly MissingPiece[];
  /** Tries that gave bytes after others had failed. */
  readonly gains: number;
  /** The last read error; undefined when the first try gave everything. */
  readonly cause: Cause | undefined;
  /** No read error, or the card is gone: nothing more can be had of this file. */
  readonly end: Cause | undefined;
}

interface BlockPlace {
  /** Where the block begins in the file. */
  readonly position: number;
  /** Bytes that are wanted of it. */
  readonly size: number;
  /** One try of the whole block, and no more. */
  readonly once: boolean;
}

/** Reads a block of the file. Breaks off when the limits say so or the signal is given; what is missing then is told as far as it is known. */
export async function fightForBlock(
  fight: Fight,
  block: Buffer,
  place: BlockPlace,
): Promise<FightResult> {
  return await new BlockFight(fight, block, place).run(place.once);
}

/** A piece of which at least a part is missing. */
interface BadPiece extends Piece {
  /** It was read by itself, and not only as a part of a larger one. */
  readonly tried: boolean;
}

class BlockFight {
  readonly #fight: Fight;
  readonly #block: Buffer;
  readonly #place: BlockPlace;
  #smallest = SECTOR;
  #gains = 0;
  #cause: Cause | undefined;
  #end: Cause | undefined;

  constructor(fight: Fight, block: Buffer, place: BlockPlace) {
    this.#fight = fight;
    this.#block = block;
    this.#place = place;
  }

  async run(once: boolean): Promise<FightResult> {
    const {limits, findCardLoss} = this.#fight;
    let bad = await this.#try({from: 0, to: this.#place.size});
    this.#gains = 0;
    if (bad.length > 0 && !once) {
      limits.begin();
      bad = await this.#tryHalves(bad);
      if (bad.length > 0 && !this.#isOver) this.#end = await findCardLoss();
      bad = await this.#tryAgain(bad);
      bad = await this.#tryCached(bad);
      limits.end();
    }
    const missing = bad.map(({from, to, tried}): MissingPiece => {
      return {from, to, status: tried && to - from <= this.#smallest ? '-' : '*'};
    });
    return {missing, gains: this.#gains, cause: this.#cause, end: this.#end};
  }

  get #isOver(): boolean {
    return this.#end !== undefined || this.#fight.stop.aborted || this.#fight.limits.isOver;
  }

  /** @returns what is still missing: nothing, or the end of the piece. */
  async #try(piece: Piece, reader = this.#fight.reader): Promise<readonly BadPiece[]> {
    const grain = reader.direct ? this.#grainOf(piece) : 1;
    const {position} = this.#place;
    const {end, cause} = await reader.fill(this.#block, {...piece, position, grain});
    if (end > piece.from) {
      this.#gains += 1;
      this.#fight.limits.gained();
    }
    if (cause === undefined) return [];
    if (cause.code === 'EINVAL' && grain < ALIGNMENT) this.#smallest = ALIGNMENT;
    else if (isReadError(cause.code)) this.#cause = cause;
    else this.#end = cause;
    // Bytes that came before the error are kept, up to the last place that a read can begin at.
    const from = end - ((end - piece.from) % Math.max(grain, SECTOR));
    return [{from, to: piece.to, tried: true}];
  }

  /** Direct reads want {@link ALIGNMENT}; many devices take their own sectors too, and those that do not say EINVAL. */
  #grainOf({from, to}: Piece): number {
    const endsWell = to % ALIGNMENT === 0 || to === this.#place.size;
    return from % ALIGNMENT === 0 && endsWell ? ALIGNMENT : SECTOR;
  }

  /** One size after the other, so that the good half of a bad block comes before the last good sector of its bad half. */
  async #tryHalves(pieces: readonly BadPiece[]): Promise<readonly BadPiece[]> {
    let bad = pieces;
    while (!this.#isOver && bad.some((piece) => this.#isDivisible(piece))) {
      const smaller: BadPiece[] = [];
      for (const piece of bad) {
        const isWhole = this.#isOver || !this.#isDivisible(piece);
        smaller.push(...(isWhole ? [piece] : await this.#tryBothHalves(piece)));
      }
      bad = smaller;
    }
    return bad;
  }

  #isDivisible({from, to}: Piece): boolean {
    return to - from > this.#smallest;
  }

  async #tryBothHalves(piece: BadPiece): Promise<readonly BadPiece[]> {
    const {from, to} = piece;
    const unit = to - from > ALIGNMENT ? ALIGNMENT : SECTOR;
    const middle = from + Math.ceil((to - from) / 2 / unit) * unit;
    const first = await this.#try({from, to: middle});
    // The device refused so small a read.
    if (!this.#isDivisible(piece)) return [piece];
    const second = {from: middle, to};
    return [...first, ...(this.#isOver ? [{...second, tried: false}] : await this.#try(second))];
  }

  async #tryAgain(pieces: readonly BadPiece[]): Promise<readonly BadPiece[]> {
    let bad = pieces;
    for (let tries = 1; tries < TRIES && bad.length > 0 && !this.#isOver; tries++) {
      await this.#fight.clock.sleep(PAUSES_MS[tries - 1] ?? LONGEST_PAUSE_MS);
      const left: BadPiece[] = [];
      for (const piece of this.#inTurn(bad)) {
        if (!this.#isOver) await this.#fight.evict?.();
        left.push(...(this.#isOver ? [piece] : await this.#try(piece)));
      }
      bad = this.#inTurn(left);
    }
    return bad;
  }

  /**
   * A cache below the file system keeps what it read in one go in one large page, and gives none of it when a part of it is bad (seen with Linux 6.18 and exFAT through FUSE: 32 KiB to 1 MiB).
   * Once it is empty, a read that does not go on from the one before is not widened: so the pieces are read from the last to the first.
   */
  #inTurn(pieces: readonly BadPiece[]): readonly BadPiece[] {
    return this.#fight.evict === undefined ? pieces : pieces.toReversed();
  }

  /**
   * The last word: what does not come directly may come through the cache, sector by sector. The cache holds nothing of a read that failed, so what it gives are bytes of this
   * medium: read now, or read before the sector died, by whoever looked at the pictures then. That is good for the parts that are kept. It can make no copy count: a file that
   * was fought for counts only when the whole of it reads the same once more, past the cache.
   */
  async #tryCached(pieces: readonly BadPiece[]): Promise<readonly BadPiece[]> {
    const {reader, openCached} = this.#fight;
    if (pieces.length === 0 || !reader.direct || this.#isOver) return pieces;
    const cached = await openCached();
    if (cached === undefined) return pieces;
    const left: BadPiece[] = [];
    try {
      for (const {from, to} of pieces) {
        for (let at = from; at < to; at += SECTOR) {
          const sector = {from: at, to: Math.min(at + SECTOR, to)};
          left.push(
            ...(this.#isOver ? [{...sector, tried: true}] : await this.#try(sector, cached)),
          );
        }
      }
    } finally {
      await cached.close();
    }
    return left;
  }
}
