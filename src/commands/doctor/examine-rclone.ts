import {ok} from '../../core/cause.ts';
import {judgeRclone} from '../../core/doctor/judge-tools.ts';
import {listCloudNeeds, lookAtRclone} from '../offsite/cloud/index.ts';
import type {Program} from '../program.ts';
import type {Examined} from './doctor.ts';

/** Whether rclone is there, and new enough for the remotes that jobs use. */
export async function examineRclone(program: Program): Promise<Examined> {
  const [needs, found] = await Promise.all([listCloudNeeds(program), lookAtRclone(program)]);
  const answer = found.ok ? ok(`rclone v${found.value.version}`) : found;
  return {findings: judgeRclone(answer, needs), newestMs: null};
}
