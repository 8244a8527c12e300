/** One run of a cloud job: what differs is read, uploaded, proved and written down, a batch at a time. */
import {judgeSource} from '../core/backup/judge-deletions.ts';
import {neverChanges} from '../core/backup/keep-kinds.ts';
import type {Cause} from '../core/cause.ts';
import {isFinalCause} from '../core/offsite/cloud-causes.ts';
import {decide, isThere, type WantedFile} from '../core/offsite/cloud-decide.ts';
import type {CloudProof} from '../core/offsite/cloud-listing.ts';
import type {CloudRecord, ListedSource} from '../core/offsite/cloud-record.ts';
import {countFiles} from '../core/words.ts';
import {type Bringing, type Brought, bringFiles} from './bring-files.ts';
import {archivePlace, type CloudRun} from './cloud-run.ts';
import {type CloudEnd, endWith, judgeRun, QUIET, STOPPED} from './judge-run.ts';
import {proveFiles} from './prove-files.ts';
import {readBatch} from './read-batch.ts';
import {noteGone, type Scanned, scanSource} from './scan-source.ts';

/** A batch is proved and written down before the next one is begun: what a kill costs. */
const BATCH_FILES = 400;
const BATCH_BYTES = 2 * 1024 ** 3;

/** @returns how it ended. What every file came to was told. */
export async function runCloud(
  run: CloudRun,
  {preview}: {readonly preview: boolean},
): Promise<CloudEnd> {
  const {state, tally, signal, download, notes} = run;
  const {files, source, leaveOut} = run;
  const known = state.counts();
  const onReturn = (record: CloudRecord) => {
    if (record.state === 'proved') notes.put(record);
  };
  const scanned = await scanSource({
    files,
    source,
    leaveOut,
    state,
    download,
    tally,
    signal,
    onReturn,
    preview,
  });
  if (signal.aborted) return {result: 'stopped', cause: null, scanned};
  const records = known.proved + known.unproved + known.pending;
  const empty = judgeSource({files: scanned.files, records}) ?? (await run.guard());
  if (empty !== null) return {result: 'refused', cause: empty, scanned};
  if (preview) return tellPreview(run, scanned);
  if (state.damagedRows > 0) tally.warn(rowsDamaged(state.damagedRows));
  const cause = await runBatches(run);
  if (cause !== null) return endWith(run, cause, scanned);
  const at = run.clock.now().toISOString();
  const {unreadable} = scanned;
  await noteGone(run, {unreadable, at, onGone: ({path}) => notes.drop(path)});
  return judgeRun(run, scanned);
}

/** @returns why it ended before its time; null when all batches had their turn. */
async function runBatches(run: CloudRun): Promise<Cause | null> {
  let after = 0;
  for (;;) {
    const batch = takeBatch(run, after);
    const last = batch.at(-1);
    if (last === undefined) return null;
    after = last.number;
    if (run.signal.aborted) return STOPPED;
    if (run.secondsToQuiet() === 0) return QUIET;
    const problem = (await run.guard()) ?? (await runBatch(run, batch));
    if (problem !== null) return problem;
  }
}

function takeBatch(run: CloudRun, after: number) {
  const planned = run.state.planned(after, BATCH_FILES);
  let bytes = 0;
  const end = planned.findIndex(({size}) => {
    bytes += size;
    return bytes > BATCH_BYTES;
  });
  return end === -1 ? planned : planned.slice(0, Math.max(1, end));
}

/** @returns why nothing else will go well; null when the next batch may try. */
async function runBatch(run: CloudRun, batch: readonly ListedSource[]): Promise<Cause | null> {
  const {calls, source, download, tally} = run;
  const wanted = await readBatch(run, batch);
  if (run.signal.aborted) return STOPPED;
  if (wanted.length === 0) return null;
  tally.proving();
  const expected = wanted.map(({file, hashes}) => ({path: file.path, size: file.size, hashes}));
  const compared = await proveFiles({calls, folder: '', source, download}, expected);
  if (run.signal.aborted) return STOPPED;
  if (!compared.ok) {
    if (isFinalCause(compared.cause)) return compared.cause;
    for (const one of wanted) tally.fail(actionOf(one), one.file, compared.cause);
    return null;
  }
  const bringings: Bringing[] = [];
  const {judgements, listed} = compared.value;
  const kept: CloudRecord[] = [];
  for (const one of wanted) {
    const {path} = one.file;
    const there = judgements.get(path) ?? {state: 'missing'};
    const decision = decide(one, there, run);
    switch (decision.do) {
      case 'adopt':
        kept.push(recordOf(run, one, decision.how));
        tally.done('adopt', one.file, {proof: decision.how});
        break;
      case 'leave-unproved':
        kept.push(recordOf(run, one, null));
        tally.done('adopt', one.file);
        break;
      case 'refuse':
        if (neverChanges(path)) tally.hold(one.file, decision.cause);
        else tally.fail('replace', one.file, decision.cause);
        break;
      default:
        bringings.push({wanted: one, action: decision.do, old: listed.get(path)});
    }
  }
  writeDown(run, kept);
  return await bring(run, bringings);
}

const actionOf = ({before}: WantedFile): 'upload' | 'replace' =>
  before !== undefined && isThere(before) ? 'replace' : 'upload';

async function bring(run: CloudRun, bringings: readonly Bringing[]): Promise<Cause | null> {
  if (bringings.length === 0) return null;
  const {results, touched, final} = await bringFiles(run, bringings);
  const kept: CloudRecord[] = [];
  for (const one of bringings) {
    const {path} = one.wanted.file;
    const result = results.get(path);
    if (result === undefined || result.state === 'failed') unsettle(run, one, touched.has(path));
    if (result === undefined) continue;
    if (result.state === 'failed') {
      run.tally.fail(one.action, one.wanted.file, result.cause);
      // Its bytes may have changed under their time: they are read again.
      if (result.cause.code === 'cloud-mismatch' && run.state.get(path)?.state === 'read')
        run.state.forget(path);
      continue;
    }
    kept.push(tellBrought(run, one, result));
  }
  writeDown(run, kept);
  return final;
}

/** The old version may lie in the archive only: what was proved of its place counts no more. */
function unsettle({state, notes}: CloudRun, {wanted}: Bringing, isTouched: boolean): void {
  const {before} = wanted;
  if (!isTouched || before === undefined || !isThere(before)) return;
  state.put({...before, state: 'damaged'});
  notes.drop(before.path);
}

function tellBrought(
  run: CloudRun,
  {wanted, action, old}: Bringing,
  result: Exclude<Brought, {state: 'failed'}>,
): CloudRecord {
  const {file, before} = wanted;
  const proof = result.state === 'proved' ? result.how : null;
  if (!result.archived || old === undefined) run.tally.done(action, file, {proof});
  else {
    const {path} = file;
    run.tally.done(action, file, {proof, archived: archivePlace(run.run, path)});
    // Of what was damaged there nobody knows the bytes.
    const blake3 = action === 'replace' ? (before?.hashes.blake3 ?? null) : null;
    run.state.noteArchived({path, run: run.run, size: old.size, blake3});
  }
  return recordOf(run, wanted, proof);
}

function recordOf(run: CloudRun, {file, hashes}: WantedFile, how: CloudProof | null): CloudRecord {
  const {path, size, mtimeNs} = file;
  const provedAt = how === null ? null : run.clock.now().toISOString();
  const state = how === null ? 'unproved' : 'proved';
  return {path, size, mtimeNs, hashes, state, how, provedAt, goneAt: null};
}

/** Durable before anybody else hears of it. */
function writeDown({state, notes}: CloudRun, records: readonly CloudRecord[]): void {
  if (records.length === 0) return;
  state.write(() => {
    for (const record of records) state.put(record);
  });
  for (const record of records) {
    if (record.state === 'proved') notes.put(record);
    else notes.drop(record.path);
  }
}

function tellPreview(run: CloudRun, scanned: Scanned): CloudEnd {
  let after = 0;
  for (;;) {
    const batch = run.state.planned(after, BATCH_FILES);
    const last = batch.at(-1);
    if (last === undefined) return {result: 'good', cause: null, scanned};
    after = last.number;
    for (const file of batch) {
      const before = run.state.get(file.path);
      run.tally.planned(before !== undefined && isThere(before) ? 'replace' : 'upload', file);
    }
  }
}

const rowsDamaged = (rows: number): Cause => ({
  code: 'cloud-state-damaged',
  message: `what was known of ${countFiles(rows)} in the cloud was damaged on this computer, and is looked at again`,
  next: 'Check the disk of this computer.',
});
