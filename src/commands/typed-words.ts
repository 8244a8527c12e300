/** What the parts of the command line share. */
import type {Cause} from '../core/cause.ts';

/** For an option that may be given again. */
export const collect = (value: string, before: readonly string[] = []) => [...before, value];

/** @param message as commander words it, or our own. */
export function usage(message: string, next = 'See offload --help.'): Cause {
  return {code: 'usage', message: message.replace(/^error: /, '').trim(), next};
}

/** Of the two options that waive a rule of the verdict. */
export const SAME_DRIVE_HELP =
  'waive the rule that two copies must be on two physical drives; the verdict says so';
export const CACHED_HELP =
  'waive the rule that copies must be read back from the medium; the verdict says so';
