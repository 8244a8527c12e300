import {isAbsolute} from 'node:path';
import {type Cause, errnoOf} from '../../../core/cause.ts';
import {isInside} from '../../../core/drive-paths.ts';
import type {RemoteChain} from '../../../core/offsite/remote-chain.ts';
import type {Program} from '../../program.ts';
import {sourceIsRemote} from './cloud-causes.ts';

/** @returns `source-target-overlap` when the remote is a folder of this computer in the source, or around it: each run would find its own copies. @param source absolute. */
export async function findRemoteOverlap(
  program: Program,
  {ends}: Pick<RemoteChain, 'ends'>,
  source: string,
): Promise<Cause | null> {
  const {pathPlatform: platform} = program;
  const here = await resolveIfThere(program, source);
  for (const {folder} of ends) {
    if (folder === null || !isAbsolute(folder)) continue;
    const there = await resolveIfThere(program, folder);
    const pairs = [
      {parent: here, child: there, platform},
      {parent: there, child: here, platform},
    ];
    if (pairs.some((pair) => isInside(pair) !== 'outside')) return sourceIsRemote;
  }
  return null;
}

async function resolveIfThere({files}: Program, path: string): Promise<string> {
  try {
    return await files.resolve(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return path;
  }
}
