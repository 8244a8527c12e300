import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {compareFolders, isWithin} from '../core/backup/walk-order.ts';
import type {RecordedFolder, StateReader} from './state-reader.ts';

type Records = ReadonlyMap<string, MirrorRecord>;

const NONE: Records = new Map();

/** Walks through a state as the trees are walked. */
export class RecordCursor {
  readonly #folders: AsyncIterator<RecordedFolder> | undefined;
  readonly #onPassed: (folder: RecordedFolder) => void;
  #next: RecordedFolder | undefined;
  #begun = false;
  /** Records that were passed so far. */
  count = 0;

  /** @param onPassed told of folders with records of which neither tree has anything. */
  constructor(state: StateReader | null, onPassed: (folder: RecordedFolder) => void) {
    this.#folders = state?.folders()[Symbol.asyncIterator]();
    this.#onPassed = onPassed;
  }

  /** @returns what is recorded of the files in a folder. Folders are to be asked for in the order of the walk. */
  async take(path: TreePath): Promise<Records> {
    await this.#passUntil(path);
    if (this.#next?.path !== path) return NONE;
    const {records} = this.#next;
    await this.#advance();
    return records;
  }

  /** Passes over a folder and all below it: what is recorded there stays as it is. */
  async keep(path: TreePath): Promise<void> {
    await this.#passUntil(path);
    while (this.#next !== undefined && isWithin(this.#next.path, path)) await this.#advance();
  }

  /** Tells of all that is left. */
  async finish(): Promise<void> {
    await this.#passUntil(undefined);
  }

  /** Lets the state go when the walk ends early. */
  async close(): Promise<void> {
    await this.#folders?.return?.();
  }

  async #passUntil(path: TreePath | undefined): Promise<void> {
    if (!this.#begun) await this.#advance();
    while (this.#next !== undefined) {
      if (path !== undefined && compareFolders(this.#next.path, path) >= 0) return;
      this.#onPassed(this.#next);
      await this.#advance();
    }
  }

  async #advance(): Promise<void> {
    this.#begun = true;
    const step = await this.#folders?.next();
    this.#next = step === undefined || step.done === true ? undefined : step.value;
    this.count += this.#next?.records.size ?? 0;
  }
}
