/** Reads a file that may be worked on at the same time: its bytes count only when it was the same before and after. */
import type {FileTimes} from '../core/backup/mirror-record.ts';
import type {CardFile} from '../core/card.ts';
import {type Cause, causeFrom} from '../core/cause.ts';
import type {BlockPool} from '../system/block-pool.ts';
import type {FileFacts, Files, OpenedFile} from '../system/files.ts';
import type {HashEngine} from '../system/hasher.ts';
import {readWhole} from './read-whole.ts';

export interface SourceSetting {
  readonly files: Files;
  readonly blocks: BlockPool;
  readonly hashEngine: HashEngine;
  /** Sources are opened past the cache. */
  readonly readsDirect: boolean;
  readonly signal: AbortSignal;
  /** Hears of every block, in bytes. */
  readonly onRead: (bytes: number) => void;
}

export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  /** As it was listed. */
  readonly file: CardFile;
}

export type SourceReading =
  | {readonly kind: 'read'; readonly hash: string; readonly times: FileTimes}
  /** It could not be read, or it is not what was listed, or it changed meanwhile. */
  | {readonly kind: 'source-failed'; readonly cause: Cause}
  /** The signal was given, or the taker of the blocks wants no more. */
  | {readonly kind: 'stopped'};

export interface SourceBlock {
  readonly block: Buffer;
  /** Bytes of the block that count. */
  readonly bytes: number;
  readonly position: number;
}

/**
 * Reads a whole file, block by block, and hashes it.
 * @param take gets every block, in order, and keeps it until it resolves; false: no more of them.
 */
export async function readSource(
  setting: SourceSetting,
  source: SourceFile,
  take: (block: SourceBlock) => Promise<boolean> = async () => true,
): Promise<SourceReading> {
  const {files, readsDirect} = setting;
  const {path, file} = source;
  try {
    // Before anything opens it: a pipe would be waited for, and a link leads away.
    if (!isAsListed(await files.look(path), file)) return changed(path, 'since it was listed');
    const opened = await files.openToRead(path, {direct: readsDirect});
    try {
      const before = await opened.facts();
      if (!isAsListed(before, file)) return changed(path, 'since it was listed');
      const hash = await hashBlocks(setting, {opened, source}, take);
      if (hash === undefined) return {kind: 'stopped'};
      const after = await opened.facts();
      if (!isAsListed(after, file) || after.changedNs !== before.changedNs)
        return changed(path, 'while it was read');
      return {
        kind: 'read',
        hash,
        times: {mtimeNs: before.mtimeNs, changedNs: before.changedNs},
      };
    } finally {
      await closeQuietly(opened, path);
    }
  } catch (error) {
    return {kind: 'source-failed', cause: causeFrom(error, 'reading it', path)};
  }
}

const isAsListed = ({kind, size, mtimeNs}: FileFacts, file: CardFile): boolean =>
  kind === 'file' && size === file.size && mtimeNs === file.mtimeNs;

async function hashBlocks(
  {blocks, hashEngine, readsDirect: direct, signal, onRead}: SourceSetting,
  {opened, source: {path, file}}: {readonly opened: OpenedFile; readonly source: SourceFile},
  take: (block: SourceBlock) => Promise<boolean>,
): Promise<string | undefined> {
  const hasher = hashEngine.create();
  for (let position = 0; position < file.size; ) {
    if (signal.aborted) return undefined;
    const block = await blocks.take();
    try {
      const bytes = Math.min(block.length, file.size - position);
      await readWhole({source: opened, block, position, wanted: bytes, direct, path});
      const taken = take({block, bytes, position});
      hasher.update(block.subarray(0, bytes));
      if (!(await taken)) return undefined;
      position += bytes;
      onRead(bytes);
    } finally {
      blocks.give(block);
    }
  }
  return hasher.digest();
}

async function closeQuietly(opened: OpenedFile, path: string): Promise<void> {
  try {
    await opened.close();
  } catch (error) {
    // Its drive is gone; what it gave was hashed, and is compared.
    causeFrom(error, 'closing it', path);
  }
}

const changed = (path: string, when: string): SourceReading => ({
  kind: 'source-failed',
  cause: {
    code: 'changed-while-read',
    path,
    message: `it changed ${when}`,
    next: 'Run the same job again when nobody works on it.',
  },
});
