/** What `offload verify` finds and heals. */
import type {CardPath} from '../card.ts';
import type {MediumRead} from '../drive.ts';

/** `offload verify` read one copy back and compared it with its record. */
export interface CopyChecked {
  readonly type: 'copy-checked';
  /** Absolute path of the copy. */
  readonly path: string;
  /** Of what only a backup knows, its path below the target folder. */
  readonly cardPath: CardPath;
  readonly size: number;
  readonly state: 'good' | 'missing' | 'changed' | 'unreadable';
  /** Of `changed`: `rotten` bytes were lost by the drive, `edited` ones changed by a program, `altered` ones are of a file that no program should change. */
  readonly change?: 'rotten' | 'edited' | 'altered';
  readonly mediumRead?: MediumRead;
  readonly message?: string;
  readonly next?: string;
}

/** `offload verify --heal`: a copy was brought back from a good one, or could not be. */
export interface CopyHealed {
  readonly type: 'copy-healed';
  /** Absolute path of the copy. */
  readonly path: string;
  readonly cardPath: CardPath;
  readonly size: number;
  readonly state: 'healed' | 'failed';
  /** The good copy, absolute. */
  readonly from?: string;
  /** Where the bad bytes lie now, absolute; absent when there were none. */
  readonly evidence?: string;
  readonly mediumRead?: MediumRead;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** `offload verify` is done with one shoot folder. */
export interface ShootVerified {
  readonly type: 'shoot-verified';
  readonly shoot: string;
  readonly files: number;
  /** With those that were healed. */
  readonly good: number;
  /** All others. */
  readonly bad: number;
  /** Bad ones that the drive lost, and bad ones that a program edited. */
  readonly rotten: number;
  readonly edited: number;
  /** Brought back by `--heal`. */
  readonly healed: number;
  readonly bytes: number;
  /** Copies that a cache may have answered for. */
  readonly cached: number;
  /** Deleted, moved or replaced on the working drive, and the backup followed: what was replaced is compared with what the backup knows, the rest is in no other number. */
  readonly followed: number;
  /** Records that are damaged and no evidence. */
  readonly problems: number;
  readonly allGood: boolean;
}

/** `offload verify` is done with the copies in one target folder of backups that no record of an offload names. */
export interface MirrorVerified {
  readonly type: 'mirror-verified';
  /** The target folder, absolute. */
  readonly folder: string;
  readonly files: number;
  readonly good: number;
  readonly bad: number;
  readonly rotten: number;
  readonly edited: number;
  readonly healed: number;
  readonly bytes: number;
  readonly cached: number;
  /** Of jobs that another one came after: deleted or moved since. */
  readonly followed: number;
  /** States that are damaged: what they knew is not compared. */
  readonly problems: number;
  readonly allGood: boolean;
}

/** `offload verify` is done with one PATH. */
export interface VerifyFinished {
  readonly type: 'verify-finished';
  /** As it was given, absolute. */
  readonly path: string;
  /** Id of the volume when all of it was asked for; null for a part of it, and for one that is in doubt. */
  readonly volume: string | null;
  readonly shoots: number;
  /** Target folders of backups. */
  readonly mirrors: number;
  readonly files: number;
  readonly good: number;
  readonly bad: number;
  readonly rotten: number;
  readonly edited: number;
  readonly healed: number;
  readonly bytes: number;
  readonly followed: number;
  /** The slice of `--part`. */
  readonly part: {readonly part: number; readonly of: number} | null;
  /** Slices of that number that were read so far on this volume, and those of them that were not all good. */
  readonly partsRead: number | null;
  readonly partsBad: number | null;
  /** Every copy of the volume was read back and good at this moment or later; null when that is not known. */
  readonly since: string | null;
  readonly allGood: boolean;
}
