/** What a rule says of every picture of a Lightroom catalog that lies below the source of a job: worked out once, and kept small. */
import type {Cause, Result} from '../../core/cause.ts';
import {failed, ok} from '../../core/cause.ts';
import {
  foldPath,
  type Likeness,
  locateFolder,
  type SourcePlace,
  surest,
} from '../../core/selection/catalog-folders.ts';
import {asksKeywords, judgePicture} from '../../core/selection/judge-picture.ts';
import type {PictureFacts} from '../../core/selection/picture-facts.ts';
import type {Rule} from '../../core/selection/rule.ts';
import {anyOf, type Truth} from '../../core/selection/truth.ts';
import type {Files} from '../../system/files.ts';
import {type LrcatReader, readLrcat} from '../../system/lightroom/open-lrcat.ts';
import {
  eachVersion,
  type LightroomFolder,
  listFolders,
} from '../../system/selection/read-lightroom.ts';

export interface CatalogQuestion {
  readonly files: Files;
  /** Absolute, of the `.lrcat` file. */
  readonly catalog: string;
  readonly source: SourcePlace;
  readonly rule: Rule;
}

/** What a catalog says of the files of one folder, by {@link foldPath} of their names. */
export type FolderAnswers = ReadonlyMap<string, Truth>;

/** Names and answers of one folder. A million pictures are 20 MB so: a map of their paths would be 150. */
interface Packed {
  readonly names: string;
  /** Places in {@link TRUTHS}. */
  readonly truths: Uint8Array;
}

const TRUTHS = ['no', 'yes', 'unknown'] as const satisfies readonly Truth[];

export class CatalogVerdicts {
  readonly #folders: ReadonlyMap<string, readonly Packed[]>;

  constructor(folders: ReadonlyMap<string, readonly Packed[]>) {
    this.#folders = folders;
  }

  /** @param folder below the source. @returns what is known of its files. Of a file with virtual copies, or of two drives that cannot be told apart, one that matches is enough. */
  ofFolder(folder: string): FolderAnswers {
    const answers = new Map<string, Truth>();
    for (const {names, truths} of this.#folders.get(foldPath(folder)) ?? []) {
      for (const [at, name] of names.split('\0').entries()) {
        const truth = TRUTHS[truths[at] ?? 0] ?? 'no';
        const before = answers.get(name);
        answers.set(name, before === undefined ? truth : anyOf([before, truth]));
      }
    }
    return answers;
  }
}

/** @returns the answers; why the catalog cannot be read, or `catalog-elsewhere` when it has no folder below the source: then nothing is to be decided without it. */
export async function readCatalogVerdicts(
  question: CatalogQuestion,
): Promise<Result<CatalogVerdicts>> {
  const {files, catalog, rule} = question;
  const read = await readLrcat(files, catalog, (reader) => {
    const folders = findFolders(reader, question);
    const drafts = new Map<number, Draft>();
    eachVersion(reader, {keywords: asksKeywords(rule)}, ({folder, name, facts}) => {
      if (!folders.keys.has(folder)) return;
      const draft = drafts.get(folder) ?? {names: [], truths: []};
      drafts.set(folder, draft);
      draft.names.push(foldPath(name));
      draft.truths.push(TRUTHS.indexOf(judgePicture(rule, facts)));
    });
    return {folders, packed: pack(folders.keys, drafts)};
  });
  if (!read.ok) return read;
  const {folders, packed} = read.value;
  if (packed.size === 0) return failed(elsewhere(catalog, folders.all));
  return ok(new CatalogVerdicts(packed));
}

interface Draft {
  readonly names: string[];
  readonly truths: number[];
}

function pack(
  keys: ReadonlyMap<number, string>,
  drafts: ReadonlyMap<number, Draft>,
): ReadonlyMap<string, readonly Packed[]> {
  const packed = new Map<string, Packed[]>();
  for (const [folder, {names, truths}] of drafts) {
    const key = keys.get(folder) ?? '';
    const some = packed.get(key) ?? [];
    packed.set(key, some);
    some.push({names: names.join('\0'), truths: Uint8Array.from(truths)});
  }
  return packed;
}

interface CatalogFolders {
  readonly all: readonly LightroomFolder[];
  /** Where those below the source lie, by their ids. */
  readonly keys: ReadonlyMap<number, string>;
}

function findFolders(
  reader: LrcatReader,
  {source}: Pick<CatalogQuestion, 'source'>,
): CatalogFolders {
  const all = listFolders(reader);
  const located = all.flatMap(({id, path}) => {
    const found = locateFolder(path, source);
    return found === undefined ? [] : [{id, ...found}];
  });
  const best: Likeness | undefined = surest(located.map(({likeness}) => likeness));
  const keys = located.flatMap(({id, key, likeness}) =>
    likeness === best ? [[id, key] as const] : [],
  );
  return {all, keys: new Map(keys)};
}

/** One version of a picture in a catalog, for who asks why it is in or out. */
export interface CatalogVersion {
  /** {@link foldPath} of its file's name. */
  readonly name: string;
  readonly isVirtualCopy: boolean;
  readonly facts: PictureFacts;
}

/** @param folder below the source. @returns every version that the catalog has of the files of one folder, keywords with them. */
export async function readCatalogFolder(
  question: Omit<CatalogQuestion, 'rule'>,
  folder: string,
): Promise<Result<readonly CatalogVersion[]>> {
  const {files, catalog} = question;
  const read = await readLrcat(files, catalog, (reader) => {
    const {all, keys} = findFolders(reader, question);
    const versions: CatalogVersion[] = [];
    eachVersion(reader, {keywords: true}, ({folder: id, name, isVirtualCopy, facts}) => {
      if (keys.get(id) === foldPath(folder))
        versions.push({name: foldPath(name), isVirtualCopy, facts});
    });
    const sorted = versions.toSorted((a, b) => Number(a.isVirtualCopy) - Number(b.isVirtualCopy));
    return keys.size === 0 ? failed(elsewhere(catalog, all)) : ok(sorted);
  });
  return read.ok ? read.value : read;
}

function elsewhere(catalog: string, folders: readonly LightroomFolder[]): Cause {
  const [first] = folders;
  const its = first === undefined ? 'it has no folders' : `its folders are others, ${first.path}`;
  return {
    code: 'catalog-elsewhere',
    path: catalog,
    message: `the catalog has no picture of the source: ${its}`,
    next: 'Name the catalog of these pictures. If it is the right one, open it in Lightroom on this computer, so that it finds its folders on this drive, and quit Lightroom.',
  };
}
