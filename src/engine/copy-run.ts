import type {CardFile, CardPath, CardRef} from '../core/card.ts';
import type {Cause, Result} from '../core/cause.ts';
import type {MediumRead} from '../core/drive.ts';
import type {Emit} from '../core/events.ts';
import type {BlockPool} from '../system/block-pool.ts';
import type {Clock} from '../system/clock.ts';
import type {QuickFiles} from '../system/files.ts';
import type {HashEngine} from '../system/hasher.ts';
import {type MediumMethod, mediumReadOf} from '../system/medium.ts';
import type {BlockHasher, MhlHashes} from '../system/mhl-hasher.ts';
import type {CardPulse} from './card-pulse.ts';
import type {JournalWriter} from './journal-writer.ts';
import type {Lane} from './lane.ts';
import type {Meter} from './meter.ts';
import type {FilePlan} from './plan.ts';

/** Reads a file back from the medium. The judge gives it to the engine, so that who writes does not check. */
export type ReadBack = (request: {
  readonly path: string;
  readonly method: MediumMethod;
  /** It is small, and one of many: the quick way is tried first, for a file on the file system of this number. */
  readonly quickOn?: bigint;
  /** Asked before the ordinary way opens it. */
  readonly mayOpen?: () => Promise<boolean>;
  readonly signal?: AbortSignal;
  readonly onRead?: (bytes: number) => void;
  /** Sees the blocks too, in order. */
  readonly also?: BlockHasher;
}) => Promise<
  Result<{readonly hash: string; readonly size: number; readonly mediumRead: MediumRead}>
>;

/** The card that is copied from. */
export interface CardSource {
  readonly ref: CardRef;
  /** Its folder, absolute. */
  readonly root: string;
  /** Number of its file system when it was listed. */
  readonly device: bigint;
  readonly method: MediumMethod;
  /** All of its files, those too that are not copied. */
  readonly listed: readonly CardFile[];
}

/** All that one card's copy needs. */
export interface CopyRun {
  readonly offload: string;
  /** A word that no other run has, for the names of temporary files. */
  readonly word: string;
  readonly card: CardSource;
  readonly pulse: CardPulse;
  /** Empties the cache that lies between the card and its file system; undefined where there is none that can be emptied. */
  readonly evictCard: (() => Promise<unknown>) | undefined;
  readonly plan: readonly FilePlan[];
  readonly lanes: readonly Lane[];
  readonly files: QuickFiles;
  /** Small files are copied and read back by threads of their own. */
  readonly quick: boolean;
  readonly clock: Clock;
  readonly blocks: BlockPool;
  readonly hashEngine: HashEngine;
  readonly readBack: ReadBack;
  readonly journal: JournalWriter;
  readonly meter: Meter;
  readonly emit: Emit;
  /** Keep the readable parts of files that cannot be read whole. */
  readonly salvage: boolean;
  /** Read what a destination lacks from a copy that an earlier run proved, where there is one. */
  readonly fromCopy: boolean;
  /** With `--mhl`: the hashes that are taken beside BLAKE3, in the same reads. */
  readonly mhl?: MhlHashes;
  /** Given by the user: finish the block in hand and stop. */
  readonly signal: AbortSignal;
}

/** Records that one file failed; without a lane the card is at fault. */
export function failFile(run: CopyRun, path: CardPath, cause: Cause, lane?: Lane): void {
  const to = lane === undefined ? {} : {to: lane.destination.to};
  run.journal.record({type: 'file-failed', ...cause, card: run.card.ref, path, ...to});
}

/** Gives a destination up, once: the others go on. */
export function loseLane(run: CopyRun, lane: Lane, cause: Cause): void {
  if (lane.lost !== undefined) return;
  lane.lost = cause;
  const {to} = lane.destination;
  run.journal.record({type: 'destination-lost', ...cause, card: run.card.ref, to});
}

/** Decides whether a failure on a destination hits one file or the whole destination, and records it. */
export async function blameLane(
  run: CopyRun,
  lane: Lane,
  failure: {readonly path: CardPath; readonly cause: Cause; readonly error: unknown},
): Promise<void> {
  const loss = await lane.findLoss(failure.error);
  if (loss !== undefined) loseLane(run, lane, loss);
  else failFile(run, failure.path, failure.cause, lane);
}

/** Records that the card gave other bytes for a file than before: no destination is at fault. */
export function recordSourceMismatch(
  run: CopyRun,
  file: CardFile,
  expected: string,
  actual: string,
): void {
  run.journal.record({
    type: 'file-mismatched',
    card: run.card.ref,
    path: file.path,
    size: file.size,
    mtimeNs: `${file.mtimeNs}`,
    expected,
    actual,
    mediumRead: mediumReadOf(run.card.method),
  });
}
