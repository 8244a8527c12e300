/** `offload restore --at`: for each file that is meant the version that was current then. */
import type {Cause} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {formatCount} from '../../core/format-amounts.ts';
import type {KnownFile} from '../../core/restore/known-file.ts';
import {versionAt} from '../../core/restore/versions.ts';
import type {WantedFiles} from '../../core/restore/wanted-files.ts';
import {isSameTime} from '../../core/verify/judge-change.ts';
import {formatInZone} from '../../core/zone-time.ts';
import type {FileFacts} from '../../system/files.ts';
import type {Program} from '../program.ts';
import type {FoundPlace} from './collect-files.ts';
import type {Source} from './find-sources.ts';
import {type FoundVersion, findVersions, type VersionIndex} from './find-versions.ts';
import type {Wanted} from './place-files.ts';

export interface Versions {
  readonly index: VersionIndex;
  /** ms since 1970. */
  readonly atMs: number;
}

interface Search {
  readonly wanted: WantedFiles<FoundPlace>;
  readonly sources: readonly Source[];
  readonly atMs: number;
  readonly signal: AbortSignal;
}

/** Finds the versions of what is asked for, and adds those files that no record knows. */
export async function addVersions(
  program: Program,
  {wanted, sources, atMs, signal}: Search,
): Promise<Versions> {
  const {targets} = wanted;
  const {timeZone} = program;
  const fileOf = (path: string, facts: Pick<FileFacts, 'size' | 'mtimeNs'>): KnownFile => {
    const cut = path.indexOf('/');
    const [shoot, target] = [path.slice(0, Math.max(cut, 0)), path.slice(cut + 1)];
    const {size, mtimeNs} = facts;
    return {shoot, path: target, target, size, mtimeNs, hash: '', cameras: [], timeZone};
  };
  const isRecorded = (path: string) => endsOf(path).some((end) => targets.has(end));
  const index = await findVersions(program, {
    sources,
    wants: (path, facts) => isRecorded(path) || wanted.wants(fileOf(path, facts)),
    signal,
  });
  for (const [path, mirrors] of index) {
    const version = versionAt([...mirrors.values()], atMs);
    if (version !== undefined && !isRecorded(path))
      wanted.add(fileOf(path, version), [], [version.place]);
  }
  return {index, atMs};
}

/** A mirror of a whole drive has shoots in folders, which records do not name. */
function endsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, index) => parts.slice(index).join('/'));
}

/** @returns the files with what was current then; what nobody can tell of is told. */
export function pickVersions(
  files: readonly Wanted[],
  {index, atMs}: Versions,
  {program: {timeZone}, emit}: {readonly program: Program; readonly emit: Emit},
): readonly Wanted[] {
  const byEnd = new Map(
    [...index.keys()].flatMap((path) => endsOf(path).map((end) => [end, path])),
  );
  let unsure = 0;
  const picked = files.map((wanted): Wanted => {
    const {shoot, target, hash} = wanted.file;
    const place = shoot === '' ? target : `${shoot}/${target}`;
    const mirrors = index.get(hash === '' ? place : (byEnd.get(place) ?? place));
    const version = versionAt([...(mirrors?.values() ?? [])], atMs);
    if (version === undefined) return wanted;
    const isLater = Number(version.mtimeNs / 1_000_000n) > atMs;
    if (hash !== '' && isOf(version, wanted)) return addPlace(wanted, version);
    if (isLater) unsure++;
    if (hash !== '' && isLater) return wanted;
    return asVersion(wanted, version);
  });
  const at = formatInZone(new Date(atMs).toISOString(), timeZone);
  const message = `as of ${at}`;
  emit({type: 'noticed', level: 'info', code: 'restore-moment', message, next: ''});
  if (index.size === 0) emit({type: 'noticed', level: 'warning', ...noVersions()});
  if (unsure > 0) emit({type: 'noticed', level: 'warning', ...changedLater(unsure, at)});
  return picked;
}

/** True when the version is the file as it was offloaded, by size and time: its record says what its bytes must be. */
const isOf = ({size, mtimeNs}: FoundVersion, {file}: Wanted): boolean =>
  size === file.size && isSameTime(mtimeNs, file.mtimeNs);

const addPlace = (wanted: Wanted, {place}: FoundVersion): Wanted => ({
  ...wanted,
  places: [...wanted.places, place],
});

function asVersion(wanted: Wanted, {size, mtimeNs, untilMs, place}: FoundVersion): Wanted {
  const until = Number.isFinite(untilMs) ? new Date(untilMs).toISOString() : null;
  const file = {...wanted.file, size, mtimeNs, hash: ''};
  return {...wanted, file, places: [place], drives: new Map(), version: {until}};
}

const noVersions = (): Cause => ({
  code: 'no-versions',
  message:
    'no connected backup drive has an archive or a copy of these files, so they come as they were offloaded',
  next: 'Connect the backup drives, and run the same command again.',
});

const changedLater = (count: number, at: string): Cause => ({
  code: 'version-unknown',
  message: `${formatCount(count)} ${count === 1 ? 'file was' : 'files were'} changed after ${at}, and no connected archive holds an earlier version: of an offloaded file the first version is restored, of another the oldest that there is`,
  next: 'Connect the other backup drives too, and run the same command again.',
});
