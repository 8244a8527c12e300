/** `offload verify --heal` of what only a backup knows. */
import {join} from 'node:path';
import {MIRROR_FOLDER} from '../../core/backup/mirror-tree.ts';
import {type Cause, errnoOf} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {lockFolder} from '../../engine/folder-lock.ts';
import type {Program} from '../program.ts';
import type {FindGoodCopies} from './find-good-copies.ts';
import {openHealer} from './heal-copies.ts';
import type {HealPlace} from './heal-place.ts';
import {openMirrorStates} from './mirror-states.ts';
import {below, type Mirror, recordsOf} from './mirrors.ts';
import type {ReadCopy} from './verify-mirrors.ts';
import type {JudgedCopy} from './verify-records.ts';

interface MirrorHealing {
  readonly mirror: Mirror;
  /** The user asked for it. */
  readonly isWanted: boolean;
  readonly findGood: FindGoodCopies;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** @returns what brings copies of a mirror back and tells of each; it returns those that are good now. */
export function openMirrorHealer(
  program: Program,
  {mirror, ...order}: MirrorHealing,
): (bad: readonly ReadCopy[]) => Promise<readonly ReadCopy[]> {
  const heal = openHealer(program, {...order, place: healsMirror(program, mirror)});
  return async (bad) => {
    const states = new Map((await heal(bad)).map(({target, state}) => [target, state]));
    return bad.flatMap((copy) => {
      const state = states.get(copy.target);
      return state === undefined ? [] : [{...copy, state}];
    });
  };
}

/** The lock is that of a backup: it writes into the same folder. */
function healsMirror(program: Program, {folder, index}: Mirror): HealPlace {
  const path = join(folder, MIRROR_FOLDER, 'lock');
  return {
    folder,
    own: MIRROR_FOLDER,
    lock: (locking) =>
      lockFolder(locking, {path, doing: 'locking the folder', refusal: folderLocked}),
    isCopy: (place) => index.find(below(folder, place) ?? '') !== undefined,
    confirm: (bad) => confirm(program, folder, bad),
  };
}

/** A backup may have run since a copy was read: what it let go or replaced is not brought back. */
async function confirm(
  program: Program,
  folder: string,
  bad: readonly JudgedCopy[],
): Promise<readonly JudgedCopy[]> {
  const wanted = new Map(bad.map((copy) => [copy.target, copy]));
  const still = new Set<JudgedCopy>();
  try {
    const states = await openMirrorStates(program, folder);
    for await (const {target, hash} of recordsOf({states: states?.states ?? []})) {
      const copy = wanted.get(target);
      if (copy !== undefined && copy.file.blake3 === hash) still.add(copy);
    }
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
  return bad.filter((copy) => still.has(copy));
}

const folderLocked = (who: string, path: string): Cause => ({
  code: 'target-locked',
  path,
  message: `a backup writes into this folder: ${who}`,
  next: `Wait until it is done, then run the same command again. If no backup runs there, remove ${path}.`,
});
