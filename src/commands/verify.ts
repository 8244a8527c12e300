/** `offload verify PATH…`: reads copies again and compares them with their records. */
import type {PartChoice} from '../core/verify/slices.ts';
import type {Listening, RunEnd} from './offload.ts';
import type {Program} from './program.ts';
import {resolveFolder} from './resolve-folder.ts';
import {openGoodCopies} from './verify/find-good-copies.ts';
import {verifyFolder} from './verify/verify-folder.ts';

export interface VerifyOptions {
  readonly paths: readonly string[];
  /** Undefined: all of it. */
  readonly part: PartChoice | undefined;
  /** Bad copies are brought back from good ones. */
  readonly heal: boolean;
}

/** @returns exit code 0 when every recorded copy below the paths is as it was proved, or is again; 1 when one is not, or one path of several was refused; 2 when all of them were. */
export async function verify(
  program: Program,
  {paths, part, heal}: VerifyOptions,
  listening: Listening,
): Promise<RunEnd> {
  const {emit, signal} = listening;
  let [allGood, verified] = [true, 0];
  const order = {part, heal, findGood: openGoodCopies(program, listening)};
  for (const [index, text] of paths.entries()) {
    const folder = await resolveFolder(program, text, 'path');
    const result = folder.ok
      ? await verifyFolder(program, {...order, folder: folder.value}, listening)
      : folder;
    if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
    if (result.ok) {
      verified++;
      allGood &&= result.value;
      continue;
    }
    if (verified === 0 && index === paths.length - 1) {
      emit({type: 'refused', ...result.cause});
      return {outcome: 'refused', exitCode: 2};
    }
    // The others have their turn all the same: hours later nobody wants to learn that nothing was read.
    emit({type: 'noticed', level: 'warning', ...result.cause});
    allGood = false;
  }
  return {outcome: 'complete', exitCode: allGood ? 0 : 1};
}
