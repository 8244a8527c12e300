import type {Cause} from '../../core/cause.ts';
import type {CancelRequested, Emit, JobKnown, OffloadEvent} from '../../core/events.ts';
import type {DeletionsQuestion} from '../../core/session/overlay.ts';
import {isRunning} from '../../core/session/session-run.ts';
import {listJobs, runJobs} from '../backup/index.ts';
import type {RunTarget} from '../backup/run-jobs.ts';
import {runTarget} from '../backup/run-target.ts';
import type {Program} from '../program.ts';
import type {Desk} from './desk.ts';
import {OneAtATime} from './one-at-a-time.ts';

interface BackupsOptions {
  readonly program: Program;
  readonly desk: Desk;
  /** Takes what is worth telling after the session. */
  readonly emit: Emit;
  /** Ends with the session. */
  readonly signal: AbortSignal;
}

type AcceptedDeletions = DeletionsQuestion['targets'];

interface Wanted {
  readonly job: string;
  readonly preview: boolean;
  readonly deletions: AcceptedDeletions;
}

/** The backup jobs of a session: which there are, and the one that is run or previewed. */
export class Backups {
  readonly #options: BackupsOptions;
  readonly #turns = new OneAtATime();
  #asking = false;
  #asksAgain = false;

  constructor(options: BackupsOptions) {
    this.#options = options;
  }

  /** Tells the jobs and which of their drives are connected. What is asked meanwhile is answered by one more look. */
  async ask(): Promise<void> {
    const {desk, signal} = this.#options;
    // Cards are not slowed down by it: after them the drives are looked at again anyway.
    if (isRunning(desk.getSnapshot().run)) return;
    this.#asksAgain = true;
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.#asksAgain && !signal.aborted) {
        this.#asksAgain = false;
        await this.#list();
      }
    } finally {
      this.#asking = false;
    }
  }

  /** Runs a job on the targets that are connected. Throws what broke an invariant. */
  async run(job: string, deletions: AcceptedDeletions): Promise<void> {
    await this.#begin({job, preview: false, deletions});
  }

  /** Tells what a run would do. */
  async preview(job: string): Promise<void> {
    await this.#begin({job, preview: true, deletions: []});
  }

  /** Finishes the block in hand and stops. Does nothing when nothing runs. */
  stop(by: CancelRequested['by']): void {
    const {desk} = this.#options;
    this.#turns.stop(() =>
      desk.dispatch({type: 'backup-event', event: {type: 'cancel-requested', by}}),
    );
  }

  /** Resolves when nothing runs any more; throws what broke an invariant. */
  async settled(): Promise<void> {
    await this.#turns.settled();
  }

  /** Stops without a word. Resolves when nothing runs any more, and never throws: who started it hears of its fault. */
  async abandon(): Promise<void> {
    await this.#turns.abandon();
  }

  async #list(): Promise<void> {
    const {program, desk} = this.#options;
    const jobs: JobKnown[] = [];
    let problem: Cause | null = null;
    await listJobs(program, (event) => {
      if (event.type === 'job-known') jobs.push(event);
      if (event.type === 'refused') problem = causeOf(event);
    });
    desk.dispatch({type: 'jobs-listed', jobs, problem});
  }

  #begin(wanted: Wanted): Promise<void> {
    return this.#turns.begin(
      ({signal}) => this.#work(wanted, signal),
      async () => {
        if (!wanted.preview) await this.ask();
      },
    );
  }

  async #work({job, preview, deletions}: Wanted, signal: AbortSignal): Promise<void> {
    const {program, desk} = this.#options;
    const emit = (event: OffloadEvent) => this.#tell(event, preview);
    const end = await runJobs(
      program,
      {names: [job], due: false, preview, acceptDeletions: false, acceptChanges: false},
      {emit, signal, runTarget: acceptDeletions(deletions)},
    );
    desk.dispatch({type: 'backup-event', event: {type: 'run-ended', ...end}});
  }

  /** After the session it is told what came of backups, and nothing of previews. */
  #tell(event: OffloadEvent, preview: boolean): void {
    this.#options.desk.dispatch({type: 'backup-event', event});
    if (!preview && TOLD_AFTER.has(event.type)) this.#options.emit(event);
  }
}

const TOLD_AFTER: ReadonlySet<OffloadEvent['type']> = new Set([
  'backup-finished',
  'backup-step',
  'noticed',
  'refused',
]);

const causeOf = ({code, path, message, next}: Cause): Cause =>
  path === undefined ? {code, message, next} : {code, path, message, next};

/**
 * Who said yes said it to a number: it is counted anew before anything is moved, and where there are more by now they are held back again.
 */
function acceptDeletions(accepted: AcceptedDeletions): RunTarget {
  return async (program, run, listening) => {
    const {volume, folder} = run.target;
    const asked = accepted.find((one) => one.volume === volume && one.folder === folder);
    if (asked === undefined) return await runTarget(program, run, listening);
    const {emit, signal} = listening;
    const looked = await runTarget(
      program,
      {...run, preview: true},
      {
        signal,
        emit(event) {
          if (event.type === 'backup-progress') emit(event);
        },
      },
    );
    const isSame = looked.held <= asked.held;
    if (!isSame) emit({type: 'noticed', level: 'warning', ...moreThanAsked(asked.name)});
    const yes = {acceptDeletions: isSame, mostDeletions: asked.held};
    return await runTarget(program, {...run, ...yes}, listening);
  };
}

const moreThanAsked = (name: string): Cause => ({
  code: 'more-deletions',
  message: `more deletions wait on ${name} than you said yes to, and none was made`,
  next: 'See whether the right drive is connected; press y again for the new number.',
});
