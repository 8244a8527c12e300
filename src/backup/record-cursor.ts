import type {TreePath} from '../core/backup/mirror-tree.ts';
import {compareFolders, isWithin} from '../core/backup/walk-order.ts';
import type {FolderMatch, FolderMatches} from './folder-matcher.ts';
import {keepFolder, type RecordedFolders, type StateReader} from './state-reader.ts';
import type {Records, StoredFolder} from './stored-folders.ts';

const NONE: Records = new Map();

/** Blocks that are read and matched before they are asked for: about 10,000 records. */
const AHEAD = 4;

interface Block {
  readonly folders: readonly StoredFolder[];
  readonly matching: Promise<FolderMatches | undefined>;
}

interface CursorSetting {
  readonly state: StateReader | null;
  /** Begun for folders that are read, ahead of the walk. */
  readonly match: (folders: readonly StoredFolder[]) => Promise<FolderMatches | undefined>;
  /** Told of folders with records of which neither tree has anything. */
  readonly onPassed: (folder: StoredFolder) => Promise<void>;
}

/** Walks through a state as the trees are walked. */
export class RecordCursor {
  readonly #setting: CursorSetting;
  readonly #source: AsyncIterator<readonly StoredFolder[]> | undefined;
  readonly #close: () => Promise<void>;
  readonly #ahead: Promise<Block | undefined>[] = [];
  #block: Block | undefined;
  #matches: FolderMatches | undefined;
  #at = 0;
  #next: StoredFolder | undefined;
  #begun = false;
  /** Records that were passed so far. */
  count = 0;

  constructor(setting: CursorSetting) {
    this.#setting = setting;
    const folders = setting.state?.folders();
    const opened = folders?.open?.();
    this.#source = opened?.groups ?? (folders && oneByOne(folders));
    this.#close = async () => await opened?.close();
  }

  /** @returns what is recorded of the files in a folder. Folders are to be asked for in the order of the walk. */
  async take(path: TreePath): Promise<Records> {
    await this.#passUntil(path);
    if (this.#next?.path !== path) return NONE;
    this.count += this.#next.files;
    const records = await this.#next.read();
    await this.#advance();
    return records;
  }

  /** @returns what was found of a folder ahead of the walk; undefined or null when it is to be looked at. */
  async findMatch(path: TreePath): Promise<FolderMatch | null | undefined> {
    await this.#passUntil(path);
    this.#matches ??= await this.#block?.matching;
    return this.#matches?.get(path);
  }

  /** Passes over a folder that matched. */
  async pass({path, files}: FolderMatch): Promise<void> {
    if (this.#next?.path !== path) return;
    this.count += files;
    await this.#advance();
  }

  /** @returns false for a folder that matches, or of which that is not known yet. */
  isToBeListed(path: TreePath): boolean {
    if (this.#matches === undefined) return true;
    const match = this.#matches.get(path);
    if (match !== undefined) return match === null;
    const last = this.#block?.folders.at(-1);
    return last === undefined || compareFolders(path, last.path) < 0;
  }

  /** Passes over a folder and all below it: what is recorded there stays as it is. */
  async keep(path: TreePath): Promise<void> {
    await this.#passUntil(path);
    while (this.#next !== undefined && isWithin(this.#next.path, path)) {
      this.count += this.#next.files;
      await this.#advance();
    }
  }

  /** Tells of all that is left. */
  async finish(): Promise<void> {
    await this.#passUntil(undefined);
  }

  /** Lets the state go when the walk ends early. */
  async close(): Promise<void> {
    await this.#source?.return?.();
    await this.#close();
  }

  async #passUntil(path: TreePath | undefined): Promise<void> {
    if (!this.#begun) await this.#advance();
    while (this.#next !== undefined) {
      if (path !== undefined && compareFolders(this.#next.path, path) >= 0) return;
      this.count += this.#next.files;
      await this.#setting.onPassed(this.#next);
      await this.#advance();
    }
  }

  async #advance(): Promise<void> {
    if (!this.#begun || this.#at === this.#block?.folders.length) await this.#openBlock();
    this.#begun = true;
    this.#next = this.#block?.folders[this.#at];
    this.#at += 1;
  }

  async #openBlock(): Promise<void> {
    while (this.#source !== undefined && this.#ahead.length < AHEAD) {
      this.#ahead.push(this.#read(this.#source));
    }
    this.#block = await this.#ahead.shift();
    this.#matches = undefined;
    this.#at = 0;
  }

  #read(source: AsyncIterator<readonly StoredFolder[]>): Promise<Block | undefined> {
    const reading = source.next().then((step): Block | undefined => {
      if (step.done === true) return undefined;
      const matching = this.#setting.match(step.value);
      matching.catch(ignore);
      return {folders: step.value, matching};
    });
    reading.catch(ignore);
    return reading;
  }
}

/** Failures ahead of the walk are told to who asks for what failed. */
const ignore = () => {};

async function* oneByOne(folders: RecordedFolders): AsyncGenerator<readonly StoredFolder[]> {
  for await (const {path, records} of folders) yield [keepFolder(path, records)];
}
