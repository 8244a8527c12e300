/** What lies beside a catalog and belongs to it. */
import {join} from 'node:path';
import type {TreeFile} from '../../core/backup/mirror-tree.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import {dataOf, smartPreviewsOf, syncOf} from '../../core/lightroom/catalog-names.ts';
import type {Files} from '../files.ts';

export interface Companions {
  /** Smart previews: they do not change once they are made, so they can be copied at any time. Paths are below the folder of the catalog. */
  readonly previews: readonly TreeFile[];
  /** `.lrcat-data` and `Sync.lrdata`: Lightroom writes in them while it is open. */
  readonly data: readonly TreeFile[];
}

/** @param folder of the catalog, absolute. @param name of the `.lrcat` file. @returns the files, or why they cannot all be listed. */
export async function listCompanions(
  files: Files,
  folder: string,
  name: string,
): Promise<Result<Companions>> {
  try {
    const previews: TreeFile[] = [];
    const data: TreeFile[] = [];
    await list(files, {folder, path: smartPreviewsOf(name)}, previews);
    await list(files, {folder, path: dataOf(name)}, data);
    await list(files, {folder, path: syncOf(name)}, data);
    return ok({previews, data});
  } catch (error) {
    if (error instanceof Unlisted) return failed(error.why);
    return failed(causeFrom(error, 'listing what lies beside the catalog', folder));
  }
}

/** A folder that cannot be listed whole must not become a snapshot with holes. */
class Unlisted extends Error {
  readonly why: Cause;

  constructor(why: Cause) {
    super(why.message);
    this.why = why;
  }
}

async function list(
  files: Files,
  {folder, path}: {readonly folder: string; readonly path: string},
  into: TreeFile[],
): Promise<void> {
  const place = join(folder, path);
  let kind: string;
  try {
    const facts = await files.look(place);
    kind = facts.kind;
    if (kind === 'file') {
      const {size, mtimeNs, changedNs} = facts;
      into.push({path, size, mtimeNs, changedNs});
    }
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return;
  }
  if (kind !== 'folder') return;
  const entries = [...(await files.lookAll(place))].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const {name, facts, errno} of entries) {
    const below = `${path}/${name}`;
    if (facts === null) {
      if (errno === 'ENOENT') continue;
      const error = Object.assign(new Error(below), {code: errno ?? 'EIO'});
      throw new Unlisted(causeFrom(error, 'looking at it', join(folder, below)));
    }
    if (facts.kind === 'folder') await list(files, {folder, path: below}, into);
    else if (facts.kind === 'file') {
      const {size, mtimeNs, changedNs} = facts;
      into.push({path: below, size, mtimeNs, changedNs});
    }
  }
}
