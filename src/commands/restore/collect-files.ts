import {dirname, join} from 'node:path';
import {staysInside} from '../../../verify/stays-inside.ts';
import type {Among} from '../../catalog/list-copies.ts';
import {errnoOf} from '../../core/cause.ts';
import {isInside} from '../../core/drive-paths.ts';
import type {Emit} from '../../core/events.ts';
import {knownFilesOf} from '../../core/restore/known-file.ts';
import type {Question} from '../../core/restore/question.ts';
import {WantedFiles} from '../../core/restore/wanted-files.ts';
import type {ShootRecords} from '../../system/shoot-records.ts';
import {walkShoots} from '../catalog/walk-shoots.ts';
import type {Program} from '../program.ts';
import type {Source} from './find-sources.ts';

/** Where a copy lies on a connected drive, as a record says; no proof. */
export interface FoundPlace {
  readonly source: Source;
  /** Absolute. */
  readonly path: string;
}

export interface Collected {
  readonly wanted: WantedFiles<FoundPlace>;
  /** Shoot folders with records, absolute. */
  readonly shoots: readonly string[];
}

export interface Collecting {
  readonly program: Program;
  readonly sources: readonly Source[];
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Reads the records of the sources and the catalog. One shoot after the other: the records of a whole drive do not fit into memory at once. */
export async function collectFiles({
  questions,
  ...collecting
}: Collecting & {readonly questions: readonly Question[]}): Promise<Collected> {
  const wanted = new WantedFiles<FoundPlace>(questions);
  return {wanted, shoots: await collectInto(wanted, collecting)};
}

/** What hears of files with the drives and places of their copies, and says which it wants to hear of. */
export type Collector = Pick<WantedFiles<FoundPlace>, 'wants' | 'add'>;

/** @returns shoot folders with records, absolute. */
export async function collectInto(
  wanted: Collector,
  collecting: Collecting,
): Promise<readonly string[]> {
  const {program, sources, emit, signal} = collecting;
  const shoots = new Set<string>();
  for (const source of sources) {
    for await (const records of walkShoots(program, source.folder.real)) {
      if (signal.aborted) return [...shoots];
      tellProblems(records, emit);
      for (const shoot of await collectRecords(program, wanted, {source, records}))
        shoots.add(shoot);
    }
  }
  await addFromCatalog(collecting, wanted);
  return [...shoots];
}

/** A journal belongs to an offload that has no record yet. */
export function tellProblems({problems}: Pick<ShootRecords, 'problems'>, emit: Emit): void {
  for (const problem of problems) {
    if (problem.code !== 'journal-damaged') emit({type: 'noticed', level: 'warning', ...problem});
  }
}

/** Takes what the records of a shoot on a source tell. @returns the shoot folder, absolute, when it has any. */
export async function collectRecords(
  program: Program,
  wanted: Collector,
  {
    source,
    records: {manifests},
  }: {readonly source: Source; readonly records: Pick<ShootRecords, 'manifests'>},
): Promise<readonly string[]> {
  const shoots: string[] = [];
  for (const {path, manifest} of manifests) {
    const shoot = dirname(dirname(path));
    if (!(await liesOn(program, shoot, source))) continue;
    shoots.push(shoot);
    for (const {file, drives, here} of knownFilesOf(manifest)) {
      if (!wanted.wants(file)) continue;
      const paths = here.map((target) => join(shoot, target));
      wanted.add(file, drives, await keepInside(program, {source, inside: shoot, paths}));
    }
  }
  return shoots;
}

/** Another drive may be mounted below a source: what lies there is not on it. */
async function liesOn({files}: Program, shoot: string, {folder}: Source): Promise<boolean> {
  try {
    return (await files.follow(shoot)).device === folder.device;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

async function keepInside(
  {files}: Program,
  {
    source,
    inside,
    paths,
  }: {readonly source: Source; readonly inside: string; readonly paths: readonly string[]},
): Promise<readonly FoundPlace[]> {
  const places: FoundPlace[] = [];
  for (const path of paths) {
    if (await staysInside(files, inside, path)) places.push({source, path});
  }
  return places;
}

/** Drives that are away are known from the catalog alone, and so are copies whose records went. Without it a restore goes on with what the records tell. @param among what an index finds. */
export async function addFromCatalog(
  {program, sources, emit}: Pick<Collecting, 'program' | 'sources' | 'emit'>,
  wanted: Collector,
  among?: Among,
): Promise<void> {
  const {timeZone, pathPlatform: platform} = program;
  const catalog = await program.openCatalog();
  const listed = catalog.ok
    ? await catalog.value.listCopies({
        timeZone,
        wants: (file) => wanted.wants(file),
        ...(among === undefined ? {} : {among}),
      })
    : catalog;
  if (!listed.ok) {
    emit({type: 'noticed', level: 'warning', ...listed.cause});
    return;
  }
  for (const {file, drive, place} of listed.value) {
    const source = sources.find(
      ({folder, volume}) =>
        volume === drive.volume &&
        isInside({parent: folder.real, child: place, platform}) === 'inside',
    );
    const places =
      source === undefined
        ? []
        : await keepInside(program, {source, inside: source.folder.real, paths: [place]});
    wanted.add(file, [drive], places);
  }
}
