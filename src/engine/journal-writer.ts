import {dirname, join} from 'node:path';
import {type Cause, causeFrom} from '../core/cause.ts';
import type {Emit, Fact} from '../core/events.ts';
import {type JournalHeader, journalLine} from '../core/journal.ts';
import type {HashOfText, SignText} from '../core/manifest.ts';
import type {Clock} from '../system/clock.ts';
import type {Files, OpenedFile} from '../system/files.ts';
import {writeWhole} from '../system/read-text.ts';

/** Facts wait this long for company, in ms: one flush then serves them all. A flush takes 1 to 30 ms, depending on the drive. */
const GROUP_MS = 1000;
/** How soon the end of a phase ends the waiting, in ms. */
const STEP_MS = 20;

/** Where one journal goes on: a new one at 0 with an empty sum, a resumed one behind its last valid line. */
export interface JournalEnd {
  readonly to: string;
  readonly path: string;
  readonly bytes: number;
  readonly sum: string;
}

interface OpenJournal {
  readonly to: string;
  readonly file: OpenedFile;
  position: number;
  sum: string;
}

/** A fact, and the folder whose new name must be durable before the fact is. */
interface PendingFact {
  readonly fact: Fact;
  readonly folder: FolderToFlush | undefined;
  readonly done?: () => void;
}

export interface FolderToFlush {
  readonly to: string;
  readonly folder: string;
}

interface JournalSetting {
  readonly files: Files;
  readonly clock: Clock;
  readonly hashOfText: HashOfText;
  readonly signText: SignText;
  readonly emit: Emit;
  /** A journal could not be written, or a folder not be flushed: that destination is no longer to be trusted. */
  readonly onLost: (to: string, cause: Cause) => void;
  /** The same after {@link JournalWriter.conclude}. */
  readonly onLate: (to: string, cause: Cause) => void;
}

/**
 * Writes the facts of a run to a journal on every destination, in groups, and emits them when they are durable. The order of emission is the order of recording.
 */
export class JournalWriter {
  readonly #setting: JournalSetting;
  readonly #journals = new Map<string, OpenJournal>();
  #pending: PendingFact[] = [];
  #running: Promise<void> | undefined;
  #hurry = false;
  #concluded = false;
  /** Journals of lost destinations that are being closed. */
  readonly #dropping = new Set<Promise<void>>();

  constructor(setting: JournalSetting) {
    this.#setting = setting;
  }

  /**
   * Opens the journal of one destination, cuts a torn tail off, and begins a new one with its header.
   * @throws the system's error.
   */
  async open({to, path, bytes, sum}: JournalEnd, header: JournalHeader): Promise<void> {
    const {files, hashOfText, signText} = this.#setting;
    const isNew = bytes === 0;
    const file = isNew
      ? await files.createFile(path, {direct: false})
      : await files.openToUpdate(path);
    const journal: OpenJournal = {to, file, position: bytes, sum};
    try {
      if (isNew) {
        await this.#append(journal, [journalLine(header, sum, hashOfText, signText)]);
        await files.syncFolder(dirname(path));
      } else {
        await file.truncate(bytes);
      }
    } catch (error) {
      // What led here is what is told.
      await file.close().catch(() => {});
      throw error;
    }
    // Not before its first line stands: a fact of another destination may be written meanwhile.
    this.#journals.set(to, journal);
  }

  /** Queues a fact. It is emitted once it is durable on every destination that is left. */
  record(fact: Fact, folder?: FolderToFlush): void {
    this.#queue({fact, folder});
  }

  /** The same for a fact that something rests on. Resolves when it is durable, or when no destination is left that could hold it. */
  recordLasting(fact: Fact, folder?: FolderToFlush): Promise<void> {
    return new Promise((done) => this.#queue({fact, folder, done}));
  }

  /** From now on a journal that fails is told, and its destination is not lost: all that the journal could say stands in a record. Call it when all facts are settled. */
  conclude(): void {
    this.#concluded = true;
  }

  #queue(pending: PendingFact): void {
    this.#pending.push(pending);
    this.#running ??= this.#commitWhilePending();
  }

  /** Resolves when every fact that was recorded so far is durable and emitted. */
  async settle(): Promise<void> {
    this.#hurry = true;
    while (this.#running !== undefined) await this.#running;
    this.#hurry = false;
  }

  /** Takes no more facts for this destination. */
  async drop(to: string): Promise<void> {
    const journal = this.#journals.get(to);
    this.#journals.delete(to);
    try {
      await journal?.file.close();
    } catch (error) {
      // The drive is gone: its handle cannot be closed in order, and nothing is expected of it any more.
      causeFrom(error, 'closing the journal', to);
    }
  }

  async close(): Promise<void> {
    await this.settle();
    for (const to of [...this.#journals.keys()]) await this.drop(to);
    await Promise.all(this.#dropping);
  }

  /** Lets all journals go as they are, when something broke: nothing more is written or told. */
  async abandon(): Promise<void> {
    this.#pending = [];
    for (const to of [...this.#journals.keys()]) await this.drop(to);
  }

  async #commitWhilePending(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        for (let waited = 0; waited < GROUP_MS && !this.#hurry; waited += STEP_MS) {
          await this.#setting.clock.sleep(STEP_MS);
        }
        const batch = this.#pending;
        this.#pending = [];
        try {
          await this.#commit(batch);
        } finally {
          for (const {done} of batch) done?.();
        }
      }
    } finally {
      this.#running = undefined;
    }
  }

  async #commit(batch: readonly PendingFact[]): Promise<void> {
    const unflushed = await this.#flushFolders(batch);
    const lasting = batch.filter(
      ({folder}) => folder === undefined || !unflushed.has(keyOf(folder)),
    );
    const facts = lasting.map(({fact}) => fact);
    const writes = [...this.#journals.values()].map((journal) => this.#writeFacts(journal, facts));
    const written = (await Promise.allSettled(writes)).filter(({status}) => status === 'fulfilled');
    const durable = written.length > 0;
    // When no drive is left to hold the journal, faults are still told; proofs are not.
    for (const fact of facts) if (durable || isFault(fact)) this.#setting.emit(fact);
  }

  async #writeFacts(journal: OpenJournal, facts: readonly Fact[]): Promise<void> {
    const {hashOfText, signText} = this.#setting;
    const lines: {text: string; sum: string}[] = [];
    let sum = journal.sum;
    for (const fact of facts) {
      const line = journalLine(fact, sum, hashOfText, signText);
      lines.push(line);
      sum = line.sum;
    }
    try {
      await this.#append(journal, lines);
    } catch (error) {
      this.#lose(journal.to, causeFrom(error, 'writing the journal', journal.to));
      throw error;
    }
  }

  async #append(
    journal: OpenJournal,
    lines: readonly {text: string; sum: string}[],
  ): Promise<void> {
    const bytes = Buffer.from(lines.map((line) => line.text).join(''), 'utf8');
    await writeWhole(journal.file, bytes, journal.position);
    await journal.file.sync();
    journal.position += bytes.length;
    journal.sum = lines.at(-1)?.sum ?? journal.sum;
  }

  /** @returns the folders that could not be flushed. */
  async #flushFolders(batch: readonly PendingFact[]): Promise<ReadonlySet<string>> {
    const folders = new Map<string, FolderToFlush>();
    for (const {folder} of batch) if (folder !== undefined) folders.set(keyOf(folder), folder);
    const failed = new Set<string>();
    await Promise.all(
      [...folders].map(async ([key, {to, folder}]) => {
        try {
          await this.#setting.files.syncFolder(folder);
        } catch (error) {
          failed.add(key);
          this.#lose(to, causeFrom(error, 'flushing a folder', folder));
        }
      }),
    );
    return failed;
  }

  #lose(to: string, cause: Cause): void {
    const dropping = this.drop(to).finally(() => this.#dropping.delete(dropping));
    this.#dropping.add(dropping);
    if (this.#concluded) this.#setting.onLate(to, cause);
    else this.#setting.onLost(to, cause);
  }
}

const keyOf = ({to, folder}: FolderToFlush) => join(to, folder);

const isFault = ({type}: Fact) =>
  type === 'file-failed' ||
  type === 'destination-lost' ||
  type === 'file-mismatched' ||
  type === 'verdict';
