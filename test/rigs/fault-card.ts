/** A small card with all that matters to faults: files that are flushed one by one and in batches, an empty one, a lone byte, folders. */
import {mkdir, utimes, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {Random} from './random.ts';

/** Path and bytes. From 1 MB on a file is flushed by itself. */
const FILES: readonly (readonly [string, number])[] = [
  ...numbered('DCIM/100RIGGS/IMG_', '.JPG', 14).map(
    (path, at) => [path, 9000 + at * 17_001] as const,
  ),
  ...numbered('DCIM/100RIGGS/IMG_', '.CR3', 5).map(
    (path, at) => [path, 1_048_576 + at * 700_001] as const,
  ),
  ['DCIM/101RIGGS/IMG_0015.CR3', 4 * 1024 * 1024],
  ['DCIM/101RIGGS/IMG_0015.XMP', 4096],
  ['PRIVATE/M4ROOT/CLIP/C0001.MP4', 6 * 1024 * 1024 + 5],
  ['PRIVATE/M4ROOT/CLIP/C0001M01.XML', 1],
  ['MISC/empty.dat', 0],
];

/** How many files the card has. */
export const FAULT_FILES = FILES.length;
/** How many bytes they have. */
export const FAULT_BYTES = FILES.reduce((sum, [, size]) => sum + size, 0);

/** Writes the card. Its bytes compress well, and each page says whose it is. */
export async function fillFaultCard(card: string): Promise<void> {
  for (const [number, [path, size]] of FILES.entries()) {
    const place = join(card, path);
    await mkdir(dirname(place), {recursive: true});
    await writeFile(place, makeFaultBytes(path, size), {flag: 'wx'});
    const seconds = Date.UTC(2026, 3, 6, 10, 0, number * 2) / 1000;
    await utimes(place, seconds, seconds);
  }
  await mkdir(join(card, 'DCIM/102RIGGS'));
}

const PAGE = 4096;

/** @returns the bytes of a file: every page begins with {@link pageStart}. */
export function makeFaultBytes(path: string, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  const random = new Random(size);
  for (let at = 0; at < size; at += PAGE) {
    const end = Math.min(at + PAGE, size);
    bytes.fill(random.below(256), at, end);
    pageStart(path, at / PAGE).copy(bytes, at, 0, end - at);
  }
  return bytes;
}

/** @returns how a page of a file on the card begins, and of every copy. */
export const pageStart = (path: string, page: number) => Buffer.from(`<${path} ${page}>`);

function numbered(start: string, end: string, count: number): readonly string[] {
  return Array.from({length: count}, (_, at) => `${start}${String(at + 1).padStart(4, '0')}${end}`);
}
