/** `offload volumes name|role|place|adopt PATH`: changes the marker of a connected volume. */
import {type Cause, causeFrom} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {listKnown} from '../../core/volumes/known-volumes.ts';
import type {Files} from '../../system/files.ts';
import {
  changeMarker,
  findMarker,
  type MarkerChange,
  makeMarker,
} from '../../system/volume-marker.ts';
import {lookAtVolume} from '../look-at-volume.ts';
import {nameDestination} from '../name-drive.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {resolveFolder, type UserFolder} from '../resolve-folder.ts';
import {findConnected, identify} from './find-connected.ts';
import {knownFolders, recall, remember, toEvent} from './recall.ts';
import {
  doubtCause,
  emptyName,
  markerTaken,
  noDrive,
  noMarker,
  notInDoubt,
} from './volume-causes.ts';

export type VolumeChange =
  | {readonly kind: 'name'; readonly name: string}
  | {readonly kind: 'role'; readonly role: 'working' | 'backup' | 'off-site' | null}
  /** An empty place takes it away. */
  | {readonly kind: 'place'; readonly place: string}
  /** Gives a clone, or a drive that was formatted anew, an id of its own. */
  | {readonly kind: 'adopt'};

/** Signs of a name or place: more does not fit beside others. */
const MOST_SIGNS = 100;

/** Emits the volume as it is then. @returns exit code 2 when nothing was changed. */
export async function changeVolume(
  program: Program,
  {path, change}: {readonly path: string; readonly change: VolumeChange},
  emit: Emit,
): Promise<RunEnd> {
  const refuse = (cause: Cause): RunEnd => {
    emit({type: 'refused', ...cause});
    return {outcome: 'refused', exitCode: 2};
  };
  const empty = findEmpty(change);
  if (empty !== undefined) return refuse(empty);
  const resolved = await resolveFolder(program, path, 'path');
  if (!resolved.ok) return refuse(resolved.cause);
  const folder = resolved.value;
  const {catalog, memory} = await recall(program, emit);
  const folders = [...knownFolders(memory), folder.real];
  let changed: string | Cause;
  try {
    changed = await changeFolder(program, {folder, folders, change});
  } catch (error) {
    return refuse(causeFrom(error, 'changing the marker', folder.path));
  }
  if (typeof changed !== 'string') return refuse(changed);
  const connected = await findConnected(program, folders);
  await remember(program, {catalog, connected}, emit);
  const key = await identify(program, changed);
  for (const one of connected) {
    if ((await identify(program, one.folder)) !== key) continue;
    for (const known of listKnown(memory, [one], program.clock.now().toISOString())) {
      if (known.path === one.folder) emit(toEvent(known));
    }
  }
  return {outcome: 'complete', exitCode: 0};
}

function findEmpty(change: VolumeChange): Cause | undefined {
  if (change.kind === 'name') {
    const isGood = change.name.trim() !== '' && change.name.length <= MOST_SIGNS;
    return isGood ? undefined : emptyName('name');
  }
  if (change.kind === 'place' && change.place.length > MOST_SIGNS) return emptyName('place');
  return undefined;
}

interface ChangeFolder {
  readonly folder: UserFolder;
  /** Where other volumes may have their markers. */
  readonly folders: readonly string[];
  readonly change: VolumeChange;
}

/** @returns the folder of the marker, or why it is left as it is. */
async function changeFolder(
  program: Program,
  {folder, folders, change}: ChangeFolder,
): Promise<string | Cause> {
  const {files} = program;
  const found = await findMarker(files, folder.real, folder.volume);
  if (found === undefined) {
    if (change.kind === 'adopt') return noMarker(folder.path);
    return await markVolume(program, folder, change);
  }
  const connected = await findConnected(program, folders);
  const key = await identify(program, found.folder);
  for (const one of connected) {
    if ((await identify(program, one.folder)) !== key) continue;
    const doubt = doubtCause(one, connected);
    if (change.kind !== 'adopt' && doubt !== undefined) return doubt;
    if (change.kind === 'adopt' && doubt === undefined) return notInDoubt(folder.path);
  }
  await holding(files, found.folder, async () => {
    await changeMarker(files, found.folder, changesOf(program, folder, change));
  });
  return found.folder;
}

/** A drive that is pulled meanwhile must not leave the marker in its empty mount folder. */
async function holding<T>(files: Files, folder: string, act: () => Promise<T>): Promise<T> {
  const letGo = await files.hold(folder);
  try {
    return await act();
  } finally {
    await letGo();
  }
}

function changesOf(
  {newVolumeId}: Program,
  {volume}: UserFolder,
  change: VolumeChange,
): MarkerChange {
  switch (change.kind) {
    case 'name':
      return {name: change.name.trim()};
    case 'role':
      return {role: change.role};
    case 'place':
      return {place: placeOf(change.place)};
    case 'adopt':
      return {id: newVolumeId(), fsUuid: volume.uuid, sizeBytes: volume.size};
  }
}

const placeOf = (place: string): string | null => (place.trim() === '' ? null : place.trim());

/** A drive that offload has never written to gets its marker at its root; a card never does. */
async function markVolume(
  program: Program,
  {volume, path}: UserFolder,
  change: Exclude<VolumeChange, {kind: 'adopt'}>,
): Promise<string | Cause> {
  const {files, clock, newVolumeId} = program;
  const {role} = await lookAtVolume(program, volume);
  if (role === 'card' || role === 'system') return noDrive(path, role);
  const root = volume.mountPoint;
  const place = change.kind === 'place' ? placeOf(change.place) : null;
  const made = {
    id: newVolumeId(),
    name: change.kind === 'name' ? change.name.trim() : nameDestination(root, volume),
    role: change.kind === 'role' ? change.role : null,
    createdAt: clock.now().toISOString(),
    fsUuid: volume.uuid,
    sizeBytes: volume.size,
    ...(place === null ? {} : {place}),
  };
  const marker = await holding(files, root, () => makeMarker(files, root, made));
  return marker === undefined ? markerTaken(path) : root;
}
