/** `offload --watch` on temporary folders that are plugged in and pulled out by the test. */
import {setTimeout as sleepFor} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import type {RunEnd} from '../../../src/commands/offload.ts';
import {type WatchOptions, watch} from '../../../src/commands/watch/watch.ts';
import type {Volume} from '../../../src/core/drive.ts';
import type {OffloadEvent} from '../../../src/core/events.ts';
import type {Files} from '../../../src/system/files.ts';
import {makeMarker} from '../../../src/system/volume-marker.ts';
import {pluggedVolumes} from '../../helpers/plugged-volumes.ts';
import {DEFAULT_OPTIONS, diskOf, testFiles, testProgram} from '../../helpers/run-offload.ts';

export interface WatchRun {
  readonly plug: (folder: string, change?: Partial<Volume>) => void;
  readonly pull: (folder: string) => void;
  readonly events: readonly OffloadEvent[];
  /** Waits until the test of an event holds for so many of them. */
  readonly waitFor: (what: (event: OffloadEvent) => boolean, count?: number) => Promise<void>;
  /** Gives the signal. @returns how the watch ended. */
  readonly stop: () => Promise<RunEnd>;
}

interface Setting {
  readonly auto?: boolean;
  readonly offload?: Partial<WatchOptions['offload']>;
  readonly files?: Files;
  readonly onEvent?: (event: OffloadEvent) => void;
}

export function startWatching(t: ExecutionContext, setting: Setting = {}): WatchRun {
  const {describeVolume, watchVolumes, plug, pull} = pluggedVolumes();
  const stop = new AbortController();
  const events: OffloadEvent[] = [];
  const program = testProgram(
    {cards: [], to: [], program: {describeVolume, watchVolumes}},
    setting.files ?? testFiles,
  );
  const done = watch(
    program,
    {auto: setting.auto ?? true, offload: {...DEFAULT_OPTIONS, ...setting.offload}},
    {
      signal: stop.signal,
      emit(event) {
        events.push(event);
        setting.onEvent?.(event);
      },
    },
  );
  t.teardown(async () => {
    stop.abort();
    // Who stops the watch hears of its fault.
    await done.catch(() => {});
  });
  return {
    events,
    plug,
    pull,
    async waitFor(what, count = 1) {
      const end = performance.now() + 20_000;
      while (events.filter(what).length < count) {
        if (performance.now() > end) {
          const told = events.map(({type}) => type).join(', ');
          throw new Error(`waited in vain after: ${told}`);
        }
        await Promise.race([sleepFor(5), done]);
      }
    },
    stop() {
      stop.abort();
      return done;
    },
  };
}

/** Gives a folder the marker of a drive. */
export async function markDrive(
  folder: string,
  role: 'working' | 'backup' | 'off-site',
): Promise<void> {
  const id = {working: 1, backup: 2, 'off-site': 3}[role];
  await makeMarker(testFiles, folder, {
    id: `00000000-0000-4000-8000-00000000000${id}`,
    name: diskOf(folder).toUpperCase(),
    role,
    createdAt: '2026-11-20T12:00:00.000Z',
    fsUuid: null,
    sizeBytes: 64_000_000_000,
  });
}
