/** Entries of a folder in a form that goes from thread to thread fast: one text and a few arrays of numbers. */
import type {EntryKind, FileFacts, ListedEntry} from './files.ts';

export interface PackedEntries {
  /** Names, parted by NUL; empty for none. */
  readonly names: string;
  /** Index into {@link KINDS}; {@link UNSEEN} where the entry could not be looked at. */
  readonly kinds: Uint8Array<ArrayBuffer>;
  readonly sizes: Float64Array<ArrayBuffer>;
  /** For each entry the mtime and the time of the last change. */
  readonly times: BigInt64Array<ArrayBuffer>;
  /** For each entry the numbers of its file system and of itself. */
  readonly ids: BigUint64Array<ArrayBuffer>;
  /** Of those that could not be looked at, by their index. */
  readonly errnos: ReadonlyMap<number, string>;
  /** Of those with a number that 64 bits do not hold, by their index: a time in ns before 1677 or after 2262, which file systems and cameras with a wrong clock have. */
  readonly wide: ReadonlyMap<number, FileFacts>;
}

const KINDS: readonly EntryKind[] = ['file', 'folder', 'link', 'special'];
const UNSEEN = 255;

export function packEntries(entries: readonly ListedEntry[]): PackedEntries {
  const kinds = new Uint8Array(entries.length);
  const sizes = new Float64Array(entries.length);
  const times = new BigInt64Array(entries.length * 2);
  const ids = new BigUint64Array(entries.length * 2);
  const errnos = new Map<number, string>();
  const wide = new Map<number, FileFacts>();
  for (const [at, {facts, errno}] of entries.entries()) {
    if (facts === null) {
      kinds[at] = UNSEEN;
      errnos.set(at, errno ?? 'EIO');
      continue;
    }
    kinds[at] = KINDS.indexOf(facts.kind);
    if (!fits(facts)) wide.set(at, facts);
    sizes[at] = facts.size;
    times[2 * at] = facts.mtimeNs;
    times[2 * at + 1] = facts.changedNs;
    ids[2 * at] = facts.device;
    ids[2 * at + 1] = facts.inode;
  }
  return {names: entries.map(({name}) => name).join('\0'), kinds, sizes, times, ids, errnos, wide};
}

const fits = ({mtimeNs, changedNs, device, inode}: FileFacts): boolean =>
  isSigned(mtimeNs) && isSigned(changedNs) && isUnsigned(device) && isUnsigned(inode);
const isSigned = (number: bigint) => BigInt.asIntN(64, number) === number;
const isUnsigned = (number: bigint) => BigInt.asUintN(64, number) === number;

export function unpackEntries(packed: PackedEntries): readonly ListedEntry[] {
  const {kinds, sizes, times, ids, errnos, wide} = packed;
  if (kinds.length === 0) return [];
  return packed.names.split('\0').map((name, at): ListedEntry => {
    const kind = KINDS[kinds[at] ?? UNSEEN];
    if (kind === undefined) return {name, facts: null, errno: errnos.get(at) ?? 'EIO'};
    const facts = wide.get(at) ?? {
      kind,
      size: sizes[at] ?? 0,
      mtimeNs: times[2 * at] ?? 0n,
      changedNs: times[2 * at + 1] ?? 0n,
      device: ids[2 * at] ?? 0n,
      inode: ids[2 * at + 1] ?? 0n,
    };
    return {name, facts, errno: null};
  });
}

/** The memory that goes over to the other thread. */
export const buffersOf = ({kinds, sizes, times, ids}: PackedEntries): ArrayBuffer[] => [
  kinds.buffer,
  sizes.buffer,
  times.buffer,
  ids.buffer,
];
