/** A watch whose time, signature and tools are in the hands of the test. */
import {type Cause, failed, ok, type Result} from '../../../src/core/cause.ts';
import type {Volume} from '../../../src/core/drive.ts';
import {unknownVolume} from '../../../src/core/volumes/disk-facts.ts';
import {watchVolumes} from '../../../src/system/volumes/watch-volumes.ts';

export interface WatchRig {
  /** What happened since the last call: `+/E`, `-/E`, `!code`, `looked`. */
  readonly take: () => readonly string[];
  /** Lets the watch sleep to its end and waits until it sleeps again. @returns what happened. */
  readonly step: () => Promise<readonly string[]>;
  mounted: ReadonlyMap<string, string>;
  /** What the tools list; without it, a plain volume for each mount point. */
  listed: readonly Volume[] | undefined;
  /** The signature cannot be read. */
  trouble: Cause | undefined;
  /** ms that a list takes. */
  listTakesMs: number;
  lists: number;
  /** ms that have passed. */
  nowMs: number;
  /** Called while a list is made. */
  duringList: () => void;
  readonly stop: () => Promise<void>;
  readonly done: Promise<void>;
}

export const plainVolume = (mountPoint: string, change: Partial<Volume> = {}): Volume => ({
  ...unknownVolume(mountPoint, ''),
  device: `/dev/${mountPoint.slice(1)}`,
  ...change,
});

interface Setting {
  readonly mounted?: Readonly<Record<string, string>>;
  readonly knowsAll?: boolean;
  readonly onArrived?: (volume: Volume) => unknown;
}

/** Starts a watch and waits until it sleeps for the first time. */
export async function startWatch(setting: Setting = {}): Promise<WatchRig> {
  const stop = new AbortController();
  let happened: string[] = [];
  let wake = () => {};
  let asleep = () => {};
  let sleeping = new Promise<void>((resolve) => {
    asleep = resolve;
  });
  const take = () => {
    const taken = happened;
    happened = [];
    return taken;
  };
  const rig: WatchRig = {
    mounted: new Map(Object.entries(setting.mounted ?? {})),
    listed: undefined,
    trouble: undefined,
    listTakesMs: 0,
    lists: 0,
    nowMs: 0,
    duringList() {},
    take,
    async step() {
      sleeping = new Promise((resolve) => {
        asleep = resolve;
      });
      wake();
      await Promise.race([sleeping, settled()]);
      return take();
    },
    async stop() {
      stop.abort();
      await rig.done;
    },
    done: Promise.resolve(),
  };
  // Who waits for `done` hears of its fault.
  const settled = () => rig.done.catch(() => {});
  const readSignature = async (): Promise<Result<ReadonlyMap<string, string>>> =>
    rig.trouble === undefined ? ok(rig.mounted) : failed(rig.trouble);
  const done = watchVolumes({
    everyMs: 700,
    knowsAll: setting.knowsAll ?? true,
    readSignature,
    async listVolumes() {
      rig.lists += 1;
      rig.nowMs += rig.listTakesMs;
      const list = rig.listed ?? [...rig.mounted.keys()].map((place) => plainVolume(place));
      rig.duringList();
      return list;
    },
    sleep(ms, signal) {
      return new Promise<void>((resolve) => {
        const rise = () => {
          signal.removeEventListener('abort', rise);
          resolve();
        };
        wake = () => {
          rig.nowMs += ms;
          rise();
        };
        signal.addEventListener('abort', rise);
        asleep();
      });
    },
    monotonic: () => rig.nowMs,
    signal: stop.signal,
    onArrived(volume) {
      happened.push(`+${volume.mountPoint}${volume.label === null ? '' : ` ${volume.label}`}`);
      return setting.onArrived?.(volume);
    },
    onLeft: ({mountPoint}) => happened.push(`-${mountPoint}`),
    onTrouble: ({code}) => happened.push(`!${code}`),
    onLooked: () => happened.push('looked'),
  });
  Object.assign(rig, {done});
  await Promise.race([sleeping, settled()]);
  return rig;
}
