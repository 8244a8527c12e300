import type {RunEnd} from './offload.ts';

/** @returns the end of several in one: what was stopped comes first, then what is not well; refused is only what was refused altogether. None at all is well. */
export function joinEnds(ends: readonly RunEnd[]): RunEnd {
  const [only] = ends;
  if (only !== undefined && ends.length === 1) return only;
  if (ends.some(({exitCode}) => exitCode === 130)) return {outcome: 'cancelled', exitCode: 130};
  if (ends.length > 0 && ends.every(({exitCode}) => exitCode === 2))
    return {outcome: 'refused', exitCode: 2};
  const isGood = ends.every(({exitCode}) => exitCode === 0);
  return {outcome: 'complete', exitCode: isGood ? 0 : 1};
}
