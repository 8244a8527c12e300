/** Proves what lies at a remote: by its SHA-1 or MD5, for crypt by `cryptcheck`, by `check` where it has hashes of another kind, otherwise by a download where the job wants that. */
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {failed, ok, type Result} from '../core/cause.ts';
import {
  type FileHashes,
  type Judgement,
  judgeRemoteFile,
  type RemoteFile,
} from '../core/offsite/cloud-listing.ts';
import type {RemoteCalls} from './remote-calls.ts';

/** A file with what its bytes must be. */
export interface ExpectedFile {
  readonly path: TreePath;
  readonly size: number;
  readonly hashes: FileHashes;
}

interface Proving {
  readonly calls: RemoteCalls;
  /** Below the remote: where the files lie. */
  readonly folder: TreePath;
  /** Source folder, absolute: `cryptcheck` and `check` read the files there. Null where they are not: then such a remote is proved by download only. */
  readonly source: string | null;
  /** False for a file that is not in the source any more as it was read. */
  readonly isHere?: (path: TreePath) => boolean;
  readonly download: boolean;
}

export interface Proved {
  readonly judgements: ReadonlyMap<TreePath, Judgement>;
  readonly listed: ReadonlyMap<TreePath, RemoteFile>;
}

/** @returns what lies there of each of the files; or why the remote cannot be asked. */
export async function proveFiles(
  {calls, folder, source, download, isHere = () => true}: Proving,
  files: readonly ExpectedFile[],
): Promise<Result<Proved>> {
  const paths = files.map(({path}) => path);
  const listing = await calls.list(paths, folder);
  if (!listing.ok) return listing;
  const listed = listing.value;
  const judgements = new Map<TreePath, Judgement>(
    files.map((file) => [file.path, judgeRemoteFile(listed.get(file.path), file)]),
  );
  const open = () => files.filter(({path}) => judgements.get(path)?.state === 'size-only');
  const how = calls.comparison;
  const comparable = how === null ? [] : open().filter(({path}) => isHere(path));
  if (how !== null && source !== null && comparable.length > 0) {
    const checked = await calls.compare(how, {from: source, paths: pathsOf(comparable), folder});
    if (!checked.ok) return checked;
    for (const {path} of comparable) {
      const judged = judgeSign(checked.value.get(path), how);
      if (judged !== undefined) judgements.set(path, judged);
    }
  }
  if (download && open().length > 0) {
    const wanted = open();
    const sums = await downloadAll(calls, pathsOf(wanted), folder);
    if (!sums.ok) return sums;
    for (const {path, hashes} of wanted) {
      const sha1 = sums.value.get(path);
      if (sha1 === hashes.sha1) judgements.set(path, {state: 'proved', how: 'download'});
      else judgements.set(path, {state: 'differs', why: sha1 === undefined ? UNREADABLE : OTHERS});
    }
  }
  return ok({judgements, listed});
}

/** A connection that broke says nothing of the files: what has no sum is asked for once more, and is bad only where the remote still answers. */
async function downloadAll(
  calls: RemoteCalls,
  paths: readonly TreePath[],
  folder: TreePath,
): Promise<Result<ReadonlyMap<TreePath, string>>> {
  const first = await calls.download(paths, folder);
  const missing = paths.filter((path) => !first.sums.has(path));
  if (missing.length === 0 || first.cause === null) return ok(first.sums);
  const again = await calls.download(missing, folder);
  const sums = new Map([...first.sums, ...again.sums]);
  if (again.cause === null || missing.every((path) => sums.has(path))) return ok(sums);
  if (calls.isStopped) return failed(again.cause);
  const listing = await calls.list(missing, folder);
  return listing.ok ? ok(sums) : listing;
}

const UNREADABLE = 'it cannot be downloaded whole';
const OTHERS = 'what was downloaded are other bytes';

/** What could not be compared stays open. */
function judgeSign(sign: string | undefined, how: 'cryptcheck' | 'check'): Judgement | undefined {
  if (sign === '=') return {state: 'proved', how};
  return sign === '*' ? {state: 'differs', why: `${how} finds other bytes there`} : undefined;
}

const pathsOf = (files: readonly ExpectedFile[]): readonly TreePath[] =>
  files.map(({path}) => path);
