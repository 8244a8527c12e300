/** A card as a camera leaves it: RAW and JPEG pairs of random bytes, the same ones every time. */
import {mkdir, open, readdir, rm, stat} from 'node:fs/promises';
import path from 'node:path';

/** Sizes of a photographer's card in bytes. */
const RAW_SIZE = 30_000_000;
const JPEG_SIZE = 7_000_000;
const FOLDER = path.join('DCIM', '100BENCH');

interface BenchFile {
  /** Below the card's root. */
  readonly name: string;
  readonly size: number;
}

/** @param pairs of one RAW and one JPEG. @returns bytes on the card. */
export const cardBytes = (pairs: number): number => pairs * (RAW_SIZE + JPEG_SIZE);

function listPlanned(pairs: number): readonly BenchFile[] {
  return Array.from({length: pairs}, (_, index) => {
    const stem = path.join(FOLDER, `BNCH${String(index + 1).padStart(4, '0')}`);
    return [
      {name: `${stem}.CR3`, size: RAW_SIZE},
      {name: `${stem}.JPG`, size: JPEG_SIZE},
    ];
  }).flat();
}

/** @returns the card's files, paths below its root. */
export const listCardFiles = (pairs: number): readonly string[] =>
  listPlanned(pairs).map(({name}) => name);

/** True when the folder holds exactly the card's files with their sizes. */
export async function isCardMade(card: string, pairs: number): Promise<boolean> {
  const planned = listPlanned(pairs);
  try {
    const there = await readdir(path.join(card, FOLDER));
    const sizes = await Promise.all(planned.map(({name}) => stat(path.join(card, name))));
    return (
      there.length === planned.length &&
      sizes.every(({size}, index) => size === planned[index]?.size)
    );
  } catch {
    return false;
  }
}

/** Makes the card anew and flushes it. */
export async function makeCard(card: string, pairs: number): Promise<void> {
  await rm(card, {recursive: true, force: true});
  await mkdir(path.join(card, FOLDER), {recursive: true});
  const words = new Uint32Array(RAW_SIZE / Uint32Array.BYTES_PER_ELEMENT);
  const bytes = Buffer.from(words.buffer);
  for (const [index, {name, size}] of listPlanned(pairs).entries()) {
    fillWithNoise(words.subarray(0, size / Uint32Array.BYTES_PER_ELEMENT), index + 1);
    await using file = await open(path.join(card, name), 'wx');
    await file.writeFile(bytes.subarray(0, size));
    await file.sync();
  }
}

/** xorshift32 (Marsaglia, "Xorshift RNGs", 2003), seeded: cheap, and no tool can compress it. */
function fillWithNoise(words: Uint32Array, seed: number): void {
  // Neighbouring seeds start alike; an odd factor spreads them over all 32 bits (Knuth's multiplicative hash).
  let state = Math.imul(seed, 2_654_435_761);
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
}
