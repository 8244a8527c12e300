import type {StateChange} from '../core/backup/change-lines.ts';
import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {folderOf, nameOf} from '../core/backup/walk-order.ts';
import type {Cause} from '../core/cause.ts';
import type {Files} from '../system/files.ts';
import type {BaseState} from './base-state.ts';
import {damage, type FoundState, pathsOf, type StateOwner} from './find-state.ts';
import {mergeFolders, noteRenamed, type StateReader} from './state-reader.ts';

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

/** The state with its changes in memory: those of an unfinished run and of this one. */
export class KnownState implements StateView {
  readonly files: Files;
  readonly owner: StateOwner;
  damaged: Cause | null;
  readonly reader: StateReader;
  base: BaseState | undefined;
  newestRun: string | null;
  changed = new Map<TreePath, Map<string, MirrorRecord | undefined>>();
  #puts = 0;

  constructor(files: Files, owner: StateOwner, {base, changes, damaged}: FoundState) {
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
