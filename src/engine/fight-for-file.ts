import type {CardFile} from '../core/card.ts';
import type {Cause, Result} from '../core/cause.ts';
import type {MissingRange} from '../core/rescue-map.ts';
import {readsDirect} from '../system/medium.ts';
import {findCardLoss} from './card-loss.ts';
import {CardReader} from './card-reader.ts';
import {confirmRetried} from './confirm-retried.ts';
import type {CopyRun} from './copy-run.ts';
import {CopyWriter} from './copy-writer.ts';
import {FightLimits, type Patience} from './fight-limits.ts';
import {abandonAll, type CardReading, keepWritten, type WriteStep} from './offload-file.ts';
import {pumpBlocks} from './pump-blocks.ts';
import {isReadError} from './read-errors.ts';
import {SickFile} from './sick-file.ts';

/** Before an opening or a confirmation that gave a read error is tried once more, in ms. */
const PAUSES_MS = [500, 2000];

/** The readable parts of a file, written under temporary names with zeros where the rest should be. */
export interface ReadableParts {
  /** BLAKE3 of what is written, zeros included. */
  readonly hash: string;
  /** Bytes that are the card's. */
  readonly had: number;
  readonly missing: readonly MissingRange[];
  readonly writers: readonly CopyWriter[];
}

export type FightOutcome =
  | {readonly kind: 'read'; readonly reading: CardReading}
  | {readonly kind: 'failed'; readonly cause: Cause; readonly parts: ReadableParts | undefined}
  | {readonly kind: 'stopped'};

interface FightOptions {
  /** Destinations where no copy is to be written but the readable parts may be wanted: a file of the same size stands there. */
  readonly partsOnly: readonly WriteStep[];
  readonly temporaryName: (target: string) => string;
  readonly patience: Patience;
  readonly stop: AbortSignal;
}

/**
 * Reads a file that gave a read error with all means, and writes it like any other. It counts as read only when the whole of it then reads the same once more, past the cache.
 * @returns with `--salvage` the readable parts when it cannot be read whole: to be kept or abandoned by the caller. Otherwise nothing is left behind.
 */
export async function fightForFile(
  run: CopyRun,
  file: CardFile,
  steps: readonly WriteStep[],
  options: FightOptions,
): Promise<FightOutcome> {
  const {files, clock, salvage} = run;
  const {stop, patience, temporaryName} = options;
  const opened = await openAgain(run, file, stop);
  if (!opened.ok) {
    patience.note({size: file.size, had: 0});
    return {kind: 'failed', cause: opened.cause, parts: undefined};
  }
  const reader = opened.value;
  const sick = new SickFile(
    {
      reader,
      clock,
      stop,
      limits: new FightLimits(clock, patience),
      openCached: async () => {
        const cached = await CardReader.open(
          {files, clock, root: run.card.root, device: run.card.device, direct: false},
          file,
        );
        return cached.ok ? cached.value : undefined;
      },
      evict: run.evictCard,
      findCardLoss: () => findCardLoss(run),
    },
    salvage,
  );
  const write = ({lane, target}: WriteStep) =>
    new CopyWriter({files, lane, target, temporary: temporaryName(target), file});
  const copies = steps.map(write);
  const others = salvage ? options.partsOnly.map(write) : [];
  const writers = [...copies, ...others];
  try {
    await Promise.all(writers.map((writer) => writer.open()));
    const pumped = await pumpBlocks(run, sick, writers, stop);
    if (pumped.kind !== 'stopped') patience.note({size: file.size, had: sick.had});
    if (pumped.kind !== 'hashed') {
      await abandonAll(writers);
      return pumped.kind === 'failed' ? {...pumped, parts: undefined} : pumped;
    }
    const {hash} = pumped;
    const {retries, had, missing} = sick;
    const cause =
      missing.length > 0 ? sick.describe() : await confirmAtLast(run, file, {hash, stop});
    if (cause?.code === 'stopped') {
      await abandonAll(writers);
      return {kind: 'stopped'};
    }
    if (cause === undefined) {
      await abandonAll(others);
      for (const {lane, failure} of others) if (failure === undefined) lane.written -= file.size;
      await Promise.all(copies.map((writer) => writer.finish()));
      const written = await keepWritten(run, file, copies);
      return {kind: 'read', reading: {hash, retries, written}};
    }
    if (!salvage || had === 0) {
      await abandonAll(writers);
      return {kind: 'failed', cause, parts: undefined};
    }
    await Promise.all(writers.map((writer) => writer.finish()));
    return {kind: 'failed', cause, parts: {hash, had, missing, writers}};
  } finally {
    await reader.close();
  }
}

/** The file's own entry may lie in a bad place too. */
async function openAgain(
  run: CopyRun,
  file: CardFile,
  stop: AbortSignal,
): Promise<Result<CardReader>> {
  const {files, clock, card} = run;
  const {root, device, method} = card;
  const opening = {files, clock, root, device, direct: readsDirect(method)};
  let opened = await CardReader.open(opening, file);
  for (const pause of PAUSES_MS) {
    if (opened.ok || !isReadError(opened.cause.code) || stop.aborted) break;
    await clock.sleep(pause);
    opened = await CardReader.open(opening, file);
  }
  return opened;
}

/** A sector that comes now and then may be missing at the second reading: that is no other answer, and it is asked again. */
async function confirmAtLast(
  run: CopyRun,
  file: CardFile,
  about: {readonly hash: string; readonly stop: AbortSignal},
): Promise<Cause | undefined> {
  let doubt = await confirmRetried(run, file, about);
  for (const pause of PAUSES_MS) {
    if (doubt === undefined || !isReadError(doubt.code) || about.stop.aborted) break;
    await run.clock.sleep(pause);
    doubt = await confirmRetried(run, file, about);
  }
  return doubt;
}
