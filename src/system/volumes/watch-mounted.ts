import {setTimeout as sleepFor} from 'node:timers/promises';
import {realClock} from '../clock.ts';
import {listVolumes} from './describe-volume.ts';
import {openSignature} from './open-signature.ts';
import type {VolumeTools} from './volume-tools.ts';
import {type WatchVolumes, watchVolumes} from './watch-volumes.ts';

/** Leaves no timer behind: the program would wait for it at its end. */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleepFor(ms, undefined, {signal});
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** @param tools that ask the platform each time: remembered answers would hide what changed. */
export function watchMounted(tools: VolumeTools): WatchVolumes {
  return async (listening) => {
    const source = await openSignature(tools);
    await watchVolumes({
      ...source,
      ...listening,
      listVolumes: () => listVolumes(tools),
      sleep,
      monotonic: () => realClock.monotonic(),
    });
  };
}
