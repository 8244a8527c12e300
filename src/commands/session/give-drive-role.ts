import {join} from 'node:path';
import {type Cause, causeFrom} from '../../core/cause.ts';
import type {DriveRole} from '../../core/session/session-state.ts';
import {findMarker, giveRole, MARKER_NAME, makeMarker} from '../../system/volume-marker.ts';
import type {Program} from '../program.ts';
import type {Desk} from './desk.ts';
import type {Surroundings} from './surroundings.ts';

interface GiveDriveRole {
  readonly program: Program;
  readonly desk: Desk;
  readonly surroundings: Surroundings;
}

/** Writes the role into the volume's marker, so that it is known again on any letter and any computer. Trouble is told on the screen. */
export async function giveDriveRole(
  {program, desk, surroundings}: GiveDriveRole,
  path: string,
  role: DriveRole | null,
): Promise<void> {
  const drive = desk.getSnapshot().drives.find((one) => one.path === path);
  if (drive === undefined) return;
  if (surroundings.areGiven) return desk.dispatch({type: 'told', cause: wereGiven});
  const {files, clock, newVolumeId} = program;
  const {volume, name} = drive;
  try {
    // Pulled a moment ago, and not seen to go yet: the marker would land in the empty mount folder.
    const {mountPoint} = await program.describeVolume(path);
    if (mountPoint !== volume.mountPoint) {
      return desk.dispatch({type: 'told', cause: isGone(name, path)});
    }
    const found = await findMarker(files, path, volume);
    if (found !== undefined) await giveRole(files, found, role);
    else if (role !== null) {
      const made = await makeMarker(files, path, {
        id: newVolumeId(),
        name,
        role,
        createdAt: clock.now().toISOString(),
        fsUuid: volume.uuid,
        sizeBytes: volume.size,
      });
      if (made === undefined) {
        // There is none either where the drive is gone, and that is what is told then.
        await files.look(join(path, MARKER_NAME));
        return desk.dispatch({type: 'told', cause: markerTaken(path)});
      }
      // Another program made one in this moment.
      if (made.role !== role) await giveRole(files, {marker: made, folder: path}, role);
    }
  } catch (error) {
    const cause = causeFrom(error, `giving ${name} its role`, path);
    return desk.dispatch({type: 'told', cause});
  }
  await surroundings.lookAtDrives();
}

const wereGiven: Cause = {
  code: 'destinations-given',
  message: 'the drives of this session were given with --to',
  next: 'Start offload without --to to give drives their roles.',
};

const isGone = (name: string, path: string): Cause => ({
  code: 'drive-gone',
  path,
  message: `${name} is not connected any more`,
  next: 'Connect it again, then give it its role.',
});

const markerTaken = (path: string): Cause => ({
  code: 'marker-unreadable',
  path,
  message: 'a file .offload-volume.json that this version cannot read lies on the drive',
  next: 'Look at it; rename it if it is of no use.',
});
