/** Asks for whole groups of folders whether they are as recorded, on both sides at once and ahead of the walk. */
import {asksForNames, type MatchedFolder, type MatchSetting} from '../core/backup/accept-match.ts';
import type {NamedEntry} from '../core/backup/entry-rule.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {foldersAbove, isWithin} from '../core/backup/walk-order.ts';
import type {MatchingFiles} from '../system/files.ts';
import {FolderDigest} from '../system/folder-digest.ts';
import type {MatchAnswer, MatchQuestion} from '../system/match-folders.ts';
import type {StoredFolder} from './stored-folders.ts';

/** A folder that is as recorded. */
export interface FolderMatch extends MatchedFolder {
  /** Records of it. */
  readonly files: number;
  /** Of these files. */
  readonly bytes: number;
}

/** What was found of the folders that were asked for; null for those that are to be looked at one by one. */
export type FolderMatches = ReadonlyMap<TreePath, FolderMatch | null>;

/** What both sides of a folder are to be. */
interface Asked {
  readonly path: TreePath;
  readonly files: number;
  readonly bytes: number;
  readonly source: string;
  readonly copy: string;
}

const NONE: readonly NamedEntry[] = [];
const NO_FILES = new FolderDigest(0).digest();

interface MatcherSetting extends Pick<MatchSetting, 'rules' | 'leaveOut'> {
  readonly files: MatchingFiles;
  /** Folders, absolute. */
  readonly source: string;
  readonly target: string;
}

export class FolderMatcher {
  readonly #setting: MatcherSetting;
  readonly #wantsNames: boolean;
  #last: TreePath | undefined;
  #isKnown: boolean;

  constructor(setting: MatcherSetting) {
    this.#setting = setting;
    this.#wantsNames = asksForNames(setting);
    this.#isKnown = setting.files.matchFolders !== undefined;
  }

  /** @param folders groups are to come in the order of the walk. @returns undefined when there is no short way, or when it is none for so few. */
  async match(folders: readonly StoredFolder[]): Promise<FolderMatches | undefined> {
    const asked = this.#withFoldersAbove(folders);
    if (!this.#isKnown || asked.length === 0) return undefined;
    const question = {
      paths: asked.map(({path}) => path),
      files: asked.reduce((sum, {files}) => sum + files, 0),
      wantsNames: false,
    };
    const {source, target} = this.#setting;
    const [fromSource, fromTarget] = await Promise.all([
      this.#ask({
        ...question,
        root: source,
        side: 'source',
        digests: asked.map((one) => one.source),
        wantsNames: this.#wantsNames,
      }),
      this.#ask({
        ...question,
        root: target,
        side: 'copy',
        digests: asked.map((one) => one.copy),
      }),
    ]);
    if (fromSource === undefined || fromTarget === undefined) {
      this.#isKnown = false;
      return undefined;
    }
    return this.#join(asked, fromSource, fromTarget);
  }

  async #ask(question: MatchQuestion): Promise<MatchAnswer | undefined> {
    return await this.#setting.files.matchFolders?.(question);
  }

  /** A folder that holds only folders has no records, and is on the way to one that has. */
  #withFoldersAbove(folders: readonly StoredFolder[]): readonly Asked[] {
    const asked: Asked[] = [];
    for (const {path, files, entry} of folders) {
      const above = path === '' ? [] : ['', ...foldersAbove(path)];
      for (const one of above) {
        if (this.#last === undefined || !isWithin(this.#last, one)) {
          asked.push({path: one, files: 0, bytes: 0, source: NO_FILES, copy: NO_FILES});
        }
      }
      this.#last = path;
      const source = entry?.source ?? null;
      const copy = entry?.copy ?? null;
      // Of one that changed since the state was written the index does not tell.
      if (entry !== null && source !== null && copy !== null) {
        asked.push({path, files, bytes: entry.bytes, source, copy});
      }
    }
    return asked;
  }

  #join(asked: readonly Asked[], source: MatchAnswer, target: MatchAnswer): FolderMatches {
    const names = this.#wantsNames ? source.names.split('\0') : null;
    const matches = new Map<TreePath, FolderMatch | null>();
    let at = 0;
    for (const [index, {path, files, bytes}] of asked.entries()) {
      const inSource = source.isMatch[index] === 1;
      const isMatch = inSource && target.isMatch[index] === 1;
      const match = isMatch && {
        path,
        files,
        bytes,
        names: names === null ? null : names.slice(at, at + files),
        inSource: source.others.get(index) ?? NONE,
        onTarget: target.others.get(index) ?? NONE,
      };
      if (inSource) at += files;
      matches.set(path, match || null);
    }
    return matches;
  }
}
