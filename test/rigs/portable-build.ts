/** Archives that run without anything installed, made as `npm run package` makes them. */
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {NotFetched} from '../../packaging/fetch-tarballs.ts';
import {makeArchive} from '../../packaging/make-archive.ts';
import {findTarget} from '../../packaging/targets.ts';
import {type Lab, PROJECT} from './lab.ts';
import {CannotRun} from './rig.ts';
import {call} from './tools.ts';

const UNPACK_TIMEOUT_MS = 120_000;

/**
 * Makes the archive of one system and unpacks it. What was fetched once is not fetched again.
 *
 * @returns the unpacked folder. @throws CannotRun where the registry cannot be reached.
 */
export async function makePortable(lab: Lab, name: string): Promise<string> {
  const target = findTarget(name);
  const cache = join(PROJECT, '.portable/cache');
  const {path, folder} = await asCannotRun(
    makeArchive(target, {project: PROJECT, cache, into: lab.folder, signal: lab.signal}),
  );
  const into = join(lab.folder, `${name}-unpacked`);
  await mkdir(into);
  const [tool, args] =
    target.form === 'zip'
      ? (['unzip', ['-q', path, '-d', into]] as const)
      : (['tar', ['-xzf', path, '-C', into]] as const);
  await call(tool, args, {timeoutMs: UNPACK_TIMEOUT_MS});
  return join(into, folder);
}

async function asCannotRun<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof NotFetched ? new CannotRun(error.message) : error;
  }
}
