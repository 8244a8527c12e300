/** `--from-copy`: bytes that a destination lacks are read from a copy that an earlier run of the offload proved, and not from the card. */
import type {CardFile, CardPath} from '../core/card.ts';
import {CopyReader} from './copy-reader.ts';
import type {CopyRun} from './copy-run.ts';
import {CopyWriter} from './copy-writer.ts';
import {warnOfDrive} from './keep-evidence.ts';
import type {Lane} from './lane.ts';
import {abandonAll, keepWritten, type WriteStep} from './offload-file.ts';
import {knownHash} from './plan.ts';
import {pumpBlocks} from './pump-blocks.ts';

/** A copy that stands under its final name and was proved by an earlier run. */
export interface ProvedCopy {
  readonly lane: Lane;
  readonly target: string;
  readonly wanted: string;
  readonly hash: string;
  readonly origin: 'copied' | 'present';
  readonly source?: 'copy';
}

interface Taking {
  readonly temporaryName: (target: string) => string;
  readonly stop: AbortSignal;
  /** Hears of a copy that gave other bytes than were proved: it must be proved again. */
  readonly onDoubt: (copy: ProvedCopy) => void;
}

export type Taken =
  | {readonly kind: 'taken'; readonly hash: string; readonly written: readonly CopyWriter[]}
  | {readonly kind: 'stopped'}
  /** There is no such copy, or none that gives the right bytes: the card must. */
  | {readonly kind: 'none'};

type Attempt =
  | {readonly kind: 'taken'; readonly written: readonly CopyWriter[]}
  | {readonly kind: 'stopped'}
  | {readonly kind: 'unreadable'}
  | {readonly kind: 'other'};

export class ProvedCopies {
  readonly #run: CopyRun;
  readonly #copies = new Map<CardPath, readonly ProvedCopy[]>();

  /** Holds nothing when the run was not asked to read from copies. */
  constructor(run: CopyRun) {
    this.#run = run;
    if (!run.fromCopy) return;
    for (const {file, steps} of run.plan) {
      // Where earlier runs disagree on the hash, only the card can tell.
      if (knownHash(steps) === undefined) continue;
      const proved = steps.filter((step) => step.kind === 'prove-again');
      if (proved.length > 0) this.#copies.set(file.path, proved);
    }
  }

  /** Reads a file from the first copy that gives the bytes that the card gave, and writes it to the destinations that lack it. */
  async take(file: CardFile, steps: readonly WriteStep[], taking: Taking): Promise<Taken> {
    const lacking = new Set(steps.map(({lane}) => lane));
    for (const copy of this.#copies.get(file.path) ?? []) {
      if (copy.lane.lost !== undefined || lacking.has(copy.lane)) continue;
      // What is there already only wants the hash.
      if (steps.length === 0) return {kind: 'taken', hash: copy.hash, written: []};
      const attempt = await this.#read(file, copy, steps, taking);
      if (attempt.kind === 'stopped') return attempt;
      if (attempt.kind === 'taken') return {...attempt, hash: copy.hash};
      this.drop(file.path, copy.lane);
      if (attempt.kind === 'other') taking.onDoubt(copy);
    }
    return {kind: 'none'};
  }

  /** A copy that is not what it was is read from no more. */
  drop(path: CardPath, lane: Lane): void {
    const rest = this.#copies.get(path)?.filter((copy) => copy.lane !== lane);
    if (rest !== undefined) this.#copies.set(path, rest);
  }

  async #read(
    file: CardFile,
    copy: ProvedCopy,
    steps: readonly WriteStep[],
    {temporaryName, stop}: Taking,
  ): Promise<Attempt> {
    const run = this.#run;
    const opened = await CopyReader.open(run.files, copy, file);
    if (!opened.ok) {
      run.emit({type: 'noticed', level: 'warning', ...opened.cause});
      return {kind: 'unreadable'};
    }
    const reader = opened.value;
    const writers = steps.map(
      ({lane, target}) =>
        new CopyWriter({files: run.files, lane, target, temporary: temporaryName(target), file}),
    );
    try {
      await Promise.all(writers.map((writer) => writer.open()));
      const pumped = await pumpBlocks(run, reader, writers, stop);
      if (pumped.kind === 'hashed' && pumped.hash === copy.hash) {
        await Promise.all(writers.map((writer) => writer.finish()));
        return {kind: 'taken', written: await keepWritten(run, file, writers)};
      }
      await abandonAll(writers);
      if (pumped.kind === 'stopped') return pumped;
      takeBack(run, writers, pumped.kind === 'failed' ? pumped.moved : file.size);
      if (pumped.kind === 'failed') {
        run.emit({type: 'noticed', level: 'warning', ...pumped.cause});
        return {kind: 'unreadable'};
      }
      recordOther(run, file, copy, {actual: pumped.hash, mediumRead: reader.mediumRead});
      return {kind: 'other'};
    } finally {
      await reader.close();
    }
  }
}

/** Bytes that the card will give now are not counted twice. */
function takeBack(run: CopyRun, writers: readonly CopyWriter[], moved: number): void {
  run.meter.read -= moved;
  for (const {lane, failure} of writers) if (failure === undefined) lane.written -= moved;
}

/** The copy stays where it is; it is proved again before it counts. */
function recordOther(
  run: CopyRun,
  file: CardFile,
  {lane, target, hash}: ProvedCopy,
  other: {readonly actual: string; readonly mediumRead: CopyReader['mediumRead']},
): void {
  run.journal.record({
    type: 'file-mismatched',
    card: run.card.ref,
    path: file.path,
    size: file.size,
    mtimeNs: `${file.mtimeNs}`,
    to: lane.destination.to,
    target,
    expected: hash,
    ...other,
  });
  lane.addMismatch({path: file.path, copy: target, kept: undefined});
  warnOfDrive(run, lane);
}
