/** Which slice of a volume a verify reads, and how far that volume is. */
import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {addReading, countParts, nextSlice, verifiedSince} from '../../core/verify/part-memory.ts';
import type {PartChoice, Slice} from '../../core/verify/slices.ts';
import {readPartMemory, writePartMemory} from '../../system/part-memory-file.ts';
import type {Program} from '../program.ts';
import type {UserFolder} from '../resolve-folder.ts';
import {findTrusted} from './find-trusted.ts';

export interface OpenedPart {
  /** Id of the volume, where the folder is all of it and it is what its marker says. */
  readonly volume: string | null;
  /** Undefined: all. */
  readonly slice: Slice | undefined;
  /** Remembers that the slice was read. @param good everything in it was. */
  readonly finish: (good: boolean) => Promise<Progress>;
}

export interface Progress {
  readonly partsRead: number | null;
  readonly partsBad: number | null;
  readonly since: string | null;
}

const UNKNOWN: Progress = {partsRead: null, partsBad: null, since: null};
const WHOLE: Slice = {part: 1, of: 1};

/** @returns why there is no next slice: only of a whole volume that is what its marker says it is known which was the last. */
export async function openPart(
  program: Program,
  {real, path}: UserFolder,
  {choice, emit}: {readonly choice: PartChoice | undefined; readonly emit: Emit},
): Promise<Result<OpenedPart>> {
  const {files, clock, dataFolder, newWord} = program;
  const trusted = await findTrusted(program, real);
  const volume = trusted?.folder === real ? trusted.id : null;
  const isNext = choice?.kind === 'next';
  if (volume === null || !dataFolder.ok) {
    if (isNext) return failed(dataFolder.ok ? noVolume(path) : dataFolder.cause);
    const slice = choice?.slice;
    return ok({volume, slice, finish: async () => UNKNOWN});
  }
  const place = {data: dataFolder.value, volume};
  const before = await readPartMemory(files, place);
  if (before.problem !== undefined) emit({type: 'noticed', level: 'warning', ...before.problem});
  const slice = isNext ? nextSlice(before.memory, choice.of) : choice?.slice;
  const at = clock.now().toISOString();
  return ok({
    volume,
    slice,
    async finish(good) {
      const read = slice ?? WHOLE;
      // Another run may have read another slice meanwhile.
      const {memory: known} = await readPartMemory(files, place);
      const memory = addReading(known, read, {at, good});
      const written = await writePartMemory(files, place, {memory, word: newWord()});
      if (!written.ok) emit({type: 'noticed', level: 'warning', ...written.cause});
      const {read: partsRead, bad: partsBad} = countParts(memory, read.of);
      return {partsRead, partsBad, since: verifiedSince(memory)};
    },
  });
}

const noVolume = (path: string): Cause => ({
  code: 'part-needs-volume',
  path,
  message: 'which slice is the next is only known of a whole drive with its own marker',
  next: 'Name the folder in which .offload-volume.json lies, or the slice itself: --part 1/30. A drive in doubt is told of by offload volumes.',
});
