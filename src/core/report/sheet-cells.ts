/** The frames of a contact sheet: what belongs together is one frame, a RAW and its JPEG or a film and its small still. */
import type {CardPath} from '../card.ts';
import {splitName} from '../split-name.ts';
import {cameraOrderKey} from '../survey/camera-order.ts';
import {type FileForm, formOf, kindOf} from '../survey/file-kind.ts';
import {type FileState, type ReportFile, worstState} from './file-state.ts';

export interface SheetCell {
  /** The picture or film itself first, then what belongs to it. */
  readonly files: readonly [ReportFile, ...ReportFile[]];
  readonly form: FileForm;
  /** Of the worst of its files. */
  readonly state: FileState;
  /** Files that may show it, the best first. */
  readonly shows: readonly ReportFile[];
}

export interface Sheet {
  /** In camera order. */
  readonly cells: readonly SheetCell[];
  /** Files that belong to no picture and no film. */
  readonly others: readonly ReportFile[];
}

/** Which of several stands for all, and whose facts are told: what the camera made in full. */
const MAIN: readonly FileForm[] = ['raw', 'heif', 'jpeg', 'film', 'still'];
/** A JPEG is the largest preview of its RAW, and the only one of some films. */
const SHOWS: readonly FileForm[] = ['jpeg', 'still', 'raw', 'heif', 'film'];

/** Files of one press of the button, and what a camera keeps of it elsewhere. */
interface Group {
  readonly own: readonly ReportFile[];
  readonly kept: readonly ReportFile[];
}

/** @returns all files of a card as frames and the rest. */
export function arrangeSheet(files: readonly ReportFile[]): Sheet {
  const cells: SheetCell[] = [];
  const others: ReportFile[] = [];
  for (const group of groupFiles(files)) {
    const cell = makeCell(group);
    if (cell === undefined) others.push(...group.own, ...group.kept);
    else cells.push(cell);
  }
  return {
    cells: sortBy(cells, ({files: [{file}]}) => cameraOrderKey(file.path)),
    others: sortBy(others, ({file}) => cameraOrderKey(file.path)),
  };
}

function groupFiles(files: readonly ReportFile[]): readonly Group[] {
  const byKey = new Map<string, ReportFile[]>();
  for (const one of files) push(byKey, keyOf(one.file.path), one);
  const kept = new Map<string, ReportFile[]>();
  for (const [own, group] of byKey) {
    const rest = group.filter((one) => {
      const film = findPartner(one.file.path.toLowerCase());
      if (film === undefined || film === own || !byKey.has(film)) return true;
      push(kept, film, one);
      return false;
    });
    byKey.set(own, rest);
  }
  return [...byKey].flatMap(([key, group]) => {
    const [first = [], ...more] = splitTwins(group);
    return [{own: first, kept: kept.get(key) ?? []}, ...more.map((own) => ({own, kept: []}))];
  });
}

function push(groups: Map<string, ReportFile[]>, key: string, one: ReportFile): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [one]);
  else group.push(one);
}

/** The same folder and the same stem, in capitals or not: what a camera writes for one press of the button. */
const keyOf = (path: CardPath): string => stemPath(path).toLowerCase();

function stemPath(path: CardPath): string {
  const cut = path.lastIndexOf('/') + 1;
  return path.slice(0, cut) + splitName(path.slice(cut)).stem;
}

/** `CASE.JPG` and `case.jpg` are two pictures: no camera writes two files of one kind at one press. */
function splitTwins(group: readonly ReportFile[]): readonly (readonly ReportFile[])[] {
  if (!hasTwins(group)) return [group];
  const exact = new Map<string, ReportFile[]>();
  for (const one of group) push(exact, stemPath(one.file.path), one);
  return [...exact.values()].flatMap((some) =>
    hasTwins(some) ? some.map((one) => [one]) : [some],
  );
}

const hasTwins = (group: readonly ReportFile[]): boolean =>
  new Set(group.map(({file}) => kindOf(file.path))).size < group.length;

/** Sony: of `M4ROOT/CLIP/C0001.MP4`, `THMBNL/C0001T01.JPG` is a still, `SUB/C0001S03.MP4` a small film, and `CLIP/C0001M01.XML` what it says of itself. */
const SONY =
  /^((?:.*\/)?m4root\/)(?:thmbnl\/([^/]+)t|sub\/([^/]+)s|clip\/([^/]+)m)\d\d\.[a-z0-9]+$/;
/** DJI: `MISC/THM/100/DJI_0001.THM` belongs to `DCIM/100MEDIA/DJI_0001.MP4`. */
const DJI = /^misc\/thm\/(\d{3})\/([^/]+)\.(?:thm|scr)$/;

/** @param path in small letters. @returns the key of the film that a file belongs to. */
function findPartner(path: string): string | undefined {
  const [, base = '', ...clips] = SONY.exec(path) ?? [];
  const clip = clips.find((one) => one !== undefined);
  if (clip !== undefined) return `${base}clip/${clip}`;
  const [, number, stem] = DJI.exec(path) ?? [];
  return number === undefined ? undefined : `dcim/${number}media/${stem}`;
}

function makeCell({own, kept}: Group): SheetCell | undefined {
  const [main] = rank(own, MAIN);
  if (main === undefined) return undefined;
  const rest = [...own, ...kept].filter((one) => one !== main.one);
  return {
    files: [main.one, ...sortBy(rest, ({file}) => file.path)],
    form: main.form,
    state: worstState([...own, ...kept].map(({state}) => state)),
    shows: rank([...own, ...kept], SHOWS).map(({one}) => one),
  };
}

function rank(files: readonly ReportFile[], order: readonly FileForm[]) {
  const shot = files.flatMap((one) => {
    const form = formOf(one.file.path);
    return form === undefined ? [] : [{one, form}];
  });
  return sortBy(shot, ({one, form}) => `${order.indexOf(form)}${one.file.path}`);
}

/** By code units: the order must not depend on the machine. */
function sortBy<T>(all: readonly T[], keyFor: (one: T) => string): readonly T[] {
  const keyed = all.map((one) => ({one, key: keyFor(one)}));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({one}) => one);
}
