/** What rclone tells of files on a remote. */
import * as z from 'zod';
import type {TreePath} from '../backup/mirror-tree.ts';

export interface RemoteFile {
  readonly path: TreePath;
  /** Bytes; -1 where the remote does not tell. */
  readonly size: number;
  /** Lower-case hex digits by rclone's name of the hash; empty where the remote has none. */
  readonly hashes: Readonly<Record<string, string>>;
  /** The remote could not read its bytes to make a hash of them. */
  readonly isUnreadable?: boolean;
}

const listing = z.array(
  z.looseObject({
    Path: z.string(),
    Size: z.number(),
    IsDir: z.boolean().default(false),
    Hashes: z.record(z.string(), z.string()).nullish(),
  }),
);

/** @param text what `rclone lsjson` prints. @returns the files by their paths; null for what is no such list. */
export function parseListing(text: string): ReadonlyMap<TreePath, RemoteFile> | null {
  try {
    const rows = listing.parse(JSON.parse(text)).filter(({IsDir}) => !IsDir);
    return new Map(
      rows.map(({Path: path, Size: size, Hashes}) => {
        const hashes = Object.fromEntries(
          Object.entries(Hashes ?? {})
            .filter(([, hash]) => hash !== '')
            .map(([name, hash]) => [name, hash.toLowerCase()]),
        );
        return [path, {path, size, hashes}];
      }),
    );
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** @param text what `rclone hashsum sha1` prints: forty digits, two blanks, the path. @returns hashes by paths; a file that could not be read has none. */
export function parseHashSums(text: string): ReadonlyMap<TreePath, string> {
  const found = text.split('\n').flatMap((line) => {
    const [, hash, path] = /^([0-9a-f]{40}) {2}(.+)$/i.exec(line) ?? [];
    return hash === undefined || path === undefined ? [] : [[path, hash.toLowerCase()] as const];
  });
  return new Map(found);
}

/** @param text what `--combined -` prints: a sign, a blank, the path. `=` is the same on both sides. */
export function parseCombined(text: string): ReadonlyMap<TreePath, string> {
  const found = text.split('\n').flatMap((line) => {
    const [, sign, path] = /^([=*+!-]) (.+)$/.exec(line) ?? [];
    return sign === undefined || path === undefined ? [] : [[path, sign] as const];
  });
  return new Map(found);
}

/** The hashes that a file was read with. */
export interface FileHashes {
  /** 64, 40 and 32 lower-case hex digits. */
  readonly blake3: string;
  readonly sha1: string;
  readonly md5: string;
}

/** How a remote copy was proved: by a hash that the remote told, by `cryptcheck`, by `check` where the remote has hashes of its own kind that rclone makes of the source too, by a download. */
export type CloudProof = 'sha1' | 'md5' | 'cryptcheck' | 'check' | 'download';

export type Judgement =
  | {readonly state: 'proved'; readonly how: CloudProof}
  | {readonly state: 'missing'}
  | {readonly state: 'differs'; readonly why: string}
  /** The remote has no hash of it: only its size agrees. */
  | {readonly state: 'size-only'};

/** @returns what a remote's own word about a file is worth. @param file undefined when it is not there. */
export function judgeRemoteFile(
  file: RemoteFile | undefined,
  {size, hashes}: {readonly size: number; readonly hashes: FileHashes},
): Judgement {
  if (file === undefined) return {state: 'missing'};
  if (file.size !== size)
    return {state: 'differs', why: `it has ${file.size} bytes there, and ${size} here`};
  for (const how of ['sha1', 'md5'] as const) {
    const told = file.hashes[how];
    if (told === undefined) continue;
    if (told === hashes[how]) return {state: 'proved', how};
    return {state: 'differs', why: `its ${how === 'sha1' ? 'SHA-1' : 'MD5'} is another one there`};
  }
  return file.isUnreadable === true
    ? {state: 'differs', why: 'it cannot be read there'}
    : {state: 'size-only'};
}
