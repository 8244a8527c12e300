/** `offload --watch [--auto]`: a line for each card and drive that comes or goes; with `--auto` each new card is offloaded by itself. */
import type {Volume} from '../../core/drive.ts';
import type {DriveSeen} from '../../core/events.ts';
import type {WatchVolumes} from '../../system/volumes/watch-volumes.ts';
import {findOwnVolumes, lookAtVolume} from '../look-at-volume.ts';
import type {Listening, RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {AutoOffload, type AutoOptions} from './auto-offload.ts';

export interface WatchOptions {
  /** Offload each new card to the connected drives that have roles. */
  readonly auto: boolean;
  readonly offload: AutoOptions;
}

/**
 * Watches until the signal is given. What is there at the start is told first.
 * @returns 0 when nothing was offloaded or all cards were SAFE, 1 when one was not, 130 when a copy was interrupted. `run-ended` is left to the caller.
 */
export async function watch(
  program: Program & {readonly watchVolumes: WatchVolumes},
  {auto, offload}: WatchOptions,
  {emit, signal}: Listening,
): Promise<RunEnd> {
  const mounted = new Map<string, Volume>();
  const told = new Map<string, DriveSeen>();
  const offloads = new AutoOffload({program, options: offload, emit, signal});
  let looking = 0;
  let arrivals = 0;

  const tell = async (volume: Volume) => {
    const {mountPoint} = volume;
    const order = arrivals++;
    mounted.set(mountPoint, volume);
    const seen = await lookAtVolume(program, volume);
    // It may have left while it was looked at.
    if (signal.aborted || mounted.get(mountPoint) !== volume || seen.role === 'system') return;
    told.set(mountPoint, seen);
    emit({...seen, type: 'volume-arrived'});
    if (auto) offloads.add({seen, volume, order});
  };

  const welcome = async (volume: Volume) => {
    looking += 1;
    await tell(volume);
    looking -= 1;
    // Another drive that is being looked at now may be a backup for the same card.
    if (auto && looking === 0) await offloads.run();
  };

  const farewell = ({mountPoint}: Volume) => {
    mounted.delete(mountPoint);
    const seen = told.get(mountPoint);
    if (seen === undefined) return;
    told.delete(mountPoint);
    offloads.remove(mountPoint);
    emit({type: 'volume-left', path: seen.path, role: seen.role, name: seen.name});
  };

  // Asked while the first look goes on: PowerShell takes its time.
  await Promise.all([
    findOwnVolumes(program),
    program.watchVolumes({
      signal,
      onArrived: welcome,
      onLeft: farewell,
      onTrouble: (cause) => emit({type: 'noticed', level: 'warning', ...cause}),
    }),
  ]);
  return offloads.end();
}
