/** `offload offsite run|verify`: names of sets and of clouds go to those who know them. */
import {join} from 'node:path';
import {foldJobName} from '../../core/backup/jobs/job-faults.ts';
import {failed, ok, type Result} from '../../core/cause.ts';
import type {PartChoice} from '../../core/verify/slices.ts';
import {openDesk} from '../backup/backup-desk.ts';
import {runJobs} from '../backup/index.ts';
import type {JobsRun, RunTarget} from '../backup/run-jobs.ts';
import {joinEnds} from '../join-ends.ts';
import type {Listening, RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {verify} from '../verify.ts';
import {chooseSets} from './change-sets.ts';
import {describeClouds, runCloud, verifyCloud} from './cloud/index.ts';
import {noOffsite, setIsAway, unknownOffsite} from './offsite-causes.ts';

interface Chosen {
  readonly sets: readonly string[];
  readonly clouds: readonly string[];
}

/** @returns 0 when all is in step or nothing was due, 1 when something is not, 2 when nothing was begun, 130 when it was stopped. */
export async function runOffsite(
  program: Program,
  run: JobsRun,
  listening: Listening & {readonly runTarget: RunTarget},
): Promise<RunEnd> {
  const {emit, signal} = listening;
  const chosen = await chooseOffsite(program, run.names, listening);
  if (!chosen.ok) return refuse(emit, chosen.cause);
  const {sets, clouds} = chosen.value;
  if (sets.length + clouds.length === 0) {
    emit({type: 'noticed', level: 'info', ...noOffsite});
    return {outcome: 'complete', exitCode: 0};
  }
  const ends: RunEnd[] = [];
  const {due, preview, acceptDeletions, acceptChanges} = run;
  if (sets.length > 0) {
    const names = run.names.length === 0 ? [] : sets;
    const options = {names, setsOnly: true, due, preview, acceptDeletions, acceptChanges};
    ends.push(await runJobs(program, options, listening));
  }
  if (clouds.length > 0 && !signal.aborted) {
    const options = {names: clouds, due, preview, acceptChanges};
    ends.push(await runCloud(program, options, listening));
  }
  return joinEnds(ends);
}

export interface OffsiteVerify {
  /** Empty for all. */
  readonly names: readonly string[];
  /** Of drives: a slice; undefined for all of it. */
  readonly part: PartChoice | undefined;
  readonly heal: boolean;
  /** Of clouds: what the remote has no hash of is downloaded and compared. */
  readonly download: boolean;
}

/** Reads the copies on the connected drives of sets again, and asks clouds for their hashes. @returns 0 when all is as it was proved, 1 when something is not, 2 when nothing could be compared, 130 when it was stopped. */
export async function verifyOffsite(
  program: Program,
  {names, part, heal, download}: OffsiteVerify,
  listening: Listening,
): Promise<RunEnd> {
  const {emit, signal} = listening;
  const chosen = await chooseOffsite(program, names, listening);
  if (!chosen.ok) return refuse(emit, chosen.cause);
  const {sets, clouds} = chosen.value;
  const ends: RunEnd[] = [];
  for (const name of sets) {
    const folders = await findFolders(program, name, listening);
    if (!folders.ok) return refuse(emit, folders.cause);
    if (folders.value.length === 0) {
      emit({type: 'noticed', level: 'warning', ...setIsAway(name)});
      ends.push({outcome: 'complete', exitCode: names.length === 0 ? 0 : 1});
      continue;
    }
    ends.push(await verify(program, {paths: folders.value, part, heal}, listening));
    if (signal.aborted) return joinEnds(ends);
  }
  if (clouds.length > 0)
    ends.push(await verifyCloud(program, {names: clouds, download}, listening));
  if (sets.length + clouds.length === 0) emit({type: 'noticed', level: 'info', ...noOffsite});
  return joinEnds(ends);
}

/** @param names empty for all. @returns which of them are sets and which are clouds; `job-unknown` for one that is neither. */
export async function chooseOffsite(
  program: Program,
  names: readonly string[],
  {emit}: Pick<Listening, 'emit'>,
): Promise<Result<Chosen>> {
  const desk = await openDesk(program, emit);
  if (!desk.ok) return desk;
  const listed = await describeClouds(program);
  if (!listed.ok) return listed;
  const all = chooseSets(desk.value, []);
  if (!all.ok) return all;
  const sets = all.value.map(({name}) => name);
  const clouds = listed.value.map(({job}) => job);
  const find = (among: readonly string[], name: string) =>
    among.find((one) => foldJobName(one) === foldJobName(name));
  const unknown = names.find(
    (name) => find(sets, name) === undefined && find(clouds, name) === undefined,
  );
  if (unknown !== undefined) return failed(unknownOffsite(unknown, [...sets, ...clouds]));
  if (names.length === 0) return ok({sets, clouds});
  return ok({
    sets: names.flatMap((name) => find(sets, name) ?? []),
    clouds: names.flatMap((name) => find(clouds, name) ?? []),
  });
}

/** The target folders of a set on the drives that are connected and are what their markers say. */
async function findFolders(
  program: Program,
  name: string,
  {emit}: Pick<Listening, 'emit'>,
): Promise<Result<readonly string[]>> {
  const desk = await openDesk(program, emit);
  if (!desk.ok) return desk;
  const found = chooseSets(desk.value, [name]);
  if (!found.ok) return found;
  const look = await desk.value.look();
  const targets = found.value.flatMap((job) => job.targets);
  return ok(
    targets.flatMap(({volume, folder}) => {
      const on = look.connected.find(({id, trust}) => id === volume && trust === 'fits');
      return on === undefined ? [] : [join(on.folder, ...folder.split('/'))];
    }),
  );
}
