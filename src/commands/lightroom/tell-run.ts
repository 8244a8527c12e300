/** How a run of snapshots is told. */
import type {Cause} from '../../core/cause.ts';
import type {LightroomFinished, LightroomSnapshot} from '../../core/events.ts';
import {isGood, type SnapshotResult} from '../../core/lightroom/history.ts';
import type {LightroomJob} from '../../core/lightroom/lightroom-job.ts';
import type {SnapshotTarget} from './find-targets.ts';
import type {SnapshotEnd} from './take-snapshot.ts';

/** @param newest when the newest snapshot on the drive was taken, as far as it is known. */
export function snapshotEvent({
  job,
  target,
  end,
  newest,
}: {
  readonly job: LightroomJob;
  readonly target: SnapshotTarget;
  readonly end: SnapshotEnd;
  readonly newest: string | null;
}): LightroomSnapshot {
  const {result, cause, to, record, shared, removed, kept} = end;
  const taken = result === 'taken' ? record : undefined;
  return {
    type: 'lightroom-snapshot',
    job: job.name,
    target: target.name,
    to,
    result,
    snapshot: record?.name ?? null,
    newest,
    files: taken?.files.length ?? 0,
    bytes: taken?.files.reduce((sum, {size}) => sum + size, 0) ?? 0,
    shared,
    data: taken?.data ?? null,
    pictures: taken?.catalog.rows.Adobe_images ?? null,
    version: taken?.catalog.version ?? null,
    cached: taken?.files.filter(({mediumRead}) => mediumRead === 'cached').length ?? 0,
    removed,
    kept,
    ...(cause === undefined ? {} : wordsOf(cause)),
  };
}

const wordsOf = ({code, message, next}: Cause) => ({code, message, next});

/** Drives that are away say nothing of the others. */
export function sumUp(results: readonly SnapshotResult[]): LightroomFinished['result'] {
  const there = results.filter((one) => one !== 'away');
  if (there.every(isGood)) return 'good';
  return there.every((one) => isGood(one) || one === 'deferred') ? 'deferred' : 'incomplete';
}

export function finishedOf(
  {name}: LightroomJob,
  results: readonly SnapshotResult[],
  {
    result,
    cause,
  }: {
    readonly result: LightroomFinished['result'];
    readonly cause: Cause | undefined;
  },
): LightroomFinished {
  const count = (which: SnapshotResult) => results.filter((one) => one === which).length;
  return {
    type: 'lightroom-finished',
    job: name,
    result,
    taken: count('taken'),
    unchanged: count('unchanged'),
    away: count('away'),
    ...(cause === undefined ? {} : wordsOf(cause)),
  };
}
