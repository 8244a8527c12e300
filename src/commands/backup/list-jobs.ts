/** `offload backup list`: every job, how old its last good run is on each target, and when it runs next. Writes nothing. */
import type {Emit} from '../../core/events.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {noJobs} from './backup-causes.ts';
import {openDesk} from './backup-desk.ts';
import {listOverdue, tellJob} from './tell-jobs.ts';

/** Emits one `job-known` for each job; exit code 1 when a target is overdue. */
export async function listJobs(program: Program, emit: Emit): Promise<RunEnd> {
  const desk = await openDesk(program, emit);
  if (!desk.ok) return refuse(emit, desk.cause);
  const knowledge = desk.value.knowledge(await desk.value.look());
  const {jobs} = knowledge.jobs;
  for (const job of jobs) emit(tellJob(job, knowledge));
  if (jobs.length === 0) emit({type: 'noticed', level: 'info', ...noJobs});
  const overdue = listOverdue(knowledge);
  for (const {cause} of overdue) emit({type: 'noticed', level: 'warning', ...cause});
  return {outcome: 'complete', exitCode: overdue.length === 0 ? 0 : 1};
}
