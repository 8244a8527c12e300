import {quoteName} from '../../core/backup/jobs/job-faults.ts';
import {bad, type Finding, fromCause, good} from '../../core/doctor/finding.ts';
import {type LightroomAge, lightroomAges} from '../lightroom/index.ts';
import type {Program} from '../program.ts';

/** How old the snapshots of Lightroom catalogs are on each drive. Nothing is told where there is no such job. */
export async function examineLightroom(program: Program): Promise<readonly Finding[]> {
  const ages = await lightroomAges(program);
  if (!ages.ok) return [fromCause({area: 'lightroom'}, 'bad', ages.cause)];
  return ages.value.map(judgeAge);
}

function judgeAge({job, target, newest, overdue, message}: LightroomAge): Finding {
  const where = {area: 'lightroom', about: `${job} on ${target}`};
  const age = newest === null ? 'no snapshot yet' : `newest snapshot ${newest}`;
  if (!overdue) return good(where, age);
  const why = message === null ? age : `${age} (${message})`;
  const next = `Connect ${target} and run offload lightroom run ${quoteName(job)}.`;
  return bad(where, `OVERDUE: ${why}`, next);
}
