/** What is to be done with one file of a cloud job, from what is known here and what the remote says. */
import {neverChanges} from '../backup/keep-kinds.ts';
import type {Cause} from '../cause.ts';
import {unreachable} from '../unreachable.ts';
import type {CloudProof, FileHashes, Judgement} from './cloud-listing.ts';
import type {CloudRecord, ListedSource} from './cloud-record.ts';

/** A file of the source whose bytes are known. */
export interface WantedFile {
  readonly file: ListedSource;
  readonly hashes: FileHashes;
  /** What was known of it before; undefined for one that is new. */
  readonly before: CloudRecord | undefined;
}

/** @returns true when a file is to be looked at: it is new, another one, or not proved at the remote. */
export function isOpen(
  file: ListedSource,
  record: CloudRecord | undefined,
  {download}: {readonly download: boolean},
): boolean {
  if (record === undefined || !isSameFile(file, record)) return true;
  switch (record.state) {
    case 'proved':
      return false;
    case 'unproved':
      return download;
    case 'read':
    case 'damaged':
      return true;
    default:
      return unreachable(record.state);
  }
}

/** Size and time are as they were when its bytes were read. */
export const isSameFile = (file: ListedSource, record: CloudRecord): boolean =>
  file.size === record.size && file.mtimeNs === record.mtimeNs;

/** True when something of this file lies at the remote, as far as is known here. */
export const isThere = ({state}: CloudRecord): boolean => state !== 'read';

export interface ReadFile extends WantedFile {
  /** BLAKE3 as records of offloads have it; empty when none names the file. */
  readonly recorded: ReadonlySet<string>;
  /** Raw files and films that changed are taken over. */
  readonly acceptChanges: boolean;
}

/** @returns why a file that was read must not be uploaded: `original-changed`, `record-differs`; null when it may. */
export function findAlarm({file, hashes, before, recorded, acceptChanges}: ReadFile): Cause | null {
  const {path} = file;
  if (acceptChanges || !neverChanges(path)) return null;
  if (recorded.size > 0 && !recorded.has(hashes.blake3)) {
    return {
      code: 'record-differs',
      path,
      message: 'ALARM: its bytes are not those that were recorded when it came from the card',
      next: 'Look at it, and heal it with offload verify --heal. If it was changed on purpose, name the job and run it with --accept-changed.',
    };
  }
  if (before !== undefined && isThere(before) && before.hashes.blake3 !== hashes.blake3) {
    return {
      code: 'original-changed',
      path,
      message: 'ALARM: a raw file or a film changed, and its copy in the cloud stays as it is',
      next: 'Look at it. If it was changed on purpose, name the job and run it with --accept-changed.',
    };
  }
  return null;
}

export type Decision =
  /** It lies there already. */
  | {readonly do: 'adopt'; readonly how: CloudProof}
  /** Its size lies there, and nobody can say more. */
  | {readonly do: 'leave-unproved'}
  | {readonly do: 'upload' | 'replace' | 'heal'}
  | {readonly do: 'refuse'; readonly cause: Cause};

/** @param there what the remote says of the place of the file. */
export function decide(
  {file, hashes, before}: WantedFile,
  there: Judgement,
  {acceptChanges}: {readonly acceptChanges: boolean},
): Decision {
  const wasPut = before !== undefined && isThere(before);
  const isSameAsPut = wasPut && before.hashes.blake3 === hashes.blake3;
  const mayReplace = acceptChanges || !neverChanges(file.path);
  switch (there.state) {
    case 'proved':
      return {do: 'adopt', how: there.how};
    case 'missing':
      if (!wasPut) return {do: 'upload'};
      return {do: isSameAsPut ? 'heal' : 'replace'};
    case 'size-only':
      // A changed file can have its old size: only what was put there from these bytes, or never changes, is left.
      if (isSameAsPut) return {do: before.state === 'damaged' ? 'heal' : 'leave-unproved'};
      if (!wasPut && neverChanges(file.path)) return {do: 'leave-unproved'};
      return mayReplace
        ? {do: 'replace'}
        : {do: 'refuse', cause: differs(file.path, 'nobody can say whether it is the same')};
    case 'differs':
      if (isSameAsPut) return {do: 'heal'};
      return mayReplace ? {do: 'replace'} : {do: 'refuse', cause: differs(file.path, there.why)};
    default:
      return unreachable(there);
  }
}

const differs = (path: string, why: string): Cause => ({
  code: 'cloud-differs',
  path,
  message: `another file of that name lies in the cloud (${why}), and this job did not put it there`,
  next: 'Nothing was replaced. Look at both; if the one here is right, name the job and run it with --accept-changed: the other one goes to _archive there.',
});
