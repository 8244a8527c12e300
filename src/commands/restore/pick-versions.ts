/** `offload restore --at`: for each file that is meant the version that was current then. */
import {type Cause, errnoOf} from '../../core/cause.ts';
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
  /** Files that no record knows are wanted when they were there at that moment; undefined: at any time. */
  readonly atMs: number | undefined;
  readonly signal: AbortSignal;
}

/** Finds the versions of what is asked for, and adds those files that no record knows. */
export async function addVersions(
  program: Program,
  {wanted, sources, atMs, signal}: Search,
): Promise<VersionIndex> {
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
    const all = [...mirrors.values()];
    const version = atMs === undefined ? all.flat()[0] : versionAt(all, atMs);
    if (version !== undefined && !isRecorded(path))
      wanted.add(fileOf(path, version), [], [version.place]);
  }
  return index;
}

/** A mirror of a whole drive has shoots in folders, which records do not name. */
function endsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, index) => parts.slice(index).join('/'));
}

/** @returns the files with what was current then, without those that were deleted by then; these, and what nobody can tell of, are told. */
export async function pickVersions(
  files: readonly Wanted[],
  {index, atMs}: Versions,
  {program, emit}: {readonly program: Program; readonly emit: Emit},
): Promise<readonly Wanted[]> {
  const {timeZone} = program;
  const byEnd = indexEnds(index);
  let [unsure, gone] = [0, 0];
  const picked: Wanted[] = [];
  for (const wanted of files) {
    const {shoot, target, hash} = wanted.file;
    const place = shoot === '' ? target : `${shoot}/${target}`;
    const mirrors = hash === '' ? [...(index.get(place)?.values() ?? [])] : byEnd(place);
    const version = versionAt(mirrors, atMs);
    if (version === undefined) {
      if (mirrors.length > 0 && !(await stands(program, wanted))) gone++;
      else picked.push(wanted);
      continue;
    }
    const isLater = Number(version.mtimeNs / 1_000_000n) > atMs;
    if (hash !== '' && isOf(version, wanted)) {
      picked.push(addPlace(wanted, version));
      continue;
    }
    if (isLater) unsure++;
    picked.push(hash !== '' && isLater ? wanted : asVersion(wanted, version));
  }
  const at = formatInZone(new Date(atMs).toISOString(), timeZone);
  const message = `as of ${at}`;
  emit({type: 'noticed', level: 'info', code: 'restore-moment', message, next: ''});
  if (index.size === 0) emit({type: 'noticed', level: 'warning', ...noVersions()});
  if (unsure > 0) emit({type: 'noticed', level: 'warning', ...changedLater(unsure, at)});
  if (gone > 0) emit({type: 'noticed', level: 'info', ...goneByThen(gone, at)});
  return picked;
}

/** @returns for the place of a recorded file its versions, by mirror: of several paths of a mirror that end so, the shortest one is that place, and the others are in folders of somebody. */
export function indexEnds(
  index: VersionIndex,
): (place: string) => readonly (readonly FoundVersion[])[] {
  const byEnd = new Map<string, string[]>();
  for (const path of [...index.keys()].sort((a, b) => a.length - b.length)) {
    for (const end of endsOf(path)) {
      const paths = byEnd.get(end);
      if (paths === undefined) byEnd.set(end, [path]);
      else paths.push(path);
    }
  }
  return (place) => {
    const mirrors = new Map<string, readonly FoundVersion[]>();
    for (const path of byEnd.get(place) ?? []) {
      for (const [mirror, versions] of index.get(path) ?? [])
        if (!mirrors.has(mirror)) mirrors.set(mirror, versions);
    }
    return [...mirrors.values()];
  };
}

/** True when a file lies at one of its recorded places: a backup may have archived it because its job leaves it out now. */
async function stands({files}: Program, {places}: Wanted): Promise<boolean> {
  for (const {path} of places) {
    try {
      if ((await files.look(path)).kind === 'file') return true;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return false;
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

const goneByThen = (count: number, at: string): Cause => ({
  code: 'gone-by-then',
  message: `${formatCount(count)} ${count === 1 ? 'file was' : 'files were'} deleted before ${at}, and not restored`,
  next: 'An earlier --at brings them back.',
});

const changedLater = (count: number, at: string): Cause => ({
  code: 'version-unknown',
  message: `${formatCount(count)} ${count === 1 ? 'file was' : 'files were'} changed after ${at}, and no connected archive holds an earlier version: of an offloaded file the first version is restored, of another the oldest that there is`,
  next: 'Connect the other backup drives too, and run the same command again.',
});
