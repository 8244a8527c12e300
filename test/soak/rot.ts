/** What happens to drives between two runs: bits change where they lie. */
import {open, stat} from 'node:fs/promises';
import type {SeededRandom} from '../faults/seeded-random.ts';
import {toBytes} from '../rigs/trees.ts';

/** Changes one bit of a file somewhere, and nothing of its size or times. @returns false for an empty file. */
export async function rotFile(random: SeededRandom, path: string): Promise<boolean> {
  const place = toBytes(path);
  const {size, atime, mtime} = await stat(place);
  if (size === 0) return false;
  const file = await open(place, 'r+');
  try {
    const at = random.whole(0, size - 1);
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    byte.writeUInt8(byte.readUInt8(0) ^ (1 << random.whole(0, 7)), 0);
    await file.write(byte, 0, 1, at);
    await file.utimes(atime, mtime);
    await file.sync();
  } finally {
    await file.close();
  }
  return true;
}

/** Cuts a file off somewhere, as a power cut may. */
export async function tearFile(random: SeededRandom, path: string): Promise<void> {
  const file = await open(toBytes(path), 'r+');
  try {
    const {size} = await file.stat();
    await file.truncate(random.whole(0, size));
  } finally {
    await file.close();
  }
}
