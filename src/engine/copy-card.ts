/**
 * Copies one card: reads every file once, writes it to all destinations, flushes, has it read back from the medium, and names it. Errors are recorded for what
 * they hit; everything else goes on. Resolves when nothing is under way any more.
 */
import {dirname} from 'node:path';
import type {CardFile} from '../core/card.ts';
import {type Cause, causeFrom} from '../core/cause.ts';
import type {FileSalvaged} from '../core/events.ts';
import {nameTemporary} from '../core/temporary-names.ts';
import {unreachable} from '../core/unreachable.ts';
import {findCardLoss} from './card-loss.ts';
import {CopyQueues, SMALL_MEAN_SIZE} from './copy-queues.ts';
import {blameLane, type CopyRun, failFile, recordSourceMismatch} from './copy-run.ts';
import type {CopyWriter} from './copy-writer.ts';
import {removeStrangers, warnOfDrive} from './keep-evidence.ts';
import type {Lane} from './lane.ts';
import type {WrittenCopy} from './name-copy.ts';
import {blameWriter, type WriteStep} from './offload-file.ts';
import {type FilePlan, knownHash, type Step} from './plan.ts';
import {proveLeft, proveStanding, proveWritten} from './prove-copy.ts';
import {ProvedCopies, type ProvedCopy} from './proved-copies.ts';
import {SickFiles} from './sick-files.ts';

export interface CopyResult {
  /** Why the card could not be read to its end; undefined when it could. */
  readonly cardLost: Cause | undefined;
  /** Readable parts of files that could not be read whole. They are no copies. */
  readonly salvaged: readonly FileSalvaged[];
}

/** @throws only on a broken invariant. */
export async function copyCard(run: CopyRun): Promise<CopyResult> {
  const copy = new CardCopy(run);
  await copy.run();
  return {cardLost: copy.cardLost, salvaged: copy.sick.salvaged};
}

/** One reading of a file: who asks for it, and where its readable parts may go besides. */
interface Reading {
  readonly readAgain: () => Promise<void>;
  readonly partsOnly: readonly WriteStep[];
  /** Of an earlier run, for bytes that come from a copy. */
  readonly retries: number;
}

/** What is known of the bytes that were written: from the card, or from a copy that has the hash that the card gave. */
interface GivenBytes {
  readonly hash: string;
  readonly retries: number;
  readonly source?: 'copy';
}

class CardCopy {
  cardLost: Cause | undefined;
  readonly sick: SickFiles;
  readonly #run: CopyRun;
  readonly #queues: CopyQueues;
  /** Given when the card is gone: what is written already is still proved. */
  readonly #cardGone = new AbortController();
  readonly #stop: AbortSignal;
  /** What `--from-copy` reads instead of the card. */
  readonly #proved: ProvedCopies;
  #temporaries = 0;

  constructor(run: CopyRun) {
    this.#run = run;
    this.sick = new SickFiles(run);
    this.#proved = new ProvedCopies(run);
    this.#queues = new CopyQueues(run, () => this.#cardGone.abort());
    this.#stop = AbortSignal.any([run.signal, this.#cardGone.signal]);
  }

  async run(): Promise<void> {
    const {plan, lanes, meter} = this.#run;
    for (const lane of lanes) warnOfDrive(this.#run, lane);
    for (const lane of lanes) if (lane.order === 'after') lane.proofs.pause();
    for (const file of plan) {
      await this.#queues.waitForRoom();
      this.#queues.read(file.file, () => this.#offloadFile(file));
    }
    await this.#queues.drainReads();
    for (const lane of lanes) lane.proofs.start();
    await this.#queues.becomeStill();
    while (this.sick.areWaiting && !this.#stop.aborted) {
      await this.sick.fight(this.#stop, async (readAgain) => {
        await this.#queues.keepBroken(readAgain);
        await this.#queues.drainReads();
      });
      await this.#queues.becomeStill();
    }
    await removeStrangers(this.#run);
    meter.now = null;
    meter.sample();
    this.#queues.throwBroken();
  }

  async #offloadFile(plan: FilePlan): Promise<void> {
    const {file, steps, retries} = plan;
    const live = steps.filter(({lane}) => lane.lost === undefined);
    const known = knownHash(live);
    // Where no earlier run knows the hash, or two disagree, only the card can tell.
    const isAsked = live.length > 0 && known === undefined;
    const needsCard = isAsked || live.some(({kind}) => kind === 'write');
    if (!needsCard) {
      this.#run.meter.read += file.size;
      if (known !== undefined) this.#queueKnown(file, live, {hash: known, retries});
      return;
    }
    if (this.#stop.aborted) return;
    const writes = live.filter((step) => step.kind === 'write');
    const reading = await this.#readFile(file, writes, {
      readAgain: () => this.#offloadFile(plan),
      partsOnly: live.filter((step) => step.kind === 'check'),
      retries,
    });
    if (reading === undefined) {
      // What an earlier run proved needs no card. A file that is to be fought for comes by here again.
      if (known !== undefined && !this.sick.isWaiting(file)) {
        const proved = live.filter(({kind}) => kind.startsWith('prove-'));
        this.#queueKnown(file, proved, {hash: known, retries});
      }
      return;
    }
    if (known !== undefined && known !== reading.hash) {
      recordSourceMismatch(this.#run, file, known, reading.hash);
      return;
    }
    this.#queueKnown(file, live, reading);
  }

  /** Queues the proofs of all copies that are there already or lie under a temporary name. */
  #queueKnown(file: CardFile, steps: readonly Step[], card: GivenBytes): void {
    for (const step of steps) {
      const {lane} = step;
      switch (step.kind) {
        case 'write':
          break;
        case 'check':
          lane.written += file.size;
          this.#queues.prove(lane, () =>
            this.#proveOrRewrite(file, {...step, origin: 'present'}, card),
          );
          break;
        case 'prove-again':
          lane.written += file.size;
          this.#queues.prove(lane, () => this.#proveOrRewrite(file, step, card));
          break;
        case 'prove-temporary':
          lane.written += file.size;
          this.#queues.prove(lane, () => this.#proveOrWriteAgain(file, step, card));
          break;
        default:
          unreachable(step);
      }
    }
  }

  async #proveOrRewrite(
    file: CardFile,
    standing: Omit<ProvedCopy, 'hash'>,
    {hash, retries}: GivenBytes,
  ): Promise<void> {
    const {lane, wanted} = standing;
    const outcome = await proveStanding(this.#run, {file, ...standing, hash, retries});
    if (outcome !== 'different') return;
    this.#proved.drop(file.path, lane);
    lane.written -= file.size;
    this.#queues.read(file, () => this.#writeElsewhere(file, {lane, wanted, hash}));
  }

  /** A power cut can take bytes that a drive called flushed: what an earlier run left and does not match is written again. */
  async #proveOrWriteAgain(
    file: CardFile,
    left: Pick<WrittenCopy, 'lane' | 'target' | 'temporary' | 'source'>,
    {hash, retries}: GivenBytes,
  ): Promise<void> {
    const {lane, target} = left;
    const outcome = await proveLeft(this.#run, {file, ...left, hash, retries});
    if (outcome !== 'different') return;
    lane.written -= file.size;
    this.#queues.read(file, () => this.#readAgain(file, {lane, target}, hash));
  }

  /** A copy that was just written and does not match is written again, as often as the rule allows. */
  async #proveOrWriteOnceMore(copy: WrittenCopy): Promise<void> {
    const {file, lane, target, hash} = copy;
    if ((await proveWritten(this.#run, copy)) !== 'mismatched') return;
    lane.written -= file.size;
    this.#queues.read(file, () => this.#readAgain(file, {lane, target}, hash));
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
      this.#queues.prove(lane, () => this.#proveOrRewrite(file, standing, card));
      return;
    }
    await this.#readAgain(file, {lane, target: place.target}, hash);
  }

  async #readAgain(file: CardFile, step: WriteStep, hash: string): Promise<void> {
    if (this.#stop.aborted || step.lane.lost !== undefined) return;
    this.#run.meter.read -= file.size;
    const reading = await this.#readFile(file, [step], {
      readAgain: () => {
        this.#run.meter.read += file.size;
        return this.#readAgain(file, step, hash);
      },
      partsOnly: [],
      retries: 0,
    });
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

  /** Reads the file, from the card or with `--from-copy` from a copy, and writes it. Undefined when the card failed or the run stops. */
  async #readFile(
    file: CardFile,
    steps: readonly WriteStep[],
    asked: Reading,
  ): Promise<GivenBytes | undefined> {
    const taken = await this.#proved.take(file, steps, {
      temporaryName: (target) => this.#nameTemporary(target),
      stop: this.#stop,
      onDoubt: (copy) => this.#proveOnceMore(file, copy),
    });
    switch (taken.kind) {
      case 'stopped':
        return undefined;
      case 'none':
        return await this.#readCard(file, steps, asked);
      case 'taken': {
        const {hash, written} = taken;
        if (steps.length === 0) this.#run.meter.read += file.size;
        const given = {hash, retries: asked.retries, source: 'copy'} as const;
        await this.#landAll(file, written, given);
        return given;
      }
      default:
        return unreachable(taken);
    }
  }

  /** A copy that was proved in this run gave other bytes since. One that was not is proved later anyway. */
  #proveOnceMore(file: CardFile, copy: ProvedCopy): void {
    const {lane, hash} = copy;
    if (!lane.filesProved.delete(file.path)) return;
    lane.proved -= file.size;
    this.#queues.prove(lane, () => this.#proveOrRewrite(file, copy, {hash, retries: 0}));
  }

  /** Reads the file and writes it; lets the copies land while the next file is read. Undefined when the card failed or the run stops. */
  async #readCard(
    file: CardFile,
    steps: readonly WriteStep[],
    asked: Reading,
  ): Promise<GivenBytes | undefined> {
    const before = this.#run.meter.read;
    const temporaryName = (target: string) => this.#nameTemporary(target);
    const outcome = await this.sick.read(file, steps, {...asked, temporaryName, stop: this.#stop});
    switch (outcome.kind) {
      case 'stopped':
        return undefined;
      case 'sick':
        if (await this.#isCardLost()) failFile(this.#run, file.path, outcome.cause);
        else this.sick.putAside(file, outcome.cause, asked.readAgain);
        return undefined;
      case 'failed':
        this.#run.meter.read = Math.max(before, this.#run.meter.read);
        await this.#blameCard(file, outcome.cause);
        if ('parts' in outcome) await this.sick.keepParts(file, outcome.parts, temporaryName);
        return undefined;
      case 'read': {
        const {hash, retries, written} = outcome.reading;
        await this.#landAll(file, written, {hash, retries});
        return {hash, retries};
      }
      default:
        return unreachable(outcome);
    }
  }

  /** Behind a cache a flush is where the writing happens: waiting for it keeps the cache from filling up. */
  async #landAll(file: CardFile, written: readonly CopyWriter[], given: GivenBytes): Promise<void> {
    const landings = written.map((writer) => this.#land(file, writer, given));
    const buffered = written.some(({lane}) => !lane.access.writesDirect);
    if (buffered && file.size >= SMALL_MEAN_SIZE) await Promise.all(landings);
  }

  #land(file: CardFile, writer: CopyWriter, given: GivenBytes): Promise<void> {
    return this.#queues.land(async () => {
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
      this.#run.journal.record({type: 'file-copied', ...about, to, target, temporary, ...given});
      this.#queueProof({file, lane, target, temporary, ...given});
    });
  }

  /** A function of its own: behind a moving head the proofs of a whole card wait, and hold nothing but what they need. */
  #queueProof(copy: WrittenCopy): void {
    this.#queues.prove(copy.lane, () => this.#proveOrWriteOnceMore(copy));
  }

  /** Every temporary name is used once. */
  #nameTemporary(target: string): string {
    const name = nameTemporary(this.#run.offload, this.#run.word, ++this.#temporaries);
    const folder = dirname(target);
    return folder === '.' ? name : `${folder}/${name}`;
  }

  async #blameCard(file: CardFile, cause: Cause): Promise<void> {
    failFile(this.#run, file.path, cause);
    await this.#isCardLost();
  }

  /** Ends the reading of the card when it is gone. */
  async #isCardLost(): Promise<boolean> {
    const loss = this.cardLost ?? (await findCardLoss(this.#run));
    if (loss === undefined) return false;
    if (this.cardLost !== undefined) return true;
    this.cardLost = loss;
    this.#run.emit({type: 'noticed', level: 'warning', ...loss});
    this.#cardGone.abort();
    return true;
  }
}
