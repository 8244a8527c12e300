/** Folders that are volumes while a test has them plugged in, and the watch for them. */
import {setTimeout as sleepFor} from 'node:timers/promises';
import {ok} from '../../src/core/cause.ts';
import type {Volume} from '../../src/core/drive.ts';
import {type VolumeListening, watchVolumes} from '../../src/system/volumes/watch-volumes.ts';
import {diskOf, diskVolume} from './run-offload.ts';

type Looks = Pick<Parameters<typeof watchVolumes>[0], 'everyMs' | 'readSignature' | 'listVolumes'>;

/** The real watch, which naps for two milliseconds only. */
export const watchOften = (listening: VolumeListening, looks: Looks): Promise<void> =>
  watchVolumes({
    ...listening,
    ...looks,
    knowsAll: true,
    sleep: () => sleepFor(2),
    monotonic: () => performance.now(),
  });

/** Nothing is plugged in at first; whatever is not plugged in lies on the computer's own disk. */
export function pluggedVolumes() {
  const plugged = new Map<string, Volume>();
  const marks = new Map<string, string>();
  let plugs = 0;
  const listVolumes = async () => [...plugged.values()];
  return {
    listVolumes,
    async describeVolume(path: string): Promise<Volume> {
      const root = [...plugged.keys()].find((one) => path === one || path.startsWith(`${one}/`));
      return plugged.get(root ?? '') ?? diskVolume(path === '/' ? '/' : '/home', 'own');
    },
    watchVolumes: (listening: VolumeListening) =>
      watchOften(listening, {
        everyMs: 5,
        readSignature: async () => ok(new Map(marks)),
        listVolumes,
      }),
    plug(folder: string, change?: Partial<Volume>): void {
      plugged.set(folder, diskVolume(folder, diskOf(folder), change));
      marks.set(folder, `mount ${plugs++}`);
    },
    pull(folder: string): void {
      plugged.delete(folder);
      marks.delete(folder);
    },
  };
}
