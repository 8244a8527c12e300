/** Failures of one kind belong together: a drive that is full fails every file that comes after. */
import type {CardPath, CardRef} from './card.ts';
import type {Failure} from './card-state.ts';
import type {SessionFailure} from './session/session-state.ts';
import {cameraOrderKey} from './survey/camera-order.ts';

/** What failed on one card, in one place, for one reason. */
export interface FailureGroup extends Omit<Failure, 'path'> {
  readonly card: CardRef;
  /** Each once, in the order of the camera. Never empty. */
  readonly paths: readonly CardPath[];
}

/**
 * @param failures oldest first.
 * @returns them by card, place and code, in the order in which the kinds came; the words are those of the newest. A file that does not match and then
 * fails in the same place is one failure.
 */
export function groupFailures(failures: readonly SessionFailure[]): readonly FailureGroup[] {
  const last = new Map<string, SessionFailure>();
  for (const failure of failures) {
    last.set(JSON.stringify([failure.card.path, failure.to, failure.path]), failure);
  }
  const groups = new Map<string, SessionFailure[]>();
  for (const failure of last.values()) {
    const kind = JSON.stringify([failure.card.path, failure.to, failure.code]);
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [failure]);
    else group.push(failure);
  }
  return [...groups.values()].flatMap((group) => {
    const newest = group.at(-1);
    if (newest === undefined) return [];
    const {path: _, ...words} = newest;
    return [{...words, paths: sortPaths(group.map(({path}) => path))}];
  });
}

function sortPaths(paths: readonly CardPath[]): readonly CardPath[] {
  const keyed = paths.map((path) => ({path, key: cameraOrderKey(path)}));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({path}) => path);
}
