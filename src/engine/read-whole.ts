import {alignDown, alignUp} from '../system/block-pool.ts';
import type {OpenedFile} from '../system/files.ts';
import {systemError} from '../system/system-error.ts';

interface WholeRead {
  readonly source: OpenedFile;
  readonly block: Buffer;
  readonly position: number;
  readonly wanted: number;
  readonly direct: boolean;
  readonly path: string;
}

/** Fills the start of a block with all the bytes that are wanted. @throws the system's error; ENODATA when the file ends before. */
export async function readWhole(read: WholeRead): Promise<void> {
  const {source, block, position, wanted, direct, path} = read;
  for (let filled = 0; filled < wanted; ) {
    // After a short read a direct one begins again at the aligned position below.
    const start = direct ? alignDown(filled) : filled;
    const rest = block.subarray(start);
    const length = Math.min(alignUp(wanted - start), rest.length);
    const end = start + (await source.read(rest, length, position + start));
    if (end <= filled) throw systemError('ENODATA', path);
    filled = end;
  }
}
