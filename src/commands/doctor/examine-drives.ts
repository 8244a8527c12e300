import {type Finding, fromCause, good} from '../../core/doctor/finding.ts';
import {
  type DriveFacts,
  judgeDisks,
  judgeReading,
  judgeSpace,
} from '../../core/doctor/judge-drives.ts';
import type {Volume} from '../../core/drive.ts';
import {findMarker} from '../../system/volume-marker.ts';
import {lookAtVolume} from '../look-at-volume.ts';
import type {Program} from '../program.ts';
import {findConnected} from '../volumes/find-connected.ts';
import {doubtCause} from '../volumes/volume-causes.ts';
import type {Examined} from './doctor.ts';

/** Every mounted volume but the computer's own, all at the same time: one that sleeps must not make the others wait. */
export async function examineDrives(program: Program): Promise<Examined> {
  const volumes = await program.listVolumes();
  const [seen, times, connected] = await Promise.all([
    Promise.all(volumes.map((volume) => examineDrive(program, volume))),
    Promise.all(volumes.map((volume) => findTime(program, volume))),
    findConnected(program),
  ]);
  const drives = seen.flat();
  const doubts = connected.flatMap((one) => {
    const doubt = doubtCause(one, connected);
    return doubt === undefined ? [] : [fromCause({area: 'drives', about: one.name}, 'bad', doubt)];
  });
  const none: readonly Finding[] =
    drives.length === 0 ? [good({area: 'drives'}, 'no card and no drive is connected')] : [];
  const known = times.flat();
  return {
    findings: [
      ...none,
      ...doubts,
      ...drives.map(judgeReading),
      ...judgeDisks(drives),
      ...drives.flatMap((drive) => judgeSpace(drive) ?? []),
    ],
    newestMs: known.length === 0 ? null : Math.max(...known),
  };
}

async function examineDrive(program: Program, volume: Volume): Promise<readonly DriveFacts[]> {
  const {role, name, path, mediumRead, why, drives, size, free} = await lookAtVolume(
    program,
    volume,
  );
  return role === 'system' ? [] : [{role, name, path, mediumRead, why, drives, size, free}];
}

/** When its marker was made, ms since 1970. */
async function findTime({files}: Program, volume: Volume): Promise<readonly number[]> {
  const found = await findMarker(files, volume.mountPoint, volume);
  const ms = Date.parse(found?.marker.createdAt ?? '');
  return Number.isNaN(ms) ? [] : [ms];
}
