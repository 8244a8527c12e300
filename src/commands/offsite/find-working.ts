import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import {joinWithAnd} from '../../core/words.ts';
import type {Program} from '../program.ts';
import {findConnected} from '../volumes/find-connected.ts';

/** @returns the folder of the one connected volume with the role working, absolute; `source-missing` where there is none, `source-ambiguous` where there are several. */
export async function findWorkingFolder(program: Program): Promise<Result<string>> {
  const connected = await findConnected(program);
  const working = connected.filter(({role, trust}) => role === 'working' && trust === 'fits');
  const [one, ...more] = working;
  if (one === undefined) return failed(NONE);
  return more.length === 0 ? ok(one.folder) : failed(several(working.map(({folder}) => folder)));
}

const NONE: Cause = {
  code: 'source-missing',
  message: 'no connected drive has the role working, so what is to be copied is not known',
  next: 'Connect the working drive, give it its role with offload volumes role PATH working, or say --from PATH.',
};

const several = (folders: readonly string[]): Cause => ({
  code: 'source-ambiguous',
  message: `${folders.length} connected drives have the role working: ${joinWithAnd(folders)}`,
  next: 'Say which one with --from PATH.',
});
