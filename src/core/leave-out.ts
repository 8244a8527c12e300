/**
 * What on a card is not copied: files that operating systems leave behind, and what is not a file at all. Everything else is
 * copied, unknown files too. Every entry that is left out is listed with its rule (design, section 5).
 */

/** Folders that macOS and Windows make for themselves; everything in them is left out. */
const JUNK_FOLDERS = [
  '.Trashes',
  '.Spotlight-V100',
  '.fseventsd',
  'System Volume Information',
  '$RECYCLE.BIN',
] as const;

const JUNK_FILES = ['.DS_Store', 'Thumbs.db', 'desktop.ini'] as const;

export type JunkRule = (typeof JUNK_FOLDERS)[number] | (typeof JUNK_FILES)[number] | '._*';
/** `link` and `special` (FIFO, socket, device) are listed with a warning: the photographer may have meant them. */
export type LeaveOutRule = JunkRule | 'link' | 'special';

/** Letters of ASCII only: a Kelvin sign is no `k`, and what is not exactly junk is somebody's file. */
const foldName = (name: string) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const byFoldedName = <T extends string>(names: readonly T[]) =>
  new Map(names.map((name) => [foldName(name), name]));

// exFAT and FAT keep the case that the writer chose and compare without it, so `thumbs.db` is `Thumbs.db`.
const folders: ReadonlyMap<string, JunkRule> = byFoldedName(JUNK_FOLDERS);
const files: ReadonlyMap<string, JunkRule> = byFoldedName(JUNK_FILES);

/** @returns the rule that leaves this folder out with all that is in it, or undefined. */
export function junkFolderRule(name: string): JunkRule | undefined {
  return folders.get(foldName(name));
}

/** Folding a million names takes longer than listing them. */
const junkLengths: ReadonlySet<number> = new Set(JUNK_FILES.map(({length}) => length));

/** @returns the rule that leaves this file out, or undefined. */
export function junkFileRule(name: string): JunkRule | undefined {
  if (name.startsWith('._')) return '._*';
  return junkLengths.has(name.length) ? files.get(foldName(name)) : undefined;
}

/** Links and special files may be somebody's work: they are warned of. Junk is not. */
export function deservesWarning(rule: LeaveOutRule): boolean {
  return rule === 'link' || rule === 'special';
}
