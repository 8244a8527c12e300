/** `offload backup preview NAME --explain PATH`: why pictures are in or out. Writes nothing. */
import {relative, sep} from 'node:path';
import {matchGlobs} from '../../../backup/glob-matcher.ts';
import {type Explaining, explainPicture} from '../../../backup/selection/explain-picture.ts';
import type {BackupJob} from '../../../core/backup/backup-job.ts';
import type {TreePath} from '../../../core/backup/mirror-tree.ts';
import {errnoOf, failed, ok, type Refusal, type Result} from '../../../core/cause.ts';
import {isInside, parseUserPath} from '../../../core/drive-paths.ts';
import type {Emit} from '../../../core/events.ts';
import {parseRule} from '../../../core/selection/parse-rule.ts';
import type {Files} from '../../../system/files.ts';
import type {RunEnd} from '../../offload.ts';
import type {Program} from '../../program.ts';
import {refuse} from '../../refuse.ts';
import {doubtCause} from '../../volumes/volume-causes.ts';
import {awayCause} from '../backup-causes.ts';
import {type BackupDesk, openDesk} from '../backup-desk.ts';
import {nameVolume} from '../look-at-jobs.ts';
import {describeSource, findCatalog, resolveSource} from './find-source.ts';
import {explainsOne, noRule, notInSource} from './selection-causes.ts';

export interface ExplainQuestion {
  /** Of jobs: exactly one. */
  readonly names: readonly string[];
  /** Whole, from the working folder, or from the source folder on. */
  readonly paths: readonly string[];
}

/** @returns exit code 0 when all are explained, 2 when one cannot be: the ones before it are told. */
export async function explainPictures(
  program: Program,
  {names, paths}: ExplainQuestion,
  emit: Emit,
): Promise<RunEnd> {
  if (names.length !== 1) return refuse(emit, explainsOne);
  const desk = await openDesk(program, emit);
  if (!desk.ok) return refuse(emit, desk.cause);
  const chosen = desk.value.choose(names);
  if (!chosen.ok) return refuse(emit, chosen.cause);
  const [job] = chosen.value;
  if (job === undefined) throw new Error('a name without its job');
  if (job.selection === null) return refuse(emit, noRule(job.name));
  const prepared = await prepare(program, desk.value, job);
  if (!prepared.ok) return refuse(emit, prepared.cause);
  for (const text of paths) {
    const path = await placeBelow(program, text, prepared.value.source);
    if (!path.ok) return refuse(emit, path.cause);
    const explained = await explainPicture(prepared.value, path.value);
    if (!explained.ok) return refuse(emit, explained.cause);
    const about = {job: job.name, rule: job.selection.rule};
    emit({type: 'picture-explained', ...about, ...explained.value});
  }
  return {outcome: 'complete', exitCode: 0};
}

async function prepare(
  program: Program,
  desk: BackupDesk,
  {source, leaveOut, selection}: BackupJob,
): Promise<Result<Explaining, Refusal>> {
  const look = await desk.look();
  const volume = look.connected.find(({id}) => id === source.volume);
  if (volume === undefined)
    return failed(awayCause('source', nameVolume(desk.jobs, look, source.volume), null));
  const doubt = doubtCause(volume, look.connected);
  if (doubt !== undefined) return failed(doubt);
  const filter = matchGlobs(leaveOut);
  if (!filter.ok) return filter;
  const rule = parseRule(selection?.rule ?? '');
  if (!rule.ok) return rule;
  const catalog = selection?.catalog ? findCatalog(selection.catalog, look.connected) : ok(null);
  if (!catalog.ok) return catalog;
  const folder = await resolveSource(program, volume, source);
  if (!folder.ok) return folder;
  return ok({
    files: program.files,
    source: folder.value,
    leaveOut: filter.value,
    rule: rule.value,
    catalog: catalog.value,
    place: describeSource(program, volume, folder.value),
    nowMs: program.clock.now().getTime(),
  });
}

/** A whole path, or one from the working folder that lies in the source; anything else is taken from the source folder on. */
async function placeBelow(
  {files, workingFolder, pathPlatform: platform}: Program,
  text: string,
  source: string,
): Promise<Result<TreePath>> {
  const parsed = parseUserPath({text, cwd: workingFolder, platform});
  if (!parsed.ok) return parsed;
  const whole = await resolveIfThere(files, parsed.value);
  if (isInside({parent: source, child: whole, platform}) === 'inside')
    return ok(relative(source, whole).split(sep).join('/'));
  const below = parseUserPath({text, cwd: source, platform});
  if (!below.ok) return below;
  if (isInside({parent: source, child: below.value, platform}) !== 'inside')
    return failed(notInSource(whole, source));
  return ok(relative(source, below.value).split(sep).join('/'));
}

async function resolveIfThere(files: Files, path: string): Promise<string> {
  try {
    return await files.resolve(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return path;
  }
}
