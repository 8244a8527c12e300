/** The folders of a state, found by its index. Their records are read when they are asked for. */
import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {type FolderEntry, parseEntryLine, parseRecordLine} from '../core/backup/state-lines.ts';
import {compareFolders, nameOf} from '../core/backup/walk-order.ts';
import {errnoOf} from '../core/cause.ts';
import type {Files, OpenedFile} from '../system/files.ts';
import type {HashEngine} from '../system/hasher.ts';
import {type BaseState, type FilePart, identify, readIndex} from './base-state.ts';
import {readBlocks, readPart} from './read-blocks.ts';

export type Records = ReadonlyMap<string, MirrorRecord>;

/** A folder as it stands in a state, or as it is changed since. */
export interface StoredFolder {
  readonly path: TreePath;
  /** Records of it. */
  readonly files: number;
  /** What the index says of it; null when something changed since it was written. */
  readonly entry: FolderEntry | null;
  /** Its records by their names; none when their lines are damaged, which is told elsewhere. Until the folders are closed. Rejects with the system's error. */
  read(): Promise<Records>;
  /** The lines as they stand; undefined when they are damaged, or the folder has changed. The same holds. */
  readLines(): Promise<Buffer | undefined>;
}

/** Folders in the order of the walk, some at a time. */
export interface OpenFolders {
  /** Rejects with the system's error. */
  readonly groups: AsyncGenerator<readonly StoredFolder[]>;
  /** Lets the state go: no folder can be read any more. */
  close(): Promise<void>;
}

export interface StoredState {
  readonly files: Files;
  readonly path: string;
  readonly base: BaseState;
  readonly hashEngine: HashEngine;
  /** Told whenever lines are asked for that are not what was written. */
  readonly onDamage: (why: string) => void;
}

/** What is asked of the disks at once, so that a run that is stopped does not wait long for them. */
const FILES_AT_ONCE = 2500;
const FOLDERS_AT_ONCE = 2500;
/** Bytes that are read with the lines of a folder: the next ones are mostly asked for next. */
const WINDOW = 512 * 1024;
const BRACKET = '[';

/** The state is opened with the first group, and stays the one that was opened whatever takes its place. */
export function openFolders(state: StoredState): OpenFolders {
  const opened = new OpenState(state);
  return {groups: readGroups(opened), close: () => opened.close()};
}

async function* readGroups(opened: OpenState): AsyncGenerator<readonly StoredFolder[]> {
  let group: StoredFolder[] = [];
  let files = 0;
  let last: TreePath | undefined;
  const index = await opened.findIndex();
  if (index === undefined) return;
  for await (const line of readLines(await opened.file(), index)) {
    const entry = parseEntryLine(line);
    // One that is out of order is passed over with all its records.
    if (entry === undefined || (last !== undefined && compareFolders(entry.path, last) <= 0)) {
      continue;
    }
    last = entry.path;
    group.push(new LinedFolder(opened, entry));
    files += entry.files;
    if (files < FILES_AT_ONCE && group.length < FOLDERS_AT_ONCE) continue;
    yield group;
    group = [];
    files = 0;
  }
  if (group.length > 0) yield group;
}

/** Keeps the piece that was read last. */
class OpenState implements Lines {
  readonly #state: StoredState;
  #opening: Promise<OpenedFile> | undefined;
  #at = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(state: StoredState) {
    this.#state = state;
  }

  file(): Promise<OpenedFile> {
    this.#opening ??= this.#state.files.openToRead(this.#state.path, {direct: false});
    return this.#opening;
  }

  /** @returns undefined for damage, which is told. */
  async findIndex(): Promise<FilePart | undefined> {
    const {base, hashEngine, onDamage} = this.#state;
    const file = await this.file();
    const {inode, size, mtimeNs} = await identify(file);
    const known = base.file;
    if (inode === known.inode && size === known.size && mtimeNs === known.mtimeNs) {
      return base.index;
    }
    // A run that came to its end meanwhile has put a newer one there.
    const reading = await readIndex(file, hashEngine.create());
    if (reading.kind === 'whole') return reading.base.index;
    onDamage(reading.kind === 'damaged' ? reading.why : 'it is gone');
    return undefined;
  }

  /** @returns the bytes, or undefined when they have another sum, which is told. */
  async read({at, length, blake3}: FolderEntry): Promise<Buffer | undefined> {
    const {hashEngine, onDamage} = this.#state;
    try {
      const lines = await this.#take(at, length);
      const hasher = hashEngine.create();
      hasher.update(lines);
      if (lines.length === length && hasher.digest() === blake3) return lines;
      onDamage('its bytes are not what was written');
    } catch (error) {
      if (errnoOf(error) !== 'EIO') throw error;
      onDamage('it cannot be read (EIO)');
    }
    return undefined;
  }

  /** @returns fewer bytes where the file ends. */
  async #take(at: number, length: number): Promise<Buffer> {
    const from = at - this.#at;
    if (from >= 0 && from + length <= this.#bytes.length) {
      return this.#bytes.subarray(from, from + length);
    }
    this.#bytes = await readPart(await this.file(), at, Math.max(length, WINDOW));
    this.#at = at;
    return this.#bytes.subarray(0, length);
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    if (opening === undefined) return;
    const file = await opening.catch(() => undefined);
    await file?.close();
  }
}

interface Lines {
  read(entry: FolderEntry): Promise<Buffer | undefined>;
}

class LinedFolder implements StoredFolder {
  readonly path: TreePath;
  readonly files: number;
  readonly entry: FolderEntry;
  readonly #lines: Lines;

  constructor(lines: Lines, entry: FolderEntry) {
    this.path = entry.path;
    this.files = entry.files;
    this.entry = entry;
    this.#lines = lines;
  }

  async read(): Promise<Records> {
    const records = new Map<string, MirrorRecord>();
    const lines = await this.readLines();
    for (const line of lines?.toString('utf8').split('\n') ?? []) {
      const record = line.startsWith(BRACKET) ? parseRecordLine(line, this.path) : undefined;
      if (record !== undefined) records.set(nameOf(record.path), record);
    }
    return records;
  }

  async readLines(): Promise<Buffer | undefined> {
    return await this.#lines.read(this.entry);
  }
}

async function* readLines(file: OpenedFile, part: FilePart): AsyncGenerator<string> {
  let held: Buffer = Buffer.alloc(0);
  for await (const block of readBlocks(file, part)) {
    const end = block.lastIndexOf('\n') + 1;
    if (end === 0) {
      held = Buffer.concat([held, block]);
      continue;
    }
    // Lines are taken over before the block is used again.
    const text = Buffer.concat([held, block.subarray(0, end - 1)]).toString('utf8');
    held = Buffer.from(block.subarray(end));
    yield* text.split('\n');
  }
}
