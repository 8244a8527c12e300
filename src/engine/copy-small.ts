import {dirname, join} from 'node:path';
import type {CardFile} from '../core/card.ts';
import {errnoOf} from '../core/cause.ts';
import {readsDirect} from '../system/medium.ts';
import {SMALL_FILE} from '../system/small-files/small-file-tools.ts';
import type {CopyRun} from './copy-run.ts';
import {CopyWriter} from './copy-writer.ts';
import type {Lane} from './lane.ts';
import {abandonAll, type CardReading, keepWritten, type WriteStep} from './offload-file.ts';

/** Files of a card that are small from which on threads of their own are worth their start. */
const MANY = 200;

/** @returns whether the small files of a card are copied the quick way: where the platform has one, and where no other hashes are made of them. */
export function copiesQuickly({
  files,
  plan,
  lanes,
  mhl,
}: Pick<CopyRun, 'files' | 'plan' | 'mhl'> & {
  readonly lanes: readonly Pick<Lane, 'access'>[];
}): boolean {
  if (files.copySmall === undefined || mhl !== undefined) return false;
  if (!lanes.every(({access}) => access.flushesFileSystem)) return false;
  return plan.filter(({file}) => file.size < SMALL_FILE).length >= MANY;
}

export type QuickOutcome =
  | {readonly kind: 'read'; readonly reading: CardReading}
  /** Nothing is left of it; the ordinary way is to be gone. */
  | {readonly kind: 'left'; readonly cardFailed: boolean};

const LEFT: QuickOutcome = {kind: 'left', cardFailed: false};

/** Reads a small file of the card and writes it to all destinations in one go. A destination that fails is left out, as it is in the ordinary way. */
export async function copySmall(
  run: CopyRun,
  file: CardFile,
  steps: readonly WriteStep[],
  temporaryName: (target: string) => string,
): Promise<QuickOutcome> {
  const {files, card, quick, pulse, meter} = run;
  if (!quick || files.copySmall === undefined || file.size >= SMALL_FILE) return LEFT;
  if (!(await makeFolders(steps))) return LEFT;
  const writers = steps.map(
    ({lane, target}) =>
      new CopyWriter({files, lane, target, temporary: temporaryName(target), file}),
  );
  const copied = await files.copySmall({
    path: join(card.root, file.path),
    size: file.size,
    mtimeNs: file.mtimeNs,
    device: card.device,
    direct: readsDirect(card.method),
    places: writers.map(({lane, temporary}) => ({
      temporary: lane.absolute(temporary),
      root: lane.destination.to,
      device: lane.destination.device,
    })),
  });
  // Nobody knows how far a thread came that died.
  if (copied === undefined) await abandonAll(writers);
  if (copied?.kind !== 'copied') return {kind: 'left', cardFailed: copied?.kind === 'unread'};
  for (const [index, writer] of writers.entries()) writer.takeWritten(copied.written[index]);
  pulse.note(file);
  meter.read += file.size;
  meter.now = file.path;
  meter.tick();
  const {hash} = copied;
  const written = await keepWritten(run, file, writers);
  return {kind: 'read', reading: {hash, retries: 0, written}};
}

/** @returns false when one cannot be made: the ordinary way tells why. */
async function makeFolders(steps: readonly WriteStep[]): Promise<boolean> {
  try {
    for (const {lane, target} of steps) {
      const folder = dirname(target);
      await lane.makeFolder(folder === '.' ? '' : folder);
    }
    return true;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}
