/** What is typed of a set of drives or of a cloud. Apart from what is done with it: the command line is read before that is loaded. */
import type {TypedJob} from '../backup/index.ts';

/** What `offsite add` and `offsite edit` have, as typed. Undefined: not typed; false: taken away with `--no-…`. */
export interface TypedOffsite extends TypedJob {
  readonly remote: string | undefined;
  readonly place: string | undefined;
  readonly swapAfter: string | undefined;
  readonly add: readonly string[];
  readonly drop: readonly string[];
  readonly bwLimit: string | false | undefined;
  readonly download: boolean | undefined;
}

/** @returns the first option that only a cloud has. */
export function findCloudWord({remote, bwLimit, download}: TypedOffsite): string | undefined {
  if (remote !== undefined) return '--remote';
  if (bwLimit !== undefined) return '--bwlimit';
  return download === undefined ? undefined : '--download';
}

/** @returns the first option that only a set of drives has. */
export function findSetWord({to, add, drop, swapAfter, grace}: TypedOffsite): string | undefined {
  if (to.length > 0) return '--to';
  if (add.length > 0) return '--add';
  if (drop.length > 0) return '--drop';
  if (swapAfter !== undefined) return '--swap-after';
  return grace === undefined ? undefined : '--grace';
}
