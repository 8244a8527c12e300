/** `offload offsite list|status`: where each off-site copy is and how old, and what to do next. Writes nothing. */
import {foldJobName} from '../../core/backup/jobs/job-faults.ts';
import {ok, type Result} from '../../core/cause.ts';
import type {Emit, OffsiteKnown} from '../../core/events.ts';
import {isSet} from '../../core/offsite/rotation.ts';
import type {SeenVolume} from '../../core/volumes/volume-memory.ts';
import {openDesk} from '../backup/backup-desk.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {recall} from '../volumes/recall.ts';
import {describeClouds} from './cloud/index.ts';
import {noOffsite, unknownOffsite} from './offsite-causes.ts';
import {tellSet} from './tell-sets.ts';

/** @returns every set and every cloud as it is now; why the jobs cannot be had. */
export async function listOffsite(
  program: Program,
  seen: readonly SeenVolume[],
  emit: Emit,
): Promise<Result<readonly OffsiteKnown[]>> {
  const desk = await openDesk(program, emit);
  if (!desk.ok) return desk;
  const knowledge = desk.value.knowledge(await desk.value.look());
  const sets = knowledge.jobs.jobs.filter(isSet).map((job) => tellSet(job, knowledge, seen));
  const clouds = await describeClouds(program);
  return clouds.ok ? ok([...sets, ...clouds.value]) : clouds;
}

/**
 * Emits one `offsite-known` for each set and each cloud.
 * @param names empty for all.
 * @returns exit code 1 when one is overdue, its swap is due or a cloud is not in step, 2 when the jobs cannot be read or a name is not known.
 */
export async function tellOffsite(
  program: Program,
  names: readonly string[],
  emit: Emit,
): Promise<RunEnd> {
  const {memory} = await recall(program, emit);
  const listed = await listOffsite(program, memory.seen, emit);
  if (!listed.ok) return refuse(emit, listed.cause);
  const all = listed.value;
  const isNamed = ({job}: OffsiteKnown, name: string) => foldJobName(job) === foldJobName(name);
  const unknown = names.find((name) => !all.some((one) => isNamed(one, name)));
  if (unknown !== undefined) {
    return refuse(
      emit,
      unknownOffsite(
        unknown,
        all.map(({job}) => job),
      ),
    );
  }
  const told = all.filter((one) => names.length === 0 || names.some((name) => isNamed(one, name)));
  for (const one of told) emit(one);
  if (all.length === 0) emit({type: 'noticed', level: 'info', ...noOffsite});
  const isGood = told.every((one) => !one.overdue && !one.swap && isInStep(one));
  return {outcome: 'complete', exitCode: isGood ? 0 : 1};
}

/** A cloud that never ran waits for its first run; drives tell their age. */
const isInStep = ({kind, copies}: OffsiteKnown): boolean =>
  kind !== 'cloud' || copies.every(({lastResult}) => lastResult === null || lastResult === 'good');
