import type {CardPath} from '../../card.ts';
import {foldCase} from '../../safe-names.ts';
import {splitName} from '../../split-name.ts';
import {type FileGroup, groupFiles} from './group-files.ts';
import {isInStructure} from './structure.ts';

/**
 * The groups that a layout may put elsewhere. What belongs to a film that keeps its place stays with it: a `.sidecar`, a sound or a list with the name of a `.braw` or `.CRM`, a proxy in the folder
 * `Proxy` below it (Blackmagic), or with `_Proxy` behind its name (Canon).
 * @returns groups as {@link groupFiles} does; files of structures are in none.
 */
export function findFreeGroups(paths: readonly CardPath[]): readonly FileGroup[] {
  const held = new Set(paths.filter(isInStructure).map(clipOfFile));
  return groupFiles(paths.filter((path) => !isInStructure(path))).filter(
    ({folder, members}) => !members.some(({stem}) => held.has(clipOf(folder, stem))),
  );
}

function clipOfFile(path: CardPath): string {
  const slash = path.lastIndexOf('/');
  return clipOf(path.slice(0, Math.max(slash, 0)), splitName(path.slice(slash + 1)).stem);
}

/** The same text for a film and for what bears its name. */
function clipOf(folder: CardPath, stem: string): string {
  const above = folder.replace(/(?:^|\/)Proxy$/i, '');
  return JSON.stringify([above, foldCase(stem.replace(/_Proxy$/i, ''))]);
}
