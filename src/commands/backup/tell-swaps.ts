/** What is said of sets of off-site drives besides: when to swap them, and what to carry where after a run. */
import type {BackupJob, BackupTarget} from '../../core/backup/backup-job.ts';
import {historyOf, noteTargetAway} from '../../core/backup/jobs/backup-history.ts';
import {quoteName} from '../../core/backup/jobs/job-faults.ts';
import type {Cause} from '../../core/cause.ts';
import {isSet, judgeRotation, type OffsiteJob} from '../../core/offsite/rotation.ts';
import {joinWithAnd} from '../../core/words.ts';
import type {BackupDesk} from './backup-desk.ts';
import type {Look} from './look-at-jobs.ts';
import {type Knowledge, viewOf} from './tell-jobs.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** That a drive is still away is noted twice a day at the most: who looks every few minutes writes no file each time. */
const NOTE_AGAIN_MS = DAY_MS / 2;

/** One for each set whose swap is due. */
export function listSwaps(
  knowledge: Knowledge,
  about: readonly BackupJob[] = knowledge.jobs.jobs,
): readonly {readonly key: string; readonly cause: Cause}[] {
  return about.filter(isSet).flatMap((job) => {
    const {swap, next} = judgeRotation(job, viewOf(knowledge));
    if (!swap || next === null) return [];
    return [{key: `swap ${job.id} ${next}`, cause: swapCause(job, next)}];
  });
}

const swapCause = ({name}: OffsiteJob, next: string): Cause => ({
  code: 'offsite-swap',
  message: `SWAP the drives of ${name}`,
  next,
});

/** @returns what to do with drives that were brought in step just now; undefined where there are none, for what is no set, and where the swap itself is told. */
export function tellInStep(
  job: BackupJob,
  targets: readonly BackupTarget[],
  knowledge: Knowledge,
): Cause | undefined {
  // Of a job that is run with one target at a time the others count as well.
  const set = knowledge.jobs.jobs.find(({id}) => id === job.id);
  if (set === undefined || !isSet(set) || targets.length === 0) return undefined;
  const view = viewOf(knowledge);
  const {swap, next} = judgeRotation(set, view);
  if (swap) return undefined;
  const names = joinWithAnd(targets.map(({volume}) => view.nameOf(volume)));
  const when = `Swap the drives of ${set.name} every ${set.offsite.swapAfterDays} days: offload offsite status ${quoteName(set.name)} says when.`;
  return {
    code: 'offsite-in-step',
    message: `${names} ${targets.length === 1 ? 'is' : 'are'} up to date`,
    next: next ?? when,
  };
}

/** Remembers which drives of sets were looked for and are away: that all of them are here is told only when none was. */
export async function noteSetsAway(desk: BackupDesk, look: Look): Promise<void> {
  const {nowMs} = desk.moment();
  const gone = desk.jobs.jobs.filter(isSet).flatMap((job) =>
    job.targets.flatMap((target) => {
      if (look.connected.some(({id}) => id === target.volume)) return [];
      const before = Date.parse(historyOf(desk.history, job, target).targetAway ?? '');
      const isNoted = before <= nowMs && nowMs - before < NOTE_AGAIN_MS;
      return isNoted ? [] : [{job, target}];
    }),
  );
  if (gone.length === 0) return;
  const at = new Date(nowMs).toISOString();
  await desk.note((history) =>
    gone.reduce((noted, about) => noteTargetAway(noted, about, at), history),
  );
}
