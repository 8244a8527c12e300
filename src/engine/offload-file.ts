import {join} from 'node:path';
import type {CardFile} from '../core/card.ts';
import type {Cause} from '../core/cause.ts';
import {readsDirect} from '../system/medium.ts';
import {CardReader} from './card-reader.ts';
import {blameLane, type CopyRun} from './copy-run.ts';
import {CopyWriter} from './copy-writer.ts';
import type {Lane} from './lane.ts';

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
  | {readonly kind: 'stopped'};

/** Blocks of one file that may wait for their writes at the same time: the next file's first blocks must find buffers too. */
const BLOCKS_PER_FILE = 4;

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
  const {card, files, clock} = run;
  const direct = readsDirect(card.method);
  const opened = await CardReader.open({files, clock, root: card.root, direct}, file);
  if (!opened.ok) return {kind: 'failed', cause: opened.cause};
  const reader = opened.value;
  const writers = steps.map(
    ({lane, target}) =>
      new CopyWriter({files, lane, target, temporary: options.temporaryName(target), file}),
  );
  try {
    await Promise.all(writers.map((writer) => writer.open()));
    const hashed = await pump(run, reader, writers, options.stop);
    if (hashed.kind !== 'hashed') {
      await Promise.all(writers.map((writer) => writer.abandon()));
      return hashed;
    }
    const {hash} = hashed;
    const {retries} = reader;
    if (retries > 0) {
      const doubt = await confirmRetried(run, file, hash);
      if (doubt !== undefined) {
        await Promise.all(writers.map((writer) => writer.abandon()));
        return {kind: 'failed', cause: doubt};
      }
    }
    await Promise.all(writers.map((writer) => writer.finish()));
    return {kind: 'read', reading: {hash, retries, written: await keepWritten(run, file, writers)}};
  } finally {
    await reader.close();
  }
}

type Pumped =
  | {readonly kind: 'hashed'; readonly hash: string}
  | Exclude<ReadOutcome, {kind: 'read'}>;

/** Moves blocks from the card to the writers. Returns only when no write uses a block any more. */
async function pump(
  run: CopyRun,
  reader: CardReader,
  writers: readonly CopyWriter[],
  stop: AbortSignal,
): Promise<Pumped> {
  const {blocks, meter} = run;
  const hasher = run.hashEngine.create();
  const inFlight: Promise<void>[] = [];
  const {size} = reader.file;
  try {
    for (let position = 0; position < size; ) {
      if (stop.aborted) return {kind: 'stopped'};
      if (inFlight.length >= BLOCKS_PER_FILE) await inFlight.shift();
      const block = await blocks.take();
      const filled = await reader.read(block, position);
      if (!filled.ok) {
        blocks.give(block);
        return {kind: 'failed', cause: filled.cause};
      }
      const bytes = filled.value;
      const start = position;
      const writes = writers.map((writer) => writer.write(block, bytes, start));
      // The writes run in other threads while this one hashes; the block is free when both are done.
      hasher.update(block.subarray(0, bytes));
      inFlight.push(Promise.allSettled(writes).then(() => blocks.give(block)));
      position += bytes;
      meter.read += bytes;
      meter.now = reader.file.path;
      meter.tick();
    }
  } finally {
    await Promise.allSettled(inFlight);
  }
  const change = await reader.finish();
  return change === undefined
    ? {kind: 'hashed', hash: hasher.digest()}
    : {kind: 'failed', cause: change};
}

/** A read that succeeded only when it was tried again is believed when the whole file reads the same once more, from the medium. */
async function confirmRetried(
  run: CopyRun,
  file: CardFile,
  hash: string,
): Promise<Cause | undefined> {
  const path = join(run.card.root, file.path);
  const again = await run.readBack({path, method: run.card.method});
  if (!again.ok) return again.cause;
  const isSame = again.value.hash === hash;
  if (isSame && again.value.mediumRead !== 'cached') return undefined;
  const doubt = isSame
    ? 'could not be read again past the cache'
    : 'did not give the same bytes twice';
  return {
    code: 'source-mismatch',
    path: file.path,
    message: `the card had to be asked again for this file and ${doubt}`,
    next: 'Try another card reader or cable, then run the same command again.',
  };
}

/** Sorts out the destinations that failed for this file. */
async function keepWritten(
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
