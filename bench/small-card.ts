/** Cards of many small files: thumbnails, sidecars, telemetry. The same bytes every time. */
import {closeSync, mkdirSync, openSync, writeSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';

const FILES_IN_FOLDER = 1000;

export interface SmallCard {
  readonly files: number;
  /** Bytes of the smallest and of the largest one; the others lie evenly between. */
  readonly from: number;
  readonly to: number;
}

/** @returns bytes of all files. */
export async function makeSmallCard(card: string, {files, from, to}: SmallCard): Promise<number> {
  await rm(card, {recursive: true, force: true});
  const bytes = Buffer.alloc(to);
  for (let at = 0; at < to; at++) bytes[at] = Math.imul(at + 1, 2_654_435_761) >>> 24;
  let all = 0;
  for (let n = 0; n < files; n++) {
    const folder = path.join(card, 'DCIM', `${100 + Math.floor(n / FILES_IN_FOLDER)}BENCH`);
    if (n % FILES_IN_FOLDER === 0) mkdirSync(folder, {recursive: true});
    const size = from + (Math.imul(n, 7919) % (to - from + 1));
    bytes.writeUInt32LE(n, 0);
    const file = openSync(path.join(folder, `B${String(n).padStart(7, '0')}.JPG`), 'wx');
    all += writeSync(file, bytes, 0, size);
    closeSync(file);
  }
  await execa('sync');
  return all;
}
