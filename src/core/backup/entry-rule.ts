import {fileRule, folderRule} from './mirror-leave-out.ts';
import type {TreePath} from './mirror-tree.ts';

/** One name in a folder. */
export interface NamedEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'special';
}

/** @returns the rule under which a mirror leaves an entry out, or undefined. @param parent empty for the folder of the job. */
export function entryRule({name, kind}: NamedEntry, parent: TreePath): string | undefined {
  if (kind === 'folder') return folderRule(name, parent);
  // Junk is junk even where it is a link; what is left is worth a warning.
  return fileRule(name, parent) ?? (kind === 'file' ? undefined : kind);
}
