/** A catalog and what lies beside it, as one look finds them, and whether anything changed since a snapshot. */
import {basename, dirname} from 'node:path';
import type {TreeFile} from '../../core/backup/mirror-tree.ts';
import {ok, type Result} from '../../core/cause.ts';
import type {SnapshotRecord} from '../../core/lightroom/snapshot-record.ts';
import {type Companions, listCompanions} from '../../system/lightroom/list-companions.ts';
import {isClosed, type LrcatState, lookAtLrcat} from '../../system/lightroom/look-at-lrcat.ts';
import type {Program} from '../program.ts';

export interface CatalogSource extends Companions {
  readonly state: LrcatState;
  readonly isClosed: boolean;
  readonly seen: {readonly catalog: string; readonly previews: string; readonly data: string};
}

/** @param path of the catalog, absolute. @returns what is there, or why it cannot be looked at. */
export async function lookAtSource(program: Program, path: string): Promise<Result<CatalogSource>> {
  const {files, hashOfText} = program;
  const looked = await lookAtLrcat(files, path);
  if (!looked.ok) return looked;
  const beside = await listCompanions(files, dirname(path), basename(path));
  if (!beside.ok) return beside;
  const state = looked.value;
  const {previews, data} = beside.value;
  const {size, mtimeNs, logSize, logMtimeNs, journalSize, changeCounter} = state;
  // A lock that comes and goes changes nothing, and neither does an empty log.
  const log = logSize === 0 ? null : logMtimeNs;
  const words = [size, mtimeNs, logSize, log, journalSize, changeCounter].map(String);
  const seen = {
    catalog: hashOfText(JSON.stringify(words)),
    previews: hashOfText(wordsOf(previews)),
    data: hashOfText(wordsOf(data)),
  };
  return ok({state, previews, data, isClosed: isClosed(state), seen});
}

const wordsOf = (files: readonly TreeFile[]): string =>
  JSON.stringify(files.map(({path, size, mtimeNs}) => [path, size, String(mtimeNs)]));

/** True when a snapshot has all that could be taken now. What Lightroom holds open cannot be. */
export function isUnchanged({seen, data}: SnapshotRecord, source: CatalogSource): boolean {
  if (seen.catalog !== source.seen.catalog || seen.previews !== source.seen.previews) return false;
  if (!source.isClosed && source.data.length > 0) return true;
  return data !== 'left-out' && seen.data === source.seen.data;
}
