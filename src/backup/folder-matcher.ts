/** Asks for whole groups of folders whether they are as recorded, on both sides at once and ahead of the walk. */
import type {MatchedFolder} from '../core/backup/accept-match.ts';
import type {NamedEntry} from '../core/backup/entry-rule.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {foldersAbove, isWithin} from '../core/backup/walk-order.ts';
import type {MatchingFiles} from '../system/files.ts';
import {type MatchAnswer, type MatchQuestion, NO_MATCH} from '../system/match-folders.ts';
import type {RecordLines} from './record-blocks.ts';
import type {RecordedFolder} from './state-reader.ts';

/** A folder that is as recorded, with the bytes of its files. */
export interface FolderMatch extends MatchedFolder {
  readonly bytes: number;
}

/** What was found of the folders that were asked for; null for those that are to be looked at one by one. */
export type FolderMatches = ReadonlyMap<TreePath, FolderMatch | null>;

interface Asked {
  readonly path: TreePath;
  readonly lines: RecordLines | undefined;
}

const NONE: readonly NamedEntry[] = [];

export class FolderMatcher {
  readonly #files: MatchingFiles;
  readonly #source: string;
  readonly #target: string;
  #last: TreePath | undefined;
  #isKnown: boolean;

  constructor({
    files,
    source,
    target,
  }: {
    readonly files: MatchingFiles;
    readonly source: string;
    readonly target: string;
  }) {
    this.#files = files;
    this.#source = source;
    this.#target = target;
    this.#isKnown = files.matchFolders !== undefined;
  }

  /** @param folders groups are to come in the order of the walk. @returns undefined when there is no short way, or when it is none for so few. */
  async match(folders: readonly RecordedFolder[]): Promise<FolderMatches | undefined> {
    const asked = this.#withFoldersAbove(folders);
    const shared = asked.find(({lines}) => lines !== undefined)?.lines?.bytes;
    if (!this.#isKnown || shared === undefined) return undefined;
    const spans = new Float64Array(asked.length * 2);
    for (const [at, {lines}] of asked.entries()) {
      spans[2 * at] = lines?.from ?? 0;
      spans[2 * at + 1] = lines?.to ?? 0;
    }
    const question = {paths: asked.map(({path}) => path), lines: shared, spans};
    const [source, target] = await Promise.all([
      this.#ask({...question, root: this.#source, side: 'source'}),
      this.#ask({...question, root: this.#target, side: 'copy'}),
    ]);
    if (source === undefined || target === undefined) {
      this.#isKnown = false;
      return undefined;
    }
    return join(asked, source, target);
  }

  async #ask(question: MatchQuestion): Promise<MatchAnswer | undefined> {
    return await this.#files.matchFolders?.(question);
  }

  /** A folder that holds only folders has no records, and is on the way to one that has. */
  #withFoldersAbove(folders: readonly RecordedFolder[]): readonly Asked[] {
    const asked: Asked[] = [];
    for (const {path, lines} of folders) {
      const above = path === '' ? [] : ['', ...foldersAbove(path)];
      for (const one of above) {
        if (this.#last === undefined || !isWithin(this.#last, one)) {
          asked.push({path: one, lines: undefined});
        }
      }
      this.#last = path;
      // Of one that changed since the state was written the lines do not tell.
      if (lines !== undefined) asked.push({path, lines});
    }
    return asked;
  }
}

function join(asked: readonly Asked[], source: MatchAnswer, target: MatchAnswer): FolderMatches {
  const names = source.names.split('\0');
  const matches = new Map<TreePath, FolderMatch | null>();
  let at = 0;
  for (const [index, {path}] of asked.entries()) {
    const count = source.counts[index] ?? NO_MATCH;
    const isMatch = count !== NO_MATCH && target.counts[index] === count;
    const its = isMatch ? names.slice(at, at + count) : [];
    at += Math.max(0, count);
    const match = {
      path,
      names: its,
      bytes: source.bytes[index] ?? 0,
      inSource: source.others.get(index) ?? NONE,
      onTarget: target.others.get(index) ?? NONE,
    };
    matches.set(path, isMatch ? match : null);
  }
  return matches;
}
