import {mustHaveErrno, type SmallFileTools} from './small-file-tools.ts';

export interface SmallNaming {
  readonly from: string;
  readonly to: string;
}

/** Gives a file its final name: link(2) refuses a taken one in one step. @returns the errno and which call gave it; null when it has its name. */
export function nameSmallFile(
  {calls}: Pick<SmallFileTools, 'calls'>,
  {from, to}: SmallNaming,
): {readonly errno: string; readonly linked: boolean} | null {
  let linked = false;
  try {
    calls.link(from, to);
    linked = true;
    calls.unlink(from);
    return null;
  } catch (error) {
    return {errno: mustHaveErrno(error), linked};
  }
}
