import type {CopyState} from '../../../verify/verify-shoot.ts';
import {type Change, judgeChange} from '../../core/verify/judge-change.ts';
import type {MirroredCopy} from './mirror-index.ts';

/** No time of the copy itself was taken for the moment of its writing: the mirror noted the one that the drive shows. */
const NO_WRITING = {fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY};

/** @returns what a change of a mirrored copy looks like; undefined for one that is not changed. @param path tells its kind. */
export function judgeMirrored(
  state: CopyState,
  {size, mtimeNs}: Pick<MirroredCopy, 'size' | 'mtimeNs'>,
  {path, keepsLocalTimes}: {readonly path: string; readonly keepsLocalTimes: boolean},
): Change | undefined {
  if (state.kind !== 'changed') return undefined;
  const recorded = {path, size, mtimeNs, writing: NO_WRITING, keepsLocalTimes};
  return judgeChange(recorded, state.found);
}
