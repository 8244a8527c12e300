/** `offload verify PATH…`: reads copies again and compares them with their records. */
import type {Cause} from '../core/cause.ts';
import type {PartChoice} from '../core/verify/slices.ts';
import type {Listening, RunEnd} from './offload.ts';
import type {Program} from './program.ts';
import {resolveFolder} from './resolve-folder.ts';
import {verifyFolder} from './verify/verify-folder.ts';

export interface VerifyOptions {
  readonly paths: readonly string[];
  /** Undefined: all of it. */
  readonly part: PartChoice | undefined;
  /** Bad copies are brought back from good ones. */
  readonly heal: boolean;
}

/** @returns exit code 0 when every recorded copy below the paths is as it was proved, or is again; 1 when one is not; 2 when there is nothing to compare with. */
export async function verify(
  program: Program,
  {paths, part, heal}: VerifyOptions,
  listening: Listening,
): Promise<RunEnd> {
  const refuse = (cause: Cause): RunEnd => {
    listening.emit({type: 'refused', ...cause});
    return {outcome: 'refused', exitCode: 2};
  };
  let allGood = true;
  for (const text of paths) {
    const folder = await resolveFolder(program, text, 'path');
    if (!folder.ok) return refuse(folder.cause);
    const verified = await verifyFolder(program, {folder: folder.value, part, heal}, listening);
    if (!verified.ok) return refuse(verified.cause);
    allGood &&= verified.value;
    if (listening.signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  }
  return {outcome: 'complete', exitCode: allGood ? 0 : 1};
}
