/** `--select` and `--lightroom`, as typed. */
import {basename, dirname} from 'node:path';
import type {BackupJob, CatalogPlace} from '../../../core/backup/backup-job.ts';
import type {JobsFile} from '../../../core/backup/jobs/jobs-file.ts';
import {causeFrom, errnoOf, failed, ok, type Refusal, type Result} from '../../../core/cause.ts';
import {parseUserPath} from '../../../core/drive-paths.ts';
import {isCatalogName} from '../../../core/lightroom/catalog-names.ts';
import {parseRule} from '../../../core/selection/parse-rule.ts';
import type {Program} from '../../program.ts';
import type {TypedJob} from '../job-words.ts';
import {placeOnVolume, type VolumePlace} from '../place-on-volume.ts';
import {catalogWithoutRule, noCatalog} from './selection-causes.ts';

export interface ReadSelection {
  readonly selection: BackupJob['selection'];
  /** Where the catalog lies that was typed, when its drive is known. */
  readonly place: VolumePlace | undefined;
}

interface Typed {
  readonly typed: Pick<TypedJob, 'select' | 'lightroom'>;
  /** What holds where nothing was typed. */
  readonly before: BackupJob['selection'];
  readonly jobs: JobsFile;
}

/** @returns the rule and its catalog; `bad-rule` with the place, or why the catalog cannot be one. */
export async function readSelection(
  program: Program,
  {typed: {select, lightroom}, before, jobs}: Typed,
): Promise<Result<ReadSelection, Refusal>> {
  const rule = select === false ? undefined : (select?.trim() ?? before?.rule);
  if (rule === undefined) {
    if (typeof lightroom === 'string') return failed(catalogWithoutRule);
    return ok({selection: null, place: undefined});
  }
  const parsed = parseRule(rule);
  if (!parsed.ok) return parsed;
  if (typeof lightroom === 'string') {
    const placed = await placeCatalog(program, lightroom, jobs);
    if (!placed.ok) return placed;
    return ok({selection: {rule, catalog: placed.value.catalog}, place: placed.value.place});
  }
  const catalog = lightroom === false ? null : (before?.catalog ?? null);
  return ok({selection: {rule, catalog}, place: undefined});
}

/** A catalog on a drive with a marker is found again on any letter. */
async function placeCatalog(
  program: Program,
  text: string,
  jobs: JobsFile,
): Promise<Result<{readonly catalog: CatalogPlace; readonly place: VolumePlace | undefined}>> {
  const {files, workingFolder, pathPlatform} = program;
  const parsed = parseUserPath({text, cwd: workingFolder, platform: pathPlatform});
  if (!parsed.ok) return parsed;
  const path = parsed.value;
  try {
    if ((await files.follow(path)).kind !== 'file') return failed(noCatalog(path, 'it is no file'));
    if (!isCatalogName(basename(path)))
      return failed(noCatalog(path, 'its name does not end in .lrcat'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return failed(noCatalog(path, 'it is not there'));
    return failed(causeFrom(error, 'looking at the catalog', path));
  }
  const placed = await placeOnVolume(program, {path: dirname(path), what: 'source', jobs});
  if (placed.ok) {
    const {volume, folder} = placed.value.place;
    const below = [folder, basename(path)].filter((part) => part !== '').join('/');
    return ok({catalog: {volume, path: below}, place: placed.value});
  }
  if (placed.cause.code !== 'volume-unmarked') return placed;
  return ok({catalog: {volume: null, path}, place: undefined});
}
