/** `offload drives`: cards and drives as the program sees them. Writes nothing. */
import {join} from 'node:path';
import {looksLikeCard} from '../core/card-folders.ts';
import {errnoOf} from '../core/cause.ts';
import type {Volume} from '../core/drive.ts';
import type {DriveSeen, Emit} from '../core/events.ts';
import {mediumReadOf, probeCard} from '../system/medium.ts';
import {findMarker} from '../system/volume-marker.ts';
import {nameDestination, nameDrive} from './name-drive.ts';
import type {RunEnd} from './offload.ts';
import type {Program} from './program.ts';

/** Entries of a volume's root that are tried as a sample for the medium read. */
const SAMPLES = 200;

/** Emits one `drive` for each mounted volume, cards first. */
export async function drives(program: Program, emit: Emit): Promise<RunEnd> {
  const seen: DriveSeen[] = [];
  for (const volume of await program.listVolumes()) seen.push(await describe(program, volume));
  const order = ['card', 'working', 'backup', 'off-site', 'none', 'system'];
  seen.sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role) || (a.path < b.path ? -1 : 1));
  for (const drive of seen) emit(drive);
  return {outcome: 'complete', exitCode: 0};
}

async function describe(program: Program, volume: Volume): Promise<DriveSeen> {
  const {mountPoint: path, label, fileSystem, size, physical, rotating} = volume;
  const names = await listRoot(program, path);
  const marker = (await findMarker(program.files, path, volume))?.marker;
  const isSystem = path === '/' || /^c:\\?$/i.test(path);
  const role = isSystem ? 'system' : (marker?.role ?? (looksLikeCard(names) ? 'card' : 'none'));
  const method = await findMethod(program, volume, names);
  return {
    type: 'drive',
    path,
    role,
    name: marker?.name ?? nameDestination(path, volume),
    label,
    fileSystem,
    size,
    free: await freeOn(program, path),
    drive: nameDrive(volume),
    drives: physical,
    rotating,
    mediumRead: method === undefined ? null : mediumReadOf(method),
    why: method?.kind === 'cached' ? method.why : physical.known ? null : physical.why,
  };
}

async function listRoot({files}: Program, path: string): Promise<readonly string[]> {
  try {
    return await files.list(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}

async function freeOn({files}: Program, path: string): Promise<number | null> {
  try {
    return await files.freeBytes(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/** Tries a file of the volume: in its root, or one folder below. */
async function findMethod(program: Program, volume: Volume, names: readonly string[]) {
  const {files, run} = program;
  const folders: string[] = [];
  for (const name of names.slice(0, SAMPLES)) {
    const path = join(volume.mountPoint, name);
    const kind = await kindOfSample(files, path);
    if (kind === 'file') return await probeCard({files, run, volume}, path);
    if (kind === 'folder') folders.push(path);
  }
  for (const folder of folders) {
    for (const name of (await listRoot(program, folder)).slice(0, SAMPLES)) {
      const path = join(folder, name);
      if ((await kindOfSample(files, path)) === 'file')
        return await probeCard({files, run, volume}, path);
    }
  }
  return undefined;
}

async function kindOfSample(files: Program['files'], path: string) {
  try {
    const facts = await files.look(path);
    return facts.kind === 'file' && facts.size === 0 ? undefined : facts.kind;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
