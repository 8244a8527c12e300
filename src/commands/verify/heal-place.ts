/** The folder that bad copies lie in, and what is held while they are brought back. */
import {join} from 'node:path';
import {copiesHere} from '../../../verify/verify-shoot.ts';
import {ok, type Result} from '../../core/cause.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import type {FolderLock, Locking} from '../../engine/folder-lock.ts';
import {lockShoot} from '../../engine/shoot-lock.ts';
import type {RecordedShoot} from '../find-records.ts';
import type {Program} from '../program.ts';
import type {UserFolder} from '../resolve-folder.ts';
import {findDestination, type OpenedRestore, openDestination} from '../restore/open-destination.ts';
import type {JudgedCopy} from './verify-records.ts';

export interface HealPlace {
  /** Absolute. */
  readonly folder: string;
  /** The program's own folder in it: what is moved aside goes there. */
  readonly own: string;
  /** Keeps others from writing there. */
  readonly lock: (locking: Locking) => Promise<Result<FolderLock>>;
  /** True for the place of a recorded copy. */
  readonly isCopy: (path: string) => boolean;
  /** @returns what is still to be brought back, now that nobody else writes there. */
  readonly confirm: (bad: readonly JudgedCopy[]) => Promise<readonly JudgedCopy[]>;
}

/** A shoot folder. Nobody else writes into it meanwhile. */
export function healsShoot({shoot, manifests}: RecordedShoot): HealPlace {
  const recorded = new Set(
    manifests.flatMap(({manifest}) => copiesHere(manifest).map(({target}) => join(shoot, target))),
  );
  return {
    folder: shoot,
    own: RECORD_FOLDER,
    lock: (locking) => lockShoot(locking, shoot),
    isCopy: (path) => recorded.has(path),
    confirm: async (bad) => bad,
  };
}

export interface OpenedPlace {
  readonly folder: UserFolder;
  readonly lane: ReturnType<OpenedRestore['laneOf']>;
  /** Gives the folder and its lock back. */
  readonly close: () => Promise<void>;
}

/** Locks the folder and opens it for writing. No card is written. @returns why it cannot be written otherwise. */
export async function openPlace(program: Program, place: HealPlace): Promise<Result<OpenedPlace>> {
  const {files, self, clock, newWord} = program;
  const folder = await findDestination(program, place.folder);
  if (!folder.ok) return folder;
  const lock = await place.lock({files, self, since: clock.now(), token: newWord()});
  if (!lock.ok) return lock;
  const {isCopy} = place;
  const opened = await openDestination(program, folder.value, {dryRun: false, isCopy});
  if (!opened.ok) {
    await lock.value.release();
    return opened;
  }
  const {laneOf, close} = opened.value;
  return ok({
    folder: folder.value,
    lane: laneOf(''),
    async close() {
      await close();
      await lock.value.release();
    },
  });
}
