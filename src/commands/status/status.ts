/** `offload status`: how each shoot is kept. Reads records and no copies, and writes nothing but the catalog. */
import {join} from 'node:path';
import type {Catalog} from '../../catalog/catalog.ts';
import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import type {Emit, ShootStatus} from '../../core/events.ts';
import {adviseOnShoot} from '../../core/status/advice.ts';
import {
  type CountedWith,
  countShoot,
  type ShootCount,
  type VolumeShare,
} from '../../core/status/count-shoot.ts';
import {pickOffSite} from '../../core/status/pick-off-site.ts';
import {relateVolumes} from '../../core/volumes/drive-relations.ts';
import {
  allPairs,
  type ConnectedVolume,
  type KnownVolume,
  listKnown,
} from '../../core/volumes/known-volumes.ts';
import {volumeOf} from '../../core/volumes/volume-id.ts';
import type {RecordedDestination, VolumeMemory} from '../../core/volumes/volume-memory.ts';
import {emptyCause} from '../catalog/list-known.ts';
import type {Listening, RunEnd} from '../offload.ts';
import {listOffsite} from '../offsite/tell-offsite.ts';
import type {Program} from '../program.ts';
import {findConnected} from '../volumes/find-connected.ts';
import {knownFolders, remember} from '../volumes/recall.ts';
import {doubtCause} from '../volumes/volume-causes.ts';
import {readRecords} from './read-records.ts';
import {notSeen, oldestOffSite, recordsGone} from './status-causes.ts';

/** Emits one `shoot-status` for each shoot, newest first, then one `offsite-known` for each set of off-site drives and each cloud. @returns exit code 0 when 3-2-1 is reached for all, 1 when something is missing, 2 when the catalog cannot be read. */
export async function status(program: Program, {emit, signal}: Listening): Promise<RunEnd> {
  const refuse = (cause: Cause): RunEnd => {
    emit({type: 'refused', ...cause});
    return {outcome: 'refused', exitCode: 2};
  };
  const opened = await program.openCatalog();
  if (!opened.ok) return refuse(opened.cause);
  const catalog = opened.value;
  const warn = (cause: Cause) => emit({type: 'noticed', level: 'warning', ...cause});
  if (catalog.notice !== null) warn(catalog.notice);
  const looked = await lookAtDrives(program, catalog, {emit, signal});
  if (!looked.ok) return refuse(looked.cause);
  if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  const {memory, connected, lying} = looked.value;
  const listed = await catalog.listShoots();
  if (!listed.ok) return refuse(listed.cause);
  const shoots = listed.value.map(({shoot}) => shoot);

  const known = listKnown(memory, connected, program.clock.now().toISOString());
  const uncounted = memory.destinations.filter((one) => !doesCount(one, {known, lying}));
  const without = {
    destinations: uncounted.map(({ref}) => ref),
    volumes: known.flatMap(({id, state}) => (state === 'doubted' ? [id] : [])),
  };
  const counting = {find: findIn(known), relate: relateVolumes(allPairs(memory, connected))};
  let isReached = true;
  const statuses: ShootStatus[] = [];
  for (const shoot of shoots) {
    if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
    const counted = await catalog.countCopies(shoot, without);
    if (!counted.ok) return refuse(counted.cause);
    const told = toStatus(shoot, counted.value, counting);
    emit(told);
    statuses.push(told);
    isReached &&= told.reached;
  }
  if (shoots.length === 0) emit({type: 'noticed', level: 'info', ...emptyCause(catalog.path)});
  const clouds = await tellOffsiteCopies(program, memory, emit);
  const oldest = oldestOffSite(statuses, program.clock.now());
  if (oldest !== undefined) emit({type: 'noticed', level: 'info', ...oldest});
  const doubts = connected.flatMap((one) => doubtCause(one, connected) ?? []);
  const gone = recordsGone(connected, uncounted);
  const drives = known.filter(({id}) => !clouds.has(id));
  for (const cause of [...doubts, ...gone, ...notSeen(drives, program.clock.now())]) warn(cause);
  return {outcome: 'complete', exitCode: isReached && doubts.length === 0 ? 0 : 1};
}

/** Where the drives of sets are and how old clouds are; shoots are counted without it. @returns the ids of clouds: nobody can connect them. */
async function tellOffsiteCopies(
  program: Program,
  {seen}: VolumeMemory,
  emit: Emit,
): Promise<ReadonlySet<string>> {
  const listed = await listOffsite(program, seen, emit);
  if (!listed.ok) {
    if (listed.cause.code !== 'no-home-folder')
      emit({type: 'noticed', level: 'warning', ...listed.cause});
    return new Set();
  }
  for (const one of listed.value) emit(one);
  const clouds = listed.value.filter(({kind}) => kind === 'cloud');
  return new Set(clouds.flatMap(({copies}) => copies.map(({volume}) => volume)));
}

interface LookedAt {
  readonly memory: VolumeMemory;
  readonly connected: readonly ConnectedVolume[];
  /** Offloads whose records lie on each connected volume that is what its marker says. */
  readonly lying: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Finds the connected volumes, reads what the catalog does not know of them, and remembers them. */
async function lookAtDrives(
  program: Program,
  catalog: Catalog,
  {emit, signal}: Listening,
): Promise<Result<LookedAt>> {
  const before = await catalog.recallVolumes();
  if (!before.ok) return failed(before.cause);
  const connected = await findConnected(program, knownFolders(before.value));
  const known = new Set(before.value.destinations.map(({offload}) => offload));
  const lying = new Map<string, ReadonlySet<string>>();
  for (const {id, folder, trust} of connected) {
    if (trust !== 'fits') continue;
    const roots = [folder, ...foldersOn(id, folder, before.value.destinations)];
    const read = await readRecords(program, roots, {catalog, known, signal});
    for (const cause of read.problems) emit({type: 'noticed', level: 'warning', ...cause});
    lying.set(id, read.offloads);
  }
  await remember(program, {catalog, connected}, emit);
  const after = await catalog.recallVolumes();
  return after.ok ? ok({memory: after.value, connected, lying}) : failed(after.cause);
}

/** Destinations in folders of a volume, which may lie deeper than is searched. What leads out of the volume is passed over. */
function foldersOn(
  id: string,
  folder: string,
  destinations: readonly RecordedDestination[],
): readonly string[] {
  const below = destinations.flatMap(({destination}) =>
    volumeOf(destination) === id ? [destination.slice(id.length + 1)] : [],
  );
  const safe = below.filter((path) => path !== '' && !path.split(/[\\/]/).includes('..'));
  return [...new Set(safe)].map((path) => join(folder, path));
}

/** Nothing that is in doubt counts, nothing that was forgotten, and nothing on a connected drive without its record. */
function doesCount(
  {destination, offload}: RecordedDestination,
  {known, lying}: {readonly known: readonly KnownVolume[]} & Pick<LookedAt, 'lying'>,
): boolean {
  const volume = known.find(({id}) => id === volumeOf(destination));
  if (volume === undefined || volume.state === 'doubted') return false;
  return volume.state === 'away' || lying.get(volume.id)?.has(offload) === true;
}

const findIn = (known: readonly KnownVolume[]) => {
  const byId = new Map(known.map((volume) => [volume.id, volume]));
  return (id: string) => byId.get(id);
};

function tellOffSite(shares: readonly VolumeShare[], counting: Counting): ShootStatus['offSite'] {
  const best = pickOffSite(shares);
  const volume = best === null ? undefined : counting.find(best.volume.id);
  if (best === null || volume === undefined) return null;
  const {id, name, place, state} = volume;
  const connected = state === 'connected';
  return {volume: id, name, place, connected, files: best.files, lastProof: best.newestProof};
}

interface Counting extends CountedWith {
  readonly find: (id: string) => KnownVolume | undefined;
}

function toStatus(shoot: string, count: ShootCount, counting: Counting): ShootStatus {
  const worth = countShoot(count, counting);
  const advice = adviseOnShoot(worth);
  const {files, letGo, bytes, copies, drives, places, oldestProof, newestProof} = worth;
  return {
    type: 'shoot-status',
    shoot,
    files,
    letGo,
    bytes,
    copies,
    drives,
    places,
    oldestProof,
    lastProof: newestProof,
    reached: advice === null,
    missing: advice?.missing ?? null,
    next: advice?.next ?? null,
    offSite: tellOffSite(worth.volumes, counting),
    volumes: worth.volumes.flatMap(({volume: {id}, files: proved, newestProof: lastProof}) => {
      const volume = counting.find(id);
      if (volume === undefined) return [];
      const {name, role, place, state, asOf} = volume;
      const connected = state === 'connected';
      return [
        {volume: id, name, role: role ?? 'none', place, connected, asOf, files: proved, lastProof},
      ];
    }),
  };
}
