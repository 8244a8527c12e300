/** Reads a small file past the cache and hashes it, in calls that wait: for a thread of its own, which writes nothing. */
import {alignUp} from '../block-pool.ts';
import {
  closeQuietly,
  hashBytes,
  mustHaveErrno,
  openQuietly,
  SMALL_FILE,
  type SmallFileTools,
} from './small-file-tools.ts';

/** What open(2) says of a link, a pipe, a folder or a socket: the ordinary way tells what stands there. */
const NO_FILE: ReadonlySet<string> = new Set(['ELOOP', 'EINVAL', 'EISDIR', 'ENXIO']);

export interface ReadRequest {
  readonly path: string;
  /** Number of the file system on which it must lie, in digits: a mount or a link on the way leads to another drive. */
  readonly device: string;
}

export type SmallRead =
  | {readonly kind: 'read'; readonly hash: string; readonly size: number}
  /** The system's errno. */
  | {readonly kind: 'failed'; readonly errno: string}
  /** It is no small regular file of that file system, or more than one read would be needed. */
  | {readonly kind: 'odd'};

/** @throws only on a broken invariant. */
export function readSmallFile(tools: SmallFileTools, {path, device}: ReadRequest): SmallRead {
  const {calls, buffer} = tools;
  let file: number | undefined;
  try {
    file = openQuietly(calls, path, true);
    const facts = calls.facts(file);
    const size = Number(facts.size);
    if (!facts.isFile() || `${facts.dev}` !== device || size >= SMALL_FILE) return {kind: 'odd'};
    const wanted = alignUp(size);
    // A call that says it gave bytes and did not must not be answered by the file before.
    buffer.fill(0, 0, wanted);
    if (size > 0 && calls.read(file, buffer, wanted) !== size) return {kind: 'odd'};
    return {kind: 'read', hash: hashBytes(tools, size), size};
  } catch (error) {
    const errno = mustHaveErrno(error);
    return file === undefined && NO_FILE.has(errno) ? {kind: 'odd'} : {kind: 'failed', errno};
  } finally {
    if (file !== undefined) closeQuietly(calls, file);
  }
}
