import {causeFrom, errnoOf, ok, type Result} from '../../core/cause.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import {sweepRecords} from '../../engine/clean-temporaries.ts';
import type {Lane} from '../../engine/lane.ts';
import {lockShoot, type ShootLock} from '../../engine/shoot-lock.ts';
import {probeDestination} from '../../system/medium.ts';
import {makeMarker} from '../../system/volume-marker.ts';
import type {Program} from '../program.ts';
import {findVolumeId, volumeIdOf} from './find-volume-id.ts';

/** The first `--to` is the working drive, the others are local backups (design, section 3). */
export type Role = 'working' | 'backup';

/**
 * Writes to a destination for the first time: holds its drive, locks the shoot, finds out how the drive is written and read back, and knows or marks its volume.
 * @returns the lock to be released at the end, or why the destination cannot be used.
 */
export async function openLane(
  program: Program,
  lane: Lane,
  {role, wantsBatches}: {role: Role; wantsBatches: boolean},
): Promise<Result<ShootLock>> {
  const {files, run, clock, self, newWord} = program;
  const {to, name, volume} = lane.destination;
  let lock: ShootLock | undefined;
  let letGo = async () => {};
  try {
    letGo = await files.hold(to);
    await lane.makeFolder(RECORD_FOLDER);
    const locked = await lockShoot({files, self, since: clock.now(), token: newWord()}, lane.root);
    if (!locked.ok) {
      await letGo();
      return locked;
    }
    lock = locked.value;
    await sweepRecords(files, lane.root);
    const probe = {files, run, volume, wantsBatches};
    const records = lane.absolute(RECORD_FOLDER);
    const access = await probeDestination(probe, records, `.offload-probe-${newWord()}.part`);
    lane.open({id: await knowVolume(program, lane, role), access});
    return ok({release: () => locked.value.release().finally(letGo)});
  } catch (error) {
    await lock?.release();
    await letGo();
    return {ok: false, cause: causeFrom(error, `preparing ${name}`, to)};
  }
}

/** @returns the volume's id, with the folder where the destination is not the folder of the marker. */
async function knowVolume(program: Program, lane: Lane, role: Role): Promise<string> {
  const {destination} = lane;
  const known = await findVolumeId(program.files, destination);
  if (known !== undefined) return known;
  const {id, folder} = await markVolume(program, lane, role);
  return volumeIdOf(id, {to: destination.to, folder});
}

/** Marks the root of the volume; the destination itself where that is the system's own root or may not be written. */
async function markVolume(
  {files, clock, newVolumeId}: Program,
  lane: Lane,
  role: Role,
): Promise<{id: string; folder: string}> {
  const {to, name, volume} = lane.destination;
  const isSystem = volume.mountPoint === '/' || /^c:\\?$/i.test(volume.mountPoint);
  const made = {
    id: newVolumeId(),
    name,
    role,
    createdAt: clock.now().toISOString(),
    fsUuid: volume.uuid,
    sizeBytes: volume.size,
  };
  for (const folder of isSystem || volume.mountPoint === '' ? [to] : [volume.mountPoint, to]) {
    try {
      const marker = await makeMarker(files, folder, made);
      if (marker !== undefined) return {id: marker.id, folder};
    } catch (error) {
      if (folder === to || !['EACCES', 'EPERM', 'EROFS'].includes(errnoOf(error) ?? ''))
        throw error;
    }
  }
  // A file that nobody here can read has the marker's name: the volume is not known again, and nothing of it is touched.
  return {id: made.id, folder: to};
}
