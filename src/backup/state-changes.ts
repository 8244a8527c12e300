import {dirname} from 'node:path';
import {type ChangesHeader, changeLine, type StateChange} from '../core/backup/change-lines.ts';
import type {HashOfText} from '../core/manifest.ts';
import type {Files, OpenedFile} from '../system/files.ts';
import {writeWhole} from '../system/read-text.ts';

interface Waiting {
  readonly change: StateChange;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Where the changes go on: behind their last valid line, or in a new file with a header. */
export interface ChangesEnd {
  readonly bytes: number;
  readonly sum: string;
}

interface ChangesSetting {
  readonly files: Files;
  readonly path: string;
  readonly hashOfText: HashOfText;
  readonly header: ChangesHeader;
  /** Undefined where there is no file yet. */
  readonly end: ChangesEnd | undefined;
}

/** Appends changes to their file, as many with one flush as wait for it. The first failure is final. */
export class ChangesWriter {
  readonly #setting: ChangesSetting;
  #file: OpenedFile | undefined;
  #position: number;
  #sum: string;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #failure: {readonly error: unknown} | undefined;

  constructor(setting: ChangesSetting) {
    this.#setting = setting;
    this.#position = setting.end?.bytes ?? 0;
    this.#sum = setting.end?.sum ?? '';
  }

  /** Resolves when the change is durable. Rejects with the system's error. */
  append(change: StateChange): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({change, done, failed});
      this.#running ??= this.#writeWhileWaiting();
    });
  }

  /** Resolves when nothing waits any more. */
  async settle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async close(): Promise<void> {
    await this.settle();
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #writeWhileWaiting(): Promise<void> {
    // What is told in one go is written in one go.
    await Promise.resolve();
    // It must not end before it is known to run; and who asks in the same moment shares the flush.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#failure !== undefined) throw this.#failure.error;
        await this.#write(group.map(({change}) => change));
        for (const {done} of group) done();
      } catch (error) {
        // A second flush after a failed one would say that all is well.
        this.#failure ??= {error};
        for (const {failed} of group) failed(error);
      }
    }
    this.#running = undefined;
  }

  async #write(changes: readonly StateChange[]): Promise<void> {
    this.#file ??= await this.#open();
    let text = '';
    let sum = this.#sum;
    for (const change of changes) {
      const line = changeLine(change, sum, this.#setting.hashOfText);
      text += line.text;
      sum = line.sum;
    }
    await this.#append(this.#file, text);
    this.#sum = sum;
  }

  async #open(): Promise<OpenedFile> {
    const {files, path, hashOfText, header} = this.#setting;
    const isNew = this.#position === 0;
    const file = isNew
      ? await files.createFile(path, {direct: false})
      : await files.openToUpdate(path);
    try {
      if (!isNew) {
        await file.truncate(this.#position);
        return file;
      }
      const line = changeLine(header, '', hashOfText);
      await this.#append(file, line.text);
      this.#sum = line.sum;
      await files.syncFolder(dirname(path));
      return file;
    } catch (error) {
      await file.close().catch(() => {});
      throw error;
    }
  }

  async #append(file: OpenedFile, text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    await writeWhole(file, bytes, this.#position);
    await file.sync();
    this.#position += bytes.length;
  }
}
