import {join} from 'node:path';
import type {ListedSource} from '../../../core/offsite/cloud-record.ts';
import {readSource} from '../../../engine/read-source.ts';
import type {HashReading} from '../../../offsite/cloud-run.ts';
import {MhlHashes} from '../../../system/mhl-hasher.ts';
import type {Program} from '../../program.ts';

/** Reads a file of the source once: BLAKE3 for this program, SHA-1 and MD5 for what clouds tell of their files. */
export function readWithHashes(
  {files, proofBlocks: blocks, hashEngine}: Program,
  {source, signal}: {readonly source: string; readonly signal: AbortSignal},
): (file: ListedSource) => Promise<HashReading> {
  const hashes = new MhlHashes(['sha1', 'md5']);
  const setting = {files, blocks, hashEngine, readsDirect: false, signal, onRead: () => {}};
  return async (file) =>
    await hashes.during(async (also) => {
      const path = join(source, ...file.path.split('/'));
      // Size and time are what it is compared by.
      const listed = {...file, changedNs: file.mtimeNs};
      const reading = await readSource(setting, {path, file: listed}, async ({block, bytes}) => {
        also.update(block.subarray(0, bytes));
        return true;
      });
      if (reading.kind === 'stopped') return reading;
      if (reading.kind === 'source-failed') return {kind: 'failed', cause: reading.cause};
      const {sha1 = '', md5 = ''} = also.digest();
      return {kind: 'read', hashes: {blake3: reading.hash, sha1, md5}};
    });
}
