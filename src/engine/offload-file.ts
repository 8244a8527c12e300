import type {CardFile} from '../core/card.ts';
import type {Cause} from '../core/cause.ts';
import {readsDirect} from '../system/medium.ts';
import {CardReader} from './card-reader.ts';
import {confirmRetried} from './confirm-retried.ts';
import {blameLane, type CopyRun} from './copy-run.ts';
import {copySmall} from './copy-small.ts';
import {CopyWriter} from './copy-writer.ts';
import type {Lane} from './lane.ts';
import {pumpBlocks} from './pump-blocks.ts';
import {isReadError} from './read-errors.ts';

export interface WriteStep {
  readonly lane: Lane;
  readonly target: string;
}

/** What the card gave for a file. */
export interface CardReading {
  /** BLAKE3, 64 hex digits. */
  readonly hash: string;
  readonly retries: number;
  /** The copies that are written, closed in order, and wait for their flush. */
  readonly written: readonly CopyWriter[];
}

export type ReadOutcome =
  | {readonly kind: 'read'; readonly reading: CardReading}
  | {readonly kind: 'failed'; readonly cause: Cause}
  /** The medium gave an error: it may give the file when it is asked in other ways. */
  | {readonly kind: 'sick'; readonly cause: Cause}
  | {readonly kind: 'stopped'};

/**
 * Reads one file of the card once, front to back, hashes it, and writes every block to all destinations at the same time. A destination that fails is left out; the
 * others go on. When the card fails or the signal is given, nothing is left behind.
 * @param temporaryName gives the name of the temporary file below the shoot folder.
 */
export async function readAndWrite(
  run: CopyRun,
  file: CardFile,
  steps: readonly WriteStep[],
  options: {temporaryName: (target: string) => string; stop: AbortSignal},
): Promise<ReadOutcome> {
  const quick = await copySmall(run, file, steps, options.temporaryName);
  if (quick.kind === 'read') return quick;
  const {card, files, clock} = run;
  const {stop} = options;
  if (stop.aborted) return {kind: 'stopped'};
  const direct = readsDirect(card.method);
  const {root, device} = card;
  const opened = await CardReader.open({files, clock, root, device, direct}, file);
  if (!opened.ok) return judgeFault(opened.cause);
  const reader = opened.value;
  // It was tried once already: what it gives now is believed when it gives it twice.
  if (quick.cardFailed) reader.retries++;
  const writers = steps.map(
    ({lane, target}) =>
      new CopyWriter({files, lane, target, temporary: options.temporaryName(target), file}),
  );
  const giveUp = async (cause: Cause, moved: number): Promise<ReadOutcome> => {
    await abandonAll(writers);
    const outcome = judgeFault(cause);
    if (outcome.kind === 'sick') takeBack(run, writers, moved);
    return outcome;
  };
  try {
    await Promise.all(writers.map((writer) => writer.open()));
    const pumped = await pumpBlocks(run, reader, writers, stop);
    if (pumped.kind === 'failed') return await giveUp(pumped.cause, pumped.moved);
    if (pumped.kind === 'stopped') {
      await abandonAll(writers);
      return pumped;
    }
    const {hash} = pumped;
    const {retries} = reader;
    const doubt = retries > 0 ? await confirmRetried(run, file, {hash, stop}) : undefined;
    if (doubt !== undefined) return await giveUp(doubt, file.size);
    run.pulse.note(file);
    await Promise.all(writers.map((writer) => writer.finish()));
    return {kind: 'read', reading: {hash, retries, written: await keepWritten(run, file, writers)}};
  } finally {
    await reader.close();
  }
}

function judgeFault(cause: Cause): ReadOutcome {
  if (cause.code === 'stopped') return {kind: 'stopped'};
  return {kind: isReadError(cause.code) ? 'sick' : 'failed', cause};
}

export async function abandonAll(writers: readonly CopyWriter[]): Promise<void> {
  await Promise.all(writers.map((writer) => writer.abandon()));
}

/** Bytes that will be read and written again are not counted twice. */
function takeBack(run: CopyRun, writers: readonly CopyWriter[], moved: number): void {
  run.meter.read -= moved;
  for (const {lane, failure} of writers) if (failure === undefined) lane.written -= moved;
}

/** Sorts out the destinations that failed for this file. */
export async function keepWritten(
  run: CopyRun,
  file: CardFile,
  writers: readonly CopyWriter[],
): Promise<readonly CopyWriter[]> {
  const kept: CopyWriter[] = [];
  for (const writer of writers) {
    if (writer.failure === undefined) kept.push(writer);
    else await blameWriter(run, file, writer);
  }
  return kept;
}

/** Records why a copy could not be written or flushed, and removes it. */
export async function blameWriter(run: CopyRun, file: CardFile, writer: CopyWriter): Promise<void> {
  const {failure, lane} = writer;
  if (failure === undefined) return;
  await writer.abandon();
  if (lane.lost === undefined) await blameLane(run, lane, {path: file.path, ...failure});
}
