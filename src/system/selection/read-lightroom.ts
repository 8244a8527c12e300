/**
 * What a catalog of Lightroom Classic says of its pictures. Tables and columns are those of versions 4 to 15 (hfiguiere/lrcat-extractor, doc/lrcat_format.md); where one is missing SQLite says so, and
 * nothing is guessed.
 */
import {type PictureFacts, toPick, toRating} from '../../core/selection/picture-facts.ts';
import type {LrcatReader, LrcatRow, LrcatValue} from '../lightroom/open-lrcat.ts';

export interface LightroomFolder {
  readonly id: number;
  /** As that computer has it, with `/` at its end: `W:/Photos/2026/`. */
  readonly path: string;
}

/** @returns every folder of the catalog. */
export function listFolders(reader: LrcatReader): readonly LightroomFolder[] {
  const folders: LightroomFolder[] = [];
  reader.each(
    ['fo.id_local', 'r.absolutePath', 'fo.pathFromRoot'],
    'AgLibraryFolder fo JOIN AgLibraryRootFolder r ON r.id_local = fo.rootFolder',
    ([id, root, below]) => folders.push({id: Number(id), path: `${root ?? ''}${below ?? ''}`}),
  );
  return folders;
}

/** A picture as it was imported, or a virtual copy of it. */
export interface LightroomVersion {
  readonly folder: number;
  /** Of the file on the disk. */
  readonly name: string;
  readonly isVirtualCopy: boolean;
  readonly facts: PictureFacts;
}

/** Keywords by the pictures that have them; the database makes it once for the whole question. */
const TAGS =
  'LEFT JOIN (SELECT image, group_concat(tag) AS tags FROM AgLibraryKeywordImage GROUP BY image) k ON k.image = i.id_local';

/**
 * Tells every version of every file, in whatever order the database has them: sorting a million would need a file of its own.
 * @param keywords false: they are not asked for, which takes half of the time, and every picture is told without any.
 */
export function eachVersion(
  reader: LrcatReader,
  {keywords}: {readonly keywords: boolean},
  take: (version: LightroomVersion) => void,
): void {
  const paths = keywords ? readKeywords(reader) : new Map<number, string>();
  reader.each(
    [
      'f.folder',
      'f.idx_filename',
      'i.rating',
      'i.pick',
      'i.colorLabels',
      'i.masterImage',
      keywords ? 'k.tags' : 'NULL',
    ],
    `AgLibraryFile f JOIN Adobe_images i ON i.rootFile = f.id_local ${keywords ? TAGS : ''}`,
    (row) => take(toVersion(row, paths)),
  );
}

function toVersion(
  [folder, name, rating, pick, label, master, tags]: LrcatRow,
  paths: ReadonlyMap<number, string>,
): LightroomVersion {
  return {
    folder: Number(folder),
    name: textOf(name),
    isVirtualCopy: master !== null && master !== undefined,
    facts: {
      // A picture without stars and without a flag is known to have none.
      rating: toRating(Number(rating ?? 0)),
      pick: toPick(Number(pick ?? 0)),
      labels: textOf(label).trim() === '' ? [] : [textOf(label)],
      keywords: textOf(tags)
        .split(',')
        .flatMap((tag) => paths.get(Number(tag)) ?? []),
    },
  };
}

const textOf = (value: LrcatValue | undefined): string =>
  typeof value === 'string' ? value : String(value ?? '');

/** Deeper than anybody sorts; a ring is no tree. */
const DEEPEST = 100;

/** @returns keywords by their ids, each with those above it in front: `Wedding|Portfolio`. The one above all has no name. */
function readKeywords(reader: LrcatReader): ReadonlyMap<number, string> {
  const words = new Map<number, {readonly name: string; readonly parent: number}>();
  reader.each(['id_local', 'name', 'parent'], 'AgLibraryKeyword', ([id, name, parent]) => {
    words.set(Number(id), {name: textOf(name), parent: Number(parent ?? 0)});
  });
  const paths = new Map<number, string>();
  for (const id of words.keys()) {
    const path: string[] = [];
    for (let at = words.get(id); at !== undefined && path.length < DEEPEST; ) {
      if (at.name !== '') path.unshift(at.name);
      at = words.get(at.parent);
    }
    if (path.length > 0) paths.set(id, path.join('|'));
  }
  return paths;
}
