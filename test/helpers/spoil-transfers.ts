/** What goes wrong inside of one read, write, flush or naming, on the real disk below the program. */
import {link, open} from 'node:fs/promises';
import {ALIGNMENT, alignDown, alignUp, BlockPool} from '../../src/system/block-pool.ts';
import type {Files} from '../../src/system/files.ts';
import {overrideCalls, wrapOpened} from './faulty-files.ts';

export type Spoiling = 'short' | 'flips' | 'lies' | 'dies-half';

/** What the next read or write does; set right before the call and taken off right behind it. */
export interface Order {
  spoiling: Spoiling | undefined;
}

/** Reads and writes that are given an order are not what they say. */
export function takesOrders(files: Files, order: Order): Files {
  return wrapOpened(files, (opened, _path, {direct}) =>
    overrideCalls(opened, {
      async read(buffer, length, position) {
        const {spoiling} = order;
        const asked = spoiling === 'short' ? shorten(length, direct) : length;
        const bytes = await opened.read(buffer, asked, position);
        if (spoiling === 'flips' && bytes > 0) buffer[bytes - 1] = (buffer[bytes - 1] ?? 0) ^ 1;
        return bytes;
      },
      async write(buffer, length, position) {
        switch (order.spoiling) {
          case 'short':
            return await opened.write(buffer, shorten(length, direct), position);
          case 'flips':
            return await opened.write(await flipFirst(buffer, length), length, position);
          case 'lies':
            return length;
          case 'dies-half': {
            const half = direct ? alignDown(length / 2) : Math.floor(length / 2);
            return half === 0 ? 0 : await opened.write(buffer, half, position);
          }
          default:
            return await opened.write(buffer, length, position);
        }
      },
    }),
  );
}

/** Direct transfers keep to whole blocks, as the kernel does. */
function shorten(length: number, direct: boolean): number {
  if (direct) return Math.max(Math.min(length, ALIGNMENT), alignDown(length / 2));
  return Math.max(1, Math.floor(length / 3));
}

/** A copy, because the same block goes to other destinations too; aligned, because it may be a direct write. */
async function flipFirst(buffer: Uint8Array, length: number): Promise<Buffer> {
  const copy = await new BlockPool(1, alignUp(Math.max(length, 1))).take();
  copy.set(buffer.subarray(0, length));
  copy[0] = (copy[0] ?? 0) ^ 1;
  return copy.subarray(0, length);
}

/** The last 512 bytes of a file that was flushed never come to the disk. */
export async function loseEnd(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const {size, atime, mtime} = await file.stat();
    const length = Math.min(512, size);
    await file.write(Buffer.alloc(length), 0, length, size - length);
    await file.utimes(atime, mtime);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Gives a name as `publish` does, and stops before the old name is taken away. */
export async function nameHalf({path, to}: {path: string; to?: string}): Promise<void> {
  if (to !== undefined) await link(path, to);
}
