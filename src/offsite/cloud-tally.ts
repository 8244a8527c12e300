/** Counts what a run of a cloud job does, and tells it. */
import type {TreePath} from '../core/backup/mirror-tree.ts';
import type {Cause} from '../core/cause.ts';
import type {CloudAction, CloudFinished, CloudProgress, Emit} from '../core/events.ts';
import type {CloudProof} from '../core/offsite/cloud-listing.ts';
import type {Clock} from '../system/clock.ts';

type Counts = Pick<
  CloudFinished,
  | 'unchanged'
  | 'uploaded'
  | 'replaced'
  | 'adopted'
  | 'healed'
  | 'retimed'
  | 'kept'
  | 'alarms'
  | 'failed'
>;

interface Telling {
  readonly job: string;
  readonly remote: string;
  readonly preview: boolean;
  readonly clock: Clock;
  readonly emit: Emit;
}

interface StepFile {
  readonly path: TreePath;
  readonly size: number;
}

/** ms between two samples: 10 a second at the most. */
const SAMPLE_MS = 100;

/** The counter that a step which is done adds to. */
const COUNTED: Readonly<Record<CloudAction, keyof Counts>> = {
  upload: 'uploaded',
  replace: 'replaced',
  adopt: 'adopted',
  heal: 'healed',
  retime: 'retimed',
  hold: 'alarms',
  keep: 'kept',
};

export class CloudTally {
  readonly #telling: Telling;
  readonly #counts: Record<keyof Counts, number> = {
    unchanged: 0,
    uploaded: 0,
    replaced: 0,
    adopted: 0,
    healed: 0,
    retimed: 0,
    kept: 0,
    alarms: 0,
    failed: 0,
  };
  #looked = 0;
  #steps = 0;
  #done = 0;
  #bytes = 0;
  /** Bytes of files that are done or need not be sent, of calls that ended, and of the call in hand. */
  #passed = 0;
  #sentBefore = 0;
  #sentNow = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(telling: Telling) {
    this.#telling = telling;
  }

  get counts(): Counts {
    return this.#counts;
  }

  get bytesSent(): number {
    return this.#sentBefore + this.#sentNow;
  }

  /** Steps that had no turn, or did not come to their end. */
  get open(): number {
    return this.#steps - this.#done;
  }

  look(isUnchanged: boolean): void {
    this.#looked += 1;
    if (isUnchanged) this.#counts.unchanged += 1;
    this.#sample('scan', null);
  }

  /** @param bytes of all steps. */
  plan(steps: number, bytes: number): void {
    // What could not even be listed has failed already.
    this.#steps = this.#done + steps;
    this.#bytes = bytes;
  }

  reading(path: TreePath): void {
    this.#sample('read', path);
  }

  /** @param sent bytes of the call in hand, by its own numbers. */
  sending(sent: number, now: TreePath | null): void {
    this.#sentNow = sent;
    this.#sample('upload', now);
  }

  callEnded(): void {
    this.#sentBefore += this.#sentNow;
    this.#sentNow = 0;
  }

  proving(): void {
    this.#sample('prove', null);
  }

  done(
    action: CloudAction,
    {path, size}: StepFile,
    {
      proof = null,
      archived,
    }: {readonly proof?: CloudProof | null; readonly archived?: TreePath} = {},
  ): void {
    this.#counts[COUNTED[action]] += 1;
    if (action !== 'keep') this.#close(size);
    const state = proof === null && BRINGS[action] ? 'unproved' : 'done';
    const where = archived === undefined ? {} : {archived};
    this.#step({action, state, path, size, proof, ...where});
  }

  hold({path, size}: StepFile, {code, message, next}: Cause): void {
    this.#counts.alarms += 1;
    this.#close(size);
    this.#step({action: 'hold', state: 'done', path, size, proof: null, code, message, next});
  }

  fail(action: CloudAction, {path, size}: StepFile, {code, message, next}: Cause): void {
    this.#counts.failed += 1;
    this.#close(size);
    this.#step({action, state: 'failed', path, size, proof: null, code, message, next});
  }

  planned(action: CloudAction, {path, size}: StepFile): void {
    this.#counts[COUNTED[action]] += 1;
    this.#step({action, state: 'planned', path, size, proof: null});
  }

  warn(cause: Cause): void {
    this.#telling.emit({type: 'noticed', level: 'warning', ...cause});
  }

  #close(size: number): void {
    this.#done += 1;
    this.#passed += size;
  }

  #step(step: StepRest): void {
    const {job, remote, emit} = this.#telling;
    emit({type: 'cloud-step', job, remote, ...step});
  }

  #sample(phase: CloudProgress['phase'], now: TreePath | null): void {
    const {job, remote, clock, emit} = this.#telling;
    const at = clock.monotonic();
    if (at - this.#toldAt < SAMPLE_MS) return;
    this.#toldAt = at;
    // What was sent twice, or need not be sent, must not make more than all of it.
    const sent = Math.min(this.#bytes, this.#passed + this.#sentNow);
    const [steps, done, looked, bytes] = [this.#steps, this.#done, this.#looked, this.#bytes];
    emit({type: 'cloud-progress', job, remote, phase, looked, steps, done, bytes, sent, now});
  }
}

type StepRest = Omit<Extract<Parameters<Emit>[0], {type: 'cloud-step'}>, 'type' | 'job' | 'remote'>;

/** Steps after which a file lies at the remote. */
const BRINGS: Readonly<Record<CloudAction, boolean>> = {
  upload: true,
  replace: true,
  adopt: true,
  heal: true,
  retime: false,
  hold: false,
  keep: false,
};
