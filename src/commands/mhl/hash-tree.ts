import type {CardListing} from '../../core/card.ts';
import {hashFolders} from '../../core/mhl/folder-hashes.ts';
import type {MhlFormat} from '../../core/mhl/formats.ts';
import {belowFolder, joinPath, ownerOf} from '../../core/mhl/history-folders.ts';
import type {FolderHash} from '../../core/mhl/manifest-model.ts';
import {isWritablePath} from '../../core/mhl/xml-text.ts';
import {makeDigest} from '../../system/mhl-hasher.ts';
import type {Owners} from './history-owners.ts';

/** By format and path; `''` is the folder itself. */
export type FolderHashes = ReadonlyMap<MhlFormat, ReadonlyMap<string, FolderHash>>;

/** The hashes of all folders, over all that lies there now: what was not compared leaves the folders above it without a hash. */
export async function hashTree(
  folder: string,
  {folders: owned, owners}: Owners,
  tree: CardListing,
): Promise<FolderHashes> {
  const isIgnored = (path: string) => {
    const owner = owners.get(ownerOf(path, owned) ?? '');
    return owner?.isIgnored(belowFolder(path, owner.folder)) ?? false;
  };
  const all = new Map<MhlFormat, ReadonlyMap<string, FolderHash>>();
  for (const format of new Set([...owners.values()].map((owner) => owner.format))) {
    const files = new Map<string, string | undefined>();
    for (const {path} of tree.files) if (!isIgnored(path)) files.set(path, undefined);
    // Links and what is no file: a reader would follow them, or stumble.
    for (const {path, rule} of tree.leftOut) {
      if ((rule === 'link' || rule === 'special') && !isIgnored(path)) files.set(path, undefined);
    }
    for (const {path} of tree.unreadable) {
      const below = path === undefined ? '' : path.slice(folder.length + 1);
      files.set(joinPath(below, '?'), undefined);
    }
    for (const owner of owners.values()) {
      for (const {path, hashes} of owner.files) {
        const hash = hashes.find((one) => one.format === format && one.action !== 'failed');
        files.set(joinPath(owner.folder, path), hash?.value);
      }
    }
    const folders = tree.folders.filter((path) => !isIgnored(path));
    for (const path of folders) if (!isWritablePath(path)) files.set(`${path}/?`, undefined);
    const digest = await makeDigest(format);
    all.set(format, hashFolders({format, files, folders, digest}));
  }
  return all;
}
