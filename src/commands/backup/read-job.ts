/** What the typed words of a job mean, with the drives that they name. */
import type {BackupJob} from '../../core/backup/backup-job.ts';
import type {JobsFile} from '../../core/backup/jobs/jobs-file.ts';
import {ok, type Refusal, type Result} from '../../core/cause.ts';
import type {Program} from '../program.ts';
import {type JobRules, readRules, type TypedJob} from './job-words.ts';
import {placeOnVolume, type VolumePlace} from './place-on-volume.ts';
import {readSelection} from './selection/typed-selection.ts';

interface JobWords {
  readonly typed: TypedJob;
  /** What holds where nothing was typed. */
  readonly rules: JobRules;
  readonly selection: BackupJob['selection'];
  readonly jobs: JobsFile;
}

interface Places {
  readonly source: VolumePlace | undefined;
  readonly targets: readonly VolumePlace[];
}

interface ReadJob extends Places {
  readonly rules: JobRules;
  readonly selection: BackupJob['selection'];
  /** Every place that was typed. */
  readonly named: readonly VolumePlace[];
}

/** @returns what the words of a job mean, or the first of them that makes no sense. */
export async function readJob(
  program: Program,
  {typed, rules: before, selection, jobs}: JobWords,
): Promise<Result<ReadJob, Refusal>> {
  const rules = readRules(typed, before);
  if (!rules.ok) return rules;
  const chosen = await readSelection(program, {typed, before: selection, jobs});
  if (!chosen.ok) return chosen;
  const places = await readPlaces(program, jobs, typed);
  if (!places.ok) return places;
  const {source, targets} = places.value;
  const catalog = chosen.value.place;
  const named = [
    ...(source === undefined ? [] : [source]),
    ...targets,
    ...(catalog === undefined ? [] : [catalog]),
  ];
  return ok({rules: rules.value, selection: chosen.value.selection, source, targets, named});
}

async function readPlaces(
  program: Program,
  jobs: JobsFile,
  {from, to}: TypedJob,
): Promise<Result<Places>> {
  let source: VolumePlace | undefined;
  if (from !== undefined) {
    const found = await placeOnVolume(program, {path: from, what: 'source', jobs});
    if (!found.ok) return found;
    source = found.value;
  }
  const targets: VolumePlace[] = [];
  for (const path of to) {
    const found = await placeOnVolume(program, {path, what: 'target', jobs});
    if (!found.ok) return found;
    targets.push(found.value);
  }
  return ok({source, targets});
}
