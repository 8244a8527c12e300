/** A catalog is copied once to this computer, and from there to every drive: Lightroom is in nobody's way for long, and all drives get the same bytes. */
import {basename, dirname, join} from 'node:path';
import type {TreeFile} from '../../core/backup/mirror-tree.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import {makeOwnFolder} from '../../system/backup-files.ts';
import type {Files} from '../../system/files.ts';
import {isSameState, type LrcatState} from '../../system/lightroom/look-at-lrcat.ts';
import {removeTreeQuietly} from '../../system/lightroom/remove-tree.ts';
import {type LrcatBackup, takeBackup} from '../../system/lightroom/take-backup.ts';
import type {Program} from '../program.ts';
import {noRoomHere, sickCatalog} from './lightroom-causes.ts';

export interface StagedCatalog extends LrcatBackup {
  /** The copy, absolute. */
  readonly path: string;
  readonly file: TreeFile;
  /** When the copy was begun. */
  readonly takenAt: Date;
}

/** Codes of causes that go away when Lightroom is quit. */
const WAITS: ReadonlySet<string> = new Set([
  'lrcat-busy',
  'lrcat-held',
  'lrcat-crashed',
  'lrcat-unlockable',
]);

export const waitsForLightroom = ({code}: Cause): boolean => WAITS.has(code);

/** A catalog whose copy SQLite finds damaged is damaged itself: `lrcat-sick`. No snapshot then, and nothing older goes. */
export async function stageSound(
  {staging, catalog}: {readonly staging: Staging; readonly catalog: string},
  state: LrcatState,
): Promise<Result<StagedCatalog>> {
  const staged = await staging.take(state);
  if (!staged.ok || staged.value.faults.length === 0) return staged;
  return failed(sickCatalog(catalog, staged.value.faults));
}

export class Staging {
  readonly #program: Program;
  /** Absolute; of this program alone. */
  readonly #folder: string;
  /** The catalog, absolute. */
  readonly #catalog: string;
  readonly #signal: AbortSignal;
  #taken: {readonly state: LrcatState; readonly staged: Result<StagedCatalog>} | undefined;

  constructor(
    program: Program,
    setting: {readonly folder: string; readonly catalog: string; readonly signal: AbortSignal},
  ) {
    this.#program = program;
    this.#folder = setting.folder;
    this.#catalog = setting.catalog;
    this.#signal = setting.signal;
  }

  /** @param state as the catalog was just looked at. @returns a copy of that state or of a later one: the one that there is, or a new one. */
  async take(state: LrcatState): Promise<Result<StagedCatalog>> {
    if (this.#taken !== undefined && isSameState(this.#taken.state, state))
      return this.#taken.staged;
    const staged = await this.#take(state);
    this.#taken = {state, staged};
    return staged;
  }

  async clear(): Promise<void> {
    await removeTreeQuietly(this.#program.files, this.#folder);
  }

  async #take({size, logSize, mtimeNs}: LrcatState): Promise<Result<StagedCatalog>> {
    const {files, clock} = this.#program;
    // What a run that died left there.
    await this.clear();
    const made = await makeOwnFolder(this.#folder);
    if (!made.ok) return made;
    const path = join(this.#folder, basename(this.#catalog));
    try {
      if ((await files.freeBytes(dirname(path))) < size + logSize) return failed(noRoomHere(path));
    } catch (error) {
      return failed(causeFrom(error, 'looking for room for the copy', path));
    }
    const takenAt = clock.now();
    const taken = await takeBackup(files, {
      path: this.#catalog,
      to: path,
      signal: this.#signal,
      monotonic: () => clock.monotonic(),
    });
    if (!taken.ok) return taken;
    try {
      // It is as old as the catalog, for whoever looks at it later.
      await setModified(files, path, mtimeNs);
      const facts = await files.look(path);
      const file = {
        path: basename(path),
        size: facts.size,
        mtimeNs: facts.mtimeNs,
        changedNs: facts.changedNs,
      };
      return ok({...taken.value, path, file, takenAt});
    } catch (error) {
      return failed(causeFrom(error, 'looking at the copy', path));
    }
  }
}

async function setModified(files: Files, path: string, mtimeNs: bigint): Promise<void> {
  const file = await files.openToUpdate(path);
  try {
    await file.setModified(mtimeNs);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  } finally {
    await file.close();
  }
}
