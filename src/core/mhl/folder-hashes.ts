/** Hashes of folders (ASC MHL specification v1.0, "Directory Hashes"). */
import {bytesOfC4} from './c4.ts';
import type {MhlFormat} from './formats.ts';
import type {FolderHash} from './manifest-model.ts';

/** Hashes bytes. @returns the text of the hash in a format. */
export type DigestOf = (format: MhlFormat, bytes: Uint8Array) => string;

interface Hashed {
  readonly content: string;
  readonly structure: string;
}

interface Tree {
  readonly folders: Map<string, Tree>;
  /** Undefined for what has no hash: then no folder above it has one. */
  readonly files: Map<string, string | undefined>;
}

interface Hashing {
  readonly format: MhlFormat;
  /** The hash of each file that lies there; undefined for one that was not compared. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** Every folder, the empty ones too. */
  readonly folders: readonly string[];
  readonly digest: DigestOf;
}

/**
 * @returns the hashes of each folder, by path; `''` is the one in which all lie. A folder that holds something without a hash, at any depth, has none.
 */
export function hashFolders({
  format,
  files,
  folders,
  digest,
}: Hashing): ReadonlyMap<string, FolderHash> {
  const root = newTree();
  for (const folder of folders) openFolder(root, folder.split('/'));
  for (const [path, hash] of files) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    openFolder(root, parts).files.set(name, hash);
  }
  const found = new Map<string, FolderHash>();
  hashTree(root, '', {format, digest, found});
  return found;
}

const newTree = (): Tree => ({folders: new Map(), files: new Map()});

function openFolder(root: Tree, parts: readonly string[]): Tree {
  let tree = root;
  for (const part of parts) {
    const next = tree.folders.get(part) ?? newTree();
    tree.folders.set(part, next);
    tree = next;
  }
  return tree;
}

interface Walk {
  readonly format: MhlFormat;
  readonly digest: DigestOf;
  readonly found: Map<string, FolderHash>;
}

/** Deepest first. Paths are shorter than 32,768 characters, so that the depth is bounded. */
function hashTree(tree: Tree, path: string, walk: Walk): Hashed | undefined {
  const {format, digest, found} = walk;
  const contents: string[] = [];
  const structures: string[] = [];
  let isWhole = true;
  const add = (name: string, hashed: Hashed | undefined) => {
    if (hashed === undefined) {
      isWhole = false;
      return;
    }
    contents.push(hashed.content);
    const named = join([encoder.encode(name), bytesOf(format, hashed.structure)]);
    structures.push(digest(format, named));
  };
  for (const [name, folder] of tree.folders) {
    add(name, hashTree(folder, path === '' ? name : `${path}/${name}`, walk));
  }
  for (const [name, hash] of tree.files) {
    add(name, hash === undefined ? undefined : {content: hash, structure: hash});
  }
  if (!isWhole) return undefined;
  const hashed = {content: hashList(contents, walk), structure: hashList(structures, walk)};
  found.set(path, {format, ...hashed});
  return hashed;
}

/** Sorted as texts, hashed as bytes. */
function hashList(hashes: readonly string[], {format, digest}: Walk): string {
  const sorted = hashes.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return digest(format, join(sorted.map((hash) => bytesOf(format, hash))));
}

const encoder = new TextEncoder();

function bytesOf(format: MhlFormat, hash: string): Uint8Array {
  if (format === 'c4') return bytesOfC4(hash);
  return Uint8Array.from(hash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, {length}) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
