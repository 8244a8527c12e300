import type {CardFile} from '../core/card.ts';
import type {Cause, Result} from '../core/cause.ts';
import type {BlockHasher} from '../system/mhl-hasher.ts';
import type {CopyRun} from './copy-run.ts';
import type {CopyWriter} from './copy-writer.ts';

/** A file that gives its blocks in order. */
export interface BlockSource {
  readonly file: CardFile;
  /** @returns bytes in the block, or why they could not be had. */
  read(block: Buffer, position: number): Promise<Result<number>>;
  /** After the last block. @returns why what was read does not count. */
  finish(): Promise<Cause | undefined>;
}

export type Pumped =
  | {readonly kind: 'hashed'; readonly hash: string}
  /** `moved`: bytes that went to the writers before. */
  | {readonly kind: 'failed'; readonly cause: Cause; readonly moved: number}
  | {readonly kind: 'stopped'};

/** Blocks of one file that may wait for their writes at the same time: the next file's first blocks must find buffers too. */
const BLOCKS_PER_FILE = 4;

/** Moves blocks from the card to the writers, and hashes them; with `--mhl` in other formats too. Returns only when no write uses a block any more. */
export async function pumpBlocks(
  run: CopyRun,
  source: BlockSource,
  writers: readonly CopyWriter[],
  stop: AbortSignal,
): Promise<Pumped> {
  const {mhl} = run;
  if (mhl === undefined) return await pump(run, source, writers, {stop});
  return await mhl.during(async (also) => {
    const pumped = await pump(run, source, writers, {stop, also});
    if (pumped.kind === 'hashed') mhl.note(pumped.hash, also.digest());
    return pumped;
  });
}

async function pump(
  run: CopyRun,
  source: BlockSource,
  writers: readonly CopyWriter[],
  {stop, also}: {readonly stop: AbortSignal; readonly also?: BlockHasher},
): Promise<Pumped> {
  const {blocks, meter} = run;
  const hasher = run.hashEngine.create();
  const inFlight: Promise<void>[] = [];
  const {size} = source.file;
  let position = 0;
  try {
    while (position < size) {
      if (stop.aborted) return {kind: 'stopped'};
      if (inFlight.length >= BLOCKS_PER_FILE) await inFlight.shift();
      const block = await blocks.take();
      const filled = await source.read(block, position);
      if (!filled.ok) {
        blocks.give(block);
        if (stop.aborted) return {kind: 'stopped'};
        return {kind: 'failed', cause: filled.cause, moved: position};
      }
      const bytes = filled.value;
      const start = position;
      const writes = writers.map((writer) => writer.write(block, bytes, start));
      // The writes run in other threads while this one hashes; the block is free when both are done.
      const filledPart = block.subarray(0, bytes);
      hasher.update(filledPart);
      also?.update(filledPart);
      inFlight.push(Promise.allSettled(writes).then(() => blocks.give(block)));
      position += bytes;
      meter.read += bytes;
      meter.now = source.file.path;
      meter.tick();
    }
  } finally {
    await Promise.allSettled(inFlight);
  }
  const change = await source.finish();
  return change === undefined
    ? {kind: 'hashed', hash: hasher.digest()}
    : {kind: 'failed', cause: change, moved: position};
}
