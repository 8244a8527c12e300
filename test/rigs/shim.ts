/** Builds and steers `native/shim.c`: a program that dies at a chosen change, whose flush fails once, whose clock is wrong. */
import {mkdir, open, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Lab} from './lab.ts';
import {CannotRun} from './rig.ts';
import {call} from './tools.ts';

const SOURCE = fileURLToPath(new URL('native/shim.c', import.meta.url));

/** Places of the numbers in the shared file: `struct control` in native/shim.c. */
const PLACES = {clockOffset: 0, changes: 1, killAt: 2, killHow: 3, syncs: 4, failSyncAt: 5};
/** Where the path stands in it, and the size of the whole, in bytes. */
const FAILED_AT = 48;
const CONTROL_BYTES = FAILED_AT + 1024;

/** When the program dies: before the change, behind it, or with half of the bytes written. */
export const MOMENTS = ['before', 'after', 'halfway'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface Shim {
  /** Environment for the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Forgets what was counted and ordered. The clock is right again. */
  reset(): Promise<void>;
  dieAt(change: number, moment: Moment): Promise<void>;
  failSyncAt(sync: number): Promise<void>;
  shiftClock(seconds: number): Promise<void>;
  countChanges(): Promise<number>;
  countSyncs(): Promise<number>;
  /** Path of what could not be flushed; empty while all could. */
  findFailedSync(): Promise<string>;
}

/** @param under folders whose files count. @throws CannotRun where it cannot be compiled. */
export async function makeShim(lab: Lab, under: readonly string[]): Promise<Shim> {
  const folder = join(lab.folder, 'shim');
  await mkdir(folder, {recursive: true});
  const library = join(folder, 'shim.so');
  try {
    await call('gcc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl']);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotRun(`the shim cannot be compiled here (${why.split('\n')[0]})`);
  }
  const control = join(folder, 'control');
  await writeFile(control, Buffer.alloc(CONTROL_BYTES));
  const set = async (place: number, value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    const file = await open(control, 'r+');
    await file.write(bytes, 0, 8, place * 8);
    await file.close();
  };
  const get = async (place: number) => Number((await readFile(control)).readBigInt64LE(place * 8));
  return {
    env: {LD_PRELOAD: library, RIG_SHIM: control, RIG_SHIM_UNDER: under.join(':')},
    async reset() {
      const file = await open(control, 'r+');
      await file.write(Buffer.alloc(CONTROL_BYTES), 0, CONTROL_BYTES, 0);
      await file.close();
    },
    async dieAt(change, moment) {
      await set(PLACES.killHow, MOMENTS.indexOf(moment));
      await set(PLACES.killAt, change);
    },
    failSyncAt: (sync) => set(PLACES.failSyncAt, sync),
    shiftClock: (seconds) => set(PLACES.clockOffset, seconds),
    countChanges: () => get(PLACES.changes),
    countSyncs: () => get(PLACES.syncs),
    async findFailedSync() {
      const path = (await readFile(control)).subarray(FAILED_AT);
      return path.subarray(0, path.indexOf(0)).toString();
    },
  };
}
