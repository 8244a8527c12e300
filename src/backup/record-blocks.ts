/** A state in groups of whole folders, cut by its bytes alone. */
import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {parseFolderLine, parseRecordLine} from '../core/backup/state-lines.ts';
import {compareFolders, nameOf} from '../core/backup/walk-order.ts';
import type {Files} from '../system/files.ts';
import {readBlocks} from './read-blocks.ts';

/** Lines of the records of one folder. The memory is shared with the threads that compare them with the disks. */
export interface RecordLines {
  readonly bytes: Buffer<SharedArrayBuffer>;
  readonly from: number;
  readonly to: number;
}

/** About 2,500 records: what is asked of the disks at once, so that a run that is stopped does not wait long for them. */
const BLOCK = 512 * 1024;
const NEWLINE = 0x0a;
const QUOTE = 0x22;
/** Where the line of a folder begins. */
const FOLDER_START = '\n"';
const BRACKET = '[';

/** A folder as it stands in a state. Its records are read when they are asked for. */
class LinedFolder {
  readonly path: TreePath;
  readonly lines: RecordLines;
  #records: ReadonlyMap<string, MirrorRecord> | undefined;

  constructor(path: TreePath, lines: RecordLines) {
    this.path = path;
    this.lines = lines;
  }

  get records(): ReadonlyMap<string, MirrorRecord> {
    this.#records ??= this.#parse();
    return this.#records;
  }

  /** A line that is no record is passed over: what no record knows is never touched. */
  #parse(): ReadonlyMap<string, MirrorRecord> {
    const {bytes, from, to} = this.lines;
    const records = new Map<string, MirrorRecord>();
    for (const line of bytes.toString('utf8', from, to).split('\n')) {
      const record = line.startsWith(BRACKET) ? parseRecordLine(line, this.path) : undefined;
      if (record !== undefined) records.set(nameOf(record.path), record);
    }
    return records;
  }
}

/** Folders of a state, about as many at a time as one reading gives. What follows the last newline is no line. @throws the system's error. */
export async function* readFolders(
  files: Files,
  path: string,
): AsyncGenerator<readonly LinedFolder[]> {
  let last: TreePath | undefined;
  for await (const bytes of readGroups(files, path)) {
    const folders: LinedFolder[] = [];
    for (let at = startOf(bytes); at !== -1; ) {
      const lineEnd = bytes.indexOf(NEWLINE, at);
      const next = bytes.indexOf(FOLDER_START, lineEnd);
      const folder = parseFolderLine(bytes.toString('utf8', at, lineEnd));
      // One that is out of order is passed over with all its records.
      if (folder !== undefined && (last === undefined || compareFolders(folder, last) > 0)) {
        last = folder;
        const to = next === -1 ? bytes.length : next + 1;
        folders.push(new LinedFolder(folder, {bytes, from: lineEnd + 1, to}));
      }
      at = next === -1 ? -1 : next + 1;
    }
    if (folders.length > 0) yield folders;
  }
}

/** @returns where the first folder begins, or -1. */
function startOf(bytes: Buffer): number {
  if (bytes[0] === QUOTE) return 0;
  const at = bytes.indexOf(FOLDER_START);
  return at === -1 ? -1 : at + 1;
}

async function* readGroups(files: Files, path: string): AsyncGenerator<Buffer<SharedArrayBuffer>> {
  const file = await files.openToRead(path, {direct: false});
  try {
    let waiting: Buffer[] = [];
    let isLineStart = false;
    for await (const block of readBlocks(file, BLOCK)) {
      const cut = lastStart(block, isLineStart);
      isLineStart = block.at(-1) === NEWLINE;
      if (cut !== -1) {
        yield joinShared([...waiting, block.subarray(0, cut)]);
        waiting = [];
      }
      waiting.push(Buffer.from(block.subarray(Math.max(0, cut))));
    }
    const rest = joinShared(waiting);
    yield rest.subarray(0, rest.lastIndexOf(NEWLINE) + 1);
  } finally {
    await file.close();
  }
}

/** @returns where the last folder of a block begins, or -1. */
function lastStart(block: Buffer, isLineStart: boolean): number {
  const at = block.lastIndexOf(FOLDER_START);
  if (at !== -1) return at + 1;
  return isLineStart && block[0] === QUOTE ? 0 : -1;
}

function joinShared(parts: readonly Buffer[]): Buffer<SharedArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = Buffer.from(new SharedArrayBuffer(length));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
