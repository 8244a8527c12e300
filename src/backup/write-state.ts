import {dirname} from 'node:path';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {folderLine, jsonLine, recordLine, type StateHeader} from '../core/backup/state-lines.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import type {Files, OpenedFile} from '../system/files.ts';
import type {HashEngine} from '../system/hasher.ts';
import {writeWhole} from '../system/read-text.ts';
import type {BaseState} from './base-state.ts';
import {noteRenamed, type RecordedFolder} from './state-reader.ts';

/** Characters that are gathered before they are written. */
const CHUNK = 1024 * 1024;

interface NewState {
  readonly files: Files;
  readonly path: string;
  /** In the same folder; a file of that name that a dead run left is removed. */
  readonly temporary: string;
  readonly header: StateHeader;
  readonly folders: AsyncIterable<RecordedFolder>;
  readonly hashEngine: HashEngine;
  /** BLAKE3 of what the medium holds. */
  readonly readBack: (path: string) => Promise<Result<string>>;
}

/** Writes a state under a temporary name, flushes it, reads it back from the medium, and puts it in the place of the old one. @returns what it holds. */
export async function writeState(state: NewState): Promise<Result<BaseState>> {
  const {files, path, temporary} = state;
  try {
    await removeIfThere(files, temporary);
    const {base, hash} = await writeTemporary(state);
    const back = await state.readBack(temporary);
    if (!back.ok || back.value !== hash) {
      await removeIfThere(files, temporary);
      return back.ok ? failed(otherBytes(path)) : back;
    }
    await files.replace(temporary, path);
    await files.syncFolder(dirname(path));
    return ok(base);
  } catch (error) {
    const cause = causeFrom(error, 'writing the state of the mirror', path);
    // The failure that led here is the one to tell.
    await removeIfThere(files, temporary).catch(() => {});
    return failed(cause);
  }
}

const otherBytes = (path: string): Cause => ({
  code: 'state-mismatch',
  path,
  message: 'the state of the mirror came back from the drive with other bytes',
  next: 'Check the cable and the drive, then run the job again: what was done is known still.',
});

async function writeTemporary({
  files,
  temporary,
  header,
  folders,
  hashEngine,
}: NewState): Promise<{readonly base: BaseState; readonly hash: string}> {
  const file = await files.createFile(temporary, {direct: false});
  try {
    const text = new HashedText(file, hashEngine);
    const renamed = new Map<TreePath, TreePath>();
    let records = 0;
    await text.add(jsonLine(header));
    for await (const folder of folders) {
      let lines = folderLine(folder.path);
      for (const record of folder.records.values()) {
        lines += recordLine(record);
        if (record.path !== record.target) noteRenamed(renamed, record);
      }
      records += folder.records.size;
      await text.add(lines);
    }
    const names = {
      records,
      renamed: [...renamed].map(([from, to]): [string, string] => [from, to]),
    };
    await text.add(jsonLine(names));
    const sum = text.sumSoFar();
    await text.add(jsonLine({records, blake3: sum}));
    const hash = await text.finish();
    await file.sync();
    return {base: {header, names, sum}, hash};
  } finally {
    await file.close();
  }
}

/** Text that is written in large pieces and hashed twice: up to its last line, and whole. */
class HashedText {
  readonly #file: OpenedFile;
  readonly #lines;
  readonly #whole;
  #waiting = '';
  #position = 0;
  #isCounting = true;

  constructor(file: OpenedFile, hashEngine: HashEngine) {
    this.#file = file;
    this.#lines = hashEngine.create();
    this.#whole = hashEngine.create();
  }

  async add(text: string): Promise<void> {
    if (this.#isCounting) this.#lines.update(Buffer.from(text, 'utf8'));
    this.#waiting += text;
    if (this.#waiting.length >= CHUNK) await this.#write();
  }

  /** What is added later is in the whole only. */
  sumSoFar(): string {
    this.#isCounting = false;
    return this.#lines.digest();
  }

  async finish(): Promise<string> {
    await this.#write();
    return this.#whole.digest();
  }

  async #write(): Promise<void> {
    const bytes = Buffer.from(this.#waiting, 'utf8');
    this.#waiting = '';
    this.#whole.update(bytes);
    await writeWhole(this.#file, bytes, this.#position);
    this.#position += bytes.length;
  }
}

async function removeIfThere(files: Files, path: string): Promise<void> {
  try {
    await files.removeFile(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
