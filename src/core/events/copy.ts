/** What came of one file of a card at one destination: copied, proved, or not. */
import type {CardPath, CardRef} from '../card.ts';
import type {Cause} from '../cause.ts';
import type {MediumRead} from '../drive.ts';

interface AboutFile {
  readonly card: CardRef;
  readonly path: CardPath;
  readonly size: number;
  /** ns since 1970 as a decimal string: JSON numbers cannot hold it. */
  readonly mtimeNs: string;
}

/** All bytes were read from the card, written to one destination under a temporary name and flushed. */
export interface FileCopied extends AboutFile {
  readonly type: 'file-copied';
  readonly to: string;
  /** Final path below the shoot folder, parts joined by `/`. */
  readonly target: string;
  /** Where the bytes are until they are proved, below the shoot folder. */
  readonly temporary: string;
  /** BLAKE3 of the bytes that the card gave, 64 hex digits. */
  readonly hash: string;
  /** Reads that failed first and succeeded when they were tried again. */
  readonly retries: number;
  /** With `--from-copy`: the bytes came from a proved copy and have the hash that the card gave. */
  readonly source?: 'copy';
}

/** The bytes of one copy were read back from the medium, match the card's, and stand under the final name. */
export interface FileProved extends AboutFile {
  readonly type: 'file-proved';
  readonly to: string;
  readonly target: string;
  readonly hash: string;
  readonly mediumRead: MediumRead;
  /** `copied` by this offload, or `present` before it. */
  readonly origin: 'copied' | 'present';
  readonly retries: number;
  /** With `--from-copy`: the bytes came from a proved copy and have the hash that the card gave. */
  readonly source?: 'copy';
}

/** What was read back is not what was read first. Without `to`: the card's second read differs from its first. */
export interface FileMismatched extends AboutFile {
  readonly type: 'file-mismatched';
  readonly to?: string;
  readonly target?: string;
  readonly expected: string;
  readonly actual: string;
  readonly mediumRead: MediumRead;
  /** Where the bytes that do not match are kept until the file is proved there, below the shoot folder. A copy that stood there before is left where it is. */
  readonly evidence?: string;
  /** The copy is written again: the first or the second time, counted over all runs of the offload. Absent when it is not. */
  readonly rewrite?: number;
}

/** One file could not be copied or proved. Without `to`: the card is at fault. */
export interface FileFailed extends Cause {
  readonly type: 'file-failed';
  readonly card: CardRef;
  readonly path: CardPath;
  readonly to?: string;
}

/** With `--salvage`: the readable parts of a file that failed are kept on one destination. They are no copy and count as none. */
export interface FileSalvaged {
  readonly type: 'file-salvaged';
  readonly card: CardRef;
  readonly path: CardPath;
  readonly to: string;
  /** Where the parts lie, below the shoot folder: as long as the file, with zeros where bytes are missing. */
  readonly target: string;
  /** Where the map of the missing ranges lies, below the shoot folder (GNU ddrescue manual, "Mapfile structure"). */
  readonly map: string;
  /** Bytes that were read. */
  readonly bytes: number;
  /** Bytes that were not. */
  readonly missing: number;
}

/** A destination is gone or cannot be written any more; the others go on. */
export interface DestinationLost extends Cause {
  readonly type: 'destination-lost';
  readonly card: CardRef;
  readonly to: string;
}
