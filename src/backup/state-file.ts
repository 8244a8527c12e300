/**
 * What a mirror knows of its target, beside the copies: `<target folder>/.offload-mirror/<job>.state`, and while a run is at work `<job>.changes`. A run that died leaves both; the next one reads
 * both and goes on.
 */
import {dirname, join} from 'node:path';
import {CHANGES_SCHEMA, type StateChange} from '../core/backup/change-lines.ts';
import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {STATE_SCHEMA} from '../core/backup/state-lines.ts';
import {causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import type {Files} from '../system/files.ts';
import {hashText} from '../system/hasher.ts';
import {type FoundState, findState, pathsOf, type StateOwner} from './find-state.ts';
import {KnownState, type StateView} from './known-state.ts';
import {type ChangesEnd, ChangesWriter} from './state-changes.ts';
import {eachGroup} from './state-reader.ts';
import {writeState} from './write-state.ts';

export type {StateOwner} from './find-state.ts';
export type {StateView} from './known-state.ts';
export type {RecordedFolder, StateReader} from './state-reader.ts';

export interface StateSetting extends StateOwner {
  /** Id of this run: for the names of what is put aside. */
  readonly run: string;
  /** Name and version of this program. */
  readonly tool: string;
  /** BLAKE3 of what the medium holds under a path. */
  readonly readBack: (path: string) => Promise<Result<string>>;
}

export interface MirrorState extends StateView {
  /** Resolves when the record is durable; those that wait at the same time share a flush. Rejects with the system's error, and so does every later call. */
  put(record: MirrorRecord): Promise<void>;
  /** The same for a record that is to go. Of a move, the new record is put before the old one is dropped. */
  drop(path: TreePath): Promise<void>;
  /** Resolves when nothing waits to be written. */
  settle(): Promise<void>;
  /** Makes one new state of all that is known. When nothing changed only the run is noted. @returns records that there are now; after a failure the old state and the changes still hold. */
  conclude(run: string): Promise<Result<number>>;
  close(): Promise<void>;
}

/**
 * Reads what is known for a look ahead. Writes nothing.
 * @returns or the system's failure to read it.
 */
export async function peekState(files: Files, owner: StateOwner): Promise<Result<StateView>> {
  try {
    const found = await findState(files, owner);
    return ok(new KnownState(files, owner, found));
  } catch (error) {
    return failed(causeFrom(error, 'reading the state of the mirror', owner.folder));
  }
}

/** Opens the state for a run. What is damaged or another's is put aside under a name of its own. The mirror folder must be there, and its lock held. */
export async function openState(files: Files, setting: StateSetting): Promise<Result<MirrorState>> {
  try {
    const found = await findState(files, setting);
    if (found.damaged !== null) await putAside(files, setting);
    else if (found.isTorn) await removeIfThere(files, pathsOf(setting).changes);
    return ok(new OpenState(files, setting, found));
  } catch (error) {
    return failed(causeFrom(error, 'opening the state of the mirror', setting.folder));
  }
}

async function putAside(files: Files, setting: StateSetting): Promise<void> {
  for (const path of Object.values(pathsOf(setting))) {
    try {
      await files.publish(path, `${path}.damaged-${setting.run}`);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
  await files.syncFolder(setting.folder);
}

/** Changes that are kept in memory before they are made a state: about 50 MB. */
const MOST_CHANGES = 100_000;

class OpenState extends KnownState implements MirrorState {
  readonly #setting: StateSetting;
  #writer: ChangesWriter;
  /** The state beside which the changes were begun: an older one after a run that could not remove them. */
  #changesBase: string | null;
  #count = 0;
  #merging: Promise<Result<number>> | undefined;

  constructor(files: Files, setting: StateSetting, found: FoundState) {
    super(files, setting, found);
    this.#setting = setting;
    const {changes} = found;
    const end = changes && {bytes: changes.validBytes, sum: changes.lastSum};
    this.#changesBase = changes === undefined ? (this.base?.sum ?? null) : changes.header.base;
    this.#writer = this.#openWriter(end);
    this.#count = changes?.changes.length ?? 0;
  }

  put(record: MirrorRecord): Promise<void> {
    return this.#change({kind: 'put', record});
  }

  drop(path: TreePath): Promise<void> {
    return this.#change({kind: 'drop', path});
  }

  settle(): Promise<void> {
    return this.#writer.settle();
  }

  async conclude(run: string): Promise<Result<number>> {
    await this.#merging;
    // Damaged records are left behind with a new state: no run could archive anything otherwise.
    const isHurt = this.damaged !== null && this.base !== undefined;
    if (this.changed.size === 0 && !isHurt) {
      try {
        await this.#change({kind: 'run', run});
        return ok(this.known);
      } catch (error) {
        return failed(causeFrom(error, 'noting the run', this.#setting.folder));
      }
    }
    return await this.#merge(run);
  }

  close(): Promise<void> {
    return this.#writer.close();
  }

  async #change(change: StateChange): Promise<void> {
    if (this.#count >= MOST_CHANGES && this.#count * 2 >= this.known) {
      this.#merging ??= this.#merge(this.#setting.run).finally(() => {
        this.#merging = undefined;
      });
    }
    while (this.#merging !== undefined) await this.#merging;
    this.#count += 1;
    // What is told here has happened: it belongs into the next state even when this line cannot be written.
    this.apply(change);
    await this.#writer.append(change);
  }

  /** What is known becomes the state, then the changes go: a run that dies between the two finds changes that are in the state already, and they change nothing. */
  async #merge(run: string): Promise<Result<number>> {
    const {folder, job, source, targetVolume, tool, hashEngine, readBack} = this.#setting;
    const paths = pathsOf(this.#setting);
    this.#count = 0;
    try {
      await this.#writer.close();
    } catch (error) {
      return failed(causeFrom(error, 'closing the changes of the mirror', paths.changes));
    }
    const before = this.#changesBase;
    // In the middle of a run that was named by a clock that is behind.
    const newest = this.newestRun !== null && this.newestRun > run ? this.newestRun : run;
    const written = await writeState({
      files: this.files,
      path: paths.state,
      temporary: join(folder, `.offload-${run}-state.part`),
      header: {schema: STATE_SCHEMA, job, source, targetVolume, run: newest, before, tool},
      folders: eachGroup(this.folders().open),
      hashEngine,
      readBack,
    });
    if (!written.ok) return written;
    this.base = written.value;
    this.forgetChanges();
    this.newestRun = newest;
    try {
      await removeIfThere(this.files, paths.changes);
      this.#changesBase = written.value.sum;
      this.#writer = this.#openWriter(undefined);
      return ok(this.known);
    } catch (error) {
      return failed(causeFrom(error, 'removing the changes of the mirror', paths.changes));
    }
  }

  #openWriter(end: ChangesEnd | undefined): ChangesWriter {
    const {job, source, targetVolume, hashEngine} = this.#setting;
    return new ChangesWriter({
      files: this.files,
      path: pathsOf(this.#setting).changes,
      hashOfText: (text) => hashText(hashEngine, text),
      header: {schema: CHANGES_SCHEMA, job, source, targetVolume, base: this.#changesBase},
      end,
    });
  }
}

async function removeIfThere(files: Files, path: string): Promise<void> {
  try {
    await files.removeFile(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  await files.syncFolder(dirname(path));
}
