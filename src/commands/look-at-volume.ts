/** A mounted volume as a person is told of it: `offload drives`, the watch and the terminal UI all look at it here. Writes nothing. */
import {homedir} from 'node:os';
import {join} from 'node:path';
import {isCameraFolder, type RootEntry, type ShallowTree} from '../core/card-folders.ts';
import {errnoOf} from '../core/cause.ts';
import type {Volume} from '../core/drive.ts';
import type {DriveSeen} from '../core/events.ts';
import {type OwnVolumes, roleOf} from '../core/volumes/volume-role.ts';
import type {FileFacts, Files} from '../system/files.ts';
import {type MediumMethod, mediumReadOf, probeCard} from '../system/medium.ts';
import {findMarker} from '../system/volume-marker.ts';
import {nameDestination, nameDrive} from './name-drive.ts';
import type {Program} from './program.ts';

/** Names at a volume's root that are looked at; those of cameras always are. */
const NAMES = 200;
/** Entries of a volume that are looked at for a file to try the medium read on, how many of each folder, and how deep: `DCIM/100CANON/IMG_0001.JPG`. */
const SAMPLES = 100;
const SAMPLES_IN_FOLDER = 20;
const SAMPLE_DEPTH = 3;

/** Reads names, the marker and the start of one file: some milliseconds on a card that is well. Faults of the disk leave what they hid null or unknown. */
export async function lookAtVolume(program: Program, volume: Volume): Promise<DriveSeen> {
  const {mountPoint: path, label, fileSystem, size, physical, rotating} = volume;
  const {files} = program;
  const [tree, found, free, own] = await Promise.all([
    readShallowTree(files, path),
    findMarker(files, path, volume),
    orUndefined(() => files.freeBytes(path)),
    findOwnVolumes(program),
  ]);
  const marker = found?.marker;
  const method = await findMethod(program, volume, tree);
  return {
    type: 'drive',
    path,
    role: roleOf({volume, tree, marked: marker?.role, own}),
    name: marker?.name ?? nameDestination(path, volume),
    label,
    fileSystem,
    size,
    free: free ?? null,
    drive: nameDrive(volume),
    drives: physical,
    rotating,
    mediumRead: method === undefined ? null : mediumReadOf(method),
    why: method?.kind === 'cached' ? method.why : physical.known ? null : physical.why,
  };
}

const ownVolumes = new WeakMap<Program, Promise<OwnVolumes>>();

/** The volumes of the system and of the user's home: asked once, they stay while the computer runs. */
export function findOwnVolumes(program: Program): Promise<OwnVolumes> {
  const known = ownVolumes.get(program);
  if (known !== undefined) return known;
  const root = program.pathPlatform === 'win32' ? 'C:\\' : '/';
  const asked = Promise.all([program.describeVolume(root), program.describeVolume(homedir())]).then(
    ([system, home]) => ({system, home}),
  );
  ownVolumes.set(program, asked);
  return asked;
}

/** What a disk tells, or undefined when it tells only an error. */
async function orUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

const listFolder = async (files: Files, path: string): Promise<readonly string[]> =>
  (await orUndefined(() => files.list(path))) ?? [];

async function readShallowTree(files: Files, root: string): Promise<ShallowTree> {
  const names = await listFolder(files, root);
  const cameras = names.filter(isCameraFolder);
  const others = names.filter((name) => !isCameraFolder(name)).slice(0, NAMES);
  const entries: RootEntry[] = [];
  for (const name of [...cameras, ...others]) {
    const facts = await orUndefined(() => files.look(join(root, name)));
    if (facts === undefined) continue;
    const isCamera = facts.kind === 'folder' && isCameraFolder(name);
    const inside = isCamera ? await listFolder(files, join(root, name)) : [];
    entries.push({name, kind: facts.kind, names: inside});
  }
  return entries;
}

async function findMethod(
  program: Program,
  volume: Volume,
  tree: ShallowTree,
): Promise<MediumMethod | undefined> {
  const {files, run} = program;
  const root = await orUndefined(() => files.look(volume.mountPoint));
  if (root === undefined) return undefined;
  const names = tree.map(({name}) => name);
  const sample = await findSample(files, {folder: volume.mountPoint, names, root});
  return sample === undefined ? undefined : await probeCard({files, run, volume}, sample);
}

interface Search {
  readonly folder: string;
  readonly names: readonly string[];
  /** Facts of the volume's root: another file system is mounted where the device differs. */
  readonly root: FileFacts;
}

/** A file of the volume that is not empty: in its root, or two folders below. */
async function findSample(files: Files, search: Search): Promise<string | undefined> {
  let left = SAMPLES;
  const searchFolder = async (
    {folder, names, root}: Search,
    depth: number,
  ): Promise<string | undefined> => {
    for (const name of depth === 1 ? names : names.slice(0, SAMPLES_IN_FOLDER)) {
      if (left-- <= 0) return undefined;
      const path = join(folder, name);
      const facts = await orUndefined(() => files.look(path));
      if (facts?.device !== root.device) continue;
      if (facts.kind === 'file' && facts.size > 0) return path;
      if (facts.kind !== 'folder' || depth === SAMPLE_DEPTH) continue;
      const below = {folder: path, names: await listFolder(files, path), root};
      const found = await searchFolder(below, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return await searchFolder(search, 1);
}
