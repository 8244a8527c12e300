import type {BackupTarget} from '../../core/backup/backup-job.ts';
import {historyOf} from '../../core/backup/jobs/backup-history.ts';
import {describeTrigger} from '../../core/backup/jobs/typed-trigger.ts';
import type {OffsiteKnown} from '../../core/events.ts';
import {judgeRotation, type OffsiteJob} from '../../core/offsite/rotation.ts';
import type {SeenVolume} from '../../core/volumes/volume-memory.ts';
import {nameVolume} from '../backup/look-at-jobs.ts';
import {type Knowledge, viewOf} from '../backup/tell-jobs.ts';

/** @param seen what the catalog remembers of volumes. @returns a set as it is told: where each drive is, how old its copy is, and what to do next. */
export function tellSet(
  job: OffsiteJob,
  knowledge: Knowledge,
  seen: readonly SeenVolume[],
): OffsiteKnown {
  const {jobs, look} = knowledge;
  const {source, offsite, trigger, targets} = job;
  return {
    type: 'offsite-known',
    job: job.name,
    kind: 'drives',
    place: offsite.place,
    source: {
      volume: source.volume,
      name: nameVolume(jobs, look, source.volume),
      folder: source.folder,
      connected: look.present.has(source.volume),
    },
    trigger: describeTrigger(trigger),
    swapAfterDays: offsite.swapAfterDays,
    copies: targets.map((target) => tellCopy(job, target, {knowledge, seen})),
    ...judgeRotation(job, viewOf(knowledge)),
  };
}

function tellCopy(
  job: OffsiteJob,
  target: BackupTarget,
  {knowledge, seen}: {readonly knowledge: Knowledge; readonly seen: readonly SeenVolume[]},
): OffsiteKnown['copies'][number] {
  const {jobs, history, look} = knowledge;
  const {lastRun, lastGood} = historyOf(history, job, target);
  const here = look.connected.find(({id}) => id === target.volume);
  const before = seen.find(({id}) => id === target.volume);
  const connected = look.present.has(target.volume);
  const times = [before?.seenAt, lastRun?.endedAt].flatMap((time) => time ?? []);
  return {
    volume: target.volume,
    name: nameVolume(jobs, look, target.volume),
    folder: target.folder,
    place: here?.place ?? before?.place ?? null,
    connected,
    lastSeen: connected ? null : (times.sort().at(-1) ?? null),
    lastRun: lastRun?.startedAt ?? null,
    lastGood,
    lastResult: lastRun?.result ?? null,
    message: lastRun?.message ?? null,
    files: lastRun?.counts.files ?? null,
    bytes: lastRun?.counts.bytes ?? null,
  };
}
