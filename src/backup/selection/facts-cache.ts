/**
 * Facts of files that did not change since they were read, in a file of this computer: without it each run would open every picture. A line for each folder in the order of the walk, so that one
 * folder at a time is in memory, each with its sum in front: a star that a disk lost would put a picture into the archive. It is no record: what is damaged or missing is read again.
 */

import type {TreePath} from '../../core/backup/mirror-tree.ts';
import {isTreePath} from '../../core/backup/tree-path.ts';
import {compareFolders} from '../../core/backup/walk-order.ts';
import {errnoOf} from '../../core/cause.ts';
import type {HashOfText} from '../../core/manifest.ts';
import type {Files, OpenedFile} from '../../system/files.ts';
import {writeWhole} from '../../system/read-text.ts';
import {type CachedFacts, fromCached, toCached} from './cached-facts.ts';

const HEADER = '{"schema":"offload-selection-facts/2"}';
/** Bytes that are read and written in one go, and that a line may have: a folder of a million pictures has 100 MB. */
const BLOCK = 256 * 1024;
const LONGEST_LINE = 256 * 1024 * 1024;

export type FolderFacts = ReadonlyMap<string, CachedFacts>;

const NOTHING: FolderFacts = new Map();

interface CachedFolder {
  readonly folder: TreePath;
  readonly entries: FolderFacts;
}

export interface CacheSetting {
  readonly files: Files;
  /** Absolute. The folder is there. */
  readonly path: string;
  /** False: nothing is written, as a preview wants it. */
  readonly keeps: boolean;
  readonly hashOfText: HashOfText;
}

export class FactsCache {
  readonly #setting: CacheSetting;
  #reader: OpenedFile | undefined;
  #lines: AsyncGenerator<string> | undefined;
  #next: CachedFolder | null | undefined;
  #writer: OpenedFile | undefined;
  #written = 0;
  #buffer: string[] = [];
  #buffered = 0;

  private constructor(setting: CacheSetting) {
    this.#setting = setting;
  }

  /** Never rejects: a cache that cannot be had is none. */
  static async open(setting: CacheSetting): Promise<FactsCache> {
    const cache = new FactsCache(setting);
    await cache.#orNothing(async () => {
      const {files, path} = setting;
      cache.#reader = await files.openToRead(path, {direct: false});
      cache.#lines = readLines(cache.#reader);
      if ((await cache.#lines.next()).value !== HEADER) cache.#lines = undefined;
    });
    if (!setting.keeps) return cache;
    await cache.#orNothing(async () => {
      const {files, path} = setting;
      // Of a run that died; the runs of a computer go one after the other.
      await cache.#orNothing(() => files.removeFile(partOf(path)));
      cache.#writer = await files.createFile(partOf(path), {direct: false, onlyOwner: true});
    });
    cache.#add(HEADER);
    return cache;
  }

  /** @param folder to be asked for in the order of the walk. @returns what is known of its files. */
  async take(folder: TreePath): Promise<FolderFacts> {
    for (;;) {
      if (this.#next === undefined) this.#next = await this.#readFolder();
      if (this.#next === null) return NOTHING;
      const order = compareFolders(this.#next.folder, folder);
      if (order > 0) return NOTHING;
      const {entries} = this.#next;
      this.#next = undefined;
      if (order === 0) return entries;
    }
  }

  /** Keeps what is to be known by the next run. */
  async keep(folder: TreePath, entries: readonly CachedFacts[]): Promise<void> {
    if (entries.length === 0 || this.#writer === undefined) return;
    const text = JSON.stringify([folder, entries.map(toCached)]);
    this.#add(`${this.#setting.hashOfText(text)} ${text}`);
    if (this.#buffered >= BLOCK) await this.#write();
  }

  /** @param isWhole the walk came to its end: what was kept takes the place of what there was. */
  async close({isWhole}: {readonly isWhole: boolean}): Promise<void> {
    const {files, path} = this.#setting;
    await this.#orNothing(async () => await this.#reader?.close());
    if (isWhole) await this.#write();
    const writer = this.#writer;
    if (writer === undefined) return;
    await this.#orNothing(() => writer.close());
    await this.#orNothing(() =>
      isWhole ? files.replace(partOf(path), path) : files.removeFile(partOf(path)),
    );
  }

  #add(line: string): void {
    this.#buffer.push(`${line}\n`);
    this.#buffered += line.length;
  }

  async #write(): Promise<void> {
    const writer = this.#writer;
    const bytes = Buffer.from(this.#buffer.join(''), 'utf8');
    this.#buffer = [];
    this.#buffered = 0;
    if (writer === undefined) return;
    const isWritten = await this.#orNothing(async () => {
      await writeWhole(writer, bytes, this.#written);
      return true;
    });
    this.#written += bytes.length;
    if (isWritten) return;
    // A full disk: the old cache stays.
    this.#writer = undefined;
    await this.#orNothing(() => writer.close());
    await this.#orNothing(() => this.#setting.files.removeFile(partOf(this.#setting.path)));
  }

  async #readFolder(): Promise<CachedFolder | null> {
    const line = await this.#orNothing(async () => await this.#lines?.next());
    if (line === undefined || line.done === true) return null;
    const cut = line.value.indexOf(' ');
    const text = line.value.slice(cut + 1);
    if (line.value.slice(0, Math.max(0, cut)) !== this.#setting.hashOfText(text)) return null;
    return parseFolder(text) ?? null;
  }

  async #orNothing<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return undefined;
    }
  }
}

const partOf = (path: string): string => `${path}.part`;

function parseFolder(line: string): CachedFolder | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    if (!Array.isArray(parsed)) return undefined;
    const [folder, list]: readonly unknown[] = parsed;
    if (typeof folder !== 'string' || !Array.isArray(list)) return undefined;
    if (folder !== '' && !isTreePath(folder)) return undefined;
    const entries = list.flatMap((one) => fromCached(one) ?? []);
    return {folder, entries: new Map(entries.map((one) => [one.name, one]))};
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Lines of a file without their ends, one block of it in memory at a time. */
async function* readLines(file: OpenedFile): AsyncGenerator<string> {
  const block = Buffer.alloc(BLOCK);
  let parts: Buffer[] = [];
  let length = 0;
  for (let at = 0; ; ) {
    const read = await file.read(block, BLOCK, at);
    if (read === 0) return;
    at += read;
    let from = 0;
    const bytes = block.subarray(0, read);
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      yield Buffer.concat([...parts, bytes.subarray(from, end)]).toString('utf8');
      parts = [];
      length = 0;
      from = end + 1;
    }
    parts.push(Buffer.from(bytes.subarray(from)));
    length += read - from;
    if (length > LONGEST_LINE) return;
  }
}
