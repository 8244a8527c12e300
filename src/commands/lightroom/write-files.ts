/** Files are copied to a place under the promises of an offload: temporary name, flush, medium read, final name. Files of the last snapshot need not be written again, but are read back. */
import {dirname, join} from 'node:path';
import PQueue from 'p-queue';
import type {CopyOutcome, MirrorHands} from '../../backup/mirror-hands.ts';
import type {TreeFile} from '../../core/backup/mirror-tree.ts';
import {nameRun} from '../../core/backup/run-moment.ts';
import {type Cause, causeFrom, errnoOf, ok} from '../../core/cause.ts';
import type {SnapshotFile} from '../../core/lightroom/snapshot-record.ts';
import {unreachable} from '../../core/unreachable.ts';
import type {Lane} from '../../engine/lane.ts';
import {type ShareFile, shareWith} from '../../system/lightroom/share-file.ts';
import {makeHands} from '../backup/target/make-hands.ts';
import type {Listening} from '../offload.ts';
import type {Program} from '../program.ts';

export interface FileOrder {
  /** Folder that the file's path is below, absolute. */
  readonly from: string;
  readonly file: TreeFile;
  /** Path below the folder that is written. */
  readonly path: string;
  /** BLAKE3 that it must have; undefined when any will do. */
  readonly expected?: string | undefined;
  /** The same file in the last snapshot, absolute: as far as times and size tell, it did not change. */
  readonly before?: {readonly path: string; readonly hash: string} | undefined;
}

export interface WrittenFiles {
  readonly files: readonly SnapshotFile[];
  /** How many share the bytes of the last snapshot. */
  readonly shared: number;
  /** Why files of the source are not there: in the order in which it was found. */
  readonly sourceFaults: readonly {readonly path: string; readonly cause: Cause}[];
  /** Why nothing more was written. */
  readonly fault: Cause | undefined;
  readonly isStopped: boolean;
}

export interface Writing extends Listening {
  readonly program: Program;
  readonly lane: Lane;
  /** Below the lane's root; empty for the root itself. */
  readonly folder: string;
}

/** Files at a time: one is read while another one waits for its flush. */
const AT_ONCE = 3;

export async function writeFiles(
  writing: Writing,
  orders: readonly FileOrder[],
): Promise<WrittenFiles> {
  const writer = new FileWriter(writing);
  const queue = new PQueue({concurrency: AT_ONCE});
  await Promise.all(orders.map((order) => queue.add(() => writer.write(order))));
  return writer.end();
}

class FileWriter {
  readonly #writing: Writing;
  readonly #share: ShareFile;
  readonly #hands = new Map<string, MirrorHands>();
  readonly #written: SnapshotFile[] = [];
  readonly #sourceFaults: {path: string; cause: Cause}[] = [];
  readonly #run: string;
  #shared = 0;
  #fault: Cause | undefined;
  #isStopped = false;

  constructor(writing: Writing) {
    const {program} = writing;
    this.#writing = writing;
    this.#share = shareWith(program.run, program.files);
    this.#run = nameRun(program.clock.now(), program.newWord());
  }

  async write(order: FileOrder): Promise<void> {
    if (this.#fault !== undefined || this.#isStopped) return;
    if (this.#writing.signal.aborted) {
      this.#isStopped = true;
      return;
    }
    try {
      if (await this.#shareBefore(order)) return;
    } catch (error) {
      const path = this.#absolute(order.path);
      this.#fault ??= causeFrom(error, `writing to ${this.#writing.lane.destination.name}`, path);
      return;
    }
    const outcome = await this.#handsOf(order.from).copy({
      file: order.file,
      target: this.#targetOf(order.path),
      expected: order.expected,
      old: undefined,
      makeRoom: async () => ok(undefined),
      onWritten() {},
    });
    this.#note(order, outcome);
  }

  end(): WrittenFiles {
    const files = [...this.#written].sort((a, b) => (a.path < b.path ? -1 : 1));
    return {
      files,
      shared: this.#shared,
      sourceFaults: this.#sourceFaults,
      fault: this.#fault,
      isStopped: this.#isStopped,
    };
  }

  #targetOf(path: string): string {
    const {folder} = this.#writing;
    return folder === '' ? path : `${folder}/${path}`;
  }

  #absolute(path: string): string {
    return this.#writing.lane.absolute(this.#targetOf(path));
  }

  /** @returns false when it must be copied: there is none, it cannot be shared, or the drive does not give its bytes any more. */
  async #shareBefore({file, path, before}: FileOrder): Promise<boolean> {
    if (before === undefined) return false;
    const {lane, program} = this.#writing;
    const target = this.#targetOf(path);
    const place = this.#absolute(path);
    const cut = target.lastIndexOf('/');
    await lane.makeFolder(target.slice(0, Math.max(cut, 0)));
    if (!(await this.#share(before.path, place))) return false;
    await program.files.syncFolder(dirname(place));
    const read = await this.#handsOf(lane.root).readBack(target);
    if (read.ok && read.value.hash === before.hash && read.value.size === file.size) {
      this.#shared++;
      this.#add(path, file, {hash: before.hash, mediumRead: read.value.mediumRead});
      return true;
    }
    if (!read.ok && read.cause.code === 'stopped') this.#isStopped = true;
    try {
      await program.files.removeFile(place);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
    return this.#isStopped;
  }

  #note({file, path}: FileOrder, outcome: CopyOutcome): void {
    switch (outcome.kind) {
      case 'made':
        this.#add(path, file, outcome);
        return;
      case 'source-failed':
        this.#sourceFaults.push({path, cause: outcome.cause});
        return;
      case 'other-bytes':
        this.#sourceFaults.push({path, cause: otherBytes(path)});
        return;
      case 'stopped':
        this.#isStopped = true;
        return;
      case 'failed':
        this.#fault ??= outcome.lost ?? outcome.cause;
        return;
      default:
        unreachable(outcome);
    }
  }

  #add(
    path: string,
    {size, mtimeNs, changedNs}: TreeFile,
    {hash, mediumRead}: Pick<SnapshotFile, 'hash' | 'mediumRead'>,
  ): void {
    const times = {mtimeNs: String(mtimeNs), changedNs: String(changedNs)};
    this.#written.push({path, size, hash, ...times, mediumRead});
  }

  #handsOf(from: string): MirrorHands {
    const {program, lane, emit, signal} = this.#writing;
    const known = this.#hands.get(from);
    if (known !== undefined) return known;
    const about = {program, lane, from, run: this.#run, readsDirect: false, emit, signal};
    const hands = makeHands({...about, onRead() {}});
    this.#hands.set(from, hands);
    return hands;
  }
}

const otherBytes = (path: string): Cause => ({
  code: 'mismatch',
  path,
  message: 'it has not the bytes that its record says',
  next: 'Take another snapshot.',
});

/** @returns the path of a file in a snapshot, absolute. */
export const inSnapshot = (folder: string, path: string): string =>
  join(folder, ...path.split('/'));
