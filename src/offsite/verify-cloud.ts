/** Compares what lies at a remote with what is recorded of it. The source is not needed, and nothing is changed there. */
import {join} from 'node:path';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {type Cause, errnoOf} from '../core/cause.ts';
import type {CloudStep} from '../core/events.ts';
import {isSameFile} from '../core/offsite/cloud-decide.ts';
import type {Judgement} from '../core/offsite/cloud-listing.ts';
import type {CloudRecord} from '../core/offsite/cloud-record.ts';
import type {Clock} from '../system/clock.ts';
import type {Files} from '../system/files.ts';
import type {CloudNotes} from './cloud-run.ts';
import type {CloudState} from './cloud-state.ts';
import {proveFiles} from './prove-files.ts';
import type {RemoteCalls} from './remote-calls.ts';

export interface CloudVerify {
  readonly clock: Clock;
  readonly state: CloudState;
  readonly calls: RemoteCalls;
  readonly notes: CloudNotes;
  readonly files: Files;
  /** The source folder, absolute, where it is connected: a crypt remote is compared with it. */
  readonly source: string | null;
  /** What has no hash is downloaded. */
  readonly download: boolean;
  readonly signal: AbortSignal;
  readonly onStep: (
    step: Pick<CloudStep, 'state' | 'path' | 'size' | 'proof'> & Partial<Cause>,
  ) => void;
  readonly onSample: (done: number, steps: number, sent: number, bytes: number) => void;
}

export interface CloudVerdict {
  readonly files: number;
  readonly bytes: number;
  readonly proved: number;
  readonly sizeOnly: number;
  readonly missing: number;
  readonly damaged: number;
  readonly cause: Cause | null;
}

/** Files of which the remote is asked at a time. */
const BATCH_FILES = 1000;

export async function verifyCloud(verify: CloudVerify): Promise<CloudVerdict> {
  const {state, signal} = verify;
  const tally = {files: 0, bytes: 0, proved: 0, sizeOnly: 0, missing: 0, damaged: 0};
  let cause: Cause | null = null;
  let batch: CloudRecord[] = [];
  const {proved, unproved} = state.counts();
  const steps = proved + unproved;
  const flush = async () => {
    if (batch.length === 0 || signal.aborted || cause !== null) return;
    const problem = await verifyBatch(verify, batch, tally);
    if (problem !== null && !signal.aborted) cause = problem;
    batch = [];
    verify.onSample(tally.files, steps, tally.bytes, state.counts().bytes);
  };
  for (const record of state.records()) {
    // What the source let go lies there too, and nobody misses it.
    if (record.state === 'read' || record.goneAt !== null) continue;
    batch.push(record);
    if (batch.length >= BATCH_FILES) await flush();
    if (signal.aborted || cause !== null) break;
  }
  await flush();
  return {...tally, cause};
}

type Tally = Record<'files' | 'bytes' | 'proved' | 'sizeOnly' | 'missing' | 'damaged', number>;

async function verifyBatch(
  {files, clock, state, calls, notes, source, download, onStep}: CloudVerify,
  batch: readonly CloudRecord[],
  tally: Tally,
): Promise<Cause | null> {
  const at = clock.now().toISOString();
  const here = await findHere(files, source, batch);
  const isHere = (path: TreePath) => here.has(path);
  const compared = await proveFiles({calls, folder: '', source, download, isHere}, batch);
  if (!compared.ok) return compared.cause;
  const changed: CloudRecord[] = [];
  for (const record of batch) {
    const {path, size} = record;
    const judged: Judgement = compared.value.judgements.get(path) ?? {state: 'missing'};
    tally.files += 1;
    tally.bytes += size;
    switch (judged.state) {
      case 'proved':
        tally.proved += 1;
        changed.push({...record, state: 'proved', how: judged.how, provedAt: at});
        break;
      case 'size-only':
        // The old proof stays: nothing speaks against it.
        tally.sizeOnly += 1;
        onStep({state: 'unproved', path, size, proof: null});
        break;
      case 'missing':
        tally.missing += 1;
        changed.push({...record, state: 'damaged'});
        onStep({state: 'failed', path, size, proof: null, ...missing});
        break;
      case 'differs':
        tally.damaged += 1;
        changed.push({...record, state: 'damaged'});
        onStep({state: 'failed', path, size, proof: null, ...damaged(judged.why)});
        break;
    }
  }
  state.write(() => {
    for (const record of changed) state.put(record);
  });
  for (const record of changed) {
    if (record.state === 'proved') notes.put(record);
    else notes.bad(record);
  }
  return null;
}

/** @returns the files that are in the source as they were read. */
async function findHere(
  files: Files,
  source: string | null,
  batch: readonly CloudRecord[],
): Promise<ReadonlySet<TreePath>> {
  const here = new Set<TreePath>();
  if (source === null) return here;
  for (const record of batch) {
    try {
      const facts = await files.look(join(source, ...record.path.split('/')));
      if (facts.kind === 'file' && isSameFile({...facts, path: record.path}, record))
        here.add(record.path);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return here;
}

const HEAL =
  'Run the job again with its source connected: it is uploaded again, and what lies there goes to _archive.';

const missing: Cause = {code: 'cloud-missing', message: 'MISSING in the cloud', next: HEAL};

const damaged = (why: string): Cause => ({
  code: 'cloud-damaged',
  message: `DAMAGED in the cloud: ${why}`,
  next: HEAL,
});
