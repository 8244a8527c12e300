/** `offload catalog rebuild PATH…`: reads the records of shoots, folders or whole drives, and those of backups, back into the catalog. What is there already stays. */
import type {Catalog} from '../../catalog/catalog.ts';
import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import type {ShootRecords} from '../../system/shoot-records.ts';
import type {Listening, RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {resolveFolder} from '../resolve-folder.ts';
import {rebuildMirrors} from './rebuild-mirrors.ts';
import {walkShoots} from './walk-shoots.ts';

interface Tally {
  manifests: number;
  problems: number;
  /** Files of each offload, by its id. */
  readonly files: Map<string, number>;
  /** Copies that backups recorded. */
  mirrored: number;
}

/** @returns exit code 0 when every record was good, 1 when one is damaged or not this program's, 2 when there is none or the catalog cannot be written. */
export async function rebuildCatalog(
  program: Program,
  paths: readonly string[],
  {emit, signal}: Listening,
): Promise<RunEnd> {
  const refuse = (cause: Cause): RunEnd => {
    emit({type: 'refused', ...cause});
    return {outcome: 'refused', exitCode: 2};
  };
  const folders = await resolveAll(program, paths);
  if (!folders.ok) return refuse(folders.cause);
  const opened = await program.openCatalog();
  if (!opened.ok) return refuse(opened.cause);
  const catalog = opened.value;
  if (catalog.notice !== null) emit({type: 'noticed', level: 'warning', ...catalog.notice});
  const tally: Tally = {manifests: 0, problems: 0, files: new Map(), mirrored: 0};
  const known = new Set<string>();
  for (const {real, path} of folders.value) {
    const before = tally.manifests + tally.problems;
    for await (const records of walkShoots(program, real)) {
      const recorded = await recordShoot(catalog, records, {tally, emit, signal});
      if (!recorded.ok) return refuse(recorded.cause);
      if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
    }
    const mirrors = await rebuildMirrors(program, {path: real, catalog, known}, {emit, signal});
    if (!mirrors.ok) return refuse(mirrors.cause);
    if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
    for (const problem of mirrors.value.problems)
      emit({type: 'noticed', level: 'warning', ...problem});
    tally.mirrored += mirrors.value.copies;
    tally.problems += mirrors.value.problems.length;
    if (tally.manifests + tally.problems + mirrors.value.targets === before)
      return refuse(noRecords(path));
  }
  emit({type: 'catalog-rebuilt', catalog: catalog.path, ...sumUp(tally)});
  return {outcome: 'complete', exitCode: tally.problems === 0 ? 0 : 1};
}

async function resolveAll(program: Program, paths: readonly string[]) {
  const folders: {readonly real: string; readonly path: string}[] = [];
  for (const text of paths) {
    const folder = await resolveFolder(program, text, 'path');
    if (!folder.ok) return folder;
    folders.push(folder.value);
  }
  return ok(folders);
}

async function recordShoot(
  catalog: Catalog,
  {manifests, problems}: ShootRecords,
  {tally, emit, signal}: {readonly tally: Tally; readonly emit: Emit; readonly signal: AbortSignal},
): Promise<Result<void>> {
  // A journal belongs to an offload that has no record yet.
  const damaged = problems.filter(({code}) => code !== 'journal-damaged');
  for (const problem of damaged) emit({type: 'noticed', level: 'warning', ...problem});
  tally.problems += damaged.length;
  for (const {manifest} of manifests) {
    if (signal.aborted) return ok(undefined);
    const recorded = await catalog.recordManifest(manifest);
    if (!recorded.ok) return failed(recorded.cause);
    tally.manifests += 1;
    if (recorded.value !== 'older' || !tally.files.has(manifest.offload)) {
      tally.files.set(manifest.offload, manifest.files.length);
    }
  }
  return ok(undefined);
}

const sumUp = ({manifests, problems, files, mirrored}: Tally) => ({
  manifests,
  offloads: files.size,
  files: [...files.values()].reduce((sum, count) => sum + count, 0),
  mirrored,
  problems,
});

const noRecords = (path: string): Cause => ({
  code: 'no-records',
  path,
  message: 'there is no record of an offload or a backup here',
  next: 'Name a shoot folder, a folder that holds shoots, or the root of a drive that offload has written.',
});
