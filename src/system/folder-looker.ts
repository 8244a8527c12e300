/**
 * Looks at folders with all their entries. A promise for each entry takes four times as long as the call itself (measured: 1.2 s against 0.4 s for 200,000 files on ext4), and calls that wait would
 * keep the program from answering while a drive is slow. So large trees are looked at by two threads with calls that wait: one for each side of a comparison.
 */
import type {ListedEntry} from './files.ts';
import type {MatchAnswer, MatchQuestion} from './match-folders.ts';
import {type PackedEntries, unpackEntries} from './packed-entries.ts';
import {systemError} from './system-error.ts';
import {WorkerCrew} from './worker-crew.ts';

export type LookQuestion = {readonly folder: string} | {readonly match: MatchQuestion};

export type LookAnswer =
  | {readonly packed: PackedEntries}
  | {readonly match: MatchAnswer}
  | {readonly errno: string};

type Look = (folder: string) => Promise<readonly ListedEntry[]>;

/** A thread takes 26 ms to start: less than what so many entries take without one (35 µs each, measured). */
const FEW = 1000;
const THREADS = 2;
/** Folders and files on record for which no thread is started. */
const FEW_RECORDED = 2000;

/** The thread's own file lies beside the built program. From the sources there are no threads: node cannot read them. */
const BUILT_THREAD = import.meta.url.endsWith('.ts')
  ? undefined
  : new URL('./look-thread.cjs', import.meta.url);

export class FolderLooker {
  readonly #lookAlone: Look;
  readonly #crew: WorkerCrew<LookQuestion, LookAnswer>;
  #seen = 0;

  /** @param lookAlone the same without threads: for small trees, and where no thread starts. @param thread the file that a thread runs. */
  constructor(lookAlone: Look, thread: URL | undefined = BUILT_THREAD) {
    this.#lookAlone = lookAlone;
    this.#crew = new WorkerCrew({file: thread, threads: THREADS});
  }

  /** @returns the entries in directory order. Rejects with the system's error. */
  async look(folder: string): Promise<readonly ListedEntry[]> {
    if (this.#seen >= FEW && this.#crew.isThere) {
      const answer = await this.#crew.ask({folder});
      if (answer !== undefined && 'packed' in answer) return unpackEntries(answer.packed);
      if (answer !== undefined && 'errno' in answer) throw systemError(answer.errno, folder);
    }
    // What a thread cannot do is done without it.
    const entries = await this.#lookAlone(folder);
    this.#seen += entries.length;
    return entries;
  }

  /**
   * Compares folders with what is recorded of them: one thread for the source, one for the copies, so that each drive is read in order.
   * @returns undefined where there are no threads, because to do it without them would keep the program from answering, and where starting them takes longer than they save.
   */
  async match(question: MatchQuestion): Promise<MatchAnswer | undefined> {
    const areFew = question.files + question.paths.length < FEW_RECORDED;
    if (areFew && !this.#crew.isRunning) return undefined;
    const answer = await this.#crew.ask({match: question}, question.side === 'source' ? 0 : 1);
    return answer !== undefined && 'match' in answer ? answer.match : undefined;
  }

  /** Starts the threads ahead where so many files are worth them: they get ready (30 ms) while the caller still has other things to do. */
  expect(files: number): void {
    if (files >= FEW_RECORDED) this.#crew.start();
  }
}
