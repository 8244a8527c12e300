/** What is said of the status screen, of the jobs, and of a backup that runs. */
import {
  backupPerCent,
  describeBackupPhase,
  describeFinished,
  describeStep,
  describeStepTrouble,
} from '../backup-words.ts';
import {causeText} from '../cause-text.ts';
import type {ShootStatus} from '../events.ts';
import {formatTimeLeft} from '../format-amounts.ts';
import type {Now} from '../format-dates.ts';
import {describeJob, describeTarget} from '../job-words.ts';
import {describeOffsite, describeOldest} from '../offsite/offsite-words.ts';
import {printable} from '../printable.ts';
import {
  countReached,
  describeKept,
  describeLack,
  describeStatusDrive,
} from '../shoot-status-words.ts';
import type {BackupRun, TargetRun} from './backup-run.ts';
import type {BackupsView, DeletionsQuestion, StatusView} from './overlay.ts';
import type {SessionState} from './session-state.ts';

/** @returns the shoots as they come, then the count; each that is selected with its drives. */
export function describeStatusView(
  before: StatusView | null,
  after: StatusView,
  now: Now,
): readonly string[] {
  const told = after.shoots.slice(before?.shoots.length ?? 0);
  const warnings = after.warnings.slice(before?.warnings.length ?? 0);
  const sets = after.offsite.slice(before?.offsite.length ?? 0);
  const ends = after.complete && before?.complete !== true;
  const shoot = after.shoots[after.selected];
  const moved = before !== null && after.selected !== before.selected;
  return [
    ...told.map((one) => describeShoot(one, now)),
    ...sets.flatMap((one) => describeOffsite(one, now.ms).map(({words}) => words)),
    ...warnings.map(causeText),
    ...(ends && after.problem !== null ? [causeText(after.problem)] : []),
    ...(ends && after.problem === null
      ? [after.shoots.length === 0 ? 'no shoot is recorded yet' : countReached(after.shoots)]
      : []),
    ...(ends ? [describeOldest(after.shoots, now.ms) ?? []].flat() : []),
    ...(moved && shoot !== undefined
      ? [
          describeShoot(shoot, now),
          ...shoot.volumes.map((drive) => describeStatusDrive(drive, shoot.files, now).words),
        ]
      : []),
  ];
}

function describeShoot(shoot: ShootStatus, now: Now): string {
  const kept = describeKept(shoot, now)[0] ?? '';
  return `${printable(shoot.shoot)}: ${kept}. ${describeLack(shoot) ?? '3-2-1 reached.'}`;
}

/** @returns the jobs when they come or change in what is said of them, and what the selected one is. */
export function describeJobs(
  before: SessionState,
  after: SessionState,
  now: Now,
): readonly string[] {
  const view = after.overlay?.type === 'backups' ? after.overlay : null;
  if (view === null) return [];
  const known = before.overlay?.type === 'backups' ? before : null;
  const jobs = after.jobs ?? [];
  const news =
    known === null
      ? jobs
      : jobs.filter((job) => {
          const earlier = known.jobs?.find((one) => one.job === job.job);
          return earlier === undefined || JSON.stringify(earlier) !== JSON.stringify(job);
        });
  const selected = jobs[view.selected];
  const earlier = known?.overlay?.type === 'backups' ? known.overlay : null;
  const moved = earlier !== null && earlier.selected !== view.selected;
  return [
    ...news.flatMap((job) => [
      `${printable(job.job)}, ${printable(job.trigger)}: ${describeJob(job, now).words}`,
      ...job.targets.flatMap((target) => describeTarget(target, job, now).map(({words}) => words)),
    ]),
    ...(after.jobs !== null && jobs.length === 0 && known?.jobs !== after.jobs
      ? [after.jobsProblem === null ? 'there is no backup job' : causeText(after.jobsProblem)]
      : []),
    ...(moved && selected !== undefined ? [`selected: ${printable(selected.job)}`] : []),
    ...(view.told !== null && view.told !== earlier?.told ? [causeText(view.told)] : []),
  ];
}

/** @returns what is said of what stands in front of the jobs when it opens. */
export function describeFront({front}: BackupsView, {backup}: SessionState): readonly string[] {
  switch (front?.type) {
    case 'confirm-backup-stop':
      return ['stop the backup?'];
    case 'confirm-deletions':
      return [describeDeletions(front)];
    case 'backup-steps':
      return [
        'list of steps',
        ...(backup?.steps ?? []).map((step) => {
          const trouble = describeStepTrouble(step);
          const words = `${describeStep(step)} ${printable(step.path)}`;
          return trouble === null ? words : `${words}: ${trouble}`;
        }),
      ];
    case undefined:
      return [];
  }
}

function describeDeletions({job, targets}: DeletionsQuestion): string {
  const each = targets.map(
    ({name, held}) => `${held} ${held === 1 ? 'file' : 'files'} on ${printable(name)}`,
  );
  return `${printable(job)}: move ${each.join(', ')} to the archive?`;
}

/** Per cent between two lines of progress. */
const STEP = 10;

/** @returns the steps of a backup, each tenth of the way, what fails, and what came of it. */
export function describeBackup(
  before: BackupRun | null,
  after: BackupRun | null,
): readonly string[] {
  if (after === null || after === before) return [];
  const known = before?.startedMs === after.startedMs ? before : null;
  const name = `${after.preview ? 'preview' : 'backup'} of ${printable(after.job)}`;
  const steps = after.steps.slice(known?.steps.length ?? 0);
  return [
    ...(known === null ? [`${name} begins`] : []),
    ...after.targets.flatMap((target) =>
      describeTargetRun(
        target,
        known?.targets.find(({to}) => to === target.to),
      ),
    ),
    ...(after.preview
      ? []
      : steps.map(
          (step) =>
            `${describeStep(step)} ${printable(step.path)}: ${describeStepTrouble(step) ?? ''}`,
        )),
    ...after.causes.filter((cause) => known?.causes.includes(cause) !== true).map(causeText),
    ...(after.stopping && known?.stopping !== true ? [`${name} is being stopped`] : []),
    ...(after.endedMs !== null && (known?.endedMs ?? null) === null ? [`${name} is over`] : []),
  ];
}

function describeTargetRun(target: TargetRun, before: TargetRun | undefined): readonly string[] {
  if (target === before) return [];
  const name = printable(target.target);
  const {progress, finished, time} = target;
  const earlier = before?.progress ?? null;
  if (finished !== null && before?.finished !== finished) {
    const {headline, sentences} = describeFinished(finished);
    return [headline, ...sentences];
  }
  if (progress === null) return before === undefined ? [`to ${name}`] : [];
  if (progress.phase !== earlier?.phase) return [`${name}: ${describeBackupPhase(progress)}`];
  const tenth = Math.floor(backupPerCent(progress) / STEP);
  if (tenth <= Math.floor(backupPerCent(earlier) / STEP)) return [];
  return [`${name}: ${tenth * STEP} %, ${formatTimeLeft(time.shownMs)}`];
}
