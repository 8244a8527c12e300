/** A large file that changed in places: only its changed blocks are written, onto a clone of the old copy, and the whole of it is proved. The old copy is never written. */
import {causeFrom, errnoOf} from '../core/cause.ts';
import {ALIGNMENT, type BlockPool} from '../system/block-pool.ts';
import type {CloneFile} from '../system/clone-file.ts';
import type {OpenedFile} from '../system/files.ts';
import {writeWhole} from '../system/read-text.ts';
import {systemError} from '../system/system-error.ts';
import type {Lane} from './lane.ts';
import {
  fail,
  inFolderOf,
  type MirrorOutcome,
  type MirrorRequest,
  type MirrorSetting,
  proveAndName,
} from './mirror-file.ts';
import {readSource, type SourceBlock} from './read-source.ts';

export interface PatchSetting extends MirrorSetting {
  readonly cloneFile: CloneFile;
  /** For the old bytes: apart from `blocks`, because who holds one of those must not wait for a second. */
  readonly oldBlocks: BlockPool;
}

export interface PatchRequest extends MirrorRequest {
  /** The old copy, below the lane's root. */
  readonly old: string;
}

/** Errors of futimens(2) that say "not you" or "not here", not that the drive failed. */
const NO_TIMES = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/**
 * @returns `unclonable` when the file system gives no clone, and `mismatched` when the clone with its patches did not become the source: an ordinary copy is to be made then. Leaves
 * nothing under the temporary name, unless the destination is gone.
 */
export async function patchFile(
  setting: PatchSetting,
  request: PatchRequest,
): Promise<MirrorOutcome | {readonly kind: 'unclonable'} | {readonly kind: 'mismatched'}> {
  const {files, lane, cloneFile} = setting;
  const {target, old, expected, onWritten} = request;
  const temporary = inFolderOf(target, request.nameTemporary());
  const path = lane.absolute(temporary);
  let isNamed = false;
  try {
    await lane.makeFolder(target.slice(0, Math.max(target.lastIndexOf('/'), 0)));
    if (!(await cloneFile(lane.absolute(old), path))) return {kind: 'unclonable'};
    const clone = await files.openToUpdate(path);
    let reading: Awaited<ReturnType<typeof readSource>>;
    try {
      if ((await clone.facts()).device !== lane.destination.device)
        throw systemError('ENODEV', path);
      const patching = new Patching(setting, clone);
      reading = await readSource(setting, request, (block) => patching.take(block));
      if (patching.failure !== undefined) throw patching.failure.error;
      if (reading.kind !== 'read') return reading;
      if (expected !== undefined && reading.hash !== expected)
        return {kind: 'other-bytes', hash: reading.hash};
      await finish(lane, clone, request);
    } finally {
      await clone.close();
    }
    onWritten();
    const {hash, times} = reading;
    const outcome = await proveAndName(setting, request, {temporary, hash, times});
    isNamed = outcome.kind === 'made';
    if (outcome.kind === 'mismatched') setting.onMismatch();
    return outcome;
  } catch (error) {
    const cause = causeFrom(
      error,
      `patching it on ${lane.destination.name}`,
      lane.absolute(target),
    );
    return await fail(lane, {cause, error});
  } finally {
    if (!isNamed) await removeBegun(setting, path);
  }
}

/** Writes what differs, in whole blocks of the file system. */
class Patching {
  failure: {readonly error: unknown} | undefined;
  readonly #setting: PatchSetting;
  readonly #clone: OpenedFile;

  constructor(setting: PatchSetting, clone: OpenedFile) {
    this.#setting = setting;
    this.#clone = clone;
  }

  async take(source: SourceBlock): Promise<boolean> {
    const old = await this.#setting.oldBlocks.take();
    try {
      const filled = await this.#readOld(old, source);
      if (filled === source.bytes && isSame(source.block, old, 0, filled)) return true;
      await this.#writeChanged(old, filled, source);
      return true;
    } catch (error) {
      // Of the drive that is written: the source is not to blame.
      this.failure = {error};
      return false;
    } finally {
      this.#setting.oldBlocks.give(old);
    }
  }

  /** @returns bytes that the old copy has there. */
  async #readOld(old: Buffer, {bytes, position}: SourceBlock): Promise<number> {
    let filled = 0;
    while (filled < bytes) {
      const rest = old.subarray(filled);
      const read = await this.#clone.read(rest, bytes - filled, position + filled);
      if (read === 0) break;
      filled += read;
    }
    return filled;
  }

  async #writeChanged(old: Buffer, filled: number, source: SourceBlock): Promise<void> {
    const {block, bytes, position} = source;
    for (let at = 0; at < bytes; ) {
      const end = Math.min(at + ALIGNMENT, bytes);
      if (end <= filled && isSame(block, old, at, end)) {
        at = end;
        continue;
      }
      let until = end;
      while (until < bytes) {
        const next = Math.min(until + ALIGNMENT, bytes);
        if (next <= filled && isSame(block, old, until, next)) break;
        until = next;
      }
      await writeWhole(this.#clone, block.subarray(at, until), position + at);
      this.#setting.lane.written += until - at;
      at = until;
    }
  }
}

const isSame = (a: Buffer, b: Buffer, from: number, to: number): boolean =>
  a.compare(b, from, to, from, to) === 0;

async function finish(lane: Lane, clone: OpenedFile, {file}: PatchRequest): Promise<void> {
  if ((await clone.facts()).size !== file.size) await clone.truncate(file.size);
  try {
    await clone.setModified(file.mtimeNs);
  } catch (error) {
    if (!NO_TIMES.has(errnoOf(error) ?? '')) throw error;
    lane.untimed++;
  }
  await clone.sync();
}

async function removeBegun({files}: PatchSetting, path: string): Promise<void> {
  try {
    await files.removeFile(path);
  } catch (error) {
    // Never made, or the drive is gone: the next run removes what is left.
    causeFrom(error, 'removing an unfinished copy', path);
  }
}
