import type {Cause, Result} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {
  diffVolumes,
  findUnmounted,
  markVolumes,
  type SeenVolume,
  type SeenVolumes,
  type Signature,
  sameSignature,
  settleVolumes,
  type WaitingVolumes,
} from '../../core/volumes/diff-volumes.ts';

/** Who wants to know what is mounted. */
export interface VolumeListening {
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** What it returns may be a promise: the watch goes on meanwhile, waits for it at its end, and ends and rejects when it does. */
  readonly onArrived: (volume: Volume) => unknown;
  readonly onLeft: (volume: Volume) => void;
  /** Something cannot be asked; said once, until it works again. The watch goes on. */
  readonly onTrouble: (cause: Cause) => void;
  /** What was there at the start has been told. */
  readonly onLooked?: () => void;
}

/** Tells what is mounted, and what comes and goes, until the signal ends it. */
export type WatchVolumes = (listening: VolumeListening) => Promise<void>;

/** A cheap way to see that something was mounted or unmounted. */
export interface SignatureSource {
  readonly readSignature: () => Promise<Result<Signature>>;
  /** ms between two readings. */
  readonly everyMs: number;
  /** True when a volume that the signature does not name is not there, whatever a list says. */
  readonly knowsAll: boolean;
}

interface VolumeWatch extends VolumeListening, SignatureSource {
  readonly listVolumes: () => Promise<readonly Volume[]>;
  /** Resolves early when the signal is given. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** ms that never go back. */
  readonly monotonic: () => number;
}

/** ms until a volume that is new is looked at again: an automounter that changes its mind does so at once. */
const SETTLE_MS = 300;
/** Looks after which what was found so far is called all that was there at the start. */
const FIRST_LOOKS = 4;
/** ms. Where one look takes that long (PowerShell), a signature that did not change meanwhile stands for the second. */
const SLOW_LOOK_MS = 500;
/** ms until a tool that did not tell a volume is asked again, twice as long each time. A locked disk is never told: asking goes on for a minute. */
const RETRY_MS = 2000;
const MOST_RETRIES = 5;

/**
 * Reads the signature again and again. Details are asked for only when it changed; a volume is told when two looks saw the same. What is there at the start is told at once.
 * What leaves is told from the signature alone. Rejects only when a callback does.
 */
export async function watchVolumes(watch: VolumeWatch): Promise<void> {
  const broken = new AbortController();
  const faults: unknown[] = [];
  const breakOff = (error: unknown) => {
    faults.push(error);
    broken.abort();
  };
  const tasks = new Set<Promise<void>>();
  const onArrived = (volume: Volume) => {
    const task = Promise.resolve(watch.onArrived(volume))
      .then(() => {}, breakOff)
      .finally(() => tasks.delete(task));
    tasks.add(task);
  };
  const signal = AbortSignal.any([watch.signal, broken.signal]);
  try {
    await readAgainAndAgain({...watch, onArrived, signal});
  } finally {
    await Promise.all(tasks);
  }
  if (faults.length > 0) throw faults[0];
}

async function readAgainAndAgain(watch: VolumeWatch): Promise<void> {
  const {readSignature, signal, onArrived, onLeft, onLooked, monotonic} = watch;
  const told = new Map<string, SeenVolume>();
  const tellTrouble = onceUntilWell(watch.onTrouble);
  let waiting: WaitingVolumes = new Map();
  let last: Signature | undefined;
  let retries = 0;
  let looks = 0;
  let hasTold = false;
  let retryAtMs = Number.POSITIVE_INFINITY;

  const leave = (mountPoint: string) => {
    const gone = told.get(mountPoint);
    told.delete(mountPoint);
    if (gone !== undefined) onLeft(gone.volume);
  };

  const look = async (signature: Signature) => {
    const startedMs = monotonic();
    const seen = await listSeen(watch, signature);
    const isLong = last === undefined || monotonic() - startedMs >= SLOW_LOOK_MS;
    const stood = isLong && (await standsStill(readSignature, signature));
    if (signal.aborted) return;
    const diff = diffVolumes(told, seen, signature);
    for (const {mountPoint} of diff.left) leave(mountPoint);
    const next = settleVolumes(diff.fresh, waiting, stood);
    waiting = next.waiting;
    for (const one of next.settled) {
      told.set(one.volume.mountPoint, one);
      onArrived(one.volume);
    }
    const isSilent = diff.untold.length > 0 || (seen.size === 0 && signature.size > 0);
    tellTrouble('list', isSilent ? untold(diff.untold) : undefined);
    const isWhole = [...signature.keys()].every((mountPoint) => seen.has(mountPoint));
    const mayRetry = !isWhole && retries < MOST_RETRIES;
    retryAtMs = mayRetry ? monotonic() + RETRY_MS * 2 ** retries : Number.POSITIVE_INFINITY;
  };

  while (!signal.aborted) {
    const signature = await readSignature();
    if (signal.aborted) return;
    tellTrouble('signature', signature.ok ? undefined : signature.cause);
    if (signature.ok) {
      for (const mountPoint of findUnmounted(told, signature.value)) leave(mountPoint);
      const hasChanged = last === undefined || !sameSignature(last, signature.value);
      const isRetry = monotonic() >= retryAtMs;
      retries = hasChanged ? 0 : retries + (isRetry ? 1 : 0);
      if (hasChanged || isRetry || waiting.size > 0) await look(signature.value);
      if (signal.aborted) return;
      last = signature.value;
      looks += 1;
      // What is there at the start may need a second look; where drives come and go all the time, one stops waiting.
      if (!hasTold && (waiting.size === 0 || looks >= FIRST_LOOKS)) {
        hasTold = true;
        onLooked?.();
      }
    }
    await watch.sleep(waiting.size > 0 ? SETTLE_MS : watch.everyMs, signal);
  }
}

async function listSeen(
  {listVolumes, knowsAll}: VolumeWatch,
  signature: Signature,
): Promise<SeenVolumes> {
  const seen = markVolumes(await listVolumes(), signature);
  return knowsAll ? new Map([...seen].filter(([, {mark}]) => mark !== null)) : seen;
}

async function standsStill(
  readSignature: SignatureSource['readSignature'],
  before: Signature,
): Promise<boolean> {
  const now = await readSignature();
  return now.ok && sameSignature(before, now.value);
}

/** Each kind of trouble is told when it begins, and not again before it has ended. */
function onceUntilWell(onTrouble: (cause: Cause) => void) {
  const lasting = new Set<string>();
  return (trouble: 'list' | 'signature', cause: Cause | undefined) => {
    if (cause === undefined) lasting.delete(trouble);
    else if (!lasting.has(trouble)) {
      lasting.add(trouble);
      onTrouble(cause);
    }
  };
}

function untold([volume]: readonly Volume[]): Cause {
  return {
    code: 'volumes-untold',
    ...(volume === undefined ? {} : {path: volume.mountPoint}),
    message: 'the system does not tell what is mounted there now',
    next: 'It is asked again. If this stays, run `offload drives` to see what it tells.',
  };
}
