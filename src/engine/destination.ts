import type {Volume} from '../core/drive.ts';
import type {NamingRules} from '../core/safe-names.ts';
import type {MediumAccess} from '../system/medium.ts';

/** A folder that copies go to, with all that was found out about it before the first byte is written. */
export interface Destination {
  /** The `--to` folder, absolute. */
  readonly to: string;
  /** Id of the volume, with the folder where one volume holds two destinations. */
  readonly id: string;
  /** What a person calls it. */
  readonly name: string;
  readonly volume: Volume;
  readonly access: MediumAccess;
  /** Which names it can hold. */
  readonly rules: NamingRules;
  /** Number of its file system when the run began: another one later means that the drive was pulled from under its mount point. */
  readonly device: bigint;
}
