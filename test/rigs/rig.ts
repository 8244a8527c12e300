import type {Lab} from './lab.ts';
import type {Tool} from './tools.ts';

/** One trial of the built program on real devices. */
export interface Rig {
  /** What it shows, in a few words: it stands behind PASS, FAIL or SKIP. */
  readonly name: string;
  /** Programs that it calls; they are installed where they are missing. */
  readonly tools: readonly Tool[];
  /** True when it mounts, makes devices or changes the user. */
  readonly root: boolean;
  /** @throws Error when the program did not do what it promises, {@link CannotRun} when the machine does not allow the trial. */
  readonly run: (lab: Lab) => Promise<void>;
}

/** Thrown where a rig cannot be built on this machine: it is skipped, and nothing is said of the program. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}
