import type {Volume} from '../core/drive.ts';
import type {NamingRules} from '../core/safe-names.ts';

/** A folder that copies go to, with all that can be found out about it without writing. */
export interface Destination {
  /** The `--to` folder, absolute. */
  readonly to: string;
  /** What a person calls it. */
  readonly name: string;
  readonly volume: Volume;
  /** Which names it can hold. */
  readonly rules: NamingRules;
  /** Number of its file system when the run began: another one later means that the drive was pulled from under its mount point. */
  readonly device: bigint;
}
