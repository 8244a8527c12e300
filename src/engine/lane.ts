import {dirname, join, sep} from 'node:path';
import PQueue from 'p-queue';
import type {CardPath} from '../core/card.ts';
import {type Cause, causeFrom, errnoOf} from '../core/cause.ts';
import type {MediumRead} from '../core/drive.ts';
import type {Files} from '../system/files.ts';
import {evictBeforeRead, type MediumAccess} from '../system/medium.ts';
import {systemError} from '../system/system-error.ts';
import type {RunTool} from '../system/tools.ts';
import type {Destination} from './destination.ts';
import {FlushBatch} from './flush-batch.ts';
import {FolderPlaces} from './folder-places.ts';
import type {MismatchTally} from './mismatch-tally.ts';
import {MismatchedCopies, type MismatchedCopy} from './mismatched-copies.ts';

/** Errors after which a whole destination is given up: the device or its connection is gone, or it became read-only. */
const FATAL = new Set(['ENODEV', 'ENXIO', 'EROFS', 'ENOTCONN', 'ESTALE', 'ESHUTDOWN', 'EHOSTDOWN']);

/** What is known of a destination once it was written to. */
export interface OpenedDestination {
  readonly id: string;
  readonly access: MediumAccess;
}

interface LaneSetting {
  readonly files: Files;
  readonly run: RunTool;
  readonly destination: Destination;
  /** Name of the shoot folder. */
  readonly shoot: string;
  readonly order: ProofOrder;
  /** Files that are read back at the same time. */
  readonly proofsAtOnce: number;
  /** Shared by the cards of one call. */
  readonly tally: MismatchTally;
}

/** `overlap`: medium reads run beside the copying of the next files. `after`: they wait for the last copy, for heads that cannot be in two places. */
export type ProofOrder = 'overlap' | 'after';

/** One destination while cards are copied to it: its names, its flushes, its queue of medium reads, and whether it is still there. */
export class Lane {
  readonly destination: Destination;
  /** The shoot folder, absolute. */
  readonly root: string;
  readonly places: FolderPlaces;
  readonly batch: FlushBatch;
  readonly order: ProofOrder;
  /** Medium reads and what follows them. Jobs ask for the signal themselves. */
  readonly proofs: PQueue;
  /** Bytes of the card's files that are written to it or need not be. */
  written = 0;
  /** Bytes that were read back, or need not be. */
  proved = 0;
  lost: Cause | undefined;
  /** Copies whose modification time the destination does not let this user set. */
  untimed = 0;
  /** Files of the card that are proved on it. */
  readonly filesProved = new Set<CardPath>();
  readonly mismatched = new MismatchedCopies();
  readonly tally: MismatchTally;
  #opened: OpenedDestination | undefined;
  readonly #files: Files;
  readonly #run: RunTool;
  readonly #made = new Map<string, Promise<void>>();

  constructor({files, run, destination, shoot, order, proofsAtOnce, tally}: LaneSetting) {
    this.#files = files;
    this.#run = run;
    this.tally = tally;
    this.order = order;
    this.destination = destination;
    this.root = join(destination.to, shoot);
    this.places = new FolderPlaces({files, root: this.root, rules: destination.rules});
    this.batch = new FlushBatch(run, destination.to);
    this.proofs = new PQueue({concurrency: proofsAtOnce});
  }

  /** Tells the lane what was found out by writing and reading a probe. Nothing is copied before. */
  open(opened: OpenedDestination): void {
    this.#opened = opened;
  }

  /** Id of the volume, with the folder where one volume may hold several destinations. @throws when the lane is not open. */
  get id(): string {
    return this.#mustBeOpen().id;
  }

  /** @throws when the lane is not open. */
  get access(): MediumAccess {
    return this.#mustBeOpen().access;
  }

  #mustBeOpen(): OpenedDestination {
    if (this.#opened === undefined)
      throw new Error(`${this.destination.to} is used before it is open`);
    return this.#opened;
  }

  absolute(target: string): string {
    // It is asked a dozen times for each file, and `join` takes every path apart.
    return sep === '/' && target !== '' ? `${this.root}/${target}` : join(this.root, target);
  }

  /** Empties the caches that could answer for one of its files. @returns how a read right after this call reaches the medium. */
  evict(path: string): Promise<MediumRead> {
    return evictBeforeRead(path, this.access.method, this.#run);
  }

  /** Keeps in mind that a copy did not match, once for each copy. */
  addMismatch(mismatch: MismatchedCopy): void {
    if (this.mismatched.add(mismatch)) this.tally.add(this.destination);
  }

  /**
   * Makes a folder below the shoot folder with all its parents, once, each durable in its parent.
   * @throws the system's error; ENOTDIR when a file or a link is in the way, ENODEV when the folder is on another file system than the destination.
   */
  makeFolder(folder: string): Promise<void> {
    const known = this.#made.get(folder);
    if (known !== undefined) return known;
    const made = this.#makeFolder(folder);
    this.#made.set(folder, made);
    // A failure is told to everybody who waits now; the next file tries again.
    made.catch(() => this.#made.delete(folder));
    return made;
  }

  async #makeFolder(folder: string): Promise<void> {
    if (folder !== '') {
      const parent = dirname(folder);
      await this.makeFolder(parent === '.' ? '' : parent);
    }
    const path = this.absolute(folder);
    // The destination itself was there before the run, and what is above it is not this program's.
    if (path !== this.destination.to) {
      try {
        await this.#files.makeFolder(path);
      } catch (error) {
        if (errnoOf(error) !== 'EEXIST') throw error;
      }
      // One that is there already may be of a run that died before it flushed the name.
      await this.#files.syncFolder(dirname(path));
    }
    const facts = await this.#files.look(path);
    if (facts.kind !== 'folder') throw systemError('ENOTDIR', path);
    // A mount or a link in between could put both copies on one drive.
    if (facts.device !== this.destination.device) throw systemError('ENODEV', path);
  }

  /**
   * Decides after a failure whether the whole destination is gone.
   * @returns why it is, or undefined when only this file is hit.
   */
  async findLoss(error: unknown): Promise<Cause | undefined> {
    const {to, name, device} = this.destination;
    if (FATAL.has(errnoOf(error) ?? '')) return causeFrom(error, `writing to ${name}`, to);
    try {
      const facts = await this.#files.follow(to);
      if (facts.device === device) return undefined;
      return causeFrom(systemError('ENODEV', to), `finding ${name} under its mount point`, to);
    } catch (gone) {
      return causeFrom(gone, `finding ${name} again`, to);
    }
  }

  /** Resolves when all that was queued so far is flushed, read back and named. */
  async drain(): Promise<void> {
    await this.batch.flushNow();
    await this.proofs.onIdle();
  }
}
