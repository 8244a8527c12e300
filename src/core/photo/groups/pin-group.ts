/** Where a group stays because an earlier offload of the same card put a member of it there. */
import type {CardPath} from '../../card.ts';
import {keepsNames, keepsPaths, type Layout} from '../../layout.ts';
import type {FileGroup} from './group-files.ts';
import type {MemberName} from './name-group.ts';

/**
 * @param names of the group under the number 1, in the order of its members.
 * @param targets below the shoot folder, for the files that earlier offloads recorded, unchanged since.
 * @returns a name for each member beside the recorded one; undefined when nothing of the group is recorded, or under a name that this layout does not give.
 */
export function pinGroup(
  layout: Layout,
  group: FileGroup,
  {names, targets}: {names: readonly MemberName[]; targets: ReadonlyMap<CardPath, string>},
): readonly MemberName[] | undefined {
  for (const [index, {path}] of group.members.entries()) {
    const target = targets.get(path);
    const name = names[index];
    if (target === undefined || name === undefined) continue;
    const pinned = pinTo(layout, group, {names, index, target});
    if (pinned !== undefined) return pinned;
  }
  return undefined;
}

interface Pin {
  readonly names: readonly MemberName[];
  readonly index: number;
  readonly target: string;
}

function pinTo(layout: Layout, group: FileGroup, {names, index, target}: Pin) {
  const slash = target.lastIndexOf('/');
  const folder = target.slice(0, Math.max(slash, 0));
  const known = names[index];
  const full = target.slice(slash + 1);
  if (known === undefined || !full.endsWith(known.tail)) return undefined;
  const stem = full.slice(0, full.length - known.tail.length);
  const folderOf = (name: MemberName) => (name.folder === known.folder ? folder : name.folder);
  if (keepsNames(layout) || keepsPaths(layout)) {
    const number = stem.startsWith(known.stem) ? stem.slice(known.stem.length) : undefined;
    if (number === undefined || !/^(?:-\d+)?$/.test(number)) return undefined;
    return names.map((name) => ({
      ...name,
      folder: folderOf(name),
      stem: `${name.stem}${number}`,
    }));
  }
  const [main] = group.members;
  const variantOf = (at: number) => {
    const variant = group.members[at]?.variant ?? '';
    return variant === main.variant ? '' : variant;
  };
  const own = variantOf(index);
  if (!stem.endsWith(own)) return undefined;
  const shared = stem.slice(0, stem.length - own.length);
  return names.map((name, one) => ({
    ...name,
    folder: folderOf(name),
    stem: `${shared}${variantOf(one)}`,
  }));
}
