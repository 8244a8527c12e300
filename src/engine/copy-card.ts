/**
 * Copies one card: reads every file once, writes it to all destinations, flushes, has it read back from the medium, and names it. Errors are recorded for what
 * they hit; everything else goes on. Resolves when nothing is under way any more.
 */
import {dirname} from 'node:path';
import PQueue from 'p-queue';
import type {CardFile} from '../core/card.ts';
import {type Cause, causeFrom} from '../core/cause.ts';
import {unreachable} from '../core/unreachable.ts';
import {findCardLoss} from './card-loss.ts';
import {blameLane, type CopyRun, failFile, recordSourceMismatch} from './copy-run.ts';
import type {CopyWriter} from './copy-writer.ts';
import type {Lane} from './lane.ts';
import {blameWriter, readAndWrite, type WriteStep} from './offload-file.ts';
import {type FilePlan, knownHash, type Step} from './plan.ts';
import {proveLeft, proveStanding, proveWritten} from './prove-copy.ts';

/** Files of a card that are read at the same time: 3 was best for pictures (measured), small ones need more to keep a drive busy. */
const FILES_AT_ONCE = 3;
const SMALL_FILES_AT_ONCE = 8;
const SMALL_MEAN_SIZE = 1024 * 1024;

/** Jobs that may wait in a queue: more than a batch of small files, so that no flush waits for company that cannot come. */
const JOBS_WAITING = 1024;

export interface CopyResult {
  /** Why the card could not be read to its end; undefined when it could. */
  readonly cardLost: Cause | undefined;
}

/** @returns how many files are copied at the same time: many when they are small on average. */
export function chooseFilesAtOnce(files: readonly CardFile[]): number {
  const bytes = files.reduce((sum, {size}) => sum + size, 0);
  return bytes / Math.max(files.length, 1) < SMALL_MEAN_SIZE ? SMALL_FILES_AT_ONCE : FILES_AT_ONCE;
}

/** @throws only on a broken invariant. */
export async function copyCard(run: CopyRun): Promise<CopyResult> {
  const copy = new CardCopy(run);
  await copy.run();
  return {cardLost: copy.cardLost};
}

class CardCopy {
  cardLost: Cause | undefined;
  readonly #run: CopyRun;
  readonly #reads: PQueue;
  /** Given when the card is gone: what is written already is still proved. */
  readonly #cardGone = new AbortController();
  readonly #stop: AbortSignal;
  /** Flushes that are under way. */
  readonly #landing = new Set<Promise<void>>();
  readonly #broken: unknown[] = [];
  #temporaries = 0;

  constructor(run: CopyRun) {
    this.#run = run;
    this.#reads = new PQueue({concurrency: chooseFilesAtOnce(run.plan.map(({file}) => file))});
    this.#stop = AbortSignal.any([run.signal, this.#cardGone.signal]);
  }

  async run(): Promise<void> {
    const {plan, lanes, meter} = this.#run;
    for (const lane of lanes) if (lane.order === 'after') lane.proofs.pause();
    for (const file of plan) {
      await this.#waitForRoom();
      this.#queueRead(() => this.#offloadFile(file));
    }
    await this.#drainReads();
    for (const lane of lanes) lane.proofs.start();
    // A standing file that turns out to be another one sends its file back to the readers, so both ends are waited for until both are still.
    while (this.#reads.size > 0 || this.#reads.pending > 0 || lanes.some(isBusy)) {
      await this.#drainReads();
      await Promise.all(lanes.map((lane) => lane.drain()));
    }
    meter.now = null;
    meter.sample();
    if (this.#broken.length > 0) throw this.#broken[0];
  }

  /** A card of a hundred thousand files must not become a hundred thousand jobs that wait in memory. */
  async #waitForRoom(): Promise<void> {
    await this.#reads.onSizeLessThan(JOBS_WAITING);
    for (const {order, proofs} of this.#run.lanes) {
      if (order === 'overlap') await proofs.onSizeLessThan(JOBS_WAITING);
    }
  }

  async #drainReads(): Promise<void> {
    await this.#reads.onIdle();
    // A copy that is still being closed joins its batch later: it must not wait there for others that never come.
    for (const {batch} of this.#run.lanes) batch.hurry();
    while (this.#landing.size > 0) {
      await Promise.all(this.#run.lanes.map((lane) => lane.batch.flushNow()));
      // The last one may have landed during the flush, and a race of none never ends.
      if (this.#landing.size > 0) await Promise.race([...this.#landing]);
    }
  }

  /** Jobs ask for the signal themselves: a signal given to the queue would make it idle while a job still runs. */
  #queueRead(job: () => Promise<void>): void {
    void this.#reads.add(() => this.#keepBroken(job));
  }

  #queueProof(lane: Lane, job: () => Promise<void>): void {
    void lane.proofs.add(() => this.#keepBroken(job));
  }

  /** A thrown error is a broken invariant: it must not be lost in a queue. It ends the run when all is still. */
  async #keepBroken(job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      this.#broken.push(error);
      this.#cardGone.abort();
    }
  }

  async #offloadFile({file, steps, retries}: FilePlan): Promise<void> {
    const live = steps.filter(({lane}) => lane.lost === undefined);
    const known = knownHash(live);
    // Where earlier runs disagree on the hash, only the card can tell.
    const isAsked = live.length > 0 && known === undefined;
    const needsCard = isAsked || live.some(({kind}) => kind === 'write' || kind === 'check');
    if (!needsCard) {
      this.#run.meter.read += file.size;
      if (known !== undefined) this.#queueKnown(file, live, {hash: known, retries});
      return;
    }
    if (this.#stop.aborted) return;
    const writes = live.filter((step) => step.kind === 'write');
    const reading = await this.#readCard(file, writes);
    if (reading === undefined) return;
    if (known !== undefined && known !== reading.hash) {
      recordSourceMismatch(this.#run, file, known, reading.hash);
      return;
    }
    this.#queueKnown(file, live, reading);
  }

  /** Queues the proofs of all copies that are there already or lie under a temporary name. */
  #queueKnown(file: CardFile, steps: readonly Step[], card: {hash: string; retries: number}): void {
    for (const step of steps) {
      const {lane} = step;
      switch (step.kind) {
        case 'write':
          break;
        case 'check':
          lane.written += file.size;
          this.#queueProof(lane, () =>
            this.#proveOrRewrite(file, {...step, origin: 'present'}, card),
          );
          break;
        case 'prove-again':
          lane.written += file.size;
          this.#queueProof(lane, () => this.#proveOrRewrite(file, step, card));
          break;
        case 'prove-temporary':
          lane.written += file.size;
          this.#queueProof(lane, () => this.#proveOrWriteAgain(file, step, card));
          break;
        default:
          unreachable(step);
      }
    }
  }

  async #proveOrRewrite(
    file: CardFile,
    standing: {lane: Lane; target: string; wanted: string; origin: 'copied' | 'present'},
    card: {hash: string; retries: number},
  ): Promise<void> {
    const {lane, wanted} = standing;
    const outcome = await proveStanding(this.#run, {file, ...standing, ...card});
    if (outcome !== 'different') return;
    lane.written -= file.size;
    this.#queueRead(() => this.#writeElsewhere(file, {lane, wanted, hash: card.hash}));
  }

  /** A power cut can take bytes that a drive called flushed: what an earlier run left and does not match is written again. */
  async #proveOrWriteAgain(
    file: CardFile,
    left: {lane: Lane; target: string; temporary: string},
    card: {hash: string; retries: number},
  ): Promise<void> {
    const {lane, target} = left;
    const outcome = await proveLeft(this.#run, {file, ...left, ...card});
    if (outcome !== 'different') return;
    lane.written -= file.size;
    this.#queueRead(() => this.#readAgain(file, {lane, target}, card.hash));
  }

  /** The file that stood there is another one: it stays, and the card's file gets the next free name. */
  async #writeElsewhere(
    file: CardFile,
    {lane, wanted, hash}: {lane: Lane; wanted: string; hash: string},
  ): Promise<void> {
    if (this.#stop.aborted || lane.lost !== undefined) return;
    const place = await this.#claim(file, lane, wanted);
    if (place === undefined) return;
    if (place.taken) {
      const {target} = place;
      const card = {hash, retries: 0};
      lane.written += file.size;
      const standing = {lane, wanted, target, origin: 'present'} as const;
      this.#queueProof(lane, () => this.#proveOrRewrite(file, standing, card));
      return;
    }
    await this.#readAgain(file, {lane, target: place.target}, hash);
  }

  async #readAgain(file: CardFile, step: WriteStep, hash: string): Promise<void> {
    if (this.#stop.aborted || step.lane.lost !== undefined) return;
    this.#run.meter.read -= file.size;
    const reading = await this.#readCard(file, [step]);
    if (reading !== undefined && reading.hash !== hash) {
      recordSourceMismatch(this.#run, file, hash, reading.hash);
    }
  }

  async #claim(file: CardFile, lane: Lane, wanted: string) {
    try {
      return await lane.places.claim(wanted, file.size);
    } catch (error) {
      const path = lane.absolute(wanted);
      const cause = causeFrom(error, `listing its folder on ${lane.destination.name}`, path);
      await blameLane(this.#run, lane, {path: file.path, cause, error});
      return undefined;
    }
  }

  /** Reads the file and writes it; lets the copies land while the next file is read. Undefined when the card failed or the run stops. */
  async #readCard(
    file: CardFile,
    steps: readonly WriteStep[],
  ): Promise<{hash: string; retries: number} | undefined> {
    const before = this.#run.meter.read;
    const outcome = await readAndWrite(this.#run, file, steps, {
      temporaryName: (target) => this.#nameTemporary(target),
      stop: this.#stop,
    });
    switch (outcome.kind) {
      case 'stopped':
        return undefined;
      case 'failed':
        this.#run.meter.read = Math.max(before, this.#run.meter.read);
        await this.#blameCard(file, outcome.cause);
        return undefined;
      case 'read': {
        const {hash, retries, written} = outcome.reading;
        const landings = written.map((writer) => this.#land(file, writer, {hash, retries}));
        // Behind a cache a flush is where the writing happens: waiting for it keeps the cache from filling up.
        const buffered = written.some(({lane}) => !lane.access.writesDirect);
        if (buffered && file.size >= SMALL_MEAN_SIZE) await Promise.all(landings);
        return {hash, retries};
      }
      default:
        return unreachable(outcome);
    }
  }

  #land(file: CardFile, writer: CopyWriter, card: {hash: string; retries: number}): Promise<void> {
    const landing = this.#keepBroken(async () => {
      await writer.flush();
      if (writer.failure !== undefined) {
        await blameWriter(this.#run, file, writer);
        return;
      }
      const {lane, target, temporary} = writer;
      const {to} = lane.destination;
      const about = {
        card: this.#run.card.ref,
        path: file.path,
        size: file.size,
        mtimeNs: `${file.mtimeNs}`,
      };
      this.#run.journal.record({type: 'file-copied', ...about, to, target, temporary, ...card});
      this.#queueProof(lane, () =>
        proveWritten(this.#run, {file, lane, target, temporary, ...card}),
      );
    }).finally(() => this.#landing.delete(landing));
    this.#landing.add(landing);
    return landing;
  }

  /** Every temporary name is used once: `.offload-<offload>-<word of this run>-<number>.part`. */
  #nameTemporary(target: string): string {
    const name = `.offload-${this.#run.offload}-${this.#run.word}-${++this.#temporaries}.part`;
    const folder = dirname(target);
    return folder === '.' ? name : `${folder}/${name}`;
  }

  async #blameCard(file: CardFile, cause: Cause): Promise<void> {
    failFile(this.#run, file.path, cause);
    const loss = await findCardLoss(this.#run);
    if (loss === undefined || this.cardLost !== undefined) return;
    this.cardLost = loss;
    this.#run.emit({type: 'noticed', level: 'warning', ...loss});
    this.#cardGone.abort();
  }
}

const isBusy = ({proofs}: Lane) => proofs.size > 0 || proofs.pending > 0;
