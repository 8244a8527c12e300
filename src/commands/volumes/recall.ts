import type {Catalog} from '../../catalog/catalog.ts';
import type {Cause} from '../../core/cause.ts';
import type {Emit, VolumeKnown} from '../../core/events.ts';
import {
  type ConnectedVolume,
  type KnownVolume,
  pairsNow,
  toSeenVolume,
} from '../../core/volumes/known-volumes.ts';
import type {VolumeMemory} from '../../core/volumes/volume-memory.ts';
import type {Program} from '../program.ts';
import {findConnected} from './find-connected.ts';

export interface Recalled {
  /** Null when it cannot be had. */
  readonly catalog: Catalog | null;
  readonly memory: VolumeMemory;
  readonly connected: readonly ConnectedVolume[];
}

const NOTHING: VolumeMemory = {seen: [], destinations: [], pairs: [], forgotten: new Map()};

/** What is remembered and what is connected. Without a catalog it says so, and only connected volumes are known. */
export async function recall(program: Program, emit: Emit): Promise<Recalled> {
  const warn = (cause: Cause) => emit({type: 'noticed', level: 'warning', ...cause});
  const opened = await program.openCatalog();
  if (!opened.ok) {
    warn(opened.cause);
    return {catalog: null, memory: NOTHING, connected: await findConnected(program)};
  }
  const catalog = opened.value;
  if (catalog.notice !== null) warn(catalog.notice);
  const told = await catalog.recallVolumes();
  if (!told.ok) warn(told.cause);
  const memory = told.ok ? told.value : NOTHING;
  return {catalog, memory, connected: await findConnected(program, knownFolders(memory))};
}

/** Where volumes were when something was recorded on them. */
export const knownFolders = ({seen, destinations}: VolumeMemory): readonly string[] => [
  ...new Set([...seen.map(({path}) => path), ...destinations.map(({folder}) => folder)]),
];

/** Remembers the connected volumes that are what their markers say. What cannot be remembered is told, and stops nothing. */
export async function remember(
  program: Program,
  {catalog, connected}: Pick<Recalled, 'catalog' | 'connected'>,
  emit: Emit,
): Promise<void> {
  if (catalog === null) return;
  const now = program.clock.now().toISOString();
  const certain = connected.filter(({trust}) => trust === 'fits');
  const seen = certain.map((one) => toSeenVolume(one, now));
  const noted = await catalog.noteVolumes(seen, pairsNow(certain));
  if (!noted.ok) emit({type: 'noticed', level: 'warning', ...noted.cause});
}

export function toEvent(known: KnownVolume): VolumeKnown {
  const {id, name, role, place, state, path, fileSystem, size, free, asOf, lastProof} = known;
  return {
    type: 'volume-known',
    volume: id,
    name,
    role: role ?? 'none',
    place,
    state,
    path,
    fileSystem,
    size,
    free,
    asOf,
    lastProof,
  };
}
