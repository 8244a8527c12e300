/** Where a layout wants the files of one group: one folder, one stem, whatever they are. */
import type {CardPath} from '../../card.ts';
import type {Layout, TokenValues} from '../../layout.ts';
import {countsFiles, keepsNames, keepsPaths, renderPart} from '../../layout.ts';
import {safeFolderName} from '../../safe-folder-name.ts';
import {foldName, PORTABLE_RULES} from '../../safe-names.ts';
import {nameCamera} from '../../survey/name-camera.ts';
import type {DatedGroup} from './date-groups.ts';
import type {GroupMember} from './group-files.ts';

export interface MemberName {
  readonly path: CardPath;
  /** Folders below the shoot folder, joined by `/`; empty for the shoot folder itself. */
  readonly folder: string;
  /** The name without `tail`. Members of one group have one stem, where the layout does not keep names that differ. */
  readonly stem: string;
  readonly tail: string;
}

export interface NamingContext {
  readonly shoot: string;
  /** Name of the card's folder. */
  readonly card: string;
}

/**
 * @param number from 1 on. Under a layout with `{seq}` it is that number; under others it stands behind every stem of the group from 2 on, for when a name is taken: `IMG_0001-2.CR3`.
 * @returns a name for each member, in their order. Names and stems from the card stand in them as the card has them: `placeTree` makes them safe.
 */
export function nameGroup(
  layout: Layout,
  group: DatedGroup,
  {shoot, card, number}: NamingContext & {number: number},
): readonly MemberName[] {
  const counts = countsFiles(layout);
  const again = counts || number === 1 ? '' : `-${number}`;
  const values = valuesOf(group, {shoot, card});
  return group.members.map((member) => {
    const own: TokenValues = {...values, ext: kindFor(group, member), seq: number};
    const folders = layout.parts.slice(0, -1).map((part) => renderPart(part, own));
    const kept = keepsPaths(layout) && group.folder !== '' ? [group.folder] : [];
    return {
      path: member.path,
      folder: [...folders, ...kept].join('/'),
      stem: stemFor(layout, {group, member, values: own, again}),
      tail: member.tail,
    };
  });
}

export const wantedPath = ({folder, stem, tail}: MemberName): string =>
  folder === '' ? `${stem}${tail}` : `${folder}/${stem}${tail}`;

interface Naming {
  readonly group: DatedGroup;
  readonly member: GroupMember;
  readonly values: TokenValues;
  /** `-2` and so on, where the name is taken. */
  readonly again: string;
}

function stemFor(layout: Layout, {group, member, values, again}: Naming): string {
  const last = layout.parts.at(-1) ?? [];
  if (keepsPaths(layout)) return `${member.stem}${again}`;
  if (keepsNames(layout)) return `${renderPart(last, {...values, name: member.stem})}${again}`;
  const [main] = group.members;
  // Without the extension and the dot before it: the tail has its own.
  const text = renderPart(last.slice(0, -1), {...values, stem: main.stem});
  const stem = text.replace(/\.$/, '') || '_';
  const cut = cutStem(stem);
  // `{seq}` may have stood in what was cut off, and no two groups have one.
  const number = countsFiles(layout) && cut !== stem ? `-${values.seq}` : '';
  const differs = member.variant !== main.variant;
  return `${cut}${number}${again}${differs ? member.variant : ''}`;
}

/** UTF-8 bytes of a stem that leave room for a number and an extension in every file system (255). */
const LONGEST_STEM = 200;
const encoder = new TextEncoder();

/** Cut here, the stem is the same for all members; `placeTree` would cut each name for itself. */
function cutStem(stem: string): string {
  if (stem.length * 3 <= LONGEST_STEM) return stem;
  let bytes = 0;
  let kept = '';
  for (const character of stem) {
    bytes += encoder.encode(character).length;
    if (bytes > LONGEST_STEM) return kept;
    kept += character;
  }
  return kept;
}

/** A picture in two forms is of two kinds; what belongs to it has no kind of its own. */
function kindFor({members: [main]}: DatedGroup, member: GroupMember): string {
  const isPicture = member.form !== undefined && member.form !== 'still';
  return (isPicture ? member : main).tail.slice(1);
}

function valuesOf(group: DatedGroup, {shoot, card}: NamingContext): TokenValues {
  const [date = '', clock = ''] = group.takenAt.local.split('T');
  const [yyyy = '', mm = '', dd = ''] = date.split('-');
  return {
    shoot: safeFolderName(shoot),
    card: safeFolderName(card),
    yyyy,
    mm,
    dd,
    date,
    time: clock.replaceAll(':', ''),
    camera: safeValue(nameCamera(group), 'unknown-camera'),
    serial: safeValue(group.serial, 'unknown-serial'),
    lens: safeValue(group.lens, 'unknown-lens'),
  };
}

/** Characters. */
const LONGEST_VALUE = 60;

/** @returns one safe part of a path for any text of a camera: no separators, no two dots beside each other, none at its ends. */
export function safeValue(text: string, missing: string): string {
  const plain = safeFolderName([...text.normalize('NFC')].slice(0, LONGEST_VALUE).join(''))
    .replace(/\p{Cf}/gu, '')
    .replace(/\.{2,}/g, '.')
    .replace(/^[. _-]+|[. ]+$/g, '');
  return plain === '' ? missing : plain;
}

/** The key under which two stems meet in one folder, on any destination. */
export const stemKey = (folder: string, stem: string): string =>
  `${foldName(folder, PORTABLE_RULES)}/${foldName(stem, PORTABLE_RULES)}`;
