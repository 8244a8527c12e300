/** `offload report PATH…`: makes reports later, from the manifests and the proved copies that lie there. */
import {basename, dirname, join} from 'node:path';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import {splitName} from '../../core/split-name.ts';
import type {FoundManifest} from '../../system/shoot-records.ts';
import {findRecordedShoots, type RecordedShoot} from '../find-records.ts';
import type {Listening, RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {resolveFolder} from '../resolve-folder.ts';
import {makeReport} from './make-report.ts';
import {tellFailure, tellReport, tellStart} from './report-words.ts';

export interface ReportOptions {
  /** Shoots, manifests, folders that hold shoots. */
  readonly paths: readonly string[];
  /** Where the reports are to lie; beside their manifests when it is left out. */
  readonly out: string | undefined;
}

const CANCELLED: RunEnd = {outcome: 'cancelled', exitCode: 130};

/** @returns exit code 0 when every record that was found has a report now, 1 when one has not, 2 when there is nothing to report on. */
export async function report(
  program: Program,
  {paths, out}: ReportOptions,
  listening: Listening,
): Promise<RunEnd> {
  const {emit, signal} = listening;
  const refuse = (cause: Cause): RunEnd => {
    emit({type: 'refused', ...cause});
    return {outcome: 'refused', exitCode: 2};
  };
  const folder = await resolveOut(program, out);
  if (!folder.ok) return refuse(folder.cause);
  const shoots: RecordedShoot[] = [];
  for (const path of paths) {
    const found = await findShoots(program, path);
    if (!found.ok) return refuse(found.cause);
    shoots.push(...found.value);
  }
  let isWhole = true;
  for (const {shoot, manifests, problems} of shoots) {
    for (const problem of problems) emit({type: 'noticed', level: 'warning', ...problem});
    isWhole &&= problems.length === 0;
    for (const found of manifests) {
      if (signal.aborted) return CANCELLED;
      const isMade = await reportOne(program, {found, shoot, out: folder.value}, listening);
      isWhole &&= isMade;
    }
  }
  if (signal.aborted) return CANCELLED;
  return {outcome: 'complete', exitCode: isWhole ? 0 : 1};
}

async function resolveOut(
  program: Program,
  out: string | undefined,
): Promise<Result<string | undefined>> {
  if (out === undefined) return ok(undefined);
  const folder = await resolveFolder(program, out, 'report');
  if (folder.ok) return ok(folder.value.real);
  const {code, path = out} = folder.cause;
  switch (code) {
    case 'report-missing':
      return failed({
        code: 'out-missing',
        path,
        message: 'the folder for the report is not there',
        next: 'Make that folder first, or give --out a folder that exists.',
      });
    case 'report-not-a-folder':
      return failed({
        code: 'out-not-a-folder',
        path,
        message: 'the place for the report is not a folder',
        next: 'Give --out a folder: the report gets its name from the record.',
      });
    default:
      return folder;
  }
}

/** @param path a folder, or one manifest. */
async function findShoots(
  program: Program,
  path: string,
): Promise<Result<readonly RecordedShoot[]>> {
  const isRecord = basename(path).endsWith('.json');
  const folder = await resolveFolder(program, isRecord ? dirname(path) : path, 'path');
  if (!folder.ok) return folder;
  const {real} = folder.value;
  const shoots = await findRecordedShoots(program, real);
  const wanted = isRecord ? shoots.map((shoot) => onlyRecord(shoot, basename(path))) : shoots;
  const isEmpty = wanted.every(({manifests, problems}) => manifests.length + problems.length === 0);
  return isEmpty ? failed(noRecords(path)) : ok(wanted);
}

function onlyRecord({manifests, problems, ...shoot}: RecordedShoot, name: string): RecordedShoot {
  const isIt = (path: string | undefined) => path !== undefined && basename(path) === name;
  return {
    ...shoot,
    manifests: manifests.filter(({path}) => isIt(path)),
    problems: problems.filter(({path}) => isIt(path)),
  };
}

interface OneReport {
  readonly found: FoundManifest;
  /** Without links. */
  readonly shoot: string;
  readonly out: string | undefined;
}

async function reportOne(
  program: Program,
  {found: {path, manifest}, shoot, out}: OneReport,
  {emit, signal}: Listening,
): Promise<boolean> {
  const {files} = program;
  const folder = out ?? dirname(path);
  const stem = splitName(basename(path)).stem;
  const fail = tellFailure(emit);
  tellStart(emit, manifest);
  let letGo: () => Promise<void>;
  try {
    letGo = await files.hold(folder);
  } catch (error) {
    fail(causeFrom(error, 'opening the folder for the report', folder));
    return false;
  }
  try {
    const pages = await makeReport(program, {
      manifest,
      // Other places that the record names may be anybody's by now.
      shoots: new Map([[manifest.writtenTo, shoot]]),
      bases: [join(folder, stem)],
      publish: (temporary, place) =>
        out === undefined
          ? replaceOwn(program, temporary, place)
          : publishBeside(program, temporary, place),
      signal,
      onFailed: (cause) =>
        fail({...cause, next: out === undefined ? `${cause.next} ${ELSEWHERE}` : cause.next}),
    });
    tellReport(emit, pages, signal);
    return pages.length > 0;
  } finally {
    await letGo();
  }
}

const ELSEWHERE = 'Or name another folder with --out.';

/** Beside its manifest a report of that name is the program's own. */
async function replaceOwn({files}: Program, temporary: string, path: string): Promise<string> {
  await files.replace(temporary, path);
  return path;
}

/** In a folder of the user nothing is replaced: the next free name is taken. */
async function publishBeside({files}: Program, temporary: string, path: string): Promise<string> {
  const {stem, ext} = splitName(basename(path));
  for (let number = 1; ; number++) {
    const place = join(dirname(path), `${stem}${number === 1 ? '' : `-${number}`}${ext}`);
    try {
      await files.publish(temporary, place);
      return place;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
}

const noRecords = (path: string): Cause => ({
  code: 'no-records',
  path,
  message: 'there is no record of an offload here, so there is nothing to report on',
  next: 'Name a shoot folder, a manifest in its _offload folder, or the root of a drive that offload has written.',
});
