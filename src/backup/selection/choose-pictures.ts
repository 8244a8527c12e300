/** Walks the source and asks of every picture whether a rule wants it, before anything is compared. Reads metadata and writes no drive. */
import type {LeaveOut} from '../../core/backup/mirror-leave-out.ts';
import type {TreeFile, TreePath} from '../../core/backup/mirror-tree.ts';
import {joinPath, nameOf} from '../../core/backup/walk-order.ts';
import {foldPath} from '../../core/selection/catalog-folders.ts';
import {NO_SELECTION_COUNTS, type SelectionCounts} from '../../core/selection/choice.ts';
import type {Rule} from '../../core/selection/rule.ts';
import {anyOf, type Truth} from '../../core/selection/truth.ts';
import {unreachable} from '../../core/unreachable.ts';
import {holdExiftool} from '../../system/exiftool.ts';
import type {Files} from '../../system/files.ts';
import {XmpAsker} from '../../system/selection/xmp-asker.ts';
import {listFolder} from '../scan-trees.ts';
import type {CatalogVerdicts, FolderAnswers} from './catalog-verdicts.ts';
import type {FactsCache} from './facts-cache.ts';
import {FileFactsReader} from './file-facts-reader.ts';
import {judgeGroup} from './judge-group.ts';
import {type FileVerdict, type JudgedFile, PackedSelection} from './packed-selection.ts';
import {
  type GroupVerdict,
  groupPictures,
  type PictureGroup,
  withSidecars,
} from './picture-group.ts';

export interface Choosing {
  readonly files: Files;
  /** Absolute. */
  readonly source: string;
  readonly leaveOut: LeaveOut;
  readonly rule: Rule;
  /** Null without a catalog. */
  readonly catalog: CatalogVerdicts | null;
  /** Null where nothing may be kept. */
  readonly cache: FactsCache | null;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** Told now and then with the number of files that were looked at so far. */
  readonly onLook: (count: number) => void;
  /** Told once when exiftool is not there, or gave up. */
  readonly onTrouble: (reason: unknown) => void;
}

export interface Chosen {
  readonly selection: PackedSelection;
  readonly counts: SelectionCounts;
}

/** What is known of the pictures of one folder. */
interface FolderFacts {
  /** Of the catalog. */
  readonly answers: FolderAnswers | undefined;
  readonly reader: FileFactsReader;
  readonly isWhole: boolean;
}

/** Pictures of one folder whose metadata is read at the same time. */
const GROUPS_AT_ONCE = 16;

/** @returns what is in. A folder that cannot be listed has nothing but unknown files. Rejects with the signal's reason when it is aborted. */
export async function choosePictures(choosing: Choosing): Promise<Chosen> {
  return await holdExiftool(() => new Choice(choosing).run());
}

class Choice {
  readonly #choosing: Choosing;
  readonly #asker: XmpAsker;
  readonly #selection = new PackedSelection();
  #counts = NO_SELECTION_COUNTS;
  #looked = 0;

  constructor(choosing: Choosing) {
    this.#choosing = choosing;
    this.#asker = new XmpAsker(choosing.files, choosing.onTrouble);
  }

  async run(): Promise<Chosen> {
    await this.#visit('');
    return {selection: this.#selection, counts: this.#counts};
  }

  async #visit(folder: TreePath): Promise<void> {
    const {files, source, leaveOut, signal, onLook} = this.#choosing;
    signal.throwIfAborted();
    const listed = await listFolder(files, source, folder);
    if (!listed.ok) return;
    const kept = withSidecars(listed.value.files, leaveOut);
    const isWhole = listed.value.unknown.size === 0;
    if (kept.length > 0) await this.#judgeFolder(folder, kept, isWhole);
    this.#looked += kept.length;
    onLook(this.#looked);
    for (const name of listed.value.folders) {
      const path = joinPath(folder, name);
      if (!leaveOut(path, true)) await this.#visit(path);
    }
  }

  /** @param isWhole false when something there could not be looked at: it may be a sidecar of any of the pictures. */
  async #judgeFolder(
    folder: TreePath,
    files: readonly TreeFile[],
    isWhole: boolean,
  ): Promise<void> {
    const {cache, catalog, nowMs, source} = this.#choosing;
    const groups = groupPictures(files);
    const answers = catalog?.ofFolder(folder);
    const known = (await cache?.take(folder)) ?? new Map();
    const setting = {files: this.#choosing.files, source, known, asker: this.#asker, nowMs};
    const reader = new FileFactsReader(setting);
    const judged: JudgedFile[] = [];
    let next = 0;
    const work = async () => {
      for (let at = next++; at < groups.length; at = next++) {
        const group = groups[at];
        if (group === undefined || this.#choosing.signal.aborted) continue;
        const verdict = await this.#judge(group, {answers, reader, isWhole});
        this.#count(group, verdict);
        const its = toFileVerdict(verdict.truth);
        for (const {path} of group.files) judged.push({path, verdict: its, group: at});
      }
    };
    await Promise.all(Array.from({length: Math.min(GROUPS_AT_ONCE, groups.length)}, work));
    this.#choosing.signal.throwIfAborted();
    this.#selection.add(folder, judged);
    await cache?.keep(folder, reader.kept);
  }

  async #judge(
    group: PictureGroup,
    {answers, reader, isWhole}: FolderFacts,
  ): Promise<GroupVerdict> {
    if (group.pictures.length === 0) return {truth: 'no', by: null, said: []};
    const truth = askCatalog(group, answers);
    if (truth !== undefined) return {truth, by: 'catalog', said: []};
    const verdict = await judgeGroup(group, this.#choosing.rule, reader);
    return isWhole || verdict.truth !== 'no' ? verdict : {...verdict, truth: 'unknown', by: null};
  }

  #count({pictures, files}: PictureGroup, {truth, by}: GroupVerdict): void {
    const {chosen, out, unknown, others, byCatalog, bySidecar, byPicture} = this.#counts;
    const isPicture = pictures.length > 0;
    this.#counts = {
      chosen: chosen + Number(isPicture && truth === 'yes'),
      out: out + Number(isPicture && truth === 'no'),
      unknown: unknown + Number(isPicture && truth === 'unknown'),
      others: others + (isPicture ? 0 : files.length),
      byCatalog: byCatalog + Number(by === 'catalog'),
      bySidecar: bySidecar + Number(by === 'sidecar'),
      byPicture: byPicture + Number(by === 'embedded'),
    };
  }
}

/** @returns undefined when the catalog has none of the group. What it has not of a group that it knows, a camera's JPEG say, belongs to the picture that it has. */
export function askCatalog(
  {pictures}: PictureGroup,
  answers: FolderAnswers | undefined,
): Truth | undefined {
  if (answers === undefined) return undefined;
  const known = pictures.flatMap(({path}) => answers.get(foldPath(nameOf(path))) ?? []);
  if (known.length === 0) return undefined;
  return anyOf(known);
}

function toFileVerdict(truth: Truth): FileVerdict {
  switch (truth) {
    case 'yes':
      return 'in';
    case 'no':
      return 'out';
    case 'unknown':
      return 'unknown';
    default:
      return unreachable(truth);
  }
}
