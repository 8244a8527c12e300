import type {RecordedFile} from '../../core/manifest.ts';
import type {SmallPicture} from '../../core/report/render-cell.ts';
import type {SheetCell} from '../../core/report/sheet-cells.ts';
import {formOf} from '../../core/survey/file-kind.ts';
import type {Program} from '../program.ts';
import {type FoundPreviews, findPreviews, type ShownFile} from './find-previews.ts';
import {HEAD_BYTES, makePicture} from './make-picture.ts';

export interface Drawing {
  readonly program: Program;
  readonly cells: readonly SheetCell[];
  /** @returns where a file can be read; undefined where it cannot. */
  readonly place: (file: RecordedFile) => Promise<ShownFile | undefined>;
  /** Pixels. */
  readonly longSide: number;
  /** Of one picture. */
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

export interface DrawnCell {
  readonly cell: SheetCell;
  readonly picture: SmallPicture | undefined;
}

/** Frames that are asked about in one question; a head of each is in memory. */
const BATCH = 12;
/** Whole JPEGs in memory, and decoders at work. */
const AT_ONCE = 3;
/** ms for large JPEGs as a whole; after that their thumbnails will do, so that 2,000 pictures take less than a minute. */
const UNHURRIED_MS = 30_000;

/** Gives the frames with their pictures, in order. Two batches are under way, so that memory stays flat. Ends early when it is stopped. */
export async function* drawCells(drawing: Drawing): AsyncGenerator<DrawnCell> {
  const {cells, program, signal} = drawing;
  const startedMs = program.clock.monotonic();
  const isLate = () => program.clock.monotonic() - startedMs > UNHURRIED_MS;
  let next: Promise<readonly DrawnCell[]> | undefined;
  try {
    for (let at = 0; at < cells.length; at += BATCH) {
      const batch = next ?? drawBatch(drawing, cells.slice(at, at + BATCH), isLate);
      const ahead = cells.slice(at + BATCH, at + 2 * BATCH);
      next = ahead.length === 0 ? undefined : drawBatch(drawing, ahead, isLate);
      const drawn = await batch;
      if (signal.aborted) return;
      yield* drawn;
    }
  } finally {
    // Nothing is left that still has a file open.
    await next;
  }
}

async function drawBatch(
  drawing: Drawing,
  cells: readonly SheetCell[],
  isLate: () => boolean,
): Promise<readonly DrawnCell[]> {
  const {program, place, longSide, mostBytes, signal} = drawing;
  if (signal.aborted) return [];
  const placed: ShownFile[][] = [];
  for (const {shows} of cells) {
    const found: ShownFile[] = [];
    for (const {file} of shows) {
      const one = await place(file);
      if (one !== undefined) found.push(one);
    }
    // A whole copy shows more than the parts of a lost one.
    placed.push(found.sort((a, b) => Number(a.isSalvaged) - Number(b.isSalvaged)));
  }
  const asked = placed.flatMap(([first]) => (first !== undefined && !isJpeg(first) ? [first] : []));
  const answers = await findPreviews(program.files, asked, HEAD_BYTES);
  const previews = new Map<ShownFile, FoundPreviews>();
  for (const [index, one] of asked.entries()) {
    const answer = answers[index];
    if (answer !== undefined) previews.set(one, answer);
  }
  const pictures: (SmallPicture | undefined)[] = cells.map(() => undefined);
  let next = 0;
  const work = async () => {
    for (let index = next++; index < cells.length && !signal.aborted; index = next++) {
      const limits = {longSide, mostBytes, isLate};
      pictures[index] = await makePicture(program.files, placed[index] ?? [], previews, limits);
    }
  };
  await Promise.all(Array.from({length: AT_ONCE}, work));
  return cells.map((cell, index) => ({cell, picture: pictures[index]}));
}

function isJpeg({path}: ShownFile): boolean {
  const form = formOf(path);
  return form === 'jpeg' || form === 'still';
}
