/** Reads files of the source, each once, and keeps those that are to be at the remote. */
import type {Cause} from '../core/cause.ts';
import {findAlarm, isSameFile, isThere, type WantedFile} from '../core/offsite/cloud-decide.ts';
import type {CloudRecord, ListedSource} from '../core/offsite/cloud-record.ts';
import type {CloudRun} from './cloud-run.ts';

/** @returns the files that are to be compared with the remote; the others are told. Fewer when the run is stopped. */
export async function readBatch(
  run: CloudRun,
  batch: readonly ListedSource[],
): Promise<readonly WantedFile[]> {
  const wanted: WantedFile[] = [];
  const records: CloudRecord[] = [];
  for (const file of batch) {
    if (run.signal.aborted) break;
    const before = run.state.get(file.path);
    const known = before !== undefined && isSameFile(file, before) ? before.hashes : undefined;
    run.tally.reading(file.path);
    const reading =
      known === undefined ? await run.hash(file) : ({kind: 'read', hashes: known} as const);
    if (reading.kind === 'stopped') break;
    if (reading.kind === 'failed') {
      run.tally.fail(before === undefined ? 'upload' : 'replace', file, reading.cause);
      continue;
    }
    const {hashes} = reading;
    const alarm = await findProblem(run, {file, hashes, before});
    if (alarm !== null) {
      run.tally.hold(file, alarm);
      continue;
    }
    if (before?.state === 'proved' && before.hashes.blake3 === hashes.blake3) {
      const back = {...before, mtimeNs: file.mtimeNs, goneAt: null};
      records.push(back);
      if (before.goneAt !== null) run.notes.put(back);
      run.tally.done('retime', file);
      continue;
    }
    wanted.push({file, hashes, before});
    // What lies at the remote is still known by the old record, until the new one is proved.
    if (before === undefined || !isThere(before)) records.push(readRecord(file, hashes));
  }
  run.state.write(() => {
    for (const record of records) run.state.put(record);
  });
  return wanted;
}

async function findProblem(run: CloudRun, wanted: WantedFile): Promise<Cause | null> {
  const recorded = await run.recorded.of(wanted.file.path);
  return findAlarm({...wanted, recorded, acceptChanges: run.acceptChanges});
}

const readRecord = (
  {path, size, mtimeNs}: ListedSource,
  hashes: WantedFile['hashes'],
): CloudRecord => ({
  path,
  size,
  mtimeNs,
  hashes,
  state: 'read',
  how: null,
  provedAt: null,
  goneAt: null,
});
