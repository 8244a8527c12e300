import {MADE_BY} from '../../core/backup/jobs/install/launch.ts';
import {startPlan} from '../../core/backup/jobs/install/start-plan.ts';
import {BACKUP_JOBS} from '../../core/backup/jobs/jobs-file.ts';
import {BY_HAND, describeTrigger} from '../../core/backup/jobs/typed-trigger.ts';
import {judgeSchedule, type ScheduleFacts} from '../../core/doctor/judge-schedule.ts';
import {readJobs} from '../../system/own-jobs.ts';
import {readStartText} from '../../system/start-files.ts';
import {lightroomAges} from '../lightroom/index.ts';
import {describeClouds} from '../offsite/cloud/index.ts';
import type {Program} from '../program.ts';
import type {Examined} from './doctor.ts';

/** Whether the system was told to start jobs: by the files that `backup install` makes. Whether the system heard is not asked. */
export async function examineSchedule(program: Program): Promise<Examined> {
  const [jobs, installed] = await Promise.all([countJobs(program), findInstalled(program)]);
  return {findings: [judgeSchedule({jobs, installed})], newestMs: null};
}

/** Those that time or an arrival starts. */
async function countJobs(program: Program): Promise<number> {
  const {files, configFolder} = program;
  if (!configFolder.ok) return 0;
  const [jobs, clouds, snapshots] = await Promise.all([
    readJobs(files, configFolder.value, BACKUP_JOBS),
    describeClouds(program),
    lightroomAges(program),
  ]);
  const triggers = [
    ...(jobs.ok ? jobs.value.jobs.map(({trigger}) => describeTrigger(trigger)) : []),
    ...(clouds.ok ? clouds.value.map(({trigger}) => trigger) : []),
  ];
  // Snapshots of a catalog are always taken by time.
  const catalogs = new Set(snapshots.ok ? snapshots.value.map(({job}) => job) : []);
  return triggers.filter((trigger) => trigger !== BY_HAND).length + catalogs.size;
}

async function findInstalled({
  files,
  launch,
  dataFolder,
}: Program): Promise<ScheduleFacts['installed']> {
  if (!dataFolder.ok) return 'none';
  const plan = startPlan(launch, dataFolder.value);
  if (!plan.ok) return 'unknown';
  let isOlder = false;
  let found = 0;
  for (const file of plan.value.files) {
    const text = await readStartText(files, file);
    if (!text.ok) return 'unknown';
    if (text.value === null) continue;
    if (!text.value.includes(MADE_BY)) return 'foreign';
    found += 1;
    // Windows begins it with a mark that tells the order of the bytes.
    isOlder ||= text.value.replace(/^\uFEFF/, '') !== file.text;
  }
  if (found === 0) return 'none';
  return isOlder || found < plan.value.files.length ? 'older' : 'own';
}
