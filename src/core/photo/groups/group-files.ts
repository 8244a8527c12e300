/** What belongs together on a card: a picture in two forms, with its sidecars, its voice note, its film. */
import type {CardPath} from '../../card.ts';
import {foldCase} from '../../safe-names.ts';
import {splitName} from '../../split-name.ts';
import {type FileForm, formOf} from '../../survey/file-kind.ts';

export interface GroupMember {
  readonly path: CardPath;
  /** Its name is this and `tail`. */
  readonly stem: string;
  /** With its dot: `.CR3`, `.CR3.xmp`; empty where there is none. */
  readonly tail: string;
  /** What tells it from a member with the same tail: `_E` for the edited picture of an iPhone, `_O` for what it was edited by. Empty for all others. */
  readonly variant: string;
  readonly form: FileForm | undefined;
}

export interface FileGroup {
  /** Folder on the card; empty for its root. */
  readonly folder: CardPath;
  /** The file that the others are of comes first: raw, film, HEIF, JPEG, then the rest. Never empty. */
  readonly members: readonly [GroupMember, ...GroupMember[]];
}

/** Sidecars that may bear the whole name of their picture: `IMG_0001.CR3.xmp`. */
const SIDECAR = /^\.(?:xmp|pp3|dop|on1|cos)$/i;
/** GoPro: film (GX, GH), its small copy (GL), two digits of chapter, four of the film ("HERO camera file naming convention", GoPro). */
const GOPRO = /^G[HXL](\d{6})$/i;
/** Apple: the edited picture, and the edits. */
const APPLE = /^IMG_([EO])(\d{4,})$/i;

/**
 * Puts the files of a card into groups: one folder, one stem in capitals or not, and the names that GoPro and Apple give to what belongs together. Two files that would have one name as
 * members of a group are in no group.
 * @returns every path once; groups in the order of their main files' paths, whatever the order of `paths`.
 */
export function groupFiles(paths: readonly CardPath[]): readonly FileGroup[] {
  const keyed = new Map<string, GroupMember[]>();
  for (const path of paths.toSorted(compareUnits)) {
    const {folder, name} = splitPath(path);
    const {stem, tail} = splitTail(name);
    const {key, variant} = keyOf(stem);
    const whole = JSON.stringify([folder, key]);
    const members = keyed.get(whole) ?? [];
    keyed.set(whole, members);
    members.push({path, stem, tail, variant, form: formOf(path)});
  }
  const groups = [...keyed.values()].flatMap(splitClashes).map(makeGroup);
  return groups.sort((a, b) => compareUnits(a.members[0].path, b.members[0].path));
}

function splitPath(path: CardPath): {folder: CardPath; name: string} {
  const slash = path.lastIndexOf('/');
  return {folder: path.slice(0, Math.max(slash, 0)), name: path.slice(slash + 1)};
}

/** A sidecar's stem is that of its picture, whether it bears the picture's extension or not. */
function splitTail(name: string): {stem: string; tail: string} {
  const {stem, ext} = splitName(name);
  if (!SIDECAR.test(ext)) return {stem, tail: ext};
  const inner = splitName(stem);
  return formOf(stem) === undefined
    ? {stem, tail: ext}
    : {stem: inner.stem, tail: `${inner.ext}${ext}`};
}

function keyOf(stem: string): {key: string; variant: string} {
  const chapter = GOPRO.exec(stem)?.[1];
  if (chapter !== undefined) return {key: `G/${chapter}`, variant: ''};
  const [, letter, number] = APPLE.exec(stem) ?? [];
  if (letter !== undefined && number !== undefined)
    return {key: `IMG_${number}`, variant: `_${letter.toUpperCase()}`};
  return {key: foldCase(stem.normalize('NFC')), variant: ''};
}

/** Members whose new names would be one name are taken apart by their stems, and where that is not enough each stands alone. */
function splitClashes(members: readonly GroupMember[]): readonly (readonly GroupMember[])[] {
  if (!clash(members)) return [members];
  const byStem = new Map<string, GroupMember[]>();
  for (const one of members) byStem.set(one.stem, [...(byStem.get(one.stem) ?? []), one]);
  return [...byStem.values()].flatMap((some) => (clash(some) ? some.map((one) => [one]) : [some]));
}

const clash = (members: readonly GroupMember[]): boolean =>
  new Set(members.map(({variant, tail}) => foldCase(variant + tail.normalize('NFC')))).size <
  members.length;

const RANKS: readonly FileForm[] = ['raw', 'film', 'heif', 'jpeg', 'still'];

function makeGroup(members: readonly GroupMember[]): FileGroup {
  const [main, ...others] = members.toSorted(
    (a, b) =>
      a.variant.length - b.variant.length || rankOf(a) - rankOf(b) || compareUnits(a.path, b.path),
  );
  if (main === undefined) throw new Error('a group without a file');
  return {folder: splitPath(main.path).folder, members: [main, ...others]};
}

function rankOf({form}: GroupMember): number {
  return form === undefined ? RANKS.length : RANKS.indexOf(form);
}

/** Not `localeCompare`: the order must not depend on the machine. */
export function compareUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
