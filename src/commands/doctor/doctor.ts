/** `offload doctor`: looks at all that this program stands on. Writes nothing. */

import {type Finding, good, look} from '../../core/doctor/finding.ts';
import {judgeClock} from '../../core/doctor/judge-clock.ts';
import {judgeExiftool, judgeHashing, judgeNode} from '../../core/doctor/judge-tools.ts';
import type {Emit} from '../../core/events.ts';
import {findExiftool} from '../../system/exiftool.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {examineCatalogFile} from './examine-catalog-file.ts';
import {examineDrives} from './examine-drives.ts';
import {examineFolders} from './examine-folders.ts';
import {examineJobs} from './examine-jobs.ts';
import {examineRclone} from './examine-rclone.ts';
import {examineSchedule} from './examine-schedule.ts';
import {LATE_MS, withinTime} from './within-time.ts';

/** What was looked at, and what of it tells a time. */
export interface Examined {
  readonly findings: readonly Finding[];
  /** The newest moment that was noted anywhere, ms since 1970; null when none was. */
  readonly newestMs: number | null;
}

export interface DoctorOptions {
  /** ms after which something that does not answer is told as such. */
  readonly lateMs?: number;
}

/** Emits one `doctor-finding` for each thing, in an order that stays. @returns exit code 1 when something is bad. */
export async function runDoctor(
  program: Program,
  emit: Emit,
  {lateMs = LATE_MS}: DoctorOptions = {},
): Promise<RunEnd> {
  const {clock} = program;
  const before = {wall: clock.now().getTime(), steady: clock.monotonic()};
  const within = (area: string, work: Promise<Examined>) =>
    withinTime(work, lateMs, (): Examined => ({findings: [late(area)], newestMs: null}));
  const [tools, folders, catalog, drives, jobs, rclone, schedule] = await Promise.all([
    within('exiftool', examineTools(program)),
    within('folders', examineFolders(program)),
    within('catalog', examineCatalogFile(program)),
    within('drives', examineDrives(program)),
    within('jobs', examineJobs(program)),
    within('rclone', examineRclone(program)),
    within('schedule', examineSchedule(program)),
  ]);
  const nowMs = clock.now().getTime();
  const jumpMs = nowMs - before.wall - (clock.monotonic() - before.steady);
  const newest = [catalog, drives, jobs].flatMap(({newestMs}) => newestMs ?? []);
  const newestMs = newest.length === 0 ? null : Math.max(...newest);
  const findings = [
    good({area: 'offload'}, `offload ${program.version}`),
    ...tools.findings,
    ...rclone.findings,
    ...folders.findings,
    judgeClock({nowMs, newestMs, jumpMs}),
    ...catalog.findings,
    ...drives.findings,
    ...jobs.findings,
    ...schedule.findings,
  ];
  for (const finding of findings) emit({type: 'doctor-finding', ...finding});
  const isGood = findings.every(({state}) => state !== 'bad');
  return {outcome: 'complete', exitCode: isGood ? 0 : 1};
}

const late = (area: string): Finding =>
  look(
    {area},
    'it did not answer in time',
    'A drive may be sick or asleep, or the computer busy: run offload doctor again.',
  );

/** Each is asked for its version by starting it. */
async function examineTools({run, launch, hashEngine}: Program): Promise<Examined> {
  const [exiftool, ...options] = await findExiftool();
  const [node, picture] = await Promise.all([
    run(launch.command[0] ?? 'node', ['--version']),
    run(exiftool ?? 'exiftool', [...options, '-ver']),
  ]);
  const findings = [judgeNode(node), judgeHashing(hashEngine.name), judgeExiftool(picture)];
  return {findings, newestMs: null};
}
