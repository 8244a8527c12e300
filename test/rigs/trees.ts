/** Looks at folders from the outside, with names as bytes: what lies there, and whether it is what it was. */
import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {lstat, readdir} from 'node:fs/promises';
import {decodeName, encodeName} from '../../src/core/file-names.ts';

export interface TreeFile {
  /** Below the root, parts joined by `/`; bytes that are not UTF-8 as lone surrogates. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly atimeMs: number;
  readonly inode: number;
  /** SHA-256: another hash than the program's own. Empty when it was not asked for. */
  readonly hash: string;
}

export const toBytes = (path: string) => Buffer.from(encodeName(path));

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(toBytes(path))) hash.update(chunk);
  return hash.digest('hex');
}

/** @returns all regular files below a folder, by path; times are taken before anything is read. @param except paths that are passed over. */
export async function listTree(
  root: string,
  {hashes = true, except = []}: {hashes?: boolean; except?: readonly string[]} = {},
): Promise<readonly TreeFile[]> {
  const seen: TreeFile[] = [];
  for (const path of await listPaths(root, '')) {
    if (except.includes(path)) continue;
    const place = `${root}/${path}`;
    const facts = await lstat(toBytes(place));
    if (!facts.isFile()) continue;
    const {size, mtimeMs, atimeMs, ino} = facts;
    const hash = hashes ? await hashFile(place) : '';
    seen.push({path, size, mtimeMs, atimeMs, inode: ino, hash});
  }
  return seen.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @returns everything below a folder, folders and links too, whose content is never followed. */
export async function listPaths(root: string, folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  const place = folder === '' ? root : `${root}/${folder}`;
  const entries = await readdir(toBytes(place), {withFileTypes: true, encoding: 'buffer'});
  for (const entry of entries) {
    const name = decodeName(entry.name);
    const path = folder === '' ? name : `${folder}/${name}`;
    paths.push(path);
    if (entry.isDirectory()) paths.push(...(await listPaths(root, path)));
  }
  return paths;
}

const JUNK_FOLDERS =
  /(?:^|\/)(?:\.Trashes|\.Spotlight-V100|\.fseventsd|System Volume Information|\$RECYCLE\.BIN)\//i;
const JUNK_FILES = /(?:^|\/)(?:\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)$/i;

/** True for what operating systems leave on a card (design, section 5); written a second time, from the outside. */
export const isJunk = (path: string) => JUNK_FOLDERS.test(path) || JUNK_FILES.test(path);
