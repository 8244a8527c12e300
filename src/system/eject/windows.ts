import {failed, ok, type Result} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {joinWithAnd} from '../../core/words.ts';
import type {Ejected} from '../eject.ts';
import type {VolumeTools} from '../volumes/index.ts';
import {couldNotEject, inUse, isNoDrive, isSystemVolume} from './causes.ts';
import {findNeighbours} from './neighbours.ts';
import {ejectArguments} from './windows-script.ts';

export async function ejectWindowsVolume(
  volume: Volume,
  tools: VolumeTools,
): Promise<Result<Ejected>> {
  const letter = /^([A-Za-z]:)\\?$/.exec(volume.mountPoint)?.[1]?.toUpperCase();
  if (letter === 'C:') return failed(isSystemVolume(volume));
  if (letter === undefined || volume.kind === 'network') return failed(isNoDrive(volume));
  const neighbours = await findNeighbours(volume, tools);
  if (neighbours.length > 0) {
    return failed({
      code: 'drive-shared',
      path: volume.mountPoint,
      message: `${joinWithAnd(neighbours)} on the same drive would go with it`,
      next: 'Use "Safely Remove Hardware" of Windows when nothing on that drive is needed any more.',
    });
  }
  const answer = await tools.run('powershell', ejectArguments(letter));
  if (!answer.ok) return failed(couldNotEject(volume, answer.cause.message));
  const word = answer.value.trim();
  if (word === 'gone') return ok('safe-to-pull');
  if (word === 'system') return failed(isSystemVolume(volume));
  if (word === 'still-there') return failed(inUse(volume));
  return failed(couldNotEject(volume, 'Windows gave no answer that is understood'));
}
