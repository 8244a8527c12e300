/** `backup watch` on the drives of a trial, as they are plugged in and pulled out. */
import {setTimeout as sleepFor} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import type {AlsoDue} from '../../../src/commands/backup/run-jobs.ts';
import {type WatchPace, watchJobs} from '../../../src/commands/backup/watch-jobs.ts';
import type {RunEnd} from '../../../src/commands/offload.ts';
import {ok} from '../../../src/core/cause.ts';
import type {OffloadEvent} from '../../../src/core/events.ts';
import {watchOften} from '../../helpers/plugged-volumes.ts';
import {diskVolume} from '../../helpers/run-offload.ts';
import {type BackupTrial, fakeMirror, programOf} from './backup-trial.ts';

interface Setting {
  readonly alsoDue?: readonly AlsoDue[];
  readonly pace?: Partial<WatchPace>;
}

/** Starts a watch that ticks every few milliseconds; it ends with the test. */
export function startWatching(
  t: ExecutionContext,
  trial: BackupTrial,
  {pace, ...also}: Setting = {},
) {
  const mirror = fakeMirror();
  const stop = new AbortController();
  const events: OffloadEvent[] = [];
  let mounts = 0;
  const marks = new Map<string, string>();
  const program = programOf(trial, {
    watchVolumes: (listening) =>
      watchOften(listening, {
        everyMs: 3,
        async readSignature() {
          for (const drive of trial.plugged.keys())
            if (!marks.has(drive)) marks.set(drive, `mount ${mounts++}`);
          for (const drive of marks.keys()) if (!trial.plugged.has(drive)) marks.delete(drive);
          return ok(new Map(marks));
        },
        listVolumes: async () => [...trial.plugged.keys()].map((root) => diskVolume(root, root)),
      }),
  });
  const done: Promise<RunEnd> = watchJobs(program, {
    emit: (event) => events.push(event),
    signal: stop.signal,
    runTarget: mirror.runTarget,
    ...also,
    pace: {napMs: 1, napsToTick: 4, ...pace},
  });
  t.teardown(async () => {
    stop.abort();
    await done.catch(() => {});
  });
  return {
    mirror,
    events,
    codes: () => events.flatMap((event) => ('code' in event ? [event.code] : [])),
    /** What the notices of a code say. */
    told: (code: string) =>
      events.flatMap((event) =>
        event.type === 'noticed' && event.code === code ? [`${event.message}. ${event.next}`] : [],
      ),
    async waitFor(what: () => boolean) {
      const end = performance.now() + 20_000;
      while (!what()) {
        if (performance.now() > end) throw new Error(`waited in vain: ${mirror.runs.join('; ')}`);
        await Promise.race([sleepFor(3), done]);
      }
    },
    /** Long enough for many ticks. */
    settle: () => sleepFor(150),
    stop() {
      stop.abort();
      return done;
    },
  };
}
