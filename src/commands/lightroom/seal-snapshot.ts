/** The last steps of a snapshot: its record, and its name. */
import {join} from 'node:path';
import {readMedium} from '../../../verify/read-medium.ts';
import {type Cause, causeFrom, failed, ok, type Result} from '../../core/cause.ts';
import {
  CHECKSUMS_NAME,
  checksumsOf,
  formatRecord,
  RECORD_NAME,
  type SnapshotRecord,
} from '../../core/lightroom/snapshot-record.ts';
import {writeNewText} from '../../system/read-text.ts';
import type {Made, Taking} from './make-snapshot.ts';

/** Record and checksums are written, flushed, and read back from the medium. */
export async function seal(
  {work: {program, signal}, lane}: Taking,
  part: string,
  record: SnapshotRecord,
): Promise<Result<void>> {
  const {files, hashOfText, run, hashEngine, proofBlocks} = program;
  const text = formatRecord(record);
  const reader = {files, run, hashEngine, blocks: proofBlocks};
  const texts = [
    {name: RECORD_NAME, text},
    {name: CHECKSUMS_NAME, text: checksumsOf(record, hashOfText(text))},
  ];
  for (const {name, text: wanted} of texts) {
    const path = join(lane.absolute(part), name);
    try {
      await writeNewText(files, path, wanted);
    } catch (error) {
      return failed(causeFrom(error, 'writing the record of the snapshot', path));
    }
    const read = await readMedium(reader, {path, method: lane.access.method, signal});
    if (!read.ok) return read;
    if (read.value.hash !== hashOfText(wanted)) return failed(mismatched(path));
  }
  try {
    await files.syncFolder(lane.absolute(part));
    return ok(undefined);
  } catch (error) {
    return failed(causeFrom(error, 'flushing the snapshot', lane.absolute(part)));
  }
}

/** In one step: before it nothing looks like a snapshot, after it all of it is there. */
export async function nameIt(
  {work: {program}, lane, guard}: Taking,
  part: string,
  made: Made,
): Promise<Result<Made>> {
  const {files} = program;
  const guarded = await guard();
  if (!guarded.ok) return guarded;
  const place = lane.absolute(made.record.name);
  try {
    // Folders have no hard links: the name is looked at and given, under the lock.
    await files.publish(lane.absolute(part), place);
    await files.syncFolder(lane.root);
    return ok(made);
  } catch (error) {
    return failed(causeFrom(error, 'naming the snapshot', place));
  }
}

const mismatched = (path: string): Cause => ({
  code: 'mismatch',
  path,
  message: 'what was read back from the drive is not what was written',
  next: 'The drive or its cable spoils bytes: use another one, then run the same job again.',
});
