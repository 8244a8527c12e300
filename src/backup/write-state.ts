import {dirname} from 'node:path';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {
  entryLine,
  type FolderEntry,
  folderLine,
  jsonLine,
  recordLine,
  type StateHeader,
} from '../core/backup/state-lines.ts';
import {nameOf} from '../core/backup/walk-order.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import type {Files, OpenedFile} from '../system/files.ts';
import {FolderDigest} from '../system/folder-digest.ts';
import type {HashEngine} from '../system/hasher.ts';
import {writeWhole} from '../system/read-text.ts';
import {type BaseState, identify} from './base-state.ts';
import {noteRenamed} from './state-reader.ts';
import type {Records, StoredFolder} from './stored-folders.ts';

/** Bytes that are gathered before they are written. */
const CHUNK = 1024 * 1024;

interface NewState {
  readonly files: Files;
  readonly path: string;
  /** In the same folder; a file of that name that a dead run left is removed. */
  readonly temporary: string;
  readonly header: StateHeader;
  readonly folders: AsyncIterable<readonly StoredFolder[]>;
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
    const sum = hashEngine.create();
    const head = Buffer.from(jsonLine(header), 'utf8');
    sum.update(head);
    await text.add(head);
    const renamed = new Map<TreePath, TreePath>();
    const index: Buffer[] = [];
    let records = 0;
    for await (const group of folders) {
      for (const folder of group) {
        const its = await describeFolder(folder, {renamed, hashEngine});
        if (its === undefined) continue;
        await text.add(Buffer.from(folderLine(folder.path), 'utf8'));
        index.push(Buffer.from(entryLine({...its.entry, at: text.length}), 'utf8'));
        await text.add(its.lines);
        records += its.entry.files;
      }
    }
    const from = text.length;
    const names = {records, renamed: [...renamed].map(([one, to]): [string, string] => [one, to])};
    for (const line of [...index, Buffer.from(jsonLine(names), 'utf8')]) {
      sum.update(line);
      await text.add(line);
    }
    const to = text.length - Buffer.byteLength(jsonLine(names), 'utf8');
    const blake3 = sum.digest();
    await text.add(Buffer.from(jsonLine({records, index: from, blake3}), 'utf8'));
    const hash = await text.finish();
    await file.sync();
    const identity = await identify(file);
    return {base: {header, names, sum: blake3, index: {from, to}, file: identity}, hash};
  } finally {
    await file.close();
  }
}

interface Described {
  /** Its place is not known yet. */
  readonly entry: Omit<FolderEntry, 'at'>;
  readonly lines: Buffer;
}

interface Setting {
  /** Gets what the target calls otherwise. */
  readonly renamed: Map<TreePath, TreePath>;
  readonly hashEngine: HashEngine;
}

/** @returns undefined for a folder of which nothing is known any more. */
async function describeFolder(
  folder: StoredFolder,
  setting: Setting,
): Promise<Described | undefined> {
  // Where its copies have the paths of their sources nothing has to be read out of the lines.
  if (folder.entry !== null && folder.entry.source !== null) {
    const lines = await folder.readLines();
    return lines && {entry: folder.entry, lines};
  }
  const records = await folder.read();
  if (records.size === 0) return undefined;
  for (const record of records.values()) {
    if (record.path !== record.target) noteRenamed(setting.renamed, record);
  }
  return describeRecords(folder.path, records, setting);
}

function describeRecords(path: TreePath, records: Records, {hashEngine}: Setting): Described {
  const [source, copy] = [new FolderDigest(records.size), new FolderDigest(records.size)];
  let text = '';
  let bytes = 0;
  let isPlain = true;
  for (const record of records.values()) {
    const name = nameOf(record.path);
    const size = BigInt(record.size);
    text += recordLine(record);
    bytes += record.size;
    isPlain &&= record.path === record.target;
    source.add(name, size, record.source.mtimeNs, record.source.changedNs);
    copy.add(name, size, record.copy.mtimeNs, 0n);
  }
  const lines = Buffer.from(text, 'utf8');
  const hasher = hashEngine.create();
  hasher.update(lines);
  return {
    entry: {
      path,
      length: lines.length,
      blake3: hasher.digest(),
      files: records.size,
      bytes,
      source: isPlain ? source.digest() : null,
      copy: isPlain ? copy.digest() : null,
    },
    lines,
  };
}

/** Bytes that are written in large pieces and hashed. */
class HashedText {
  readonly #file: OpenedFile;
  readonly #whole;
  #waiting: Buffer[] = [];
  #waits = 0;
  #position = 0;

  constructor(file: OpenedFile, hashEngine: HashEngine) {
    this.#file = file;
    this.#whole = hashEngine.create();
  }

  /** Bytes so far. */
  get length(): number {
    return this.#position + this.#waits;
  }

  /** The bytes may be used for others as soon as this resolves. */
  async add(bytes: Buffer): Promise<void> {
    this.#waiting.push(Buffer.from(bytes));
    this.#waits += bytes.length;
    if (this.#waits >= CHUNK) await this.#write();
  }

  async finish(): Promise<string> {
    await this.#write();
    return this.#whole.digest();
  }

  async #write(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waits = 0;
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
