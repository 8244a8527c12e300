import {join} from 'node:path';
import type {TreeFile, TreePath} from '../../core/backup/mirror-tree.ts';
import {nameOf} from '../../core/backup/walk-order.ts';
import {errnoOf} from '../../core/cause.ts';
import {embeddedIn} from '../../core/selection/picture-kinds.ts';
import {NOTHING_SAID, type XmpFacts} from '../../core/selection/read-xmp.ts';
import type {Files} from '../../system/files.ts';
import {readPlainly, readSidecar} from '../../system/selection/read-embedded.ts';
import type {XmpAsker} from '../../system/selection/xmp-asker.ts';
import type {CachedFacts} from './cached-facts.ts';
import type {FolderFacts} from './facts-cache.ts';
import type {FactReader} from './judge-group.ts';

export interface FolderReading {
  readonly files: Files;
  /** Absolute. */
  readonly source: string;
  /** What an earlier run read. */
  readonly known: FolderFacts;
  readonly asker: XmpAsker;
  /** ms since 1970. */
  readonly nowMs: number;
}

/** exFAT and FAT count in steps of 2 s: a file that was written a moment ago may be written again without showing it. */
const FRESH_MS = 5000;

/** Reads what sidecars and pictures of one folder say; of what did not change since an earlier run that is known. */
export class FileFactsReader implements FactReader {
  readonly #reading: FolderReading;
  /** What is to be known by the next run. */
  readonly kept: CachedFacts[] = [];

  constructor(reading: FolderReading) {
    this.#reading = reading;
  }

  sidecar(file: TreeFile): Promise<XmpFacts | undefined> {
    return this.#find(file, (path) => readSidecar(this.#reading.files, {path, size: file.size}));
  }

  embedded(file: TreeFile): Promise<XmpFacts | undefined> {
    const {files, asker} = this.#reading;
    const {size} = file;
    switch (embeddedIn(file.path)) {
      case 'none':
        return Promise.resolve(NOTHING_SAID);
      case 'plain':
        return this.#find(file, (path) => readPlainly(files, {path, size}));
      case 'exiftool':
        return this.#find(file, (path) => asker.ask({path, size}));
    }
  }

  async #find(
    file: TreeFile,
    read: (path: TreePath) => Promise<XmpFacts | undefined>,
  ): Promise<XmpFacts | undefined> {
    const {known, source, nowMs} = this.#reading;
    const {path, size, mtimeNs, changedNs} = file;
    const name = nameOf(path);
    const before = known.get(name);
    const facts = isSame(before, file)
      ? before?.facts
      : await orNothing(() => read(join(source, path)));
    if (facts === undefined) return undefined;
    const isFresh = Number(mtimeNs / 1_000_000n) > nowMs - FRESH_MS;
    if (!isFresh) this.kept.push({name, size, mtimeNs, changedNs, facts});
    return facts;
  }
}

const isSame = (before: CachedFacts | undefined, file: TreeFile): boolean =>
  before?.size === file.size &&
  before.mtimeNs === file.mtimeNs &&
  before.changedNs === file.changedNs;

/** What cannot be read is read again by the next run. */
async function orNothing(read: () => Promise<XmpFacts | undefined>): Promise<XmpFacts | undefined> {
  try {
    return await read();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
