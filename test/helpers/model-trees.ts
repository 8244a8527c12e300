/** Two trees and a state in memory, a mirror that is planned over them by the real planner, and a plain way to do what a plan says. */
import {strict as assert} from 'node:assert';
import {createHash} from 'node:crypto';
import {posix} from 'node:path';
import {planMirror} from '../../src/backup/plan-mirror.ts';
import {noteRenamed, type StateReader} from '../../src/backup/state-reader.ts';
import type {LeaveOut} from '../../src/core/backup/mirror-leave-out.ts';
import type {MirrorPlan, MirrorStep} from '../../src/core/backup/mirror-plan.ts';
import type {MirrorRecord} from '../../src/core/backup/mirror-record.ts';
import type {TreeFile} from '../../src/core/backup/mirror-tree.ts';
import {compareFolders, folderOf, foldersAbove, nameOf} from '../../src/core/backup/walk-order.ts';
import {foldName, type NamingRules} from '../../src/core/safe-names.ts';
import type {EntryKind, Files, ListedEntry} from '../../src/system/files.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {interceptCalls} from './faulty-files.ts';

export interface ModelFile {
  content: string;
  mtimeNs: bigint;
  changedNs: bigint;
}

export class ModelTree {
  readonly files = new Map<string, ModelFile>();
  readonly folders = new Set<string>();
  readonly links = new Set<string>();
  readonly rules: NamingRules;
  now = 1_700_000_000_000_000_000n;

  constructor(rules: NamingRules) {
    this.rules = rules;
  }

  /** @returns false where the name belongs to something else. */
  write(path: string, content: string): boolean {
    if (!this.makeFolder(folderOf(path))) return false;
    if (this.folders.has(path) || this.links.has(path)) return false;
    if (!this.files.has(path) && this.hasAlike(path)) return false;
    this.now += 1_000_000n;
    this.files.set(path, {content, mtimeNs: this.now, changedNs: this.now});
    return true;
  }

  makeFolder(path: string): boolean {
    for (const one of path === '' ? [] : [...foldersAbove(path), path]) {
      if (this.folders.has(one)) continue;
      if (this.files.has(one) || this.links.has(one) || this.hasAlike(one)) return false;
      this.folders.add(one);
    }
    return true;
  }

  /** Something in the same folder has a name that is the same name there. */
  hasAlike(path: string): boolean {
    const key = foldName(nameOf(path), this.rules);
    return [...this.files.keys(), ...this.folders, ...this.links].some(
      (one) => folderOf(one) === folderOf(path) && foldName(nameOf(one), this.rules) === key,
    );
  }

  removeFolder(path: string): void {
    for (const one of this.files.keys()) if (one.startsWith(`${path}/`)) this.files.delete(one);
    for (const one of this.folders) {
      if (one === path || one.startsWith(`${path}/`)) this.folders.delete(one);
    }
  }

  isEmpty(path: string): boolean {
    return ![...this.files.keys(), ...this.folders].some((one) => one.startsWith(`${path}/`));
  }

  list(path: string): readonly ListedEntry[] {
    const entry = (name: string, kind: EntryKind, file?: ModelFile): ListedEntry => ({
      name: nameOf(name),
      facts: {
        kind,
        size: file?.content.length ?? 0,
        mtimeNs: file?.mtimeNs ?? 0n,
        changedNs: file?.changedNs ?? 0n,
        device: 1n,
        inode: 1n,
      },
      errno: null,
    });
    const inside = (one: string) => folderOf(one) === path;
    return [
      ...[...this.files]
        .filter(([one]) => inside(one))
        .map(([one, file]) => entry(one, 'file', file)),
      ...[...this.folders].filter(inside).map((one) => entry(one, 'folder')),
      ...[...this.links].filter(inside).map((one) => entry(one, 'link')),
    ];
  }
}

export type Records = Map<string, MirrorRecord>;

export const hashOf = (content: string): string =>
  createHash('sha256').update(content).digest('hex');

/** @returns a reader of records that lie in memory. */
export function readerOf(records: Records): StateReader {
  const renamed = new Map<string, string>();
  const folders = new Map<string, Map<string, MirrorRecord>>();
  for (const record of records.values()) {
    noteRenamed(renamed, record);
    const folder = folders.get(folderOf(record.path)) ?? new Map<string, MirrorRecord>();
    folder.set(nameOf(record.path), record);
    folders.set(folderOf(record.path), folder);
  }
  return {
    renamed,
    async *folders() {
      for (const path of [...folders.keys()].sort(compareFolders)) {
        yield {path, records: folders.get(path) ?? new Map()};
      }
    },
  };
}

export interface ModelMirror {
  readonly source: ModelTree;
  readonly target: ModelTree;
  readonly records: Records;
  readonly leaveOut?: LeaveOut;
  /** Orders the entries of a folder in another way. */
  readonly shuffle?: <T>(entries: readonly T[]) => readonly T[];
  /** Folders that cannot be listed, as absolute paths. */
  readonly unreadable?: ReadonlySet<string>;
}

const SOURCE = '/s';
const TARGET = '/t';

export const inSource = (path: string) => posix.join(SOURCE, path);
export const inTarget = (path: string) => posix.join(TARGET, path);

export function planModel(mirror: ModelMirror): Promise<MirrorPlan> {
  const {source, target, records, leaveOut = () => false, shuffle = (all) => all} = mirror;
  const files: Files = {
    ...interceptCalls(realFiles, () => Promise.reject(new Error('not of the model'))),
    async lookAll(folder) {
      const tree = folder.startsWith(SOURCE) ? source : target;
      const path = folder.slice(SOURCE.length + 1);
      const isThere = (path === '' || tree.folders.has(path)) && !mirror.unreadable?.has(folder);
      if (!isThere) throw Object.assign(new Error(folder), {code: 'EACCES'});
      return shuffle(tree.list(path));
    },
  };
  return planMirror({
    files,
    source: SOURCE,
    target: TARGET,
    rules: target.rules,
    leaveOut,
    state: readerOf(records),
    signal: new AbortController().signal,
    onLook: () => {},
  });
}

export interface Applied {
  /** What went to the archive: the path on the target, and whether a record or the name of a step allowed it. */
  readonly archived: string[];
}

/** Does what a plan says, with every look that a real run must take too. */
export function applyPlan({source, target, records}: ModelMirror, plan: MirrorPlan): Applied {
  const archived: string[] = [];
  const archive = (standing: TreeFile) => {
    assert.ok(target.files.delete(standing.path), `not there: ${standing.path}`);
    archived.push(standing.path);
  };
  const note = (file: TreeFile, place: string) => {
    const from = source.files.get(file.path);
    const to = target.files.get(place);
    assert.ok(from !== undefined && to !== undefined);
    assert.equal(to.content, from.content);
    records.set(file.path, {
      path: file.path,
      target: place,
      size: from.content.length,
      hash: hashOf(from.content),
      source: {mtimeNs: from.mtimeNs, changedNs: from.changedNs},
      copy: {mtimeNs: to.mtimeNs, changedNs: to.changedNs},
      provedAt: '2026-11-23T14:15:00.000Z',
      mediumRead: 'direct',
    });
  };
  const write = (file: TreeFile, place: string) => {
    assert.ok(!target.files.has(place), `taken: ${place}`);
    const folder = folderOf(place);
    assert.ok(folder === '' || target.folders.has(folder), `no folder: ${folder}`);
    assert.ok(target.write(place, source.files.get(file.path)?.content ?? ''), `no name: ${place}`);
    note(file, place);
  };
  const isSame = (file: TreeFile, place: string) =>
    target.files.get(place)?.content === source.files.get(file.path)?.content;
  const gone = new Set<string>();
  const move = ({file, target: place, vanished}: Extract<MirrorStep, {kind: 'copy'}>) => {
    const content = source.files.get(file.path)?.content ?? '';
    const old = vanished.find((one) => !gone.has(one.path) && one.hash === hashOf(content));
    const standing = old && target.files.get(old.target);
    if (old === undefined || standing?.content !== content) return false;
    assert.ok(!target.files.has(place), `taken: ${place}`);
    target.files.delete(old.target);
    target.files.set(place, standing);
    gone.add(old.path);
    records.delete(old.path);
    note(file, place);
    return true;
  };
  for (const folder of plan.folders) {
    assert.ok(!target.folders.has(folder));
    assert.ok(target.makeFolder(folder), `no folder: ${folder}`);
  }
  for (const step of plan.steps) {
    if (step.kind === 'vanish') {
      if (gone.has(step.record.path)) continue;
      if (step.standing !== null) archive(step.standing);
      records.delete(step.record.path);
    } else if (step.kind === 'copy') {
      if (!move(step)) write(step.file, step.target);
    } else if (step.kind === 'replace') {
      if (step.standing !== null) archive(step.standing);
      write(step.file, step.target);
    } else {
      const place = step.kind === 'adopt' ? step.target : step.record.target;
      if (isSame(step.file, place)) note(step.file, place);
      else {
        if (step.standing !== null) archive(step.standing);
        write(step.file, place);
      }
    }
  }
  for (const folder of plan.emptied) if (target.isEmpty(folder)) target.folders.delete(folder);
  return {archived};
}
