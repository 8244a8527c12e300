import {relateDrives, type Volume} from '../../core/drive.ts';
import {listVolumes, type VolumeTools} from '../volumes/index.ts';

/** @returns the mount points of other volumes on the same disk: they would go with it. */
export async function findNeighbours(
  volume: Volume,
  tools: VolumeTools,
): Promise<readonly string[]> {
  const mounted = await listVolumes(tools);
  return mounted
    .filter(({mountPoint}) => mountPoint !== volume.mountPoint)
    .filter(({physical}) => relateDrives(physical, volume.physical) === 'same')
    .map(({mountPoint}) => mountPoint);
}
