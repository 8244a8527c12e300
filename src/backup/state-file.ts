/**
 * What a mirror knows of its target, beside the copies: `<target folder>/.offload-mirror/<job>.state`, and while a run is at work `<job>.changes`. A run that died leaves both; the next one reads
 * both and goes on.
 */
import {dirname, join} from 'node:path';
import type {VolumeFolder} from '../core/backup/backup-job.ts';
import {
  CHANGES_SCHEMA,
  type ChangesReading,
  readChanges,
  type StateChange,
} from '../core/backup/change-lines.ts';
import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {STATE_SCHEMA} from '../core/backup/state-lines.ts';
import {folderOf, nameOf} from '../core/backup/walk-order.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import type {Files} from '../system/files.ts';
import {type HashEngine, hashText} from '../system/hasher.ts';
import {readText} from '../system/read-text.ts';
import {type BaseState, readBase} from './base-state.ts';
import {type ChangesEnd, ChangesWriter} from './state-changes.ts';
import {eachGroup, mergeFolders, noteRenamed, type StateReader} from './state-reader.ts';
import {writeState} from './write-state.ts';

export type {RecordedFolder, StateReader} from './state-reader.ts';

/** Whose state it is: one of another job, source or volume is none. */
export interface StateOwner {
  /** The mirror folder of the target, absolute. */
  readonly folder: string;
  /** Id of the job. */
  readonly job: string;
  readonly source: VolumeFolder;
  /** Id of the target's volume. */
  readonly targetVolume: string;
  readonly hashEngine: HashEngine;
}

export interface StateSetting extends StateOwner {
  /** Id of this run: for the names of what is put aside. */
  readonly run: string;
  /** Name and version of this program. */
  readonly tool: string;
  /** BLAKE3 of what the medium holds under a path. */
  readonly readBack: (path: string) => Promise<Result<string>>;
}

export interface StateView {
  readonly reader: StateReader;
  /** Records, or a few more than there are: an unfinished run may have written some anew. */
  readonly known: number;
  readonly newestRun: string | null;
  /**
   * Why records are missing (`state-damaged`, `state-foreign`): nothing may be archived in this run. Null when all is well or there was none. Damage in the records of a folder is known when
   * they were read: look again after the walk.
   */
  readonly damaged: Cause | null;
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

const pathsOf = ({folder, job}: StateOwner) => ({
  state: join(folder, `${job}.state`),
  changes: join(folder, `${job}.changes`),
});

/** A state and the changes beside it, as they lie there. */
interface Found {
  readonly base: BaseState | undefined;
  readonly changes: ChangesReading | undefined;
  /** The changes file holds less than one line: its run died before it wrote anything down. */
  readonly isTorn: boolean;
  readonly damaged: Cause | null;
}

const NOTHING = {base: undefined, changes: undefined, isTorn: false};

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

async function findState(files: Files, owner: StateOwner): Promise<Found> {
  const paths = pathsOf(owner);
  const reading = await readBase(files, paths.state, owner.hashEngine);
  if (reading.kind === 'damaged') return {...NOTHING, damaged: damage(paths.state, reading.why)};
  const base = reading.kind === 'whole' ? reading.base : undefined;
  if (base !== undefined && !isOf(owner, base.header)) {
    return {...NOTHING, damaged: foreign(paths.state)};
  }
  const text = await readIfThere(files, paths.changes);
  const alone = {base, changes: undefined, isTorn: text !== undefined, damaged: null};
  if (text === undefined) return alone;
  const changes = readChanges(text, (one) => hashText(owner.hashEngine, one));
  if (changes === undefined && !text.includes('\n')) return alone;
  if (changes === undefined) return {...NOTHING, damaged: damage(paths.changes, 'it has no head')};
  if (!isOf(owner, changes.header)) return {...NOTHING, damaged: foreign(paths.changes)};
  const isBeside = [base?.sum ?? null, base?.header.before].includes(changes.header.base);
  if (!isBeside) {
    return {...NOTHING, damaged: damage(paths.changes, 'it belongs to another state')};
  }
  if (changes.damaged) {
    return {...NOTHING, damaged: damage(paths.changes, 'its bytes are not what was written')};
  }
  return {base, changes, isTorn: false, damaged: null};
}

const isOf = (
  {job, source, targetVolume}: StateOwner,
  header: Pick<StateOwner, 'job' | 'source' | 'targetVolume'>,
) =>
  header.job === job &&
  header.targetVolume === targetVolume &&
  header.source.volume === source.volume &&
  header.source.folder === source.folder;

const damage = (path: string, why: string): Cause => ({
  code: 'state-damaged',
  path,
  message: `what this job knew of the target is damaged: ${why}`,
  next: 'Nothing is archived in this run: the copies that stand there are read and known again. Look at the drive if this comes twice.',
});

const foreign = (path: string): Cause => ({
  code: 'state-foreign',
  path,
  message: 'what lies there is the state of another job, source or drive',
  next: 'Nothing is archived in this run: the copies that stand there are read and known again.',
});

/** @returns undefined when there is none. A place that the medium cannot give (EIO) is read as damage. */
async function readIfThere(files: Files, path: string): Promise<string | undefined> {
  try {
    return await readText(files, path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return undefined;
    if (errno === 'EIO') return '\n';
    throw error;
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

/** The state with its changes in memory: those of an unfinished run and of this one. */
class KnownState implements StateView {
  readonly files: Files;
  readonly owner: StateOwner;
  damaged: Cause | null;
  readonly reader: StateReader;
  base: BaseState | undefined;
  newestRun: string | null;
  changed = new Map<TreePath, Map<string, MirrorRecord | undefined>>();
  #puts = 0;

  constructor(files: Files, owner: StateOwner, {base, changes, damaged}: Found) {
    this.files = files;
    this.owner = owner;
    this.damaged = damaged;
    this.base = base;
    this.newestRun = base?.header.run ?? null;
    for (const change of changes?.changes ?? []) this.apply(change);
    const renamed = new Map(base?.names.renamed);
    for (const folder of this.changed.values()) {
      for (const record of folder.values()) {
        if (record !== undefined && record.path !== record.target) noteRenamed(renamed, record);
      }
    }
    this.reader = {renamed, folders: () => this.folders()};
  }

  get known(): number {
    return (this.base?.names.records ?? 0) + this.#puts;
  }

  folders() {
    const {files, base, owner} = this;
    const path = pathsOf(owner).state;
    const onDamage = (why: string) => {
      this.damaged ??= damage(path, why);
    };
    const {hashEngine} = owner;
    return mergeFolders(
      base === undefined ? null : {files, path, base, hashEngine, onDamage},
      this.changed,
    );
  }

  apply(change: StateChange): void {
    if (change.kind === 'run') {
      if (this.newestRun === null || change.run > this.newestRun) this.newestRun = change.run;
      return;
    }
    const path = change.kind === 'put' ? change.record.path : change.path;
    const folder = folderOf(path);
    const names = this.changed.get(folder) ?? new Map<string, MirrorRecord | undefined>();
    names.set(nameOf(path), change.kind === 'put' ? change.record : undefined);
    this.changed.set(folder, names);
    if (change.kind === 'put') this.#puts += 1;
  }

  forgetChanges(): void {
    this.changed = new Map();
    this.#puts = 0;
  }
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

  constructor(files: Files, setting: StateSetting, found: Found) {
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
