/** `offload offsite add|edit|remove`: a set of drives or a cloud. */
import {foldJobName} from '../../core/backup/jobs/job-faults.ts';
import {type Cause, ok, type Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {removeJob} from '../backup/index.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {addSet, editSet, type TypedSet} from './change-sets.ts';
import {addCloud, describeClouds, editCloud, removeCloud, type TypedCloud} from './cloud/index.ts';
import {takenName} from './offsite-causes.ts';
import {chooseOffsite} from './run-offsite.ts';
import {findCloudWord, findSetWord, type TypedOffsite} from './typed-offsite.ts';

interface Named {
  readonly name: string;
  readonly typed: TypedOffsite;
}

/** With a remote it is a cloud, otherwise a set of drives. @returns exit code 2 when it is refused. */
export async function addOffsite(
  program: Program,
  {name, typed}: Named,
  emit: Emit,
): Promise<RunEnd> {
  if (typed.remote !== undefined)
    return await addCloud(program, {name, typed: cloudOf(typed)}, emit);
  const taken = await findCloudNamed(program, name);
  if (!taken.ok) return refuse(emit, taken.cause);
  if (taken.value) return refuse(emit, takenName(name));
  return await addSet(program, {name, typed: setOf(typed)}, emit);
}

export async function editOffsite(
  program: Program,
  {name, typed}: Named,
  emit: Emit,
): Promise<RunEnd> {
  const chosen = await chooseOffsite(program, [name], {emit});
  if (!chosen.ok) return refuse(emit, chosen.cause);
  const [cloud] = chosen.value.clouds;
  const stray = cloud === undefined ? findCloudWord(typed) : findSetWord(typed);
  if (stray !== undefined) return refuse(emit, strayCause(stray, cloud !== undefined));
  if (cloud === undefined && typed.rename !== undefined) {
    const taken = await findCloudNamed(program, typed.rename);
    if (!taken.ok) return refuse(emit, taken.cause);
    if (taken.value) return refuse(emit, takenName(typed.rename));
  }
  if (cloud !== undefined)
    return await editCloud(program, {name: cloud, typed: cloudOf(typed)}, emit);
  return await editSet(program, {name, typed: setOf(typed)}, emit);
}

async function findCloudNamed(program: Program, name: string): Promise<Result<boolean>> {
  const clouds = await describeClouds(program);
  if (!clouds.ok) return clouds;
  return ok(clouds.value.some(({job}) => foldJobName(job) === foldJobName(name)));
}

/** What lies on its drives or in the cloud stays. */
export async function removeOffsite(program: Program, name: string, emit: Emit): Promise<RunEnd> {
  const chosen = await chooseOffsite(program, [name], {emit});
  if (!chosen.ok) return refuse(emit, chosen.cause);
  const [cloud] = chosen.value.clouds;
  return cloud === undefined
    ? await removeJob(program, name, emit)
    : await removeCloud(program, cloud, emit);
}

function setOf({
  remote,
  place,
  swapAfter,
  add,
  drop,
  bwLimit,
  download,
  ...job
}: TypedOffsite): TypedSet {
  return {job, place, swapAfter, add, drop};
}

function cloudOf({to, grace, swapAfter, add, drop, ...typed}: TypedOffsite): TypedCloud {
  const {download, ...others} = typed;
  return download === undefined ? others : {...others, download};
}

const strayCause = (option: string, isCloud: boolean): Cause => ({
  code: 'usage',
  message: isCloud
    ? `${option} is for drives that take turns, and this is a cloud`
    : `${option} is for a cloud, and this is a set of drives`,
  next: 'Leave it out.',
});
