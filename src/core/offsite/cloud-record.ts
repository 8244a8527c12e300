/** What this computer knows of one file at a remote. */
import type {TreePath} from '../backup/mirror-tree.ts';
import type {CloudProof, FileHashes} from './cloud-listing.ts';

export interface CloudRecord {
  readonly path: TreePath;
  /** Bytes. */
  readonly size: number;
  /** Of the file here, ns since 1970. */
  readonly mtimeNs: bigint;
  readonly hashes: FileHashes;
  /**
   * `read`: its bytes are known and nothing lies there yet. `unproved`: it was uploaded, its size agrees, and the remote has no hash of it. `damaged`: it was proved, and a later look found other bytes or
   * nothing.
   */
  readonly state: 'read' | 'unproved' | 'proved' | 'damaged';
  /** How the last proof was made; null without one. */
  readonly how: CloudProof | null;
  /** ISO 8601, UTC; null without a proof. */
  readonly provedAt: string | null;
  /** Since when it is not in the source any more; null while it is. Its copy stays. ISO 8601, UTC. */
  readonly goneAt: string | null;
}

/** A file of the source, as it is listed. */
export interface ListedSource {
  readonly path: TreePath;
  /** Bytes. */
  readonly size: number;
  /** ns since 1970. */
  readonly mtimeNs: bigint;
}

/** Files by what is known of them. */
export interface CloudCounts {
  readonly proved: number;
  readonly unproved: number;
  /** Read or damaged: not there as it should be. */
  readonly pending: number;
  /** Deleted here, and kept there. */
  readonly kept: number;
  /** Bytes of the proved ones. */
  readonly bytes: number;
  /** The oldest of the last proofs; null without any. ISO 8601, UTC. */
  readonly oldestProof: string | null;
}
