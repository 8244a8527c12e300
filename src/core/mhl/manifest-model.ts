import type {MhlFormat} from './formats.ts';

/** `original`: the first hash of a file. `verified`, `failed`: it was compared with an earlier one. */
export type MhlAction = 'original' | 'verified' | 'failed';

/** One hash of a file, as a manifest has it. */
export interface MhlHash {
  readonly format: MhlFormat;
  readonly value: string;
  readonly action: MhlAction;
  /** ISO 8601, when it was compared with the medium. */
  readonly at: string;
}

export interface MhlFile {
  /** Below the history's folder, parts joined by `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** ns since 1970. */
  readonly mtimeNs: bigint;
  readonly hashes: readonly MhlHash[];
  /** Of the same bytes, 64 hex digits; undefined where it is not known. */
  readonly blake3: string | undefined;
}

/** Hashes over all that lies in a folder: of the bytes, and of the bytes with the names. */
export interface FolderHash {
  readonly format: MhlFormat;
  readonly content: string;
  readonly structure: string;
}

export interface MhlFolder {
  readonly path: string;
  readonly hash: FolderHash;
}

/** The newest manifest of a history further down. */
export interface MhlReference {
  /** Below this history's folder. */
  readonly path: string;
  /** C4 of its bytes. */
  readonly c4: string;
}

/** One generation of a history. */
export interface MhlManifest {
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly host: string;
  readonly tool: {readonly name: string; readonly version: string};
  readonly comment: string | undefined;
  /** `transfer`: copied here. `in-place`: read again where it lies. */
  readonly how: 'in-place' | 'transfer';
  /** Undefined where something lies in the folder that was not compared. */
  readonly root: FolderHash | undefined;
  readonly ignore: readonly string[];
  readonly files: readonly MhlFile[];
  readonly folders: readonly MhlFolder[];
  readonly references: readonly MhlReference[];
}
