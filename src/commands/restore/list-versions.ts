/** `offload restore WHAT --versions`: what there is of each file, and how it can be had. Nothing is copied and nothing is read but names, sizes and times. */
import {type Cause, errnoOf} from '../../core/cause.ts';
import type {FileVersions} from '../../core/events.ts';
import {versionAt} from '../../core/restore/versions.ts';
import {isSameTime} from '../../core/verify/judge-change.ts';
import {findMarker} from '../../system/volume-marker.ts';
import type {Program} from '../program.ts';
import type {Source} from './find-sources.ts';
import type {FoundVersion, VersionIndex} from './find-versions.ts';
import {findAway} from './missing-words.ts';
import {indexEnds} from './pick-versions.ts';
import type {Wanted} from './place-files.ts';

type KnownVersion = FileVersions['versions'][number];

interface Listing {
  readonly index: VersionIndex;
  readonly sources: readonly Source[];
  /** ms since 1970. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** Gives one event for each file, the newest version first, then what was offloaded. A file of which nothing is left anywhere has none. */
export async function* listVersions(
  program: Program,
  files: readonly Wanted[],
  {index, sources, nowMs, signal}: Listing,
): AsyncGenerator<FileVersions> {
  const byEnd = indexEnds(index);
  const names = rememberNames(program);
  const volumes = new Set(sources.flatMap(({volume}) => volume ?? []));
  for (const wanted of files) {
    if (signal.aborted) return;
    const {shoot, target, path, hash, size} = wanted.file;
    const place = shoot === '' ? target : `${shoot}/${target}`;
    const mirrors = hash === '' ? [...(index.get(place)?.values() ?? [])] : byEnd(place);
    const versions: KnownVersion[] = [];
    for (const version of mirrors.flat().sort(newestFirst)) {
      if (hash !== '' && isOffloaded(version, wanted)) continue;
      const name = await names(version.place.source);
      versions.push(describe(version, {mirrors, nowMs, name}));
    }
    if (hash !== '') versions.push(...(await findOffloaded(program, wanted, {mirrors, names})));
    for (const {name, lastSeen} of findAway(wanted.drives.values(), volumes))
      versions.push({state: 'away', ...AWAY, name, size, modified: null, lastSeen});
    yield {type: 'file-versions', shoot, path, target, hash, versions};
  }
}

const AWAY = {volume: null, path: null, until: null, at: null, from: null} as const;

const newestFirst = (a: FoundVersion, b: FoundVersion): number =>
  a.untilMs === b.untilMs ? 0 : a.untilMs > b.untilMs ? -1 : 1;

/** True when its record says, by size and time, what its bytes must be. */
const isOffloaded = ({size, mtimeNs}: FoundVersion, {file}: Wanted): boolean =>
  size === file.size && isSameTime(mtimeNs, file.mtimeNs);

interface Named {
  readonly volume: string | null;
  readonly name: string;
}

function describe(
  version: FoundVersion,
  {
    mirrors,
    nowMs,
    name,
  }: {
    readonly mirrors: readonly (readonly FoundVersion[])[];
    readonly nowMs: number;
    readonly name: Named;
  },
): KnownVersion {
  const {size, mtimeNs, untilMs, place} = version;
  const isCurrent = !Number.isFinite(untilMs);
  const newest = Math.max(
    ...mirrors
      .flat()
      .map((one) => one.untilMs)
      .filter(Number.isFinite),
    0,
  );
  // A clock that is behind does not hide the current one.
  const atMs = isCurrent ? Math.max(nowMs, newest + 1000) : untilMs;
  // Another backup may have the later word of that moment.
  const chosen = versionAt(mirrors, atMs);
  const isChosen = chosen?.size === size && chosen.mtimeNs === mtimeNs;
  return {
    state: isCurrent ? 'current' : 'archived',
    ...name,
    path: place.path,
    size,
    modified: instant(Number(mtimeNs / 1_000_000n)),
    until: isCurrent ? null : instant(untilMs),
    at: `${instant(atMs).slice(0, '2026-11-01T12:00:00'.length)}Z`,
    from: isChosen ? null : place.source.folder.path,
    lastSeen: null,
  };
}

/** Copies of what the card gave, where a file of that size lies: on drives, and in archives. */
async function findOffloaded(
  program: Program,
  wanted: Wanted,
  {
    mirrors,
    names,
  }: {
    readonly mirrors: readonly (readonly FoundVersion[])[];
    readonly names: (source: Source) => Promise<Named>;
  },
): Promise<readonly KnownVersion[]> {
  const {size, mtimeNs} = wanted.file;
  const archived = mirrors.flat().filter((version) => isOffloaded(version, wanted));
  const found: KnownVersion[] = [];
  const told = new Set<string>();
  for (const {source, path} of [...wanted.places, ...archived.map(({place}) => place)]) {
    if (told.has(path) || (await sizeOf(program, path)) !== size) continue;
    told.add(path);
    const untilMs = archived.find(({place}) => place.path === path)?.untilMs;
    const isArchived = untilMs !== undefined && Number.isFinite(untilMs);
    found.push({
      state: 'offloaded',
      ...(await names(source)),
      path,
      size,
      modified: instant(Number(mtimeNs / 1_000_000n)),
      until: isArchived ? instant(untilMs) : null,
      at: isArchived ? `${instant(untilMs).slice(0, '2026-11-01T12:00:00'.length)}Z` : null,
      from: null,
      lastSeen: null,
    });
  }
  return found;
}

/** Times that no calendar has are those of a damaged drive. */
function instant(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

function rememberNames({files}: Program): (source: Source) => Promise<Named> {
  const known = new Map<Source, Named>();
  return async (source) => {
    const before = known.get(source);
    if (before !== undefined) return before;
    const {folder, volume = null} = source;
    const marker = await findMarker(files, folder.real, folder.volume);
    const named = {volume, name: marker?.marker.name ?? folder.path};
    known.set(source, named);
    return named;
  };
}

async function sizeOf({files}: Program, path: string): Promise<number | undefined> {
  try {
    const {kind, size} = await files.look(path);
    return kind === 'file' ? size : undefined;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

export const versionsListed = (files: number, versions: number): Cause => ({
  code: 'versions-listed',
  message: `${files === 1 ? '1 file' : `${files} files`}, ${versions === 1 ? '1 version' : `${versions} versions`}`,
  next: 'To have one: the same words with --to PATH, and with --at where one stands.',
});
